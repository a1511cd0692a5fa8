"""The form of answers on the effect or harm of a treatment: results in lanes, harm beside benefit."""

from __future__ import annotations

from caveat.answering.evidence import Candidate, Evidence, SourceFacts
from caveat.answering.forms.common import Chosen, grouped, strength, take
from caveat.answering.relevance import BODILY_OUTCOMES, WIDE_OUTCOMES, Relevance
from caveat.domain.lanes import effect_stance, runs_against
from caveat.domain.model import Design, Direction, SourceKind, Stance
from caveat.domain.model import QuestionKind as Q
from caveat.domain.topic import Topic
from caveat.domain.words_for import POOLED, WITHOUT_PEOPLE, has_results

MOST_SOURCES = 8


_LANE_ORDER = {
    Stance.NO_CLEAR_DIFFERENCE: 0,
    Stance.OPPOSES: 1,
    Stance.SUPPORTS: 2,
    Stance.CONTEXT: 3,
}


def effect(evidence: Evidence, relevance: Relevance, topic: Topic) -> list[Chosen]:
    """Results on the drug and the outcome, in lanes; the missed outcome and the harm always beside the benefit."""
    q = relevance.question
    harm = q.kind is Q.HARM
    outcomes = q.outcomes or ("mental_health",)
    rows: list[Chosen] = []
    harm_elsewhere: list[Chosen] = []
    for c in evidence.candidates:
        facts = evidence.facts[c.source.id]
        if c.section == "what_was_done" or (c.section == "limits" and not harm):
            continue
        if not relevance.any_of(outcomes, facts.everywhere) or not _drug_fits(c, relevance, topic, evidence):
            continue
        elsewhere = bool(q.conditions) and not relevance.in_condition(facts)
        if elsewhere and not harm:
            continue
        primary = "primary outcome" in c.text.casefold() and relevance.any_of(outcomes, facts.identity)
        against = runs_against(c.text) and relevance.any_of(outcomes, facts.identity)
        on_outcome = relevance.any_of(outcomes, c.entities) or primary or against
        if not on_outcome:
            continue
        stance = lane_of(c, relevance, topic, facts)
        score = relevance.score(c, evidence)
        score += 0.35 * (stance is not Stance.CONTEXT) + 0.5 * primary
        score += 0.4 * (c.section == "what_was_found" and c.sentence_index == 0)
        score += 0.15 * c.has_number + 0.3 * (c.source.direction is Direction.HARM)
        row = Chosen(c, stance, score)
        if not elsewhere:
            rows.append(row)
        elif stance is Stance.OPPOSES:
            harm_elsewhere.append(row)
    if not any(r.stance is Stance.OPPOSES for r in rows):
        # Harm reported in people with another illness is not passed over in silence.
        rows += harm_elsewhere
    rows.sort(key=lambda c: (-c.score, c.candidate.passage.id, c.candidate.sentence_index))
    by_source: dict[str, list[Chosen]] = {}
    for row in rows:
        by_source.setdefault(row.source.id, []).append(row)

    def tier(source_id: str) -> tuple[object, ...]:
        facts, source = evidence.facts[source_id], evidence.sources[source_id]
        direct = bool(relevance.any_of(q.drugs, facts.identity))
        illness = not relevance.other_illness(facts) and relevance.any_of(outcomes, facts.identity)
        told = any(r.stance is not Stance.CONTEXT for r in by_source[source_id])
        warns = direct and (source.primary_outcome_met is False or source.direction is Direction.HARM)
        place = (
            0
            if warns and told
            else 1
            if direct and illness
            else 2
            if illness and told
            else 3
            if direct
            else 4
        )
        harm_first = 0 if not harm or any(r.stance is Stance.OPPOSES for r in by_source[source_id]) else 1
        return (
            0 if relevance.is_named(source) else 1,
            harm_first,
            0 if has_results(source) and told else 1,
            place,
            strength(source),
            -by_source[source_id][0].score,
            -(source.year or 0),
        )

    picked: list[Chosen] = []
    order = sorted(by_source, key=tier)
    musts = [i for i in order[MOST_SOURCES:] if _must_be_shown(by_source[i], evidence, relevance)]
    for source_id in order[:MOST_SOURCES] + musts:
        best = [r for r in by_source[source_id] if r.stance is not Stance.CONTEXT] or by_source[source_id][:1]
        picked.extend(take(best, 2, 2, floor=0.6))
    lanes = _LANE_ORDER if not harm else {**_LANE_ORDER, Stance.OPPOSES: -1}
    return grouped(
        picked,
        lambda c: (lanes[c.stance], *tier(c.source.id)[3:5], -(c.source.year or 0)),
    )


