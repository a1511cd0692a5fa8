"""Drugs, drug classes and targets of the claim are those of the quote: receptor is not ligand, IL-6 is not TNF."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.domain.verify.case import Case
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.units import Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_DRUGS = frozenset(
    "antibodies inhibitors blockers antagonists biologics drugs agents medicines medications treatments".split()
)


def check(case: Case) -> Iterator[Reason]:
    """A reason for each drug, class or target that neither quote nor facts name."""
    quoted = {u.entity.name: u.entity.kind for r in case.evidence.inside for u in r.units if u.entity}
    quoted_drugs = {name for name, kind in quoted.items() if kind != "target"}
    facts = case.evidence.facts
    claimed = {u.entity.name for r in case.claim for u in r.units if u.entity}
    yield from _widened(case, quoted_drugs, claimed)
    yield from _against(case)
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


def _widened(case: Case, drugs: set[str], claimed: set[str]) -> Iterator[Reason]:
    """What the quote tells of one drug, "an antibody to IL-6", is not told of IL-6 antibodies."""
    if len(drugs - claimed) != 1:
        return
    quoted = case.evidence.words
    for reading in case.claim:
        for i, unit in enumerate(reading.units):
            meant = i and reading.units[i - 1].low in ("these", "the", "such", "both", "two", "those")
            if unit.low in _DRUGS and not unit.negated and not meant and not quoted & _DRUGS:
                yield Reason(ReasonKind.DRUG, f"The quote tells this of one drug, not of “{unit.low}”.")


def _against(case: Case) -> Iterator[Reason]:
    """ "anti-TNF" is not "anti-cytokine"."""
    for reading in case.claim:
        units = reading.units
        for i in range(len(units) - 2):
            aim = units[i + 2]
            if (
                units[i].low == "anti"
                and units[i + 1].low == "-"
                and aim.content
                and aim.entity is None
                and not case.in_quote(aim)
            ):
                yield Reason(ReasonKind.DRUG, f"The quote does not say “anti-{aim.low}”.")
