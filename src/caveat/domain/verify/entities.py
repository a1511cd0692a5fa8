"""Drugs, drug classes and targets of the claim are those of the quote: receptor is not ligand, IL-6 is not TNF."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.domain.verify.case import Case
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.units import Unit
from caveat.domain.verify.verdict import Reason, ReasonKind


def check(case: Case) -> Iterator[Reason]:
    """A reason for each drug, class or target that neither quote nor facts name."""
    quoted = {u.entity.name: u.entity.kind for r in case.evidence.inside for u in r.units if u.entity}
    quoted_drugs = {name for name, kind in quoted.items() if kind != "target"}
    facts = case.evidence.facts
    claimed = {u.entity.name for r in case.claim for u in r.units if u.entity}
    for reading in case.claim:
        for i, unit in enumerate(reading.units):
            if unit.entity is None or unit.entity.name in quoted:
                continue
            name, kind = unit.entity.name, unit.entity.kind
            shown = reading.text[unit.start : unit.end]
            if kind == "drug":
                # The source's own drug may be named when the quote leaves it out and names no other.
                if name in facts.drugs and not (quoted_drugs - facts.drugs):
                    continue
                yield Reason(ReasonKind.DRUG, f"The quote does not name {shown}.")
            elif kind == "class":
                if not _fits_class(
                    name,
                    quoted_drugs | (facts.drugs if not quoted_drugs else set()),
                    claimed,
                    case,
                    reading,
                    i,
                ):
                    yield Reason(ReasonKind.DRUG, f"The quote does not name the class {shown}.")
            elif not (name == "il6r" and quoted.keys() & {"il6r-blocker"}):
                yield Reason(ReasonKind.TARGET, f"The quote does not name {shown}.")


def _fits_class(name: str, drugs: set[str], claimed: set[str], case: Case, reading: Reading, at: int) -> bool:
    """A class stands for a drug of it only beside that drug's name, or in the singular with an article."""
    members = {drug for drug in drugs if name in case.words.members.get(drug, ())}
    if name in drugs:
        return True
    if not members:
        return False
    if members & claimed:
        return True
    before = _word_before(reading.units, at)
    return before in ("a", "an", "the", "this", "that")


def _word_before(units: tuple[Unit, ...], at: int) -> str:
    for unit in reversed(units[:at]):
        if unit.kind != "p":
            return unit.low
    return ""
