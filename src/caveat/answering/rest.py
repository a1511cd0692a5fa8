"""What is left of a question of which the collection does not hold a part: one of two drugs, one of two questions.

The part that is not held is named, and the rest is answered by itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from caveat.answering.neighbours import words_of
from caveat.answering.verdict import joined, labels
from caveat.domain.model import QuestionKind as Q
from caveat.domain.question import Question
from caveat.domain.text import singular, tokens
from caveat.domain.topic import Topic
from caveat.domain.watch_words import is_treatment

_JOINED = r"(?:\s*(?:,|/|\b(?:or|vs\.?|versus|than|compared (?:with|to)|against|instead of|rather than|as much as)\b)\s*)"
_COMPARES = frozenset({Q.COMPARISON, Q.EFFECT, Q.LAY_CLAIM, Q.ASSOCIATION})
_ASKS = (
    r"(?:is|are|was|were|can|could|does|do|did|will|would|should|has|have|what|how|who|why|which|when|where)"
)
_OPENS_A_QUESTION = re.compile(rf"\W*{_ASKS}\b(?! (?:been|not|being)\b)", re.IGNORECASE)
_NEXT_QUESTION = re.compile(rf"[?.!;]+\s+|,?\s+(?:and|or|but)\s+(?:also\s+)?(?={_ASKS}\b)", re.IGNORECASE)
_FEWEST_WORDS = 3
_NOTHING = "This collection holds nothing on {}. On the rest of the question:"


@dataclass(frozen=True, slots=True)
class Rest:
    """A question that may be answered, and one line that names what is not."""

    text: str
    told: str


def rest_of(read: Question, missing: Sequence[str], topic: Topic) -> Rest | None:
    """The rest of the question without what is missing; None where the missing part is the question."""
    if not missing:
        return None
    return _other_side(read, missing, topic) or _other_half(read, missing, topic)


def _other_side(read: Question, missing: Sequence[str], topic: Topic) -> Rest | None:
    """ "bimekizumab or tocilizumab for mood": what is known of the one that is held."""
    lost = {m.entity_id for word in missing for m in topic.mentions(word)}
    drugs = [d for d in read.drugs if not topic.by_id[d].background and d not in lost]
    treatments = [w for w in missing if is_treatment(w) or topic.entity_ids(w) & set(read.drugs)]
    if not drugs or len(treatments) < len(missing):
        return None
    word = "|".join(re.escape(w) for w in treatments)
    if "interaction" in read.concepts:
        text = re.sub(rf"{_JOINED}(?:{word})\b", "", read.text, flags=re.IGNORECASE)
        return Rest(text, _NOTHING.format(joined(treatments, " or "))) if text != read.text else None
    if read.kind not in _COMPARES or read.markers or read.concepts:
        return None
    set_beside = re.search(r"\bcompar(?:e|ed|es|ing|ison)\b", read.text, re.IGNORECASE)
    if not (read.outcomes or read.conditions or set_beside):
        return None
    beside = re.compile(rf"\b(?:{word})\w{{0,2}}\b{_JOINED}|{_JOINED}(?:\w+ )?\b(?:{word})", re.IGNORECASE)
    compared = re.compile(rf"\b(?:{word})\b.{{0,40}}\b(?:than|as \w+ as)\b", re.IGNORECASE)
    if not (set_beside or beside.search(read.text) or compared.search(read.text)):
        return None
    name = labels(drugs, topic)
    about = labels((*read.outcomes,), topic, " or ") or "mental health"
    where = labels(read.conditions, topic, " or ")
    text = f"{'Do' if len(drugs) > 1 else 'Does'} {name} help {about}{' in ' + where if where else ''}?"
    return Rest(
        text,
        f"This collection holds nothing on {joined(treatments, ' or ')}, so it cannot compare. On {name} alone:",
    )


def _other_half(read: Question, missing: Sequence[str], topic: Topic) -> Rest | None:
    """ "Does it cause weight gain and can it be taken in pregnancy?": the question that is held."""
    said, note = without_note(read.text)
    parts = _parts(said)
    wanted = {t for m in missing for t in tokens(words_of(m, said))}
    lost = [p for p in parts if _holds(p, wanted)]
    whole = [p for p in parts if not _holds(p, wanted) and _is_question(p)]
    if not whole or not lost or not all(_is_question(p) for p in lost):
        return None  # what is told of somebody before the question belongs to it
    text = f"{' and '.join(whole).rstrip(' ?')}?"
    drugs = [topic.by_id[d].label for d in read.drugs]
    if drugs and not any(
        topic.by_id[m.entity_id].group in {"drug", "drug_class"} for m in topic.mentions(text)
    ):
        text += f" ({', '.join(drugs)})"
    elif note or re.search(r"\b(?:it|this|that)\b", text, re.IGNORECASE):
        text += f" ({note or topic.by_id[topic.main_drug].label})"
    return Rest(text, _NOTHING.format(joined(missing, " or ")))


def questions_in(text: str) -> list[str]:
    """The questions of a text, each without what joins it to the one before; statements are left out."""
    sentences = re.split(r"(?<=[.!?;])\s+", text)
    if any(s.endswith("?") for s in sentences):  # a story before them asks nothing
        sentences = [s for s in sentences if not s.endswith((".", "!", ";"))]
    return [p.rstrip(" ?") for s in sentences for p in _parts(s) if _is_question(p)]


def _parts(text: str) -> list[str]:
    return [p.strip() for p in _NEXT_QUESTION.split(text) if p.strip()]


def _is_question(part: str) -> bool:
    return len(tokens(part)) >= _FEWEST_WORDS and bool(_OPENS_A_QUESTION.match(part))


def without_note(text: str) -> tuple[str, str]:
    """The question as asked and what was filled in behind it in brackets."""
    found = re.search(r"^(.*\?) \(([^()]*)\)$", text)
    return (found[1], found[2]) if found else (text, "")


def _holds(part: str, words: Collection[str]) -> bool:
    return any(t in words or singular(t) in words for t in tokens(part))
