"""Decides whether what was found answers the question at all. When in doubt it says what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from caveat.answering.evidence import Evidence
from caveat.answering.relevance import Relevance
from caveat.domain.model import DeclineReason
from caveat.domain.model import QuestionKind as Q
from caveat.domain.stems import stem
from caveat.domain.text import content_words
from caveat.domain.topic import Topic

WEAK_SIMILARITY = 0.30
LONG_QUESTION = 16


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing is answered, and the words of the question that the collection does not know."""

    reason: DeclineReason
    missing: tuple[str, ...] = ()


def refusal(evidence: Evidence, relevance: Relevance, topic: Topic) -> Refusal | None:
    """None when the collection speaks to everything the question names."""
    q = relevance.question
    if relevance.named_ids and not _unknown_words(evidence, relevance, set(relevance.named_ids)):
        return None
    if not q.entity_ids and not relevance.named_ids:
        best = max((c.similarity for c in evidence.candidates), default=0.0)
        unknown = _unknown_words(evidence, relevance, None)
        if not relevance.words or unknown or best < WEAK_SIMILARITY:
            return Refusal(DeclineReason.OFF_TOPIC, unknown)
        return None
    fitting = _fitting(evidence, relevance)
    if not fitting:
        return Refusal(DeclineReason.NOT_IN_COLLECTION, ())
    unknown = _unknown_words(evidence, relevance, fitting)
    long = len(content_words(q.text)) > LONG_QUESTION
    if unknown and not (long and len(unknown) < len(relevance.words)):
        on_topic = bool(q.drugs or q.markers or q.outcomes)
        return Refusal(DeclineReason.NOT_IN_COLLECTION if on_topic else DeclineReason.OFF_TOPIC, unknown)
    return None


def _fitting(evidence: Evidence, relevance: Relevance) -> set[str]:
    """Works that name every group of things the question names."""
    q = relevance.question
    if q.kind is Q.COMPARISON and len(q.drugs) >= 2:
        sides = [
            {i for i, f in evidence.facts.items() if relevance.family(d) & f.everywhere} for d in q.drugs
        ]
        return set.union(*sides) if all(sides) else set()
    return {i for i, f in evidence.facts.items() if not _really_missing(relevance, i, evidence)}


def _really_missing(relevance: Relevance, source_id: str, evidence: Evidence) -> bool:
    missing = relevance.missing_groups(evidence.facts[source_id])
    if relevance.question.kind in {Q.APPROVAL, Q.SAFETY, Q.GAP} and missing in (["outcome"], ["condition"]):
        # A label that names no psychiatric use answers whether there is one.
        return False
    return bool(missing)


def _unknown_words(evidence: Evidence, relevance: Relevance, among: set[str] | None) -> tuple[str, ...]:
    known: set[str] = set()
    for source_id, facts in evidence.facts.items():
        if among is None or source_id in among:
            known |= facts.stems
    plain = [w for w in relevance.question.plain_words if w not in relevance.names]
    return tuple(w for w in plain if stem(w) not in known)
