"""Answers that need no index: a card alone, an empty or too long message, another language, a greeting."""

from __future__ import annotations

from caveat.answering.context import Screening
from caveat.answering.decline import declined, greeting, is_greeting, no_words
from caveat.domain.model import Answer, DeclineReason
from caveat.domain.topic import Topic

SHOWN_OF_A_LONG_ONE = 300


def early(question: str, screening: Screening, topic: Topic, max_chars: int) -> Answer | None:
    """The answer; None where the collection has to be asked."""
    card, notices = screening.card, screening.all_notices()
    if card and not screening.answer_evidence:
        return declined(question, DeclineReason(card.kind.value), topic, card=card, notices=notices)
    if no_words(question):
        return declined(question, DeclineReason.EMPTY, topic, card=card, notices=notices)
    if len(question) > max_chars:
        text = f"The question is too long: {len(question):,} characters; at most {max_chars:,} are read."
        shown = question[:SHOWN_OF_A_LONG_ONE] + " …"
        return declined(shown, DeclineReason.TOO_LONG, topic, headline=text, card=card, notices=notices)
    if screening.language_notice:
        text = screening.language_notice
        return declined(question, DeclineReason.LANGUAGE, topic, headline=text, card=card, notices=notices)
    if is_greeting(question):
        return greeting(question, topic, card=card, notices=notices)
    return None
