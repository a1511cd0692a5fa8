"""A figure, time or contrary word keeps the part of the sentence it stands in, with that part's own names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from caveat.domain.verify.case import Case
from caveat.domain.verify.quantity import Quantity
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.told_figures import names_study
from caveat.domain.verify.units import AUXILIARIES, BREAKS, EVENT_TAGS, Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_AFTER_COMMA = frozenset("and but with as while whereas".split())
_SIGNS = ("up", "down", "good", "bad")
_CONTRARY = {
    "up": "down", "down": "up", "good": "bad", "bad": "good", "most": "fewest", "fewest": "most",
}  # fmt: skip
_COUNTED = ("time", "number")
"""An age without its unit is read as a number."""
_STATISTICS = frozenset(
    "confidence interval ci ratio hazard odds adjusted effect age ages day days week weeks month months year years hour hours".split()
)
_MOST = {"most": "most", "largest": "most", "fewest": "fewest", "least": "fewest", "smallest": "fewest"}
_POINTS = frozenset("baseline".split())


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sentence: its names, and by kind what must stay with them."""

    words: frozenset[str]
    proper: frozenset[str]
    anchors: dict[str, frozenset[str]]
    signs: frozenset[tuple[str, str]]
    """Words of direction or order, each with what it signals."""


def check(case: Case) -> Iterator[Reason]:
    """A reason for each figure, time or contrary word told of names that stand in another part of the quote."""
    for source in case.evidence.whole:
        quoted = parts(source)
        if len(quoted) < 2:
            continue
        for reading in case.claim:
            for part in parts(reading):
                yield from _judge(part, quoted)


def _judge(part: Part, quoted: tuple[Part, ...]) -> Iterator[Reason]:
    named = _homes(part.words, [p.words for p in quoted])
    proper = [p.proper for p in quoted]
    if sum(bool(p - _others(proper, i)) for i, p in enumerate(proper)) > 1:
        named |= _homes(part.proper, proper)
    told_of = {
        i for kind, found in part.anchors.items() for i in _homes(found, [_of(p, kind) for p in quoted])
    }
    for kind, anchors in part.anchors.items():
        told = [_of(p, kind) for p in quoted]
        homes = _homes(anchors, told)
        if (
            homes
            and named - told_of
            and homes.isdisjoint(named)
            and all(told[i] or (kind in _COUNTED and any(_of(quoted[i], k) for k in _COUNTED)) for i in named)
        ):
            yield Reason(
                ReasonKind.TIME if kind == "time" else ReasonKind.NUMBER_BINDING,
                f"The quote gives “{', '.join(sorted(anchors))}” in another part of the sentence, of something else.",
            )
    yield from _turned(part, quoted, named)


def _turned(part: Part, quoted: tuple[Part, ...], named: set[int]) -> Iterator[Reason]:
    """ "A had the most and B the fewest" does not bear out "B had the most"."""
    lows = [frozenset(low for low, _ in p.signs) for p in quoted]
    common = frozenset(low for i, p in enumerate(lows) for low in p & _others(lows, i))
    mine, *told = (frozenset(sign for low, sign in p.signs if low not in common) for p in (part, *quoted))
    for sign, contrary in _CONTRARY.items():
        if sign not in mine or contrary in mine or not named:
            continue
        homes = {i for i, found in enumerate(told) if sign in found}
        if homes and homes.isdisjoint(named) and all(contrary in told[i] for i in named):
            yield Reason(ReasonKind.ROLE_SWAPPED, "The quote says the contrary of this one.")


def _of(part: Part, kind: str) -> frozenset[str]:
    return part.anchors.get(kind, frozenset())


def _homes(found: frozenset[str], parts_of: list[frozenset[str]]) -> set[int]:
    """The parts that alone have one of these."""
    return {i for i, p in enumerate(parts_of) if found & (p - _others(parts_of, i))}


def _others(parts_of: list[frozenset[str]], i: int) -> frozenset[str]:
    return frozenset().union(*(p for j, p in enumerate(parts_of) if j != i))


