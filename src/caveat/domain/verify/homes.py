"""What a clause of the quote tells keeps that clause's own arm, time, illness and species."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from caveat.domain.verify.case import Case
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.told_figures import kind_of
from caveat.domain.verify.units import AUXILIARIES, EVENT_TAGS, Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_KINDS = {
    "arm": ReasonKind.ARM_SWAPPED,
    "time": ReasonKind.TIME,
    "condition": ReasonKind.POPULATION,
    "target": ReasonKind.TARGET,
    "dose": ReasonKind.NUMBER_BINDING,
    "p": ReasonKind.NUMBER_BINDING,
    "species": ReasonKind.SPECIES,
}
_PLACING = frozenset("in on for with at among".split())
_STATED = 3.0
"""What a clause states weighs more than what it names."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: the concepts of its words, those of them at which it states something, and its names by kind."""

    words: frozenset[str]
    stated: frozenset[str]
    names: dict[str, dict[str, str]]
    """Kind -> concept of a name -> the name as the text has it."""


def check(case: Case) -> Iterator[Reason]:
    """A reason for each name that the claim takes from another clause than the one it tells."""
    quoted = [c for r in case.evidence.whole for c in clauses(r)]
    if len(quoted) < 2:
        return
    for reading in case.claim:
        for clause in clauses(reading):
            for kind, found in _KINDS.items():
                yield from _judge(clause, quoted, kind, found)


def _judge(clause: Clause, quoted: list[Clause], kind: str, found: ReasonKind) -> Iterator[Reason]:
    mine = clause.names.get(kind, {})
    if not mine:
        return
    scores = [_likeness(clause, c, quoted, mine.keys()) for c in quoted]
    best = max(scores)
    home = quoted[scores.index(best)]
    own = home.names.get(kind, {})
    rivals = own.keys() - mine.keys()
    if best < _STATED or not rivals:
        return
    for name in mine.keys() - own.keys():
        elsewhere = [s for s, c in zip(scores, quoted, strict=True) if name in c.names.get(kind, {})]
        if elsewhere and best > 1.5 * max(elsewhere) + 0.5:
            rival = own[min(rivals)]
            yield Reason(found, f"The quote tells this of “{rival}”, not of “{mine[name]}”.")


def _likeness(clause: Clause, other: Clause, quoted: list[Clause], apart: Collection[str]) -> float:
    """How much of what the claim's clause tells stands in the quote's clause; rare words count more."""
    total = 0.0
    for concept in clause.words & other.words:
        if concept in apart:
            continue
        weight = _STATED if concept in clause.stated and concept in other.stated else 1.0
        total += weight / sum(concept in c.words for c in quoted)
    return total


@lru_cache(maxsize=4096)
def clauses(reading: Reading) -> tuple[Clause, ...]:
    """The clauses of a sentence: its segments, cut again where ", and" joins two of them."""
    cuts: list[list[int]] = [[]]
    units = reading.units
    for i, unit in enumerate(units):
        joint = unit.low == "," and not unit.depth and _opens_clause(units, i + 1)
        elliptic = (
            unit.low == "but"
            and i + 2 < len(units)
            and units[i + 1].low == "not"
            and units[i + 2].low in _PLACING
        )
        if cuts[-1] and not elliptic and (joint or unit.segment != units[i - 1].segment):
            cuts.append([])
        cuts[-1].append(i)
    return tuple(_clause(reading, cut) for cut in cuts)


def _opens_clause(units: tuple[Unit, ...], at: int) -> bool:
    """ ", and" before a verb joins clauses; before the last name of a list it does not."""
    if at >= len(units) or units[at].low != "and":
        return False
    behind = itertools.takewhile(lambda u: u.low not in (",", ";", "("), units[at + 1 :])
    return any(u.low.endswith("ed") or u.tags & EVENT_TAGS or u.low in AUXILIARIES for u in behind)


def _clause(reading: Reading, cut: list[int]) -> Clause:
    words: set[str] = set()
    stated: set[str] = set()
    names: dict[str, dict[str, str]] = {}
    for i in cut:
        unit = reading.units[i]
        for kind in _kinds_at(reading, i):
            names.setdefault(kind[0], {})[kind[1]] = kind[2]
        if not unit.content or "soft" in unit.tags or (unit.proper and unit.entity is None):
            continue
        concept = min(unit.concepts)
        words.add(concept)
        if unit.tags & EVENT_TAGS or unit.low.endswith("ed"):
            stated.add(concept)
    return Clause(frozenset(words), frozenset(stated), names)


def _kinds_at(reading: Reading, at: int) -> Iterator[tuple[str, str, str]]:
    unit = reading.units[at]
    shown = reading.text[unit.start : unit.end]
    for tag in ("animal", "human"):
        if tag in unit.tags:
            yield "species", tag, shown
    kind = kind_of(unit)
    if kind in ("arm", "target", "condition") and unit.content:
        yield kind, min(unit.concepts), shown
    for quantity, place in zip(reading.quantities, reading.quantity_at, strict=True):
        if place == at and quantity.kind == "p":
            yield "p", f"P{quantity.value}", quantity.text
        if place == at and quantity.is_drug_dose:
            yield "dose", f"{quantity.value}{quantity.unit}", quantity.text
        if place == at and quantity.is_time:
            yield "time", str(quantity.days() or f"{quantity.value}{quantity.unit}"), quantity.text
