"""The safety step of every question: cards, notices on personal data, another language. It never raises."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from caveat.answering.context import Screening
from caveat.domain.generic_words import GENERIC_WORDS
from caveat.domain.language import guess, notice
from caveat.domain.model import Card, CardKind, HelpLine
from caveat.domain.safety import (
    Listen,
    Triage,
    card_for,
    footer_line,
    order_lines,
    personal_identifiers,
    redact,
    triage,
)
from caveat.domain.text import STOP_WORDS, tokens

log = logging.getLogger(__name__)
LAST_RESORT = (
    "This software cannot keep you safe, but people can, right now. If you or someone else may be in danger, call "
    "your emergency number, or one of these lines, or go to someone you trust and stay with them."
)
ENGLISH_SHARE = 0.3
PERSONAL_DATA = (
    "Your message seems to hold personal details (a name, a number or an address). They are not needed here, "
    "are not stored and are not repeated."
)


class SafetyScreen:
    """Reads the raw message before anything else. Safe to share between threads."""

    def __init__(self, lines: Sequence[HelpLine], country: str | None, listen: Listen | None = None) -> None:
        """``listen`` is the sentence model tuned for the second net; none, or one that fails, leaves it to words alone."""
        self._lines = tuple(lines)
        self._country = country
        self._listen = listen

    def __call__(self, text: str, history: Sequence[str]) -> Screening:
        """The card, the footer and the notices for this message, given the earlier ones."""
        found = triage(text, history, listen=self._listen)
        card = self._card(found) if found.card else None
        footer = self._footer(found) if found.footer and card is None else None
        clean = self._without_details(text)
        return Screening(
            card=card,
            answer_evidence=found.answer_evidence,
            footer=footer,
            notices=(PERSONAL_DATA,) if clean is not None else (),
            clean_text=clean,
            language_notice=self._language(text),
        )

    def _card(self, found: Triage) -> Card:
        try:
            return card_for(found, self._lines, self._country)
        except Exception:
            log.error("writing the card failed; the plain one is shown")
            return Card(found.card or CardKind.CRISIS, LAST_RESORT, self._lines)

    def _footer(self, found: Triage) -> str | None:
        try:
            text = footer_line(found.language)
            first = next(iter(order_lines(self._lines, self._country, found.language)), None)
            contact = (first.phone or first.url) if first else None
            return f"{text} {first.country}: {first.service}, {contact}." if first and contact else text
        except Exception:
            log.error("writing the footer failed")
            return None

    def _without_details(self, text: str) -> str | None:
        """The text with personal details struck out; None when there are none."""
        try:
            return redact(text) if personal_identifiers(text) else None
        except Exception as error:
            log.error("looking for personal details failed (%s)", type(error).__name__)
            return None

    def _language(self, text: str) -> str | None:
        try:
            language = guess(text)
        except Exception as error:
            log.error("guessing the language failed (%s)", type(error).__name__)
            return None
        if language.code == "en" or not language.confident or _reads_as_english(text):
            return None
        return notice(language.code)


def _reads_as_english(text: str) -> bool:
    """True when three words in ten are everyday English: fragments of biomedical English mislead a guess."""
    words = tokens(text)
    return sum(w in STOP_WORDS or w in GENERIC_WORDS for w in words) >= ENGLISH_SHARE * len(words)
