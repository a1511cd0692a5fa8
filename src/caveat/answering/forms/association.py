"""The form of answers on what goes with what: for, against, and what confounds it."""

from __future__ import annotations

from dataclasses import replace

from caveat.answering.evidence import Candidate, Evidence
from caveat.answering.forms.common import Chosen, grouped, ranked, strength, take
from caveat.answering.relevance import Relevance
from caveat.domain.lanes import association_stance
from caveat.domain.model import Design, Stance
from caveat.domain.topic import Topic
from caveat.domain.words_for import WITHOUT_PEOPLE

WIDE_MARKERS = frozenset({"inflammation", "cytokine"})
_ASSOCIATION_ORDER = {
    Stance.SUPPORTS: 0,
    Stance.NO_CLEAR_DIFFERENCE: 1,
    Stance.OPPOSES: 2,
    Stance.CONTEXT: 3,
}


def association(evidence: Evidence, relevance: Relevance, topic: Topic) -> list[Chosen]:
    """What goes with what, for and against, strongest designs first, then what confounds it."""
    rows = []
    for row in ranked(evidence.candidates, evidence, relevance):
        c = row.candidate
        if relevance.missing_groups(evidence.facts[c.source.id]):
            continue
        if c.section in {"what_was_done", "limits"} or of_something_else(c, relevance, topic):
            continue
        stance = (
            association_stance(c.text, c.source) if c.source.design not in WITHOUT_PEOPLE else Stance.CONTEXT
        )
        bonus = 0.2 * c.has_number + 0.25 * (c.source.design in {Design.META_ANALYSIS, Design.MEGA_ANALYSIS})
        rows.append(replace(row, stance=stance, score=row.score + bonus))
    rows.sort(key=lambda r: -r.score)
    kept = take(rows, 7, 2, floor=0.6)
    against = [r for r in rows if r.stance in {Stance.NO_CLEAR_DIFFERENCE, Stance.OPPOSES}]
    if not any(k.stance in {Stance.NO_CLEAR_DIFFERENCE, Stance.OPPOSES} for k in kept):
        kept += take(against, 2, 1, floor=0.5)
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


def of_something_else(c: Candidate, relevance: Relevance, topic: Topic) -> bool:
    """The sentence is about other markers than the one asked for, or its work tested a treatment."""
    q = relevance.question
    named = {i for i in topic.entity_ids(c.text) if topic.by_id[i].group == "marker"} - WIDE_MARKERS
    asked = {f for m in q.markers for f in (relevance.family(m) if m in WIDE_MARKERS else {m})}
    if named and asked and not named & asked:
        return True
    tested = topic.entity_ids(c.source.intervention or "")
    treatment = any(topic.by_id[i].group in {"drug", "drug_class"} for i in tested)
    return treatment and not q.drugs and not relevance.is_named(c.source)
