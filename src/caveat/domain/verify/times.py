"""What the quote puts after an event is not put before it or in it, whatever the words for it."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.domain.verify.case import Case
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.units import Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_PLACES = {
    "after": frozenset("after following post".split()),
    "before": frozenset("before prior preceding until pre".split()),
    "during": frozenset("during throughout through while amid".split()),
}
_LATER = frozenset(
    "after following followup follow-up post later since once subsequent subsequently then afterwards from".split()
)
_FAR = 5
_ADJUSTED = ("adjust", "correct", "miss", "exclu", "account", "control")
"""What is done to the figures may be told as "after" it."""


def check(case: Case) -> Iterator[Reason]:
    """A reason for each "after", "before" or "during" that the quote has otherwise, or has not."""
    later = any(_later(r.units, i) for r in case.evidence.whole for i in range(len(r.units)))
    for reading in case.claim:
        for at, unit in enumerate(reading.units):
            place = _place(reading.units, at)
            if place is None:
                continue
            behind = reading.units[at + 1 : at + 2]
            if place == "after" and any(
                u.low.startswith(_ADJUSTED) for u in reading.units[at + 1 : at + _FAR]
            ):
                continue
            if place == "after" and not later and not (behind and behind[0].kind == "n"):
                yield Reason(ReasonKind.TIME, f"The quote does not say “{unit.low}”.")
                continue
            nouns = _governed(reading.units, at)
            told = [p for r in case.evidence.whole for p in _told(r, nouns)]
            if told and place not in told and None not in told:
                yield Reason(ReasonKind.TIME, f"The quote says “{told[0]}”, the claim “{unit.low}”.")


def _later(units: tuple[Unit, ...], at: int) -> bool:
    """ "Afterwards", "postpartum", "followed by"."""
    low = units[at].low
    followed = low == "followed" and any(u.low == "by" for u in units[at + 1 : at + 2])
    return low in _LATER or low.startswith("post") or followed


def _place(units: tuple[Unit, ...], at: int) -> str | None:
    unit = units[at]
    if unit.low == "following" and at and units[at - 1].low in ("the", "a"):
        return None
    return next((place for place, words in _PLACES.items() if unit.low in words), None)


def _governed(units: tuple[Unit, ...], at: int) -> frozenset[str]:
    """The nouns right behind the word."""
    found: set[str] = set()
    for unit in units[at + 1 : at + _FAR]:
        if unit.low in (",", ";", "(", "in", "with", "and", "of", "for", "to", "at", "on"):
            break
        if unit.content and "soft" not in unit.tags and unit.kind != "n":
            found |= unit.concepts
    return frozenset(found)


def _told(reading: Reading, nouns: frozenset[str]) -> Iterator[str | None]:
    """The place the quote gives each of these nouns; None where it stands free."""
    units = reading.units
    for at, unit in enumerate(units):
        if not unit.concepts & nouns:
            continue
        found: str | None = None
        for k in range(at - 1, max(-1, at - _FAR), -1):
            if units[k].low in (",", ";", "(", "and", "in", "with", "for", "by", "."):
                break
            found = _place(units, k)
            if found:
                break
        yield found
