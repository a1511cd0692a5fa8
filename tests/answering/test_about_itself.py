"""Questions on Caveat itself get what is true of it; questions on studies do not end there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from caveat.answering.about_itself import about_itself
from caveat.answering.service import Answerer
from caveat.domain.model import Answer, Cited, Declined, DeclineReason
from caveat.domain.ports import ModelInfo
from caveat.domain.topic import Topic

FAR = ModelInfo("some-model", "models.example", local=False, notice="It goes there.")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("who made you?", "open software"),
        ("Can I trust you?", "open the source"),
        ("are you sure this isn't pharma propaganda", "for findings for and against"),
        ("are you chatgpt", "no language model writes the answers"),
        ("do you save what i type", "not stored on the server and not logged"),
        ("where does your information come from", "not the open web"),
    ],
)
def test_a_question_on_the_program_is_replied_to(small: Answerer, question: str, told: str) -> None:
    """Who asks about the program hears what is true of it, and is not sent away as off topic."""
    answer = small.answer(question)
    assert isinstance(answer, Declined)
    assert answer.reason is DeclineReason.ABOUT_CAVEAT
    assert told in answer.headline


def test_the_reply_counts_the_collection(small: Answerer) -> None:
    """The number of works told is that of the index that would be searched."""
    works = small.provider.current().source_count
    assert f"collection of {works:,} works" in small.answer("how do you work").headline


@pytest.mark.parametrize(
    "question",
    [
        "does it work?",
        "is it safe",
        "are the trials paid for by pharma",
        "are you sure tocilizumab failed in depression?",
        "how do the studies choose people",
        "how does it work",
    ],
)
def test_a_question_on_studies_is_answered_from_them(once: Callable[[str], Answer], question: str) -> None:
    """Words such as "it", "paid" or "are you sure" do not turn a question of science into one on the program."""
    assert isinstance(once(question), Cited)


def test_nothing_is_promised_that_a_server_breaks(topic: Topic) -> None:
    """Where a model or a search runs elsewhere, the line on privacy says so."""
    asked = "is this private"
    assert "questions go to its server" not in (about_itself(asked, topic, 3, None, None) or "")
    assert "questions go to its server" in (about_itself(asked, topic, 3, FAR, None) or "")
    assert "Sent to x." in (about_itself(asked, topic, 3, None, "Sent to x.") or "")


@pytest.mark.parametrize(
    "question",
    [
        "my aunt has lupus and since she started the tocilizumab drip she cries every evening, is that the drug",
        "I sob in the kitchen most mornings since starting actemra, is that a known thing",
    ],
)
def test_low_mood_told_as_a_story_is_a_question_on_harm(once: Callable[[str], Answer], question: str) -> None:
    """Times of day and rooms decline nothing; who asks whether the drug does it hears of those who got worse."""
    answer = once(question)
    assert isinstance(answer, Cited)
    assert "worse" in answer.headline
