"""Reasons to be careful, by rule from the sources' facts. Texts refer to sources by their number."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from caveat.domain.duration import is_single_dose, longest_days
from caveat.domain.independent import independent_groups
from caveat.domain.model import Caveat, CaveatKind, Design, Direction, Severity, Source, Status
from caveat.domain.spin import is_spun
from caveat.domain.topic import Statement
from caveat.domain.words_for import (
    LABORATORY,
    OBSERVATIONAL,
    PLANNED,
    POOLED,
    WITHOUT_PEOPLE,
    has_results,
    is_taken_back,
)

SMALL = 100
SHORT_DAYS = 60
OLD_YEARS = 12


@dataclass(frozen=True, slots=True)
class Situation:
    """What the rules need to know besides the sources."""

    numbers: Mapping[str, int]
    today: date
    drug_discussed: bool
    other_population: Collection[str] = ()
    conflicting: bool = False
    on_effect: bool = False
    on_association: bool = False
    status_max_age_days: int = 365


def caveats_for(
    sources: Sequence[Source], situation: Situation, approval: Statement, warnings: Statement
) -> tuple[Caveat, ...]:
    """Every caveat the metadata can show, the loudest first; law and label whenever the drug is discussed."""
    found: list[Caveat] = []
    if situation.drug_discussed and (approval.text or warnings.text):
        text = f"{dated(approval) if approval.text else ''} {warnings.text}".strip()
        ids = tuple(dict.fromkeys((*approval.source_ids, *warnings.source_ids)))
        found.append(Caveat(CaveatKind.NOT_APPROVED, Severity.WARN, text, ids))
    if situation.conflicting:
        found.append(Caveat(CaveatKind.CONFLICTING_EVIDENCE, Severity.WARN, "The findings disagree."))
    for rule in _RULES:
        ids = tuple(s.id for s in sources if rule.test(s, situation))
        if ids:
            every = len(ids) == len(sources) > 3
            who = "All works here" if every else refs(ids, situation.numbers)
            text = rule.text.format(refs=who, is_=_verb(ids))
            found.append(Caveat(rule.kind, rule.severity, text, ids))
    groups = independent_groups([s for s in sources if has_results(s) and not is_taken_back(s)])
    pooled = any(s.design in POOLED for group in groups for s in group)
    if len(groups) == 1 and situation.on_effect and not pooled:
        text = "Everything here comes from one group of participants."
        found.append(Caveat(CaveatKind.SINGLE_SOURCE, Severity.WARN, text, tuple(s.id for s in groups[0])))
    elif len(groups) == 2 and situation.on_effect:
        found.append(
            Caveat(CaveatKind.FEW_SOURCES, Severity.INFO, "Only two independent works bear on this.")
        )
    order = {Severity.STOP: 0, Severity.WARN: 1, Severity.INFO: 2}
    return tuple(sorted(found, key=lambda c: order[c.severity]))


def dated(statement: Statement) -> str:
    """The statement with the day on which its sources were read."""
    when = f" (labels read on {statement.checked_on})" if statement.checked_on else ""
    return f"{statement.text.rstrip('.')}{when}."


def refs(ids: Sequence[str], numbers: Mapping[str, int]) -> str:
    """ "[1], [3]": the sources' numbers in order."""
    return ", ".join(f"[{n}]" for n in sorted(numbers[i] for i in ids if i in numbers))


def _verb(ids: Sequence[str]) -> str:
    return "is" if len(ids) == 1 else "are"


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: CaveatKind
    severity: Severity
    test: Callable[[Source, Situation], bool]
    text: str


def _small(s: Source, _: Situation) -> bool:
    no_people = WITHOUT_PEOPLE | PLANNED | POOLED | LABORATORY | {Design.PHARMACOVIGILANCE, Design.OTHER}
    return s.n_total is not None and s.n_total < SMALL and s.design not in no_people


def _observational(s: Source, at: Situation) -> bool:
    if s.design in OBSERVATIONAL:
        return True
    if s.design in WITHOUT_PEOPLE | LABORATORY | PLANNED or s.design is Design.MENDELIAN_RANDOMIZATION:
        return False
    told = {Direction.ASSOCIATION, Direction.NO_ASSOCIATION}
    if s.direction in told and s.design is not Design.RCT and s.design is not Design.EXPERIMENTAL_HUMAN:
        return True
    return at.on_association and s.design in POOLED and s.direction is Direction.MIXED


def _short(s: Source, _: Situation) -> bool:
    if (
        s.design not in {Design.RCT, Design.OPEN_LABEL, Design.COHORT, Design.CASE_SERIES}
        or not s.intervention
    ):
        return False
    days = longest_days(s.duration)
    return is_single_dose(s.intervention) or (days is not None and days <= SHORT_DAYS)


def _status_unknown(s: Source, at: Situation) -> bool:
    if is_taken_back(s):
        return False
    if s.status is Status.UNKNOWN or s.status_checked_on is None:
        return True
    return (at.today - date.fromisoformat(s.status_checked_on)).days > at.status_max_age_days


