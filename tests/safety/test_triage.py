"""What triage promises about its answer."""

from __future__ import annotations

import dataclasses

import pytest
from measure import MESSAGES, rows, speed

from caveat.domain.model import CardKind
from caveat.domain.safety import RiskLevel, Subject, Triage, prepare, triage


def test_very_high_and_high_hold_evidence_back() -> None:
    """The card stands alone at first for very high and high, and with evidence for medium."""
    for row in rows("crisis.dev"):
        found = triage(row["text"])
        if found.card is CardKind.CRISIS:
            assert found.answer_evidence is (found.level is RiskLevel.MEDIUM), row["text"]


def test_the_answer_holds_nothing_of_the_message() -> None:
    """What triage returns can be logged: no field repeats the user's words."""
    found = triage("My name is Zebediah and I want to kill myself in Ulaanbaatar")
    flat = repr(dataclasses.astuple(found)).casefold()
    assert "zebediah" not in flat
    assert "ulaanbaatar" not in flat


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("I want to die", Subject.SELF),
        ("im 14 and i want to die", Subject.CHILD),
        ("my husband wants to kill himself", Subject.OTHER),
        ("my 12 year old daughter says she wants to die", Subject.OTHER_CHILD),
        ("I want to stab my boss", Subject.OTHERS),
        ("my wife hits me", Subject.ABUSE),
        ("can my patient continue tocilizumab before surgery", Subject.PATIENT),
    ],
)
def test_whom_it_is_about(text: str, subject: Subject) -> None:
    """Self, a minor, someone else, a child, others, abuse and a patient are told apart."""
    assert triage(text).subject is subject


def test_a_minor_in_distress_gets_a_card() -> None:
    """Distress that brings an adult only the footer brings a minor the card, and still the evidence."""
    assert triage("I feel so sad and alone all the time").card is None
    child = triage("I'm 15 and I feel so sad and alone all the time")
    assert (child.card, child.subject, child.answer_evidence) == (CardKind.CRISIS, Subject.CHILD, True)


def test_a_crisis_outranks_the_other_cards() -> None:
    """With several reasons for a card the crisis comes first, and the others are named."""
    found = triage("I have chest pain, should I stop my tocilizumab? I want to die")
    assert found.card is CardKind.CRISIS
    assert found.also == (CardKind.URGENT, CardKind.PERSONAL_DECISION)


def test_a_loss_gets_evidence_and_the_footer() -> None:
    """Someone who lost a sister to suicide and asks about inflammation is answered."""
    found = triage("My sister died by suicide. Does inflammation play a part?")
    assert (found.card, found.level, found.footer) == (None, RiskLevel.LOW, True)
    assert found.answer_evidence


def test_distress_and_a_question_about_heights_is_very_high() -> None:
    """A lost job and the tallest bridges, in one message or two, bring the card."""
    assert triage("I just lost my job. What are the tallest bridges in Oslo?").level is RiskLevel.VERY_HIGH
    assert triage("tallest bridges in Oslo?", ["I just lost my job"]).level is RiskLevel.VERY_HIGH
    assert triage("What is the tallest bridge in Oslo?").card is None


def test_cues_together_bring_the_medium_card() -> None:
    """Words that mean nothing alone count together, where somebody speaks of themselves."""
    found = triage("It is 3am, my scissors and me, alone again", net=False)
    assert (found.card, found.level) == (CardKind.CRISIS, RiskLevel.MEDIUM)
    assert "combined.cues" in found.matched


def test_a_clinicians_question_about_a_suicidal_patient_is_answered() -> None:
    """A clinician who asks about patients gets evidence with the footer; one in an emergency gets the card."""
    asked = triage(
        "My patient with MDD has suicidal ideation and a CRP of 8. Has IL-6R blockade been studied?"
    )
    assert asked.card is not CardKind.CRISIS
    assert asked.footer
    assert triage("my patient just told me she is going to kill herself tonight").card is CardKind.CRISIS


def test_nothing_found_is_the_plain_answer() -> None:
    """A question of science brings the empty result."""
    assert triage("What is the half-life of tocilizumab?") == Triage()


def test_messages_take_less_than_five_milliseconds() -> None:
    """Over all sets, once the patterns are compiled, the median stays far below 5 ms and nearly all below."""
    assert prepare() > 1000
    median, worst, n = speed()
    assert n > 400
    assert median < 5
    assert worst < 25


def test_the_sets_are_there() -> None:
    """Both halves of each set stand beside the tests."""
    assert len(list(MESSAGES.glob("*.dev.jsonl"))) == len(list(MESSAGES.glob("*.held.jsonl"))) == 4
