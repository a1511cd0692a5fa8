"""Two things around one joint keep their sides: "A after B", "A than B", "effect of A on B", "A explained by B"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from caveat.domain.verify.case import Case
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.told_figures import names_study
from caveat.domain.verify.units import AUXILIARIES, BE, BREAKS, Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_ORDER = {"after": "after", "following": "after", "before": "before"}
_EFFECTS = frozenset("effect effects influence impact".split())
_TRANSITIVE = (
    "explain",
    "affect",
    "alter",
    "modif",
    "mediat",
    "influenc",
    "drive",
    "drove",
    "induce",
    "inhibit",
    "suppress",
)
_FRAMES = frozenset("in across for at among within".split())
_LEFT_OUT = frozenset({"soft", "up", "down", "good", "bad"})

Side = frozenset[str]


@dataclass(frozen=True, slots=True)
class Sided:
    """What stands on the two sides of a joint."""

    joint: str
    verb: frozenset[str]
    left: Side
    right: Side


def check(case: Case) -> Iterator[Reason]:
    """A reason for each joint whose sides the quote has the other way round."""
    quoted = [s for r in case.evidence.whole for s in sided(r)]
    for reading in case.claim:
        for mine in sided(reading):
            same = [s for s in quoted if s.joint == mine.joint and (not mine.verb or mine.verb & s.verb)]
            scores = [_scores(mine, s) for s in same]
            if scores and all(crossed > straight for crossed, straight in scores):
                yield Reason(ReasonKind.ROLE_SWAPPED, f"The two sides of “{mine.joint}” are exchanged.")


def _scores(mine: Sided, other: Sided) -> tuple[int, int]:
    """How many words stand on the other's opposite sides (0 unless both sides do), and on its own."""
    a, b = other.left - other.right, other.right - other.left
    left, right = mine.left - mine.right, mine.right - mine.left
    crossed = (len(left & b), len(right & a))
    return (sum(crossed) if all(crossed) else 0), len(left & a) + len(right & b)


@lru_cache(maxsize=4096)
def sided(reading: Reading) -> tuple[Sided, ...]:
    """All joints of a sentence, the passive turned round, "before" told as "after"."""
    return tuple(_all(reading))


def _all(reading: Reading) -> Iterator[Sided]:
    units = reading.units
    for i, unit in enumerate(units):
        if unit.low in _ORDER and i + 1 < len(units):
            left, right = _around(reading, i)
            if unit.low == "before":
                left, right = right, left
            yield Sided("after", frozenset(), left, right)
        elif unit.low == "than":
            sign = next((t for u in reversed(units[:i]) for t in ("up", "down") if t in u.tags), "")
            if not sign:
                continue
            left, right = _around(reading, i)
            yield Sided(f"than {sign}", frozenset(), left, right)
        elif unit.low in _EFFECTS and units[i + 1 : i + 2] and units[i + 1].low in ("of", "on"):
            yield from _effect(reading, i)
        elif unit.low == "by" and i:
            verb = next((u for u in reversed(units[max(1, i - 3) : i]) if u.low.endswith("ed")), None)
            if verb is not None:
                left, right = _around(reading, i)
                yield Sided("by", verb.concepts, right - verb.concepts, left - verb.concepts)
        elif _active(units, i):
            left, right = _around(reading, i)
            yield Sided("by", unit.concepts, left, right)


def _active(units: tuple[Unit, ...], at: int) -> bool:
    """A verb in the active voice: "may explain", "explains part of"."""
    unit = units[at]
    if (
        not unit.content
        or unit.proper
        or not 0 < at < len(units) - 1
        or unit.low.endswith(("ation", "ion", "or"))
    ):
        return False
    if any(u.low == "by" for u in units[at : at + 4]) or any(u.low in BE for u in units[max(0, at - 3) : at]):
        return False
    return unit.low.startswith(_TRANSITIVE)


def _effect(reading: Reading, at: int) -> Iterator[Sided]:
    """ "Effect of A on B" and "effect on B of A"."""
    units = reading.units
    words = ("of", "on") if units[at + 1].low == "of" else ("on", "of")
    second = next((k for k in range(at + 2, min(len(units), at + 14)) if units[k].low == words[1]), None)
    if second is None:
        return
    one = _content(reading, range(at + 2, second))
    other = _content(reading, _until_stop(units, second + 1))
    yield Sided("on", frozenset(), *((one, other) if words[0] == "of" else (other, one)))


def _around(reading: Reading, at: int) -> tuple[Side, Side]:
    """The content on both sides; a joint in front of its clause ("After A, B") has its left side behind the comma."""
    units = reading.units
    start = next((k + 1 for k in range(at - 1, -1, -1) if _stop(units[k], units[at])), 0)
    if start == 0 and units[0].low in _FRAMES:
        start = next((k for k in range(at) if units[k].low == "," and not units[k].depth), 0)
    left = _content(reading, range(start, at))
    behind = _until_stop(units, at + 1)
    if not left:
        comma = next((k for k in behind if units[k].low == "," and not units[k].depth), None)
        if comma is not None:
            return _content(reading, range(comma, behind.stop)), _content(reading, range(at + 1, comma))
    return left, _content(reading, behind)


def _until_stop(units: tuple[Unit, ...], start: int) -> range:
    return range(
        start, next((k for k in range(start, len(units)) if _stop(units[k], units[start - 1])), len(units))
    )


def _stop(unit: Unit, joint: Unit) -> bool:
    return unit.segment != joint.segment or unit.low in BREAKS or unit.low == ";"


def _content(reading: Reading, where: range) -> Side:
    found: set[str] = set()
    for i in where:
        unit = reading.units[i]
        if (
            unit.content
            and not unit.depth
            and not unit.tags & _LEFT_OUT
            and unit.low not in AUXILIARIES
            and not names_study(reading.units, i)
        ):
            found.add(min(unit.concepts))
    return frozenset(found)
