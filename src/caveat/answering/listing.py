"""Which works a question for a list asks for, and their facts as the cells of a row."""

from __future__ import annotations

import re

from caveat.answering.relevance import Relevance
from caveat.answering.tables import TableAsked
from caveat.domain.model import Design, Direction, Source
from caveat.domain.words_for import STRENGTH, design_words, is_taken_back, people

COLUMNS = ("Work", "Design", "Who", "n", "Drug or exposure", "Main outcome", "Status or result")

_DESIGNS: tuple[tuple[re.Pattern[str], frozenset[Design]], ...] = (
    (re.compile(r"\b(?:randomi[sz]ed|rcts?|controlled trials?|placebo)\b", re.IGNORECASE), frozenset({Design.RCT})),
    (re.compile(r"\bmeta-?analys[ei]s\b", re.IGNORECASE), frozenset({Design.META_ANALYSIS, Design.MEGA_ANALYSIS})),
    (re.compile(r"\bcohorts?\b|\bobservational\b", re.IGNORECASE), frozenset({Design.COHORT, Design.CASE_CONTROL, Design.CROSS_SECTIONAL})),
    (re.compile(r"\bmendelian|\bgenetic\b", re.IGNORECASE), frozenset({Design.MENDELIAN_RANDOMIZATION})),
    (re.compile(r"\bcase (?:reports?|series)\b", re.IGNORECASE), frozenset({Design.CASE_REPORT, Design.CASE_SERIES})),
    (re.compile(r"\breviews?\b", re.IGNORECASE), frozenset({Design.SYSTEMATIC_REVIEW, Design.NARRATIVE_REVIEW, Design.META_ANALYSIS})),
    (re.compile(r"\bpharmacovigilance|\bside.?effect reports", re.IGNORECASE), frozenset({Design.PHARMACOVIGILANCE})),
    (re.compile(r"\bguidelines?\b", re.IGNORECASE), frozenset({Design.GUIDELINE})),
    (re.compile(r"\banimal\b|\bmice\b|\bmouse\b|\brats?\b", re.IGNORECASE), frozenset({Design.ANIMAL})),
    (re.compile(r"\bprotocols?\b", re.IGNORECASE), frozenset({Design.TRIAL_PROTOCOL})),
    (re.compile(r"\bregist(?:ered|rations?|ry)\b", re.IGNORECASE), frozenset({Design.TRIAL_REGISTRATION, Design.TRIAL_PROTOCOL})),
    (re.compile(r"\btrials?\b", re.IGNORECASE), frozenset({Design.RCT, Design.OPEN_LABEL, Design.TRIAL_REGISTRATION, Design.TRIAL_PROTOCOL, Design.POST_HOC})),
)  # fmt: skip
_RUNNING = re.compile(
    r"\b(?:recruiting|ongoing|running|under\s?way|still open|planned|upcoming|join|enrol(?:l?ing)?|in progress|next (?:\w+ )?(?:trials?|stud(?:y|ies)|results)|when (?:will|are|is|do)\b.{0,30}\b(?:trials?|stud(?:y|ies)|results)|without results|no results|coming)\b",
    re.IGNORECASE,
)
_STOPPED = re.compile(r"\b(?:terminated|stopped early|abandoned|withdrawn|discontinued)\b", re.IGNORECASE)
_NOT_RUNNING = re.compile(
    r"\b(?:completed|terminated|superseded|results (?:published|posted)|closed to recruitment)\b",
    re.IGNORECASE,
)


_REPORTS = r"\b(?:that|which|to|have|has|had|with|where|ha(?:ve|s) (?:ever )?|not)?\W*(?:found|find|finding|show(?:ed|n|s|ing)?|reported|reporting|saw|got)\W+(?:[\w-]+\W+){0,3}?"
_WERE = r"|\b(?:was|were|came (?:out|back)|turned out) (?:\w+ )?"
_DIRECTIONS: tuple[tuple[re.Pattern[str], frozenset[Direction]], ...] = (
    (re.compile(_REPORTS + r"(?:worse|worsen\w*|harm\w*|more (?:depress\w*|anx\w*|suicid\w*)|deteriorat\w*)\b", re.IGNORECASE), frozenset({Direction.HARM})),
    (re.compile(_REPORTS + r"(?:no (?:\w+ )?(?:effect|difference|benefit|improvement|association|link)|nothing|null results?)\b", re.IGNORECASE), frozenset({Direction.NO_DIFFERENCE, Direction.NO_ASSOCIATION})),
    (re.compile(r"\b(?:negative|null|failed|unsuccessful) (?:\w+ )?(?:trials?|stud(?:y|ies)|results?)\b|\b(?:trials?|stud(?:y|ies)) (?:that |which )?(?:failed|missed)\b" + _WERE + r"(?:negative|null|unsuccessful)\b", re.IGNORECASE), frozenset({Direction.NO_DIFFERENCE, Direction.NO_ASSOCIATION, Direction.HARM})),
    (re.compile(_REPORTS + r"(?:improve\w*|better|benefi\w*|less (?:depress\w*|anx\w*)|fewer symptoms|gains?)\b|\b(?:positive|successful) (?:\w+ )?(?:trials?|stud(?:y|ies)|results?)\b" + _WERE + r"(?:positive|successful)\b", re.IGNORECASE), frozenset({Direction.BENEFIT})),
)  # fmt: skip