def _must_be_shown(rows: list[Chosen], evidence: Evidence, relevance: Relevance) -> bool:
    """Harm, and a main outcome that was missed, are shown however many other works there are."""
    source = rows[0].source
    against = source.direction is Direction.HARM or source.primary_outcome_met is False
    told = any(r.stance in {Stance.OPPOSES, Stance.NO_CLEAR_DIFFERENCE} for r in rows)
    return against and told and relevance.on_drug(evidence.facts[source.id])


def _drug_fits(c: Candidate, relevance: Relevance, topic: Topic, evidence: Evidence) -> bool:
    """The sentence, or its work, is about the drug asked for, or (in a trial of the illness) about its class."""
    q = relevance.question
    if not q.drugs:
        return True
    named = {i for i in c.entities if topic.by_id[i].group in {"drug", "drug_class"}}
    asked = {f for d in q.drugs for f in relevance.family(d)}
    facts = evidence.facts[c.source.id]
    if named & asked:
        return bool(asked & facts.identity) or c.source.design in WITHOUT_PEOPLE | POOLED
    if asked & facts.identity and not (named - {"antidepressant", "steroid", "antipsychotic", "biologic"}):
        return True
    classes = {a for d in q.drugs for a in topic.ancestors(d)[:1]} - {"anti_inflammatory"}
    if q.kind is Q.HARM and c.source.design is Design.PHARMACOVIGILANCE:
        wider = {a for d in q.drugs for a in topic.ancestors(d)} - {"anti_inflammatory"}
        return bool(wider & facts.tested)
    kin = {f for k in classes for f in topic.family(k)}
    return bool(kin & facts.identity) and c.source.design is Design.RCT and not relevance.other_illness(facts)


def lane_of(c: Candidate, relevance: Relevance, topic: Topic, facts: SourceFacts) -> Stance:
    """The lane of a sentence; a gain on another drug of the class, or of the body alone, is context."""
    if not tells_of_drug(c, relevance, topic):
        return Stance.CONTEXT
    stance = effect_stance(c.text, c.source, relevance.outcome_words(c.text))
    if stance is not Stance.SUPPORTS:
        return stance
    asked = relevance.question.outcomes or ("mental_health",)
    told = {i for i in c.entities if topic.by_id[i].group == "outcome"}
    if set(asked) <= WIDE_OUTCOMES and told and told <= BODILY_OUTCOMES:
        return Stance.CONTEXT
    drugs = {f for d in relevance.question.drugs for f in (*relevance.family(d), *topic.ancestors(d))}
    named = {i for i in c.entities if topic.by_id[i].group in {"drug", "drug_class"}}
    named = {i for i in named if not topic.by_id[i].background}
    return Stance.CONTEXT if drugs and not (named | facts.tested) & drugs else stance


def tells_of_drug(c: Candidate, relevance: Relevance, topic: Topic) -> bool:
    """False for a sentence about another drug, and for one of a lay article, which reports no result."""
    if c.source.kind is SourceKind.LAY_ARTICLE or c.source.design in WITHOUT_PEOPLE - {
        Design.NARRATIVE_REVIEW
    }:
        return False
    named = {i for i in c.entities if topic.by_id[i].group in {"drug", "drug_class"}} - {"il6_inhibitor"}
    named -= {"antidepressant", "biologic", "anti_inflammatory"}
    asked = {f for d in relevance.question.drugs for f in relevance.family(d)}
    kin = {f for d in relevance.question.drugs for a in topic.ancestors(d)[:1] for f in topic.family(a)}
    return not asked or not named or bool(named & (asked | kin))
