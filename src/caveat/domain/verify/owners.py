"""What a statement is made about: who causes, who had the illness, what came first, what a number counts."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.domain.verify.case import Case
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.told_figures import names_study
from caveat.domain.verify.units import Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_NO_SUBJECT = frozenset("; , ( ) . and or but by not than a the of as no to from in with".split())


def check(case: Case) -> Iterator[Reason]:
    """A reason for each statement that the quote makes about something else."""
    yield from _causers(case)
    yield from _sufferers(case)
    yield from _in_time(case)
    yield from _records(case)


def _causers(case: Case) -> Iterator[Reason]:
    """ "Steroids cause mania" does not bear out "steroid withdrawal causes mania"."""
    quoted = [s for r in case.evidence.whole for s in _before_cause(r)]
    for reading in case.claim:
        for mine in _before_cause(reading):
            if quoted and case.in_quote(mine) and all(mine.concepts.isdisjoint(u.concepts) for u in quoted):
                yield Reason(ReasonKind.ROLE_SWAPPED, f"The quote says this of “{quoted[0].low}”.")


def _before_cause(reading: Reading) -> Iterator[Unit]:
    """The name right before "cause" or "causes"."""
    for i, unit in enumerate(reading.units):
        if unit.low not in ("cause", "causes"):
            continue
        for k in range(i - 1, max(-1, i - 5), -1):
            before = reading.units[k]
            if before.content and not before.tags & {"soft", "hedge:possible"} and before.low != "themselves":
                yield before
                break
            if before.low in _NO_SUBJECT:
                break


def _sufferers(case: Case) -> Iterator[Reason]:
    """ "Depressive symptoms in survivors" does not bear out "survivors with depression"."""
    quoted = [(r.units, i) for r in case.evidence.whole for i in range(len(r.units))]
    for reading in case.claim:
        units = reading.units
        for i in range(2, len(units)):
            unit = units[i]
            if "condition" not in unit.tags or units[i - 1].low != "with" or not _person(units[i - 2]):
                continue
            said = [(u, k) for u, k in quoted if u[k].concepts & unit.concepts]
            only_symptoms = said and all(
                u[k + 1 : k + 2] and u[k + 1].low.startswith(("symptom", "score")) for u, k in said
            )
            told = i + 1 < len(units) and units[i + 1].low.startswith(("symptom", "score"))
            if only_symptoms and not told and not case.in_facts(unit):
                yield Reason(ReasonKind.POPULATION, f"The quote does not say that they had “{unit.low}”.")


def _person(unit: Unit) -> bool:
    return "human" in unit.tags or unit.low in ("survivors", "survivor", "cases", "those")


def _in_time(case: Case) -> Iterator[Reason]:
    """ "A at baseline was associated with later B" does not bear out "B at baseline with later A"."""
    quoted = [s for r in case.evidence.whole for s in _linked(r)]
    for reading in case.claim:
        for first, second in _linked(reading):
            crossed = any(first & (b - a) and second & (a - b) for a, b in quoted)
            straight = any(first & (a - b) or second & (b - a) for a, b in quoted)
            if crossed and not straight:
                yield Reason(ReasonKind.ROLE_SWAPPED, "What came first and what followed are exchanged.")


_FIRST = frozenset("baseline earlier initial childhood".split())
_SECOND = frozenset("later subsequent subsequently future follow-up incident".split())


def _linked(reading: Reading) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """What was there first and what came later, on both sides of a link."""
    units = reading.units
    for i, unit in enumerate(units):
        if not unit.tags & {"associate", "predict"}:
            continue
        kept = [
            (k, u) for k, u in enumerate(units) if u.segment == unit.segment and not names_study(units, k)
        ]
        sides = [tuple(u for k, u in kept if k < i), tuple(u for k, u in kept if k > i)]
        marks = [(any(u.low in _FIRST for u in s), any(u.low in _SECOND for u in s)) for s in sides]
        if not any(any(m) for m in marks):
            continue
        left, right = (
            frozenset(
                c
                for u in side
                if u.content
                and u.low not in _FIRST | _SECOND
                and not u.tags & {"soft", "up", "down"}
                and not u.depth
                for c in u.concepts
            )
            for side in sides
        )
        if marks[0][1] or marks[1][0]:
            left, right = right, left
        yield left, right


_RECORDS = frozenset("reports report records record publications papers articles samples".split())


def _records(case: Case) -> Iterator[Reason]:
    """ "67,976 reports" are not 67,976 patients."""
    quoted = [
        (r, q, at) for r in case.evidence.whole for q, at in zip(r.quantities, r.quantity_at, strict=True)
    ]
    for reading in case.claim:
        for quantity, at in zip(reading.quantities, reading.quantity_at, strict=True):
            counted = next(
                (u for u in reading.units[at + 1 : at + 4] if u.content and "soft" not in u.tags), None
            )
            if counted is None or "human" not in counted.tags or quantity.unit:
                continue
            same = [(r, i) for r, q, i in quoted if q.value == quantity.value and not q.unit]
            if same and all(_counts_records(r, i) for r, i in same):
                yield Reason(
                    ReasonKind.NUMBER_BINDING, f"{quantity.text} counts something else in the quote."
                )


def _counts_records(reading: Reading, at: int) -> bool:
    """Does the number count reports, alone or in a list of numbers?"""
    for unit in reading.units[at + 1 : at + 8]:
        if unit.low in _RECORDS:
            return True
        if "human" in unit.tags or unit.low in ("in", "of", "from", "with", ";", ",", "("):
            return False
    return False
