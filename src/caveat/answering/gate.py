"""Decides whether what was found answers the question at all. When in doubt it says what is missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from caveat.answering.evidence import Evidence
from caveat.answering.relevance import Relevance
from caveat.domain.model import DeclineReason
from caveat.domain.model import QuestionKind as Q
from caveat.domain.question import Question
from caveat.domain.stems import stem
from caveat.domain.text import content_words, tokens
from caveat.domain.topic import Topic

WEAK_SIMILARITY = 0.30
LONG_QUESTION = 16
# Everyday words that change what is asked: without a passage that holds them there is no answer.
SENSITIVE = frozenset(
    "cost costs price prices pricing expensive cheap cheaper afford insurance reimbursement reimbursed buy salary stock "
    "stocks market revenue dog dogs cat cats horse horses".split()
)
MEDICAL_ENDINGS = (
    "mab", "nib", "cept", "itis", "osis", "emia", "aemia", "ine", "azole", "pril", "sartan", "olol", "oma", "pathy",
    "phobia", "plegia", "algia", "ectomy", "lepsy", "trophy", "urea", "oxin", "amide", "idone", "azine", "terol",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing is answered, and the words of the question that the collection does not know."""

    reason: DeclineReason
    missing: tuple[str, ...] = ()


def refusal(
    evidence: Evidence, relevance: Relevance, topic: Topic, known_word: Callable[[str], bool]
) -> Refusal | None:
    """None when the collection speaks to what the question names.

    ``known_word`` says of a word whether the collection holds it anywhere, or whether it is an everyday word.
    """
    q = relevance.question
    plain = [w for w in q.plain_words if w not in relevance.names]
    unknown = tuple(w for w in plain if not known_word(w))
    sensitive = tuple(w for w in tokens(q.text) if w in SENSITIVE and not _told(w, evidence, q))
    long = len(content_words(q.text)) > LONG_QUESTION
    if long or relevance.named_ids:
        unknown = tuple(w for w in unknown if _looks_medical(w, q.text))
    if relevance.named_ids:
        return Refusal(DeclineReason.NOT_IN_COLLECTION, unknown) if unknown else None
    if not q.entity_ids:
        best = max((c.similarity for c in evidence.candidates), default=0.0)
        if not plain or unknown or best < WEAK_SIMILARITY:
            return Refusal(DeclineReason.OFF_TOPIC, unknown)
        return None
    if unknown or sensitive:
        return Refusal(DeclineReason.NOT_IN_COLLECTION, unknown or sensitive)
    if not _fitting(evidence, relevance):
        return Refusal(DeclineReason.NOT_IN_COLLECTION, ())
    return None


def _told(word: str, evidence: Evidence, q: Question) -> bool:
    return any(stem(word) in c.stems and c.entities & set(q.entity_ids) for c in evidence.candidates)


def _looks_medical(word: str, text: str) -> bool:
    capital = re.search(rf"\b{re.escape(word)}s?\b", text, re.IGNORECASE)
    shouted = bool(capital and capital.group(0).isupper() and len(word) > 2)
    return shouted or word.endswith(MEDICAL_ENDINGS)


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