def wanted_directions(text: str) -> frozenset[Direction]:
    """What the works asked for reported; empty when the question leaves it open."""
    for pattern, directions in _DIRECTIONS:
        if pattern.search(text):
            return directions
    return frozenset()


def _reports(source: Source, directions: frozenset[Direction]) -> bool:
    """True when the work reported this; a missed main outcome is no difference unless people did worse."""
    missed = source.primary_outcome_met is False and source.direction is not Direction.HARM
    missed = missed and Direction.NO_DIFFERENCE in directions
    return source.direction in directions or missed


def wanted_designs(text: str) -> frozenset[Design]:
    """The designs a list question names; empty when it names none."""
    for pattern, designs in _DESIGNS:
        if pattern.search(text):
            return designs
    return frozenset()


def matching(at: TableAsked) -> list[Source]:
    """Works that fit the list question, strongest and newest first; who was studied is not looked at."""
    relevance = at.relevance
    text = relevance.question.text
    running, stopped = bool(_RUNNING.search(text)), bool(_STOPPED.search(text))
    designs = wanted_designs(text)
    if running or stopped:
        designs = frozenset({Design.TRIAL_REGISTRATION, Design.TRIAL_PROTOCOL, Design.RCT, Design.OPEN_LABEL})
    directions = wanted_directions(text)
    found = []
    for source in at.works():
        if directions and (is_taken_back(source) or not _reports(source, directions)):
            continue
        if designs and source.design not in designs:
            continue
        if not designs and source.design in {Design.RESOURCE, Design.NEWS, Design.DRUG_LABEL, Design.OTHER}:
            continue
        if running and not _is_running(source):
            continue
        if stopped and not _STOPPED.search(source.trial_status or ""):
            continue
        facts = at.facts(source)
        q = relevance.question
        groups = (q.drugs, q.markers, q.outcomes, q.conditions)
        if all(relevance.any_of(ids, facts.identity) for ids in groups) and _has_words(
            relevance, facts.stems
        ):
            found.append(source)
    return sorted(found, key=lambda s: (STRENGTH[s.design] if s.design else 9, -(s.year or 0), s.id))


def _has_words(relevance: Relevance, stems: frozenset[str]) -> bool:
    return all(word in stems for word in relevance.words)


def _is_running(source: Source) -> bool:
    status = source.trial_status or ""
    if source.design not in {Design.TRIAL_REGISTRATION, Design.TRIAL_PROTOCOL}:
        return "recruiting" in status.casefold() and not _NOT_RUNNING.search(status)
    return not _NOT_RUNNING.search(status)


def name_of(source: Source) -> str:
    """First author and year, or the title, with the registry number."""
    author = source.authors[0].split(",")[0] if source.authors else None
    name = f"{author} {source.year}" if author and source.year and len(author) < 40 else source.title
    return f"{name} ({source.registry_ids[0]})" if source.registry_ids else name


def row(source: Source) -> tuple[str, ...]:
    """The facts of one work, as shown; "not known" where a fact is missing."""
    missing = "not known"
    met = {True: " (met)", False: " (missed)", None: ""}[source.primary_outcome_met]
    return (
        name_of(source),
        design_words(source),
        source.population_short or people(source) or missing,
        f"{source.n_total:,}" if source.n_total else missing,
        source.intervention or missing,
        f"{source.primary_outcome}{met}" if source.primary_outcome else missing,
        (source.trial_status if not is_taken_back(source) else None) or _reported(source) or missing,
    )


def _reported(source: Source) -> str | None:
    if is_taken_back(source):
        return source.status.value
    if source.direction in {None, Direction.NOT_APPLICABLE}:
        return None
    return f"reports: {source.direction.value}" if source.direction else None
