"""Two sides in an order keep it: "top versus bottom", "A added to B", "from A to B", "A, followed by B"."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.domain.verify.case import Case
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.units import Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

Side = tuple[frozenset[str], ...]
"""The content words on one side, the nearest first."""

_PASSED = frozenset("- the a an when were was".split())
_LISTED = _PASSED | frozenset("and , is are often of".split())


def check(case: Case) -> Iterator[Reason]:
    """A reason for each pair of sides that the quote has the other way round."""
    quoted = [p for r in case.evidence.whole for p in _pairs(r)]
    for reading in case.claim:
        for word, left, right in _pairs(reading):
            same = [(_all(a), _all(b)) for w, a, b in quoted if w == word]
            if not left or not right or not same:
                continue
            crossed = any(left[0] & (b - a) and right[0] & (a - b) for a, b in same)
            straight = any(left[0] & (a - b) or right[0] & (b - a) for a, b in same)
            if crossed and not straight:
                yield Reason(ReasonKind.ROLE_SWAPPED, f"The two sides of “{word}” are exchanged.")


def _all(side: Side) -> frozenset[str]:
    return frozenset().union(*side)


def _pairs(reading: Reading) -> Iterator[tuple[str, Side, Side]]:
    """The words on both sides of each ordering word."""
    units = reading.units
    for i in range(1, len(units) - 1):
        low, following = units[i].low, units[i + 1].low
        if low in ("versus", "vs"):
            yield "versus", _side(units, i - 1, -1), _side(units, i + 1, 1)
        elif low in ("added", "add-on") and following == "to":
            yield "added to", _side(units, i - 1, -1), _side(units, i + 2, 1)
        elif low in ("adding", "from"):
            to = next((j for j in range(i + 1, min(len(units), i + 10)) if units[j].low == "to"), None)
            if to is not None and not any(u.kind == "n" for u in units[i + 1 : to]):
                word = "added to" if low == "adding" else "from … to"
                yield word, _side(units, i + 1, 1), _side(units, to + 1, 1)
        elif low.startswith("follow") and following == "by":
            yield "followed by", _side(units, i - 1, -1, _LISTED, 5), _side(units, i + 2, 1, _LISTED, 5)


def _side(
    units: tuple[Unit, ...], at: int, step: int, passed: frozenset[str] = _PASSED, most: int = 3
) -> Side:
    """The content words next to a place, as long as nothing but small words parts them."""
    found: list[frozenset[str]] = []
    while 0 <= at < len(units) and len(found) < most:
        unit = units[at]
        if unit.content:
            if "soft" not in unit.tags:
                found.append(unit.concepts)
        elif unit.low not in passed:
            break
        at += step
    return tuple(found)
