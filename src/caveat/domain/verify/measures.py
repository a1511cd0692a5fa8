"""What was measured stays: the variability of CRP is not CRP, the change in a score is not the score."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.domain.verify.case import Case
from caveat.domain.verify.units import Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_MEASURES = frozenset(
    """variability variance variation ratio prevalence incidence proportion connectivity expression synthesis clearance breakdown
    degradation sensitivity resistance heterogeneity uncertainty cost costs knowledge awareness reporting availability genetics
    response responsiveness""".split()
)
_STATED = frozenset({"direction", "associate", "predict", "null", "differ"})


def check(case: Case) -> Iterator[Reason]:
    """A reason for each measure of something that the claim drops while it keeps the something."""
    if not any(e.kind in _STATED for r in case.claim for e in r.events):
        return
    for reading in case.evidence.whole:
        for at, unit in enumerate(reading.units):
            if unit.low not in _MEASURES or case.kept(unit):
                continue
            thing = _measured(reading.units, at)
            if thing is None or not case.kept(thing) or not case.told(reading, unit.segment):
                continue
            if not _alone(case, thing, at):
                yield Reason(
                    ReasonKind.NOT_IN_QUOTE, f"The quote is about the “{unit.low}” of “{thing.low}”."
                )


def _measured(units: tuple[Unit, ...], at: int) -> Unit | None:
    """ "variability of CRP" and "CRP variability": CRP."""
    if at + 1 < len(units) and units[at + 1].low in ("of", "in"):
        return next((u for u in units[at + 2 : at + 5] if u.content and "human" not in u.tags), None)
    before = units[at - 1] if at else None
    if before is not None and before.content and before.tags & {"target", "condition"}:
        return before
    return None


def _alone(case: Case, thing: Unit, at: int) -> bool:
    """Does the quote speak of the thing itself, too?"""
    return any(
        u.concepts & thing.concepts and u is not thing and abs(i - at) > 4
        for r in case.evidence.whole
        for i, u in enumerate(r.units)
    )
