"""Two sides in an order keep it: "top versus bottom", "A added to B", "from A to B", "A, followed by B"."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.domain.verify.case import Case
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.units import Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

Side = tuple[frozenset[str], ...]
"""The content words on one side, the nearest first."""

_DIRECTIONS = frozenset({"up", "down", "good", "bad"})
_ADDS = frozenset("add adds added adding".split())
_AFTER_COMPARED = frozenset("for over in at during on ; . after , within".split())
_PASSED = frozenset("- the a an when were was".split())
_LISTED = _PASSED | frozenset("and , is are often of".split())


def check(case: Case) -> Iterator[Reason]:
    """A reason for each pair of sides that the quote has the other way round."""
    yield from _comparators(case)
    quoted = [p for r in case.evidence.whole for p in _pairs(r)]
    for reading in case.claim:
        for word, left, right in _pairs(reading):
            same = [(all_of(a), all_of(b)) for w, a, b in quoted if w == word]
            if not left or not right or not same:
                continue
            crossed = any(left[0] & (b - a) and right[0] & (a - b) for a, b in same)
            straight = any(left[0] & (a - b) or right[0] & (b - a) for a, b in same)
            if crossed and not straight:
                yield Reason(ReasonKind.ROLE_SWAPPED, f"The two sides of “{word}” are exchanged.")


def _comparators(case: Case) -> Iterator[Reason]:
    """ "Compared A and B with placebo" does not bear out "compared A with B"."""
    quoted = [p for r in case.evidence.whole for p in _compared(r)]
    for reading in case.claim:
        for left, right in _compared(reading):
            if not left or not right or not quoted:
                continue
            for a, b in quoted:
                together = a - b if left & (a - b) and right & (a - b) else b - a
                if not (left & together and right & together) or left & (a | b) - together:
                    break
                if right & (a | b) - together:
                    break
            else:
                yield Reason(ReasonKind.ROLE_SWAPPED, "The quote compares these with something else.")


def _compared(reading: Reading) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """What "compared" has before and after its "with"."""
    units = reading.units
    for i, unit in enumerate(units):
        if not unit.low.startswith("compar") or (i + 1 < len(units) and units[i + 1].low in ("with", "to")):
            continue
        joint = next((j for j in range(i + 1, len(units)) if units[j].low in ("with", "to")), None)
        if joint is None or units[joint].segment != unit.segment:
            continue
        stop = next((j for j in range(joint + 1, len(units)) if units[j].low in _AFTER_COMPARED), len(units))
        yield _nouns(units[i + 1 : joint]), _nouns(units[joint + 1 : stop])


def _nouns(units: tuple[Unit, ...]) -> frozenset[str]:
    return frozenset(
        c for u in units if u.content and "soft" not in u.tags and not u.depth for c in u.concepts
    )


def all_of(side: Side) -> frozenset[str]:
    """Every word of one side."""
    return frozenset().union(*side)


def _pairs(reading: Reading) -> Iterator[tuple[str, Side, Side]]:
    """The words on both sides of each ordering word."""
    units = reading.units
    for i in range(1, len(units) - 1):
        low, following = units[i].low, units[i + 1].low
        if low in ("versus", "vs") and not any(u.tags & _DIRECTIONS for u in units):
            drugs = [[u.concepts for u in half if "drug" in u.tags] for half in (units[:i], units[i:])]
            if all(drugs):
                yield "versus", (drugs[0][-1],), (drugs[1][0],)
        if low in ("versus", "vs"):
            yield "versus", _side(units, i - 1, -1), _side(units, i + 1, 1)
        elif low in ("added", "add-on") and following == "to":
            yield "added to", _side(units, i - 1, -1), _side(units, i + 2, 1)
        elif low == "/" and any(u.low in ("ratio", "ratios") for u in units[i + 2 : i + 5]):
            yield "ratio", _side(units, i - 1, -1), _side(units, i + 1, 1)
        elif low in ("ratio", "ratios") and following == "of":
            to = next((j for j in range(i + 2, min(len(units), i + 10)) if units[j].low == "to"), None)
            if to is not None:
                yield "ratio", _side(units, i + 2, 1), _side(units, to + 1, 1)
        elif low in _ADDS:
            to = next((j for j in range(i + 1, min(len(units), i + 20)) if units[j].low == "to"), None)
            if to is not None and units[to].segment == units[i].segment:
                yield "added to", _side(units, i + 1, 1), _side(units, to + 1, 1)
        elif low == "from":
            to = next((j for j in range(i + 1, min(len(units), i + 10)) if units[j].low == "to"), None)
            if to is not None and not any(u.kind == "n" for u in units[i + 1 : to]):
                yield "from … to", _side(units, i + 1, 1), _side(units, to + 1, 1)
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
