"""The form of answers on what goes with what: for, against, and what confounds it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from caveat.answering.evidence import Candidate, Evidence
from caveat.answering.forms.common import Chosen, grouped, ranked, strength, take
from caveat.answering.relevance import EXPERIMENTS, WIDE_MARKERS, Relevance
from caveat.domain.lanes import association_stance
from caveat.domain.model import Design, Stance
from caveat.domain.topic import Topic
from caveat.domain.words_for import WITHOUT_PEOPLE

_SIDES = (frozenset({Stance.SUPPORTS}), frozenset({Stance.NO_CLEAR_DIFFERENCE, Stance.OPPOSES}))
"""Each must be heard, whichever the words of the question are closer to."""
_ASSOCIATION_ORDER = {
    Stance.SUPPORTS: 0,
    Stance.NO_CLEAR_DIFFERENCE: 1,
    Stance.OPPOSES: 2,
    Stance.CONTEXT: 3,
}


def association(evidence: Evidence, relevance: Relevance, topic: Topic) -> list[Chosen]:
    """What goes with what, for and against, strongest designs first, then what confounds it."""
    usual = usual_measures(evidence, relevance, topic)
    rows = []
    complete = {i for i, facts in evidence.facts.items() if not relevance.missing_groups(facts)}
    for row in ranked(evidence.candidates, evidence, relevance):
        c = row.candidate
        if c.source.id not in complete:
            continue
        if c.section in {"what_was_done", "limits"} or of_something_else(c, relevance, topic):
            continue
        bonus = (
            0.3 * (c.has_number and bool(c.entities & usual))
            + 0.2 * c.has_number
            + 0.25 * (c.source.design in {Design.META_ANALYSIS, Design.MEGA_ANALYSIS})
            + 0.8 * (relevance.asks_of_giving and c.source.design in EXPERIMENTS)
        )
        rows.append(replace(row, score=row.score + bonus))
    rows.sort(key=lambda r: -r.score)
    # Which way a sentence points does not change its place: it is read of those that are taken, best first.
    kept = [_pointing(row) for row in take(rows, 7, 2, floor=0.6)]
    for side in _SIDES:
        if not any(k.stance in side for k in kept):
            kept += take((r for r in map(_pointing, rows) if r.stance in side), 2, 1, floor=0.5)
    used = {k.source.id for k in kept}
    limits = [
        r
        for r in ranked(evidence.of(used), evidence, relevance)
        if r.candidate.section == "limits" and r.source.design not in WITHOUT_PEOPLE
    ]
    ordered = grouped(
        kept, lambda c: (_ASSOCIATION_ORDER[c.stance], strength(c.source), -(c.source.year or 0))
    )
    return ordered + take(limits, 2, 1)


def _pointing(row: Chosen) -> Chosen:
    """The sentence in its lane; works that studied nobody stand in none."""
    if row.source.design in WITHOUT_PEOPLE:
        return row
    return replace(row, stance=association_stance(row.candidate.text, row.source))


def usual_measures(evidence: Evidence, relevance: Relevance, topic: Topic) -> frozenset[str]:
    """Where inflammation as a whole is asked about: the two markers that most sentences found speak of."""
    if not set(relevance.question.markers) & WIDE_MARKERS:
        return frozenset()
    seen = Counter(
        i
        for c in evidence.candidates
        for i in c.entities
        if topic.by_id[i].group == "marker" and i not in WIDE_MARKERS
    )
    return frozenset(i for i, _ in seen.most_common(2))


def of_something_else(c: Candidate, relevance: Relevance, topic: Topic) -> bool:
    """The sentence is about other markers than the one asked for, or its work tested a treatment."""
    q = relevance.question
    named = {i for i in c.entities if topic.by_id[i].group == "marker"}
    if named:  # a marker inside the name of a drug is none: the sentence is read again
        named = {i for i in topic.entity_ids(c.text) if i in named} - WIDE_MARKERS
    asked = {f for m in q.markers for f in (relevance.family(m) if m in WIDE_MARKERS else {m})}
    if named and asked and not named & asked:
        return True
    return not q.drugs and not relevance.is_named(c.source) and relevance.tests_a_drug(c.source)
