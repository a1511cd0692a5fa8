"""The forms of answers that give an account: mechanism, definition, approval, safety, gaps, comparison."""

from __future__ import annotations

import re
from dataclasses import replace

from caveat.answering.evidence import Evidence
from caveat.answering.forms.common import Chosen, grouped, ranked, take
from caveat.answering.places import places
from caveat.answering.relevance import Relevance
from caveat.domain.model import Design, SourceKind, Stance
from caveat.domain.topic import Topic
from caveat.domain.words_for import LABORATORY, PLANNED, has_results

CONTROLLED = frozenset({Design.RCT, Design.META_ANALYSIS, Design.MEGA_ANALYSIS, Design.POST_HOC})

_CLASSES = re.compile(
    r"\b(?:modes? of action|drug classes|between (?:the )?(?:drugs|classes|biologics))\b", re.IGNORECASE
)


def background(evidence: Evidence, relevance: Relevance, topic: Topic) -> list[Chosen]:
    """The sentences that fit best, people before laboratory."""
    kept = take(ranked(evidence.candidates, evidence, relevance), 6, 2, floor=0.75)
    return grouped(kept, lambda c: (c.source.design in LABORATORY, -c.score))


def definition(evidence: Evidence, relevance: Relevance, topic: Topic) -> list[Chosen]:
    """The two or three sentences that say what a thing is."""
    rows = []
    for row in ranked(evidence.candidates, evidence, relevance):
        first = topic.mentions(row.candidate.text)[:1]
        subject = bool(first) and any(
            first[0].entity_id in relevance.family(i) for i in relevance.question.entity_ids
        )
        explains = any(
            w in row.candidate.text
            for w in (" is a", " is an ", " describes ", " means ", " acts ", "defined")
        )
        reference = row.source.design in {Design.RESOURCE, Design.DRUG_LABEL, Design.NARRATIVE_REVIEW}
        rows.append(replace(row, score=row.score + 0.2 * subject + 0.3 * explains + 0.25 * reference))
    rows.sort(key=lambda r: -r.score)
    return take(rows, 3, 2, floor=0.75)


_RULES = {Design.DRUG_LABEL: 0.8, Design.GUIDELINE: 0.5, Design.RESOURCE: 0.2}
_RULING = re.compile(r"\b(?:approv|authori[sz]|licen[cs]|label|indication|regulat)", re.IGNORECASE)
_USES = re.compile(r"\b(?:uses|indications?|approved|authori[sz]ed|listed?s? \w+ for)\b", re.IGNORECASE)


def approval(evidence: Evidence, relevance: Relevance, topic: Topic) -> list[Chosen]:
    """Label and guideline text first, that of the place asked about before all other."""
    asked = places(relevance.question.text)
    ours = topic.family(topic.own_class)
    on_mind = bool(relevance.question.outcomes) or not asked or not set(relevance.question.drugs) & ours
    rows, here = [], []
    for row in ranked(evidence.candidates, evidence, relevance):
        bonus = _RULES.get(row.source.design, 0.0) if row.source.design else 0.0
        text = row.candidate.text.casefold()
        bonus += (
            0.6
            * (on_mind and ("psychiatric" in text or "mental health" in text))
            * (row.candidate.section == "what_was_found")
        )
        bonus += 0.3 * ("approv" in text or "authoris" in text or "indication" in text)
        if row.source.id in topic.approval.source_ids:
            bonus += 0.3
        lifted = replace(row, score=row.score + bonus)
        if row.source.kind is SourceKind.LAY_ARTICLE or not has_results(row.source):
            continue
        if row.candidate.section == "what_was_done":
            continue
        rows.append(lifted)
        if asked & rules_of(row):
            on_uses = 0.5 * bool(_USES.search(text))
            here.append(replace(lifted, score=lifted.score + on_uses))
    here.sort(key=lambda r: -r.score)
    rows.sort(key=lambda r: -r.score)
    first = grouped(take(here, 5, 4), lambda c: (-c.score,))
    have = {c.candidate.text for c in first}
    elsewhere = [r for r in take(rows, 5, 2, floor=0.7) if r.candidate.text not in have]
    return first + grouped(elsewhere, lambda c: (-c.score,))


def rules_of(row: Chosen) -> frozenset[str]:
    """The places whose label or guideline a sentence tells of; none for a study."""
    page = row.source.design is Design.RESOURCE
    if row.source.design not in _RULES or (page and not _RULING.search(row.candidate.text)):
        return frozenset()
    return places(f"{row.candidate.text} . {row.source.title}")


def safety(evidence: Evidence, relevance: Relevance, topic: Topic) -> list[Chosen]:
    """Label warnings first, then what safety studies counted."""
    order = {Design.DRUG_LABEL: 0.35, Design.PHARMACOVIGILANCE: 0.15, Design.COHORT: 0.1}
    rows = []
    for row in ranked(evidence.candidates, evidence, relevance):
        if row.candidate.section in {"limits", "what_was_done"}:
            continue
        bonus = order.get(row.source.design, 0.0) if row.source.design else 0.0
        rows.append(replace(row, score=row.score + bonus + 0.2 * _warns(row)))
    rows.sort(key=lambda r: -r.score)
    kept = take(rows, 7, 2, floor=0.65)
    q = relevance.question
    if not q.outcomes and not q.conditions and not set(q.concepts) - {"side_effects", "label"}:
        # Asked at large: what the label warns of comes first, however closely others repeat the question's words.
        told = take([r for r in rows if r.source.design is Design.DRUG_LABEL and _warns(r)], 3, 2)
        kept = told + [k for k in kept if k.candidate.text not in {t.candidate.text for t in told}][:6]
    if q.outcomes or [c for c in q.concepts if c != "side_effects"]:
        return grouped(kept, lambda c: (-c.score,))
    return grouped(kept, lambda c: (c.source.design is not Design.DRUG_LABEL, -c.score))


