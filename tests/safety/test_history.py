"""What was said in earlier turns counts."""

from __future__ import annotations

from typing import Any

import pytest
from measure import rows

from caveat.domain.model import CardKind
from caveat.domain.safety import RiskLevel, triage

CASES = list(rows("history"))


@pytest.mark.parametrize("case", CASES, ids=[c["text"][:40] for c in CASES])
def test_earlier_turns_are_read(case: dict[str, Any]) -> None:
    """A card is kept over later turns, and evidence goes on only where the user turned to research."""
    found = triage(case["text"], case["history"])
    assert found.card == case["card"]
    assert found.answer_evidence is case["answer_evidence"]


def test_a_crisis_sentence_in_turn_one_and_a_pronoun_in_turn_three() -> None:
    """The card stays when turn three only says "it"."""
    found = triage("and would it work?", ["I want to kill myself", "what is IL-6?"])
    assert found.card is CardKind.CRISIS
    assert found.from_history
    assert not found.answer_evidence


def test_only_the_last_turns_count() -> None:
    """A crisis far back does not follow the user for ever."""
    quiet = ["What is IL-6?"] * 6
    assert triage("And CRP?", ["I want to die", *quiet]).card is None


def test_the_level_of_a_new_message_may_rise_above_the_earlier_one() -> None:
    """A higher danger now is not held down by a lower one before."""
    found = triage("I have the pills in front of me", ["I feel worthless"])
    assert found.level is RiskLevel.VERY_HIGH


def test_a_science_conversation_stays_free_of_cards() -> None:
    """Suicide as a subject, over several turns, never turns into a card."""
    history = ["Does IL-6 blockade change suicidal ideation?", "Which trials measured it?"]
    found = triage("And what did they find about it?", history)
    assert found.card is None
    assert found.answer_evidence


def test_turns_that_are_no_text_are_passed_over() -> None:
    """A history with something else than text in it does no harm."""
    assert triage("What is IL-6?", [None, 3, "What is CRP?"]).card is None  # type: ignore[list-item]
