"""Decides whether what was found answers the question at all. When in doubt it says what is missing."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from caveat.answering.access import asks_of_access, not_told
from caveat.answering.attributes import holds_what_is_asked
from caveat.answering.decline import wants_a_choice
from caveat.answering.evidence import Evidence
from caveat.answering.money import OWN_WORDS, asks_who_paid
from caveat.answering.neighbours import untold
from caveat.answering.relevance import ASKING_CONCEPTS, Relevance
from caveat.answering.verdict import joined, labels
from caveat.domain.model import DeclineReason
from caveat.domain.model import QuestionKind as Q
from caveat.domain.question import Question
from caveat.domain.stems import stem
from caveat.domain.text import tokens
from caveat.domain.topic import Topic
from caveat.domain.watch_words import is_name, is_the_object, is_watched

_ON_IT = re.compile(r"\b(?:on|with|off) (?:it|this|that)\b", re.IGNORECASE)
WEAK_SIMILARITY = 0.45
OFF_CENTRE_SIMILARITY = 0.5


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing is answered, and the words of the question that the collection does not know."""

    reason: DeclineReason
    missing: tuple[str, ...] = ()
    beside: Literal["approval", "warnings"] | None = None
    """What the labels say and is told beside the refusal: asked was how to get a treatment, or what goes with it."""


def refusal(evidence: Evidence, relevance: Relevance) -> Refusal | None:
    """None when the collection speaks to everything that the question names."""
    q = relevance.question
    plain = [w for w in q.plain_words if w not in relevance.names or not relevance.asks_of_a_work]
    of_money = OWN_WORDS if asks_who_paid(q.text) else frozenset()
    watched = [
        w for w in plain if (is_watched(w, q.text) or is_the_object(w, q.text)) and stem(w) not in of_money
    ]
    if wants_a_choice(q):
        return Refusal(DeclineReason.NOT_IN_COLLECTION, ())
    neighbours, on_safety = _neighbours(evidence, relevance)
    if neighbours:
        beside: Literal["warnings"] | None = "warnings" if on_safety and _on_our_drug(relevance) else None
        return Refusal(DeclineReason.NOT_IN_COLLECTION, neighbours, beside)
    lost = relevance.unresolved_works
    if lost:
        return Refusal(DeclineReason.NOT_IN_COLLECTION, lost)
    if relevance.named_ids and relevance.asks_of_a_work:
        among = set(relevance.named_ids)
        unknown = _uncovered(watched, evidence, relevance, among)
        elsewhere = all(relevance.missing_groups(evidence.facts[i]) for i in among if i in evidence.facts)
        if unknown or elsewhere or not holds_what_is_asked(q.text, evidence.of(among)):
            missing = unknown or (_not_with(relevance) if elsewhere else ())
            return Refusal(DeclineReason.NOT_IN_COLLECTION, missing)
        return None
    if q.kind is Q.LIST and not holds_what_is_asked(q.text, evidence.candidates):
        return Refusal(DeclineReason.NOT_IN_COLLECTION)
    if not q.entity_ids:
        together = [c for c in evidence.candidates if all(stem(w) in c.stems for w in plain)]
        best = max((c.similarity for c in together), default=0.0)
        if not plain or q.codes or best < WEAK_SIMILARITY:
            return Refusal(DeclineReason.OFF_TOPIC, tuple(plain))
        return None
    wanted = asked_for(q, relevance)
    access = not_told(q.text, [c for c in evidence.candidates if c.entities & wanted])
    if access and not q.markers:
        return Refusal(
            DeclineReason.NOT_IN_COLLECTION,
            access,
            "approval" if asks_of_access(q.text) and _on_our_drug(relevance) else None,
        )
    if not (q.drugs or q.markers or q.outcomes):
        unknown = _uncovered(watched, evidence, relevance, set(evidence.facts))
        if unknown:
            return Refusal(DeclineReason.NOT_IN_COLLECTION, unknown)
        best = max((c.similarity for c in evidence.candidates), default=0.0)
        if best < OFF_CENTRE_SIMILARITY:
            return Refusal(DeclineReason.OFF_TOPIC, tuple(plain))
    fitting = _fitting(evidence, relevance)
    unknown = _uncovered(watched, evidence, relevance, fitting)
    on_entity = [c for c in evidence.of(fitting) if not wanted or c.entities & wanted]
    if unknown or not fitting or not holds_what_is_asked(q.text, on_entity):
        return Refusal(
            DeclineReason.NOT_IN_COLLECTION, unknown or (() if fitting else _together(evidence, relevance))
        )
    return None


