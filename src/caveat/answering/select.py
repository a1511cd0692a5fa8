"""Chooses the sentences of an answer. Each kind of question has its own form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from caveat.answering.attributes import WAYS_OF_GIVING, holding_what_is_asked
from caveat.answering.evidence import Evidence
from caveat.answering.forms.account import (
    NO_STUDY,
    approval,
    background,
    comparison,
    definition,
    gap,
    is_about_a_gap,
    safety,
)
from caveat.answering.forms.association import association, of_something_else
from caveat.answering.forms.common import Chosen, merged, ranked, take
from caveat.answering.forms.effect import effect, lane_of
from caveat.answering.forms.predictor import predictor
from caveat.answering.forms.works import figure, study
from caveat.answering.relevance import Relevance
from caveat.domain.kinds import asks_how_given
from caveat.domain.lanes import association_stance
from caveat.domain.model import QuestionKind as Q
from caveat.domain.model import SourceKind, Stance
from caveat.domain.stems import stem
from caveat.domain.topic import Topic
from caveat.domain.watch_words import is_name, is_the_object, is_watched
from caveat.domain.words_for import LABORATORY, PLANNED, WITHOUT_PEOPLE, has_results


@dataclass(frozen=True, slots=True)
class Selection:
    """What an answer is made of, before it is numbered and worded."""

    chosen: tuple[Chosen, ...]
    direct: frozenset[str] = frozenset()
    """Works on the drug that was asked for."""
    main_illness: frozenset[str] = frozenset()
    """Works in people with the illness that was asked about, not with another one."""
    other_illness: frozenset[str] = frozenset()
    forms: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """For each work the things it says it is about."""
    beside: frozenset[str] = frozenset()
    """Works that are shown only because a benefit may not stand alone."""


CLOSEST = 5
MOST_A_WORK = 4
"""Sentences of one work, unless that work was asked for: the closest of all would add to those of the form."""
MOST_OF_TWO = 6
"""Sentences on safety where the question has a second half on the effect, which is told whole."""


_LANED = frozenset({Q.EFFECT, Q.HARM, Q.LAY_CLAIM, Q.ASSOCIATION})


_FORMS: dict[Q, Callable[[Evidence, Relevance, Topic], list[Chosen]]] = {
    Q.EFFECT: effect,
    Q.HARM: effect,
    Q.LAY_CLAIM: effect,
    Q.ASSOCIATION: association,
    Q.FIGURE: figure,
    Q.STUDY: study,
    Q.MECHANISM: background,
    Q.DEFINITION: definition,
    Q.APPROVAL: approval,
    Q.SAFETY: safety,
    Q.GAP: gap,
    Q.COMPARISON: comparison,
}


def select(evidence: Evidence, relevance: Relevance, topic: Topic) -> Selection:
    """The sentences for the question, in the order in which they are shown."""
    on_words = _holding_words(evidence, relevance)
    if on_words is not None:
        narrow = _select(on_words, relevance, topic)
        if narrow.chosen:
            return narrow
    if asks_how_given(relevance.question.text) and len(relevance.question.drugs) < 2:
        told = [c for c in evidence.candidates if WAYS_OF_GIVING.search(c.text)]
        if told:
            return _select(Evidence(told, evidence.facts), relevance, topic)
    shaped = holding_what_is_asked(relevance.question.text, evidence.candidates)
    if shaped and relevance.question.kind is Q.MECHANISM:
        return _select(Evidence(shaped, evidence.facts), relevance, topic)
    return _select(evidence, relevance, topic)


def _select(evidence: Evidence, relevance: Relevance, topic: Topic) -> Selection:
    kind = relevance.question.kind
    if kind in {Q.EFFECT, Q.HARM, Q.LAY_CLAIM} and not (
        relevance.question.drugs or relevance.question.markers
    ):
        form: Callable[[Evidence, Relevance, Topic], list[Chosen]] = background
    elif kind is Q.LAY_CLAIM and not relevance.question.drugs and relevance.question.markers:
        form = association
    else:
        form = _FORMS.get(kind, background)
    chosen = predictor(evidence, relevance, topic) if relevance.asks_who_responds else []
    chosen = chosen or with_closest(form(evidence, relevance, topic), evidence, relevance, topic)
    if relevance.asks_if_it_works_too:
        chosen = [*chosen[:MOST_OF_TWO], *effect(evidence, relevance, topic)]
    ids = {c.source.id for c in chosen}
    facts = evidence.facts
    other = frozenset(
        i
        for i in ids
        if relevance.other_illness(facts[i]) and evidence.sources[i].design not in WITHOUT_PEOPLE
    )
    direct = frozenset(i for i in ids if relevance.on_drug(facts[i]))
    illness = frozenset(
        i
        for i in ids - other
        if relevance.any_of(relevance.question.outcomes, facts[i].identity)
        and evidence.sources[i].design not in WITHOUT_PEOPLE | LABORATORY | PLANNED
    )
    return Selection(tuple(chosen), direct, illness, other, {i: facts[i].identity for i in ids})


def _holding_words(evidence: Evidence, relevance: Relevance) -> Evidence | None:
    """Only the sentences that hold the health words the question adds, where there are any such sentences."""
    text = relevance.question.text
    plain = [w for w in relevance.question.plain_words if w not in relevance.names]
    words = tuple(
        stem(w) for w in plain if (is_watched(w, text) or is_the_object(w, text)) and not is_name(w, text)
    )
    if not words or len(words) > 4 or relevance.question.kind is Q.STUDY:
        return None
    kept = [
        c
        for c in evidence.candidates
        if all(w in c.stems or w in evidence.facts[c.source.id].identity_stems for w in words)
    ]
    return Evidence(kept, evidence.facts) if kept else None


def with_closest(
    chosen: list[Chosen], evidence: Evidence, relevance: Relevance, topic: Topic
) -> list[Chosen]:
    """The form's sentences and, where the form missed them, the ones closest to the question's own words."""
    kind = relevance.question.kind
    have = {(c.candidate.passage.id, c.candidate.sentence_index) for c in chosen}
    complete = {i for i, facts in evidence.facts.items() if not relevance.missing_groups(facts)}
    pool = [c for c in evidence.candidates if c.source.id in complete]
    if relevance.named_ids:
        pool = evidence.of(relevance.named_ids) or pool
    extra: list[Chosen] = []
    for row in take(ranked(pool, evidence, relevance), CLOSEST if kind in _LANED else CLOSEST + 2, 3):
        if (row.candidate.passage.id, row.candidate.sentence_index) in have:
            continue
        of_work = sum(c.source.id == row.source.id for c in (*chosen, *extra))
        if chosen and of_work >= MOST_A_WORK and not relevance.asks_of_a_work:
            continue
        stance = Stance.CONTEXT
        if kind in {Q.EFFECT, Q.HARM, Q.LAY_CLAIM} and row.candidate.section not in {
            "limits",
            "what_was_done",
        }:
            on_outcome = relevance.any_of(relevance.question.outcomes, row.candidate.entities)
            if on_outcome:
                stance = lane_of(row.candidate, relevance, topic, evidence.facts[row.source.id])
        elif kind is Q.ASSOCIATION and row.candidate.section not in {"limits", "what_was_done"}:
            other = of_something_else(row.candidate, relevance, topic)
            if row.source.design not in WITHOUT_PEOPLE and not other:
                stance = association_stance(row.candidate.text, row.source)
        extra.append(replace(row, stance=stance))
    if kind in {Q.EFFECT, Q.HARM, Q.LAY_CLAIM, Q.APPROVAL, Q.SAFETY} and chosen:
        told = [e for e in extra if has_results(e.source) and e.source.kind is not SourceKind.LAY_ARTICLE]
        extra = told
    if kind is Q.COMPARISON and chosen and relevance.question.outcomes:
        extra = [
            e
            for e in extra
            if e.source.design not in NO_STUDY and e.source.kind is not SourceKind.LAY_ARTICLE
        ]
    if kind is Q.GAP and chosen:
        extra = [e for e in extra if is_about_a_gap(e) and e.source.kind is not SourceKind.LAY_ARTICLE]
    return merged(chosen, extra)
