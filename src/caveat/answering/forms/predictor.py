"""The form of answers on whether a marker tells who a treatment helps: works that say so, and works that say not."""

from __future__ import annotations

import re
from dataclasses import replace

from caveat.answering.evidence import Candidate, Evidence
from caveat.answering.forms.common import Chosen, grouped, ranked, strength, take
from caveat.answering.relevance import WIDE_MARKERS, Relevance
from caveat.domain.lanes import association_stance
from caveat.domain.model import Design, Stance
from caveat.domain.topic import Topic
from caveat.domain.words_for import LABORATORY, PLANNED, WITHOUT_PEOPLE

_TELLS = re.compile(
    r"\b(?:(?<!genetically )predict\w*|moderat(?:ed|or|ors|es|ion)|stratif\w+|non-?respon\w+|respon(?:ders?|se|d|ded|sive)|interaction|subgroup|resistan\w+"
    r"|failed (?:antidepressant )?trials|whether (?:or not )?the patient improved|did better above|at baseline|baseline)\b",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\bdid not (?:predict|moderate|separate|differ|matter|change)|\bno (?:interaction|difference|moderation)|\bnot (?:predict|moderate)"
    r"|\bregardless of whether|\bonly when BMI was left out|\bnot statistically significant|\bwhether or not",
    re.IGNORECASE,
)
_YES = re.compile(
    r"\bpredicted\b|\bresponders? (?:had|tended)|\bnon-?responders?\b.{0,60}\bhigher\b|\binteraction\b.{0,12}\(P|\bseparated responders"
    r"|\bassociated with (?:\w+ ){0,4}(?:resistan|response|failed)|\bfailed\b.{0,40}\bassociated with higher|\bhigher in treatment-resistant"
    r"|\b(?:larger|greater|better|most marked) (?:in (?:people|patients|those) )?with higher\b|\bhigh-CRP\b.{0,40}\bsubgroup",
    re.IGNORECASE,
)
_NOBODY_TREATED = WITHOUT_PEOPLE | LABORATORY | PLANNED | {Design.MENDELIAN_RANDOMIZATION}
_ORDER = {Stance.SUPPORTS: 0, Stance.OPPOSES: 0, Stance.NO_CLEAR_DIFFERENCE: 1, Stance.CONTEXT: 2}


def predictor(evidence: Evidence, relevance: Relevance, topic: Topic) -> list[Chosen]:
    """Sentences on the marker and on who responded, both answers heard; works on the drug asked about first."""
    q = relevance.question
    markers = {f for m in q.markers for f in relevance.family(m)} | (WIDE_MARKERS & set(topic.by_id))
    asked = {f for d in q.drugs for f in relevance.family(d)}
    own = {f for m in q.markers for f in relevance.family(m)}
    tested = _treatments(relevance, topic)
    rows = []
    for row in ranked(evidence.candidates, evidence, relevance):
        c = row.candidate
        facts = evidence.facts[c.source.id]
        # "Anti-inflammatory drugs" names no marker.
        about_marker = bool(topic.entity_ids(c.text) & markers) or relevance.is_named(c.source)
        in_people = c.source.design not in _NOBODY_TREATED
        if c.section == "limits" or not (about_marker and in_people and _TELLS.search(c.text)):
            continue
        if tested and not facts.tested & tested:
            continue
        treated = bool(asked & facts.everywhere) if asked else True
        bonus = 0.5 * treated + 0.3 * bool(asked & facts.tested) + 0.4 * bool(c.entities & own)
        rows.append(replace(row, stance=response_stance(c), score=row.score + bonus))
    rows.sort(key=lambda r: -r.score)
    kept = take(rows, 7, 2, floor=0.5)
    for side in ({Stance.SUPPORTS}, {Stance.NO_CLEAR_DIFFERENCE}):
        if not any(k.stance in side for k in kept):
            kept += take([r for r in rows if r.stance in side], 2, 1, floor=0.4)
    return grouped(kept, lambda c: (_ORDER[c.stance], strength(c.source), -(c.source.year or 0)))


def _treatments(relevance: Relevance, topic: Topic) -> set[str]:
    """Any treatment on trial, where one that works here test is asked about; empty where every work may speak."""
    drugs = relevance.question.drugs
    if not drugs or any(topic.by_id[d].background for d in drugs):
        return set()
    return {e.id for e in topic.entities if e.group in {"drug", "drug_class"} and not e.background}


def response_stance(c: Candidate) -> Stance:
    """Whether the sentence says that the marker went with the response, that it did not, or neither."""
    if c.section == "what_was_done":
        return Stance.CONTEXT
    no, yes = bool(_NO.search(c.text)), bool(_YES.search(c.text))
    if no or yes:
        return Stance.CONTEXT if no and yes else Stance.SUPPORTS if yes else Stance.NO_CLEAR_DIFFERENCE
    told = association_stance(c.text, c.source)
    return told if told is Stance.NO_CLEAR_DIFFERENCE else Stance.CONTEXT
