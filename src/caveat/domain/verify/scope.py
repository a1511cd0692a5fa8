"""Who was studied: a subgroup is not everyone, animals are not patients, one case is not a rule."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.domain.verify.case import Case
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.units import Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_MANY = frozenset("patients people adults women men children".split())

_ANIMALS = frozenset({"animal"})


def check(case: Case) -> Iterator[Reason]:
    """A reason for each narrowing of the quote's group that the claim drops, and for animals told of as people."""
    for reading in case.evidence.whole:
        yield from _modifiers(case, reading)
        yield from _only(case, reading)
    yield from _species(case)
    yield from _one_case(case)
    yield from _population(case)


def _population(case: Case) -> Iterator[Reason]:
    """A finding is not told without saying of whom, unless the source's record is at hand to say it."""
    if case.evidence.facts.drugs or case.evidence.facts.concepts:
        return
    if case.tags & {"anchor", "condition", "animal"} or any(
        q.kind == "year" for r in case.claim for q in r.quantities
    ):
        return
    if any(u.proper and not u.entity for r in case.claim for u in r.units):
        return
    studied = [
        u
        for r in case.evidence.whole
        for i, u in enumerate(r.units)
        if "condition" in u.tags and _of_people(r.units, i)
    ]
    if studied and not any(case.kept(u) for u in studied):
        yield Reason(
            ReasonKind.SUBGROUP, f"The claim does not say that the quote is about “{studied[0].low}”."
        )


def _of_people(units: tuple[Unit, ...], at: int) -> bool:
    before = {u.low for u in units[max(0, at - 2) : at]}
    after = {u.low for u in units[at + 1 : at + 3]}
    if (
        at + 1 < len(units)
        and units[at + 1].content
        and not after & {"trial", "patients", "people", "study", "cohort", "trials"}
    ):
        return False
    return bool(
        before & {"in", "among", "with"}
        or after & {"trial", "patients", "people", "study", "cohort", "trials"}
    )


def _one_case(case: Case) -> Iterator[Reason]:
    """One case is not patients in general."""
    if (
        "@case" in case.tags
        or "~case" in case.concepts
        or not any(u.low in _MANY for r in case.claim for u in r.units)
    ):
        return
    told = any(
        "case_report" in u.low or (u.low == "case" and "report" in {v.stem for v in r.units})
        for r in case.evidence.whole
        for u in r.units
    )
    if (told or case.evidence.facts.design == "case report") and not any(
        u.low in _MANY for r in case.evidence.whole for u in r.units
    ):
        yield Reason(ReasonKind.SUBGROUP, "The quote is about one case, the claim about patients.")


def _modifiers(case: Case, reading: Reading) -> Iterator[Reason]:
    """ "depressed patients" from "high-CRP depressed patients": the word that narrowed is gone, its noun is not."""
    units = reading.units
    for i, unit in enumerate(units):
        if (
            "restrict" not in unit.tags
            or _still_narrow(case, unit)
            or not unit.content
            or "hedge:exploratory" in unit.tags
        ):
            continue
        if unit.tags & {"up", "down"} and unit.low not in (
            "high",
            "low",
            "elevated",
            "raised",
            "higher",
            "lower",
            "older",
            "younger",
        ):
            continue
        if unit.low in ("higher", "lower", "raised", "elevated", "older", "younger") and case.tags & {
            "up",
            "down",
            "good",
            "bad",
        }:
            continue
        if "healthy" in unit.tags and _also_without(units, i):
            continue
        for other in units[i + 1 : i + 6]:
            if other.low == "-":
                continue
            if other.kind == "p" or "stop" in other.tags or other.kind == "n":
                break
            if case.kept(other) and not (
                other.tags & {"soft", "restrict"}
                and not other.tags & {"human", "condition"}
                and other.low not in ("group", "groups")
            ):
                shown = reading.text[unit.start : unit.end]
                yield Reason(
                    ReasonKind.SUBGROUP, f"The quote says “{shown}” of the group, the claim leaves it out."
                )
                break


def _also_without(units: tuple[Unit, ...], at: int) -> bool:
    """ "82 people with arthritis, 22 healthy people": people are not all healthy here."""
    heads = [u for u in units[at + 1 : at + 3] if u.content]
    return any(
        v.concepts & u.concepts and "healthy" not in units[j - 1].tags
        for u in heads[:1]
        for j, v in enumerate(units)
        if v is not u and j
    )


def _only(case: Case, reading: Reading) -> Iterator[Reason]:
    """ "In women-only trials": what is told of them is not told of all."""
    units = reading.units
    for i in range(1, len(units) - 1):
        if (
            units[i].low == "only"
            and units[i - 1].low == "-"
            and i > 1
            and not case.kept(units[i - 2])
            and units[i - 2].tags & {"human", "restrict", "condition"}
        ):
            shown = f"{units[i - 2].low}-only"
            if case.told(reading, units[i].segment):
                yield Reason(ReasonKind.SUBGROUP, f"The quote is about “{shown}”, the claim leaves it out.")


def _still_narrow(case: Case, unit: Unit) -> bool:
    if unit.low in ("high", "low"):
        same = {"high": ("high", "elevated", "raised", "above"), "low": ("low", "reduced", "below")}[unit.low]
        return any(u.low in same for r in case.claim for u in r.units)
    return case.kept(unit)


def _species(case: Case) -> Iterator[Reason]:
    design = case.evidence.facts.design
    if case.tags & _ANIMALS:
        return
    told = [
        (u, r) for r in case.evidence.whole for u in r.units if "animal" in u.tags and case.told(r, u.segment)
    ]
    if design not in ("animal study", "in vitro study") and (
        not told or any("human" in r.tags for r in case.evidence.whole)
    ):
        return
    yield Reason(ReasonKind.SPECIES, "The quote is about animals or cells, the claim does not say so.")
