"""Lays a claim beside its quote word for word, and finds the stretches in which they differ."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from caveat.domain.verify.case import Case
from caveat.domain.verify.quantity import Quantity
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.units import Unit

_LONGEST = 140


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the quote and the stretch of the claim that stands in its place, both between equal words."""

    quoted: tuple[Unit, ...]
    claimed: tuple[Unit, ...]
    quoted_numbers: tuple[Quantity, ...]
    claimed_numbers: tuple[Quantity, ...]
    quoted_at: tuple[int, ...]
    claimed_at: tuple[int, ...]
    left: int
    right: int
    """How many equal words stand directly before and after."""


def closest(reading: Reading, case: Case) -> Reading | None:
    """The sentence of the quotes that shares most with the claim."""
    best, likeness = None, 0
    for source in case.evidence.whole:
        shared = len(reading.concepts & source.concepts)
        if shared > likeness:
            best, likeness = source, shared
    return best


def _key(reading: Reading, at: int, numbers: dict[int, Quantity]) -> str:
    unit = reading.units[at]
    quantity = numbers.get(at)
    if quantity is not None:
        return f"{quantity.value}|{quantity.unit}|{quantity.comparator}|{quantity.pair}"
    if "prefixed" in unit.tags:
        return "!" + unit.stem
    if unit.entity is not None:
        return "@" + unit.entity.name
    groups = [c for c in unit.concepts if c[0] == "~"]
    return min(groups) if groups and "stop" not in unit.tags else unit.stem


def _words(reading: Reading) -> tuple[list[int], list[str], dict[int, Quantity]]:
    numbers = dict(zip(reading.quantity_at, reading.quantities, strict=True))
    at = [i for i, u in enumerate(reading.units) if u.kind != "p" and u.low not in ("the", "a", "an")]
    return at, [_key(reading, i, numbers) for i in at], numbers


def blocks(source: Reading, reading: Reading) -> Iterator[Block]:
    """The stretches in which two sentences differ, if most of the claim's words stand in the quote in this order."""
    at_a, a, numbers_a = _words(source)
    at_b, b, numbers_b = _words(reading)
    if len(a) > _LONGEST or len(b) > _LONGEST or not b:
        return
    pairs = _common(a, b)
    if len(pairs) < 0.5 * len(b):
        return
    runs: list[list[tuple[int, int]]] = []
    for i, j in pairs:
        if runs and runs[-1][-1] == (i - 1, j - 1):
            runs[-1].append((i, j))
        else:
            runs.append([(i, j)])
    edges = [[(-1, -1)], *runs, [(len(a), len(b))]]
    for k, (before, after) in enumerate(itertools.pairwise(edges)):
        (i1, j1), (i2, j2) = before[-1], after[0]
        if i2 - i1 == 1 and j2 - j1 == 1:
            continue
        quoted, claimed = at_a[i1 + 1 : i2], at_b[j1 + 1 : j2]
        yield Block(
            tuple(source.units[i] for i in quoted),
            tuple(reading.units[j] for j in claimed),
            tuple(numbers_a[i] for i in quoted if i in numbers_a),
            tuple(numbers_b[j] for j in claimed if j in numbers_b),
            tuple(quoted),
            tuple(claimed),
            99 if k == 0 else len(before),
            99 if k == len(edges) - 2 else len(after),
        )


def _common(a: list[str], b: list[str]) -> list[tuple[int, int]]:
    """The longest common subsequence of two lists, as index pairs; equal ends are taken off first."""
    start = 0
    while start < len(a) and start < len(b) and a[start] == b[start]:
        start += 1
    stop = 0
    while stop < len(a) - start and stop < len(b) - start and a[-1 - stop] == b[-1 - stop]:
        stop += 1
    x, y = a[start : len(a) - stop], b[start : len(b) - stop]
    table = [[0] * (len(y) + 1) for _ in range(len(x) + 1)]
    for i in range(len(x) - 1, -1, -1):
        row, below, word = table[i], table[i + 1], x[i]
        for j in range(len(y) - 1, -1, -1):
            row[j] = below[j + 1] + 1 if word == y[j] else max(below[j], row[j + 1])
    pairs = [(k, k) for k in range(start)]
    i = j = 0
    while i < len(x) and j < len(y):
        if x[i] == y[j]:
            pairs.append((start + i, start + j))
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    pairs.extend((len(a) - stop + k, len(b) - stop + k) for k in range(stop))
    return pairs
