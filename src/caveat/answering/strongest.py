"""Which study is the strongest, or the largest: ranked by the rules that rate certainty, with what limits it, never by opinion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from caveat.answering.asked_works import naming_all
from caveat.answering.compose import Parts
from caveat.answering.listing import COLUMNS, name_of, row, wanted_designs
from caveat.answering.people_asked import every_mental_illness
from caveat.answering.rows import rows_of
from caveat.answering.shelf import Is
from caveat.answering.tables import TableAsked, tabled
from caveat.answering.verdict import labels
from caveat.answering.works import Works
from caveat.domain.caveats import SMALL
from caveat.domain.independent import independent_groups
from caveat.domain.model import Direction, Source
from caveat.domain.words_for import (
    LABORATORY,
    WITHOUT_PEOPLE,
    design_words,
    people,
)

MOST = 5
_ASKS = re.compile(
    r"\b(?:(?:single |very |one )*(?:best|strongest|most (?:reliable|convincing|rigorous|robust|trustworthy|important|solid|credible|relevant|definitive))"
    r"|(?:highest|best)[- ]quality|top|gold.?standard|landmark|key|pivotal)\W++(?:\w[\w-]*+\W++){0,3}?(?:stud(?:y|ies)|trials?|rcts?|papers?|meta-?analys[ei]s)\b"
    r"|\bwhich (?:\w+ ){0,3}(?:stud(?:y|ies)|trials?|rcts?|papers?) (?:should|do|can|would) (?:i|we|you|one) (?:trust|believe|rely|read)\b"
    r"|\bif (?:i|you|we|one) (?:\w+ )?(?:read|had|have|pick\w*|trust\w*) (?:to \w+ )?(?:only |just )?(?:one|a single) (?:stud(?:y|ies)|trial|paper)\b",
    re.IGNORECASE,
)
_BY_SIZE = re.compile(
    r"\b(?:biggest|largest)\W+(?:[\w-]+\W+){0,3}?(?:stud(?:y|ies)|trials?|rcts?|papers?|meta-?analys[ei]s)\b",
    re.IGNORECASE,
)


def asks_for_strongest(text: str) -> bool:
    """True for a question which study is the best, the most reliable, the one to trust, or the largest."""
    return bool(_ASKS.search(text) or _BY_SIZE.search(text))


def strongest(at: TableAsked) -> Parts | None:
    """The strongest works, one a group of participants; None when it was not asked for or none fits."""
    if not asks_for_strongest(at.relevance.question.text):
        return None
    found = at.works.sources(_one_a_group(at, _ranked(at))[:MOST])
    if not found:
        return None
    chosen = [c for s in found if (c := at.quoted(s, _main_result))]
    listed = [c.source for c in chosen]
    return tabled(
        at,
        chosen,
        _headline(listed, at),
        COLUMNS,
        row,
        listed=listed,
        unknowns=("how well each study was carried out: risk of bias was not judged",),
    )


def _ranked(at: TableAsked) -> list[int]:
    """On the drug and in people with the illness before others; then design, blinding, certainty, size, year."""
    relevance, topic, works = at.relevance, at.topic, at.works
    shelf, q = works.shelf, relevance.question
    named = bool(q.entity_ids)
    drugs = q.drugs if named else (topic.main_drug,)
    outcomes = q.outcomes if named else (topic.main_outcome,)
    given = {f for d in drugs for f in relevance.family(d)}
    asked = frozenset(f for o in outcomes for f in relevance.family(o) if not topic.by_id[f].symptom)
    found = works.with_results() & ~shelf.designed(WITHOUT_PEOPLE | LABORATORY)
    designs = wanted_designs(q.text)
    if designs:
        found &= shelf.designed(designs)
    found &= shelf.tested.any(given) if drugs else ~shelf.tested.any(_all_drugs(at))
    found = works.allowed(found & naming_all(works, relevance, (q.markers, outcomes, q.conditions)))
    near = shelf.studied.any(asked or every_mental_illness(topic)) if drugs else found
    rank = partial(_by_size if _BY_SIZE.search(q.text) else _by_strength, works)
    return [*sorted(rows_of(found & near), key=rank), *sorted(rows_of(found & ~near), key=rank)]


def _by_size(works: Works, row: int) -> tuple[int, ...]:
    return -works.shelf.people[row], row


def _by_strength(works: Works, row: int) -> tuple[int, ...]:
    shelf = works.shelf
    strength, newest, by_id = shelf.strength(row)
    abstract = shelf.those(Is.CONFERENCE_ABSTRACT) >> row & 1
    open_label = not shelf.those(Is.DOUBLE_BLIND) >> row & 1
    return strength, abstract, open_label, works.level(row), -shelf.people[row], newest, by_id


def _all_drugs(at: TableAsked) -> set[str]:
    return {e.id for e in at.topic.entities if e.group in {"drug", "drug_class"}}


def _one_a_group(at: TableAsked, ranked: Sequence[int]) -> list[int]:
    """The best of each group of works that report the same people."""
    shelf = at.works.shelf
    best = (group[0].id for group in independent_groups([shelf.linked(row) for row in ranked]))
    return [row for row in map(shelf.row, best) if row is not None]


def _main_result(section: str, sentence: str) -> bool:
    return section == "what_was_found" and "primary outcome" in sentence.casefold()


def _headline(listed: Sequence[Source], at: TableAsked) -> str:
    q = at.relevance.question
    about = " and ".join(
        x for x in (labels(q.drugs or q.markers, at.topic), labels(q.outcomes, at.topic, " or ")) if x
    )
    on = f" on {about}" if about else ""
    first, *others = listed
    by_size = bool(_BY_SIZE.search(q.text))
    text = f"{'The largest here' if by_size else 'By design the strongest here'}{on}: {_told(first)}."
    if others:
        text += f" Next: {_told(others[0])}."
    if by_size:
        return f"{text} Size alone does not make a study strong; works whose size is not known come last."
    return f"{text} This ranks design, directness, blinding and size by rule; it is no verdict on the drug."


def _told(source: Source) -> str:
    """Name, design, people, and what speaks against it."""
    who = people(source)
    text = f"{name_of(source)}, {design_words(source)}{f' in {who}' if who else ''}"
    limits = []
    if source.primary_outcome_met is False and source.direction is Direction.HARM:
        limits.append("on its main outcome people given the drug did worse")
    elif source.primary_outcome_met is False:
        limits.append("it missed its main outcome")
    elif source.primary_outcome_met is True:
        limits.append("it reached its main outcome")
    if source.n_total is None:
        limits.append("its size is not known here")
    elif source.n_total < SMALL:
        limits.append(f"it is small (n = {source.n_total})")
    return f"{text}: {', and '.join(limits)}" if limits else text