def _open_label(s: Source, _: Situation) -> bool:
    return s.design is Design.OPEN_LABEL or (s.blinding or "").casefold().startswith(("open", "unblinded"))


def _old(s: Source, at: Situation) -> bool:
    return s.year is not None and at.today.year - s.year > OLD_YEARS


_RULES: tuple[_Rule, ...] = (
    _Rule(CaveatKind.RETRACTED, Severity.STOP, lambda s, _: is_taken_back(s),
          "{refs} {is_} retracted or withdrawn: not counted as support."),
    _Rule(CaveatKind.EXPRESSION_OF_CONCERN, Severity.WARN, lambda s, _: s.status is Status.EXPRESSION_OF_CONCERN,
          "{refs}: the journal has published an expression of concern."),
    _Rule(CaveatKind.PRIMARY_OUTCOME_MISSED, Severity.WARN, lambda s, _: s.primary_outcome_met is False and s.direction is not Direction.HARM,
          "{refs} did not reach the main outcome set in advance; other results there are exploratory."),
    _Rule(CaveatKind.PRIMARY_OUTCOME_MISSED, Severity.WARN, lambda s, _: s.primary_outcome_met is False and s.direction is Direction.HARM,
          "{refs}: the main outcome went the other way; people given the treatment did worse than the others."),
    _Rule(CaveatKind.SPIN, Severity.WARN, lambda s, _: is_spun(s),
          "{refs}: the title says more than the main result recorded here shows."),
    _Rule(CaveatKind.DIFFERENT_POPULATION, Severity.WARN, lambda s, at: s.id in at.other_population,
          "{refs} studied people with another illness: mood there may follow pain, disability or treatment."),
    _Rule(CaveatKind.OBSERVATIONAL, Severity.WARN, _observational,
          "{refs}: people were not assigned by chance, so this shows association, not cause."),
    _Rule(CaveatKind.GENETIC_PROXY, Severity.WARN, lambda s, _: s.design is Design.MENDELIAN_RANDOMIZATION,
          "{refs}: lifelong genetic differences stand in for a drug; no one was treated."),
    _Rule(CaveatKind.ANIMAL_OR_IN_VITRO, Severity.WARN, lambda s, _: s.design in LABORATORY,
          "{refs}: from animals or cells, not from patients."),
    _Rule(CaveatKind.OPEN_LABEL, Severity.WARN, _open_label,
          "{refs}: everyone knew the treatment, so expectation may explain a change."),
    _Rule(CaveatKind.SMALL_SAMPLE, Severity.WARN, _small,
          "{refs}: fewer than 100 people, so chance can explain a lot."),
    _Rule(CaveatKind.SHORT_FOLLOW_UP, Severity.WARN, _short,
          "{refs}: a single dose or at most two months of follow-up."),
    _Rule(CaveatKind.SECONDARY_SOURCE_ONLY, Severity.WARN, lambda s, _: s.secondary_source_only,
          "{refs} {is_} known here from secondary pages only, not from the publication itself."),
    _Rule(CaveatKind.REGISTRATION_NO_RESULTS, Severity.WARN, lambda s, _: s.design in PLANNED,
          "{refs}: a plan or registration, without results."),
    _Rule(CaveatKind.PREPRINT, Severity.WARN, lambda s, _: s.preprint, "{refs}: a preprint, not peer reviewed."),
    _Rule(CaveatKind.HIDDEN_TEXT, Severity.WARN, lambda s, _: s.hidden_text,
          "{refs}: the file held text that a reader would not see. It was left out; compare with the original."),
    _Rule(CaveatKind.DESIGN_UNKNOWN, Severity.WARN, lambda s, _: s.design is None and not is_taken_back(s),
          "{refs}: what kind of study this is could not be read, so how far it can be trusted is not known."),
    _Rule(CaveatKind.INDUSTRY_FUNDED, Severity.INFO, lambda s, _: s.industry_funded is True,
          "{refs}: funded by, or written with, a company that sells such a drug."),
    _Rule(CaveatKind.OLD_EVIDENCE, Severity.INFO, _old, "{refs}: more than 12 years old."),
    _Rule(CaveatKind.ABSTRACT_ONLY, Severity.INFO, lambda s, _: s.abstract_only, "{refs}: only the abstract was read."),
    _Rule(CaveatKind.CORRECTED, Severity.INFO, lambda s, _: s.status is Status.CORRECTED,
          "{refs}: a correction has been published."),
    _Rule(CaveatKind.NOTE_NOT_ORIGINAL, Severity.INFO, lambda s, _: s.note_not_original,
          "{refs}: the words quoted are Caveat's notes on the work; open the original before relying on them."),
    _Rule(CaveatKind.STATUS_UNKNOWN, Severity.INFO, _status_unknown,
          "{refs}: not checked for retraction or correction, or too long ago."),
)  # fmt: skip