_HARMS = frozenset({"infection", "perforation", "liver", "side_effects", "interaction"})


def _warns(row: Chosen) -> bool:
    return bool(row.candidate.entities & _HARMS)


_SILENT = (
    "cannot",
    "no result",
    "not been",
    "unknown",
    "not tested",
    "not known",
    "only ",
    "too small",
    "exclude",
)


def gap(evidence: Evidence, relevance: Relevance, topic: Topic) -> list[Chosen]:
    """What the works say they cannot show, those in the illness itself first, and what is planned."""
    rows = []
    for row in ranked(evidence.candidates, evidence, relevance):
        if row.source.kind is SourceKind.LAY_ARTICLE or not is_about_a_gap(row):
            continue
        facts = evidence.facts[row.source.id]
        silent = any(w in row.candidate.text.casefold() for w in _SILENT)
        on_topic = relevance.on_drug(facts) and relevance.any_of(relevance.question.outcomes, facts.identity)
        at_home = on_topic and not relevance.other_illness(facts)
        bonus = 0.2 * silent + 0.4 * on_topic + 0.5 * at_home + 0.4 * (row.candidate.section == "limits")
        rows.append(replace(row, score=row.score + bonus))
    rows.sort(key=lambda r: -r.score)
    kept = take(rows, 6, 1, floor=0.6)
    shown = {k.source.id for k in kept}
    tests = [
        r
        for r in rows
        if r.source.primary_outcome_met is not None
        and r.source.id not in shown
        and relevance.is_about_all(evidence.facts[r.source.id])
        and not relevance.other_illness(evidence.facts[r.source.id])
    ]
    return take(tests, 2, 1) + kept


def is_about_a_gap(row: Chosen) -> bool:
    """True for a limit, a plan, or a sentence that says what is not known."""
    text = row.candidate.text.casefold()
    return (
        row.candidate.section == "limits" or row.source.design in PLANNED or any(w in text for w in _SILENT)
    )


NO_STUDY = frozenset({Design.DRUG_LABEL, Design.RESOURCE})


def comparison(evidence: Evidence, relevance: Relevance, topic: Topic) -> list[Chosen]:
    """Works that name both sides first, then each side by itself."""
    sides = [relevance.family(d) for d in relevance.question.drugs]
    rows = []
    asked = relevance.question.outcomes
    for row in ranked(evidence.candidates, evidence, relevance):
        c = row.candidate
        if asked and (c.source.design in NO_STUDY or c.source.kind is SourceKind.LAY_ARTICLE):
            continue  # what a label allows says nothing of which helps more
        both = sum(bool(side & c.entities) for side in sides)
        both_in_work = sum(bool(side & evidence.facts[c.source.id].identity) for side in sides)
        if not both and not both_in_work:
            continue
        about = evidence.facts[c.source.id]
        on_asked = bool(asked) and relevance.any_of(asked, about.identity) and relevance.on_drug(about)
        bonus = 0.6 * (both >= 2) + 0.4 * (both_in_work >= 2) + 0.2 * (c.source.design in CONTROLLED)
        bonus += 0.3 * on_asked
        rows.append(replace(row, score=row.score + bonus, stance=Stance.CONTEXT))
    rows.sort(key=lambda r: -r.score)
    kept = take(rows, 6, 2, floor=0.55)
    for side in sides:
        if not any(side & k.candidate.entities for k in kept):
            kept += take([r for r in rows if side & r.candidate.entities], 2, 1)
    for side in sides if asked else ():
        tests = [r for r in rows if _tells_its_main_result(r, side, evidence, relevance)]
        if not any(t.candidate is k.candidate for t in tests for k in kept):
            kept += tests[:1]
    have = {k.candidate.text for k in kept}
    return kept + [r for r in _between_classes(evidence, relevance, topic) if r.candidate.text not in have]


def _tells_its_main_result(
    row: Chosen, side: frozenset[str], evidence: Evidence, relevance: Relevance
) -> bool:
    """True for the sentence on the main outcome of a trial that tested this side for what is asked."""
    source, about = row.source, evidence.facts[row.source.id]
    return (
        source.design is Design.RCT
        and source.primary_outcome_met is not None
        and bool(side & about.tested)
        and relevance.any_of(relevance.question.outcomes, about.identity)
        and "primary outcome" in row.candidate.text.casefold()
    )


def _between_classes(evidence: Evidence, relevance: Relevance, topic: Topic) -> list[Chosen]:
    """Works that set the classes against each other to which both sides belong, on what was asked about."""
    q = relevance.question
    belongs = [{d, *topic.ancestors(d)} for d in q.drugs]
    common = set.intersection(*belongs) if belongs else set()
    rows = [
        r
        for r in ranked(evidence.candidates, evidence, relevance)
        if _CLASSES.search(r.candidate.text)
        and common & evidence.facts[r.source.id].everywhere
        and relevance.any_of(q.outcomes or ("mental_health",), evidence.facts[r.source.id].identity)
        and relevance.in_condition(evidence.facts[r.source.id])
    ]
    return take(rows, 2, 1)
