"""Which works a question for a list asks for, and their facts as the cells of a row."""

from __future__ import annotations

import re

from caveat.answering.asked_works import naming_all
from caveat.answering.reported import wanted_directions
from caveat.answering.rows import Bits, bits_of, rows_of
from caveat.answering.shelf import Is
from caveat.answering.tables import TableAsked
from caveat.answering.trial_state import asks_for_running, asks_for_stopped
from caveat.answering.works import Works
from caveat.domain.model import Design, Direction, Source
from caveat.domain.words_for import TRIALS, design_words, is_taken_back, people

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

_NOT_STUDIES = frozenset({Design.RESOURCE, Design.NEWS, Design.DRUG_LABEL, Design.OTHER})


def _reporting(works: Works, directions: frozenset[Direction]) -> Bits:
    """The works that reported this; a missed main outcome is no difference unless people did worse."""
    shelf = works.shelf
    missed = shelf.those(Is.MISSED) & ~shelf.reporting({Direction.HARM})
    return shelf.reporting(directions) | (missed if Direction.NO_DIFFERENCE in directions else 0)


def wanted_designs(text: str) -> frozenset[Design]:
    """The designs a list question names; empty when it names none."""
    for pattern, designs in _DESIGNS:
        if pattern.search(text):
            return designs
    return frozenset()


def matching(at: TableAsked) -> Bits:
    """Works that fit the list question; who was studied is not looked at."""
    q, works = at.relevance.question, at.works
    shelf = works.shelf
    designs, directions = wanted_designs(q.text), wanted_directions(q.text)
    running, stopped = asks_for_running(q.text), asks_for_stopped(q.text)
    if running or stopped:
        designs = TRIALS
    found = shelf.designed(designs) if designs else shelf.those(Is.A_WORK) & ~shelf.designed(_NOT_STUDIES)
    if directions:
        found &= _reporting(works, directions) & ~works.taken_back
    if running:
        found &= shelf.those(Is.RUNNING)
    if stopped:
        found &= shelf.those(Is.STOPPED)
    found &= naming_all(works, at.relevance, (q.drugs, q.markers, q.outcomes, q.conditions))
    return _with_words(at, works.allowed(found))


def _with_words(at: TableAsked, rows: Bits) -> Bits:
    """Those that have every plain word of the question somewhere in their record or text."""
    wanted = frozenset(at.relevance.words)
    if not wanted or not rows:
        return rows
    works = at.works
    known = works.with_words(wanted)
    if known is not None:
        return rows & known
    return bits_of(
        (row for row in rows_of(rows) if wanted <= at.stems(works.sources([row])[0])), len(works.shelf.ids)
    )


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