@lru_cache(maxsize=4096)
def parts(reading: Reading) -> tuple[Part, ...]:
    """The sentence cut at its joints; what an elliptic part leaves out is not counted as the other part's own."""
    units = reading.units
    starts = [0]
    for i, unit in enumerate(units):
        if unit.depth or i == 0:
            continue
        if (
            unit.low == ";"
            or (unit.low in BREAKS and units[i - 1].low != ",")
            or (unit.low == "," and i + 1 < len(units) and units[i + 1].low in _AFTER_COMMA | BREAKS)
            or (unit.low == "and" and units[i - 1].low != "," and _contrary(units[starts[-1] : i], units[i:]))
        ):
            starts.append(i)
    spans = list(zip(starts, [*starts[1:], len(units)], strict=True))
    figures = {at: q for q, at in zip(reading.quantities, reading.quantity_at, strict=True)}
    found = []
    for k, (start, stop) in enumerate(spans):
        elliptic = k + 1 < len(spans) and not _has_verb(units, *spans[k + 1])
        end = _verb(units, start, stop) if elliptic else stop
        found.append(_part(reading, start, stop, end, figures))
    return tuple(found)


def _contrary(left: tuple[Unit, ...], right: tuple[Unit, ...]) -> bool:
    """Does "and" join a word with its contrary ("decreased appetite with A and increased appetite with B")?"""
    one, other = _signs(left), _signs(right)
    if not any(_CONTRARY[s] in one and s in other for s in _CONTRARY):
        return False
    if {"most", "fewest"} <= one | other:
        return True
    names = frozenset(c for u in left if _names(u) for c in u.concepts)
    return any(_names(u) and u.concepts & names for u in right[:4])


def _names(unit: Unit) -> bool:
    return unit.content and not unit.tags & (EVENT_TAGS | {"soft"})


def _signs(units: tuple[Unit, ...]) -> frozenset[str]:
    found = {s for u in units for s in _SIGNS if s in u.tags}
    return frozenset(found | {_MOST[u.low] for u in units if u.low in _MOST})


def _verbal(unit: Unit) -> bool:
    return unit.low in AUXILIARIES or bool(unit.tags & EVENT_TAGS - set(_SIGNS)) or unit.low.endswith("ed")


def _has_verb(units: tuple[Unit, ...], start: int, stop: int) -> bool:
    if [u.low for u in units[start : start + 3]][-2:] in (["as", "did"], ["as", "was"], ["as", "were"]):
        return False
    return any(_verbal(u) or u.low == "gives" for u in units[start:stop])


def _verb(units: tuple[Unit, ...], start: int, stop: int) -> int:
    return next((i for i in range(start + 1, stop) if _verbal(units[i])), stop)


def _part(reading: Reading, start: int, stop: int, end: int, figures: dict[int, Quantity]) -> Part:
    words: set[str] = set()
    proper: set[str] = set()
    anchors: dict[str, set[str]] = {}
    told: set[tuple[str, str]] = set()
    for i in range(start, stop):
        unit = reading.units[i]
        if i in figures:
            quantity = figures[i]
            kind = "time" if quantity.is_time else quantity.kind
            if kind != "year":
                value = quantity.days() if kind == "time" else None
                anchors.setdefault(kind, set()).add(
                    f"{value} d" if value is not None else f"{quantity.value} {quantity.unit or ''}".strip()
                )
            continue
        if unit.low in _POINTS:
            anchors.setdefault("time", set()).add(unit.low)
            continue
        signs = _signs((unit,))
        if signs:
            told.update((unit.low, sign) for sign in signs)
            continue
        if i >= end or not unit.content or "soft" in unit.tags or names_study(reading.units, i):
            continue
        if unit.tags & EVENT_TAGS or any(t.startswith("hedge") for t in unit.tags) or unit.low in _STATISTICS:
            continue
        (proper if _name(reading, unit) else words).update(unit.concepts)
    return Part(
        frozenset(words), frozenset(proper), {k: frozenset(v) for k, v in anchors.items()}, frozenset(told)
    )


def _name(reading: Reading, unit: Unit) -> bool:
    """Is it the name of a study, written as a name or all in capitals?"""
    return unit.entity is None and (unit.proper or reading.text[unit.start : unit.end].isupper())
