"""Turns a follow-up into a question that stands alone, by rule; the result is shown to the reader."""

from __future__ import annotations

import re
from collections.abc import Sequence

from caveat.answering.events import Turn
from caveat.domain.kinds import tells_its_kind
from caveat.domain.model import QuestionKind as Q
from caveat.domain.question import Question, read_question
from caveat.domain.text import STOP_WORDS, fold, singular, tokens
from caveat.domain.topic import Topic

_LEAD = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|so|and|but|also|then|hm+|right|thanks?|thank you)[,.!\s]+)*"
    r"(?:and|but|what about|how about|what if it'?s|or|any|same (?:question )?(?:for|but)|now (?:for|in))\b",
    re.IGNORECASE,
)
_FOR_WHOM = re.compile(r"^\W*(?:in|for|with|among)\b", re.IGNORECASE)
_FILLER = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|so|and|but|also|then|or|hm+|right|thanks?|thank you|what about|how about|same (?:question )?for|"
    r"now for|in|for|with|among|on)\b[,.!\s]*)+",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|their|them|that|this|those|these|he|she|the (?:study|trial|drug|paper|effect|result|difference|"
    r"other one|same|patients|participants|people in it)|there)\b",
    re.IGNORECASE,
)
_OTHER_WORKS = re.compile(
    r"\b(?:planned|recruiting|ongoing|running|under\s?way|coming|registered)\b", re.IGNORECASE
)
_ASKS_ITSELF = re.compile(r"^(?:why|how|who|when|where|what)\b", re.IGNORECASE)
_COUNTS_PEOPLE = re.compile(r"\bhow many (?:people|patients|participants|adults|men|women)\b", re.IGNORECASE)
MOST_JOINED = 25
"""Words of the last question up to which a follow-up without a form of its own is asked together with it."""
_REPLACEABLE = ("outcome", "condition", "drug", "drug_class", "marker")


def standalone(question: str, history: Sequence[Turn], topic: Topic) -> str:
    """The question with what it leaves to the last turn filled in; unchanged when it stands alone."""
    if not history:
        return question
    previous = history[-1].standalone_question or history[-1].question
    before = read_question(previous, topic)
    now = read_question(question, topic)
    words = tokens(question)
    leads = bool(_LEAD.search(question)) or (len(words) <= 4 and bool(_FOR_WHOM.search(question)))
    short = len(words) <= 6
    points_back = bool(_POINTS_BACK.search(question))
    named = now.registry_ids or now.author_years
    asked = now.outcomes or now.conditions or now.concepts or (now.plain_words and not points_back)
    complete = bool((now.drugs or now.markers) and asked)
    if named or (complete and not leads) or not (leads or points_back or short):
        return question
    if not (before.entity_ids or before.plain_words or before.author_years or before.registry_ids):
        return question
    bare = _FILLER.sub("", question).strip(" ?.!")
    if now.plain_words and not now.entity_ids and not points_back and len(tokens(bare)) > 3:
        return question
    mentioned = sum(m.end - m.start for m in topic.mentions(bare))
    alone = len([t for t in tokens(bare) if t not in STOP_WORDS]) <= mentioned + 1
    if leads and len(tokens(bare)) <= 4 and now.entity_ids and alone:
        swapped = _swap(previous, now, topic)
        if swapped:
            return swapped
    if (
        leads
        and "side_effects" in now.concepts
        and not (now.drugs or now.outcomes)
        and before.drugs
        and len(tokens(bare)) <= 6
    ):
        # Harm of the drug at large is asked for, not what it does to the outcome of the last question.
        return f"{bare}? ({', '.join(topic.by_id[d].label for d in before.drugs)})"
    if leads and len(tokens(bare)) <= 4 and not _ASKS_ITSELF.search(bare):
        return f"{previous.rstrip(' ?!.')}, {bare}?"
    swapped = _swap(previous, now, topic) if points_back and _is_another(now, question) else None
    if swapped:
        return swapped
    if len(tokens(previous)) <= MOST_JOINED and _leaves_its_kind(now, before, question):
        return f"{previous.rstrip(' ?!.')}: {bare}?"
    context = _missing(before, now, previous, topic)
    return f"{question.strip().rstrip('?')}? ({context})" if context else question


def _leaves_its_kind(now: Question, before: Question, question: str) -> bool:
    """True for "who showed that?": what form of answer is meant is told by the last question alone.

    "How many people was that?" after a list, and "which of those …?", go on about the works of the list.
    """
    if before.kind is Q.LIST and not _OTHER_WORKS.search(question):
        of_the_list = now.kind is Q.LIST or bool(_COUNTS_PEOPLE.search(question))
        return of_the_list or (not now.entity_ids and not _tells(now, before))
    return not now.entity_ids and not now.plain_words and not _tells(now, before)


def _tells(now: Question, before: Question) -> bool:
    return tells_its_kind(
        now.text,
        drugs=now.drugs or before.drugs,
        markers=now.markers or before.markers,
        outcomes=now.outcomes or before.outcomes,
    )


def _is_another(now: Question, question: str) -> bool:
    """ "Do those happen with sarilumab too?": the last question, asked of another drug."""
    others = now.outcomes or now.conditions or now.concepts or now.markers or now.plain_words
    same_again = re.search(r"\b(?:too|as well|also|either|the same)\b", question, re.IGNORECASE)
    return len(now.drugs) == 1 and not others and bool(same_again)


def leans(question: str, history: Sequence[Turn], topic: Topic) -> bool:
    """True when the question may lean on the earlier ones."""
    if not history:
        return False
    hints = _LEAD.search(question) or _POINTS_BACK.search(question)
    return bool(hints) or standalone(question, history, topic) != question


def _swap(previous: str, now: Question, topic: Topic) -> str | None:
    """The last question with its drug or illness replaced by the new one."""
    new_id = now.entity_ids[0]
    group = topic.by_id[new_id].group
    kin = {"drug", "drug_class"} if group in {"drug", "drug_class"} else {group}
    if group not in _REPLACEABLE:
        return None
    old = [m for m in topic.mentions(previous) if topic.by_id[m.entity_id].group in kin]
    same = [m for m in old if topic.by_id[m.entity_id].group == group]
    if not (same or old):
        return f"{previous.rstrip(' ?')} in {topic.by_id[new_id].label}?"
    target = (same or old)[-1]
    spans = [m.span() for m in re.finditer(r"[^\W_]+", previous)]
    if target.end > len(spans):
        return None
    start, end = spans[target.start][0], spans[target.end - 1][1]
    return previous[:start] + topic.by_id[new_id].label + previous[end:]


def _missing(before: Question, now: Question, previous: str, topic: Topic) -> str:
    parts: list[str] = []
    parts.extend(before.registry_ids)
    parts.extend(f"{name} {year}" if year else name for name, year in before.author_years)
    parts.extend(w for w in re.findall(r"[^\W_]+", previous) if singular(fold(w)) in before.plain_words)
    for ids, mine in (
        (before.drugs, now.drugs),
        (before.markers, now.markers or now.drugs),
        (before.outcomes, now.outcomes),
        (before.conditions, now.conditions),
    ):
        if not mine:
            parts.extend(topic.by_id[i].label for i in ids)
    return ", ".join(dict.fromkeys(parts))