def _neighbours(evidence: Evidence, relevance: Relevance) -> tuple[tuple[str, ...], bool]:
    """Subjects beside the topic that are asked of, and of which no sentence on what is asked tells."""
    q = relevance.question
    if "addiction" in q.outcomes or not (q.entity_ids or _ON_IT.search(q.text)):
        return (), False
    asked = {f for i in (q.drugs or q.markers or q.outcomes) for f in relevance.family(i)}
    return untold(q.text, [c for c in evidence.candidates if not asked or c.entities & asked])


def _not_with(relevance: Relevance) -> tuple[str, ...]:
    """The name that the question gives, with what no work of that name holds."""
    q = relevance.question
    typed = (re.search(rf"\b{re.escape(n)}\b", q.text, re.IGNORECASE) for n in sorted(relevance.names))
    called = [m[0] for m in typed if m]
    asked = labels((*q.drugs, *q.markers, *q.outcomes, *q.conditions), relevance.topic)
    return (f"{' '.join(called)} and {asked} in the same work",) if called and asked else ()


def _together(evidence: Evidence, relevance: Relevance) -> tuple[str, ...]:
    """What no work found holds: one side of a comparison, or the things that none names together."""
    q, topic = relevance.question, relevance.topic
    if q.kind is Q.COMPARISON and len(q.drugs) >= 2:
        held = {d for d in q.drugs for f in evidence.facts.values() if relevance.family(d) & f.everywhere}
        return tuple(_as_asked(q.text, d, topic) for d in q.drugs if d not in held)
    concepts = tuple(c for c in q.concepts if c not in ASKING_CONCEPTS)
    groups = [
        labels(ids, topic, " or ") for ids in (q.drugs, q.markers, q.outcomes, q.conditions, concepts) if ids
    ]
    return (f"{joined(groups, ' and ')} in the same work",) if len(groups) > 1 else ()


def _as_asked(text: str, drug: str, topic: Topic) -> str:
    """A drug by its name, a member of a class by the word of the question: "mindfulness", not what it stands for."""
    if topic.by_id[drug].group == "drug":
        return topic.by_id[drug].label
    found = next((m for m in topic.mentions(text) if m.entity_id == drug), None)
    return " ".join(tokens(text)[found.start : found.end]) if found else topic.by_id[drug].label


def _on_our_drug(relevance: Relevance) -> bool:
    """True when no drug is named, or one of the topic's own class."""
    topic, drugs = relevance.topic, relevance.question.drugs
    ours = topic.family(topic.own_class)
    return not drugs or bool(set(drugs) & ours)


def _uncovered(
    plain: Sequence[str], evidence: Evidence, relevance: Relevance, among: Collection[str]
) -> tuple[str, ...]:
    """The words that no work of ``among`` holds in its facts or beside what the question names."""
    q = relevance.question
    asked = {f for i in q.entity_ids for f in relevance.family(i)}
    pool = [c for c in evidence.candidates if c.source.id in among]
    missing = [
        w
        for w in plain
        if not any(
            _has(w, c.stems, q.text) and (not asked or c.entities & asked or relevance.is_named(c.source))
            for c in pool
        )
        and not any(_has(w, evidence.facts[i].identity_stems, q.text) for i in among if i in evidence.facts)
    ]
    missing += [code for code in q.codes if not any(code in c.text.casefold() for c in pool)]
    return tuple(missing)


def _has(word: str, stems: frozenset[str], text: str) -> bool:
    """The word is there; a name also by its root, so that "Japanese" meets "Japan"."""
    if re.search(rf"\b{re.escape(word.upper())}\b", text) and len(word) > 3 and not text.isupper():
        return word in stems
    if stem(word) in stems:
        return True
    return len(word) > 4 and is_name(word, text) and any(s.startswith(word[:4]) for s in stems)


def asked_for(q: Question, relevance: Relevance) -> frozenset[str]:
    """The drugs or, without one, the markers that the question names, with their narrower entities."""
    return frozenset(f for i in (q.drugs or q.markers) for f in relevance.family(i))


def _fitting(evidence: Evidence, relevance: Relevance) -> set[str]:
    """Works that name every group of things the question names."""
    q = relevance.question
    if q.kind is Q.COMPARISON and len(q.drugs) >= 2:
        sides = [
            {i for i, f in evidence.facts.items() if relevance.family(d) & f.everywhere} for d in q.drugs
        ]
        return set.union(*sides) if all(sides) else set()
    return {i for i in evidence.facts if not _really_missing(relevance, i, evidence)}


def _really_missing(relevance: Relevance, source_id: str, evidence: Evidence) -> bool:
    missing = relevance.missing_groups(evidence.facts[source_id])
    if relevance.question.kind in {Q.APPROVAL, Q.SAFETY, Q.GAP} and missing in (["outcome"], ["condition"]):
        # A label that names no psychiatric use answers whether there is one.
        return False
    return bool(missing)
