"""Finds what a long message asks. Its story is read for help first, and for what the question leaves unsaid; no more.

A patient who tells of failed medicines, a lost job and a death asks about none of them; the sentences that ask do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from caveat.domain.question import Question, read_question
from caveat.domain.topic import Topic

LONG = 28
"""Words from which a message of several sentences counts as a story with a question in it."""
MOST_ASKED = 2
A_CRY = 4

_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)]?\s+|\s*\n\s*")
_OPENING = r"^\W*(?:(?:so|and|but|well|anyway|ok(?:ay)?|right|now|please|also|then|basically|hi|hello|thanks|sorry)\b[,.!\s]*)*"
_ASKS = re.compile(
    _OPENING + r"(?:what(?:'?s)?(?! (?:i|we|he|she|they|you|a|an)\b)|which|who(?:'s)?|how|why|where|"
    r"when (?:do|does|did|is|are|was|were|will|can|could|should)|is|are|was|were|do|does|did|has|have|can|could|will|would|should|any)\b",
    re.IGNORECASE,
)
_ASKS_INDIRECTLY = re.compile(
    r"\b(?:i(?:'d|’d)?|we(?:'d|’d)?)\b(?: \w+){0,2} (?:like|want|need|love|hoping|trying|keen) to (?:know|understand|ask|find out|learn|hear|see)\b"
    r"|\bwonder(?:ed|ing)? (?:if|whether|what|how|why|which|about)\b|\b(?:can|could|would) (?:you|any(?:one|body)|some(?:one|body)) (?:please )?(?:tell|explain|say|help|point)\b"
    r"|\b(?:please|pls) (?:tell|explain|show|give|list|summari[sz]e)\b|\b(?:tell|explain to|show|give|list for) (?:me|us) (?:what|how|why|whether|if|about|which|the|all|any)\b"
    r"|\b(?:my|the) question is\b|\bany (?:evidence|data|studies|research|idea|ideas|information)\b|\b(?:has|have) any(?:one|body)\b|\b(?:is|are) there any\b"
    r"|\b(?:true|right|correct|false|or not|yes or no|thoughts)\s*[?.!]*$",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|that|this|these|those|them|they|there|(?:the|his|her|my|their) (?:drug|medicine|medication|infusions?|injections?|jabs?|treatment|study|trial))\b",
    re.IGNORECASE,
)
_ITS_WORDS = re.compile(
    r"\b(?:that|this|the) (?:\w+ )?(?:sentence|line|claim|statement|headline|quote|wording)\b", re.IGNORECASE
)
_IS_IT_TRUE = re.compile(
    r"^\W*(?:so |and |but )*(?:is (?:that|this|it)|are they) (?:\w+ )?(?:true|right|so|correct|accurate)\b|^\W*(?:true|right)\W*$",
    re.IGNORECASE,
)
_AM_I_RIGHT = re.compile(
    r"\b(?:am i|are they|is (?:she|he)|were they) (?:right|wrong|correct|mistaken)\b", re.IGNORECASE
)
_OF_WORKS = re.compile(
    r"\b(?:the two|both|these two|those two|which one|(?:that|the|this|his|her|their) (?:study|paper|trial|review|cohort|meta.?analysis))\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"(?:(?<=\s)|^)[\"“‘']([^\"“”‘’]{15,200}?)[\"”’'](?=[\s.,;!?]|$)")
_GIVEN = re.compile(
    r"\b(?:(?:this|that|these|those|an?|the|one) (?:\w+ )?(?:drugs?|medicines?|medications?|infusions?|injections?|jabs?|drips?|biologics?|antibod(?:y|ies)))\b",
    re.IGNORECASE,
)
_A_TRIAL = re.compile(r"\b(?:the|that|this|any) (?:\w+ )?(?:trial|study|cohort)\b", re.IGNORECASE)
_OF_THE_DRUG = frozenset({"drug", "drug_class"})


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    ids: tuple[str, ...]
    asks: bool


def what_is_asked(
    message: str, topic: Topic, names_in: Callable[[str], Collection[str]] = lambda _: ()
) -> str | None:
    """The question of a long message, with what it leaves to the story filled in; None where the whole is the question.

    ``names_in`` tells the names of works in a text: "the two" are those that the story named.
    """
    if len(message.split()) < LONG:
        return None
    sentences = [_read(s, topic) for s in _SENTENCE.split(message) if s.strip()]
    asking = [s for s in sentences if s.asks]
    if len(sentences) < 2 or not asking:
        return None
    # A cry such as "Why me?" asks nothing that studies could tell, unless it is all that is asked.
    real = [s for s in asking if s.ids or len(s.text.split()) > A_CRY] or asking[-1:]
    chosen = [*(s for s in real[-MOST_ASKED:-1] if s.ids), real[-1]]
    text = " ".join(s.text for s in chosen)
    story = [s for s in sentences[: sentences.index(chosen[-1])] if s not in chosen]
    story = story or [s for s in sentences if s not in chosen]
    if not story:
        return None
    if _IS_IT_TRUE.search(text) or (_AM_I_RIGHT.search(text) and not topic.mentions(text)):
        told = [s.text for s in story if s.ids] or [s.text for s in story]
        text = f'{text.rstrip(" ?!.")}: "{told[-1]}"'
    elif _ITS_WORDS.search(text):
        quoted = _QUOTED.findall(" ".join(s.text for s in story)) or [
            s.text for s in story if s.ids or re.search(r"\d", s.text)
        ]
        text = f'{text.rstrip(" ?!.")}: "{quoted[-1]}"' if quoted else text
    left_out = _left_out(read_question(text, topic), text, story, topic)
    works = names_in(" ".join(s.text for s in story)) if _OF_WORKS.search(text) and not names_in(text) else ()
    labels = ", ".join(
        [*(w.title() for w in sorted(works)), *(topic.by_id[i].label for i in left_out if not works)]
    )
    return f"{text.rstrip(' ?!.')}? ({labels})" if labels else text


def _read(text: str, topic: Topic) -> _Sentence:
    ids = tuple(dict.fromkeys(m.entity_id for m in topic.mentions(text)))
    asks = text.rstrip("\"'”’) ").endswith("?") or bool(_ASKS.search(text) or _ASKS_INDIRECTLY.search(text))
    return _Sentence(text.strip(), ids, asks)


def _left_out(read: Question, text: str, story: Sequence[_Sentence], topic: Topic) -> list[str]:
    """What the question means by "it" and "that": of each sort of thing the last that the story named."""
    points_back = bool(_POINTS_BACK.search(text))
    found: list[str] = []
    tested = [d for d in read.drugs if not topic.by_id[d].background]
    if not tested and (points_back or not read.markers):
        found += _last(story, topic, _OF_THE_DRUG)
    unsaid = not (found or tested or read.markers)
    if unsaid and _GIVEN.search(" ".join((text, *(s.text for s in story)))):
        found.append(topic.main_drug)  # a drug is spoken of and no other is named
    elif unsaid:
        found += _last(story, topic, {"marker"})
    subjects = {*read.outcomes, *read.conditions, *read.concepts} - {"side_effects", "label"}
    if not subjects and (points_back or not read.entity_ids):
        just_said = _last(story[-1:], topic, {"concept"})
        found += just_said or _last(story, topic, {"outcome"}, passing=True)
    if _A_TRIAL.search(text) and not read.conditions and not subjects & set(read.outcomes):
        found += _last(story, topic, {"condition"})  # whom the trial studied
    return list(dict.fromkeys(found))


def _last(
    story: Sequence[_Sentence], topic: Topic, groups: frozenset[str] | set[str], *, passing: bool = False
) -> list[str]:
    """The thing of these groups that the story named last; treatments given to everyone are the story's own.

    ``passing``: a symptom may be named in passing ("exhausted by promises"): an illness named anywhere comes before it.
    """
    named = [
        i
        for sentence in story
        for i in sentence.ids
        if topic.by_id[i].group in groups
        and not topic.by_id[i].background
        and i not in {"side_effects", "label"}
    ]
    firm = [i for i in named if not topic.by_id[i].symptom] if passing else []
    return (firm or named)[-1:]
