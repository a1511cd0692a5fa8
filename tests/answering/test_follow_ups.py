"""A follow-up becomes a question that stands alone, by rule, and the reader sees it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caveat.answering.events import Turn
from caveat.answering.followup import standalone
from caveat.answering.service import Answerer
from caveat.domain.model import Cited, Declined, DeclineReason
from caveat.domain.model import QuestionKind as Q
from caveat.domain.question import read_question
from caveat.domain.topic import Topic

TOCI = "Does tocilizumab help depression?"
# what was asked before, the follow-up, the kind and the entities of what it means
PAIRS = [
    (TOCI, "And in schizophrenia?", Q.EFFECT, "tocilizumab schizophrenia"),
    (TOCI, "What about sarilumab?", Q.EFFECT, "sarilumab depression"),
    (TOCI, "how about anxiety", Q.EFFECT, "tocilizumab anxiety"),
    (TOCI, "ok, but what about psychosis", Q.EFFECT, "tocilizumab psychosis"),
    (TOCI, "or sirukumab?", Q.EFFECT, "sirukumab depression"),
    (TOCI, "in rheumatoid arthritis?", Q.EFFECT, "tocilizumab depression ra"),
    (TOCI, "Did anyone get worse?", Q.HARM, "tocilizumab depression"),
    (TOCI, "Is it safe?", Q.SAFETY, "tocilizumab depression side_effects"),
    (TOCI, "What are the side effects?", Q.SAFETY, "tocilizumab depression side_effects"),
    (TOCI, "Is it approved for that?", Q.APPROVAL, "tocilizumab depression label"),
    (TOCI, "How many people was it tested in?", Q.FIGURE, "tocilizumab depression"),
    (
        "Does tocilizumab help fatigue in rheumatoid arthritis?",
        "and in giant cell arteritis?",
        Q.EFFECT,
        "tocilizumab fatigue gca",
    ),
    ("Is CRP linked to depression?", "And to anxiety?", Q.ASSOCIATION, "crp anxiety"),
    ("Is CRP linked to depression?", "And IL-6?", Q.ASSOCIATION, "il6 depression"),
    ("Is IL-6 linked to depression?", "Does the genetic evidence agree?", Q.ASSOCIATION, "il6 depression mr"),
    ("What is anhedonia?", "Does tocilizumab help it?", Q.EFFECT, "tocilizumab anhedonia"),
]
ALONE = [
    (TOCI, "How does IL-6 reach the brain?"),
    (TOCI, "What is the capital of France?"),
    (TOCI, "Does infliximab help bipolar depression?"),
    (TOCI, "What did Knight 2021 find?"),
    (TOCI, "And NCT02473289?"),
    ("hello", "Is it safe?"),
    ("", "Is it safe?"),
    ("Who paid for these trials?", "Will the NHS pay for tocilizumab?"),
]
NAMED = [
    ("What did the Insight trial find?", "How many people took part?", "Insight"),
    ("What did the Insight trial find?", "What dose did they give?", "Insight"),
    ("What did Knight 2021 find?", "How long did they follow them?", "Knight 2021"),
    ("Tell me about NCT02473289", "did it work?", "NCT02473289"),
]


@pytest.mark.parametrize(("before", "follow_up", "kind", "named"), PAIRS, ids=[p[1] for p in PAIRS])
def test_what_is_left_out_is_filled_in(
    topic: Topic, before: str, follow_up: str, kind: Q, named: str
) -> None:
    """Drug, outcome and illness come from the last question, the rest from the new one."""
    read = read_question(standalone(follow_up, [Turn(before)], topic), topic)
    assert sorted(read.entity_ids) == sorted(named.split())
    assert read.kind is kind


@pytest.mark.parametrize(("before", "question"), ALONE)
def test_a_question_that_stands_alone_is_left_alone(topic: Topic, before: str, question: str) -> None:
    """A whole question, a named work or a change of subject is not bent to the last question."""
    assert standalone(question, [Turn(before)], topic) == question


@pytest.mark.parametrize(("before", "question", "name"), NAMED)
def test_a_named_work_is_carried_along(topic: Topic, before: str, question: str, name: str) -> None:
    """What was asked of one work goes on being asked of it."""
    assert name in standalone(question, [Turn(before)], topic)


def test_without_history_nothing_changes(topic: Topic) -> None:
    """The first question is taken as it is."""
    assert standalone("And in schizophrenia?", [], topic) == "And in schizophrenia?"


def test_a_chain_of_follow_ups_keeps_its_subject(small: Answerer) -> None:
    """Each turn builds on how the one before it was understood."""
    history = [Turn("Does tocilizumab help anxiety?"), Turn("and sirukumab?")]
    answer = small.answer("and in depression?", history)
    assert answer.standalone_question == "Does sirukumab help depression?"


def test_what_the_reader_was_shown_counts(small: Answerer) -> None:
    """A turn that carries its standalone question is not worked out again."""
    history = [Turn("and?", standalone_question="Does sirukumab help anxiety?")]
    assert small.answer("and depression?", history).standalone_question == "Does sirukumab help depression?"


@pytest.mark.parametrize(
    ("question", "understood"),
    [
        ("Did anyone get worse?", "Did anyone get worse? (tocilizumab, depression)"),
        ("Is it approved?", "Is it approved? (tocilizumab)"),
        ("What are the side effects?", "What are the side effects? (tocilizumab)"),
        ("Does it work?", "Does it work? (tocilizumab, depression)"),
    ],
)
def test_the_topics_own_drug_and_outcome_are_implied(small: Answerer, question: str, understood: str) -> None:
    """A question that names neither is about what this collection is about, and says so."""
    answer = small.answer(question)
    assert answer.question == question
    assert answer.standalone_question == understood


@pytest.mark.parametrize(
    "question",
    ["What is the capital of France?", "Does ketamine work?", "Does it help migraine?", "Which trials?"],
)
def test_nothing_is_implied_where_something_else_is_named(small: Answerer, question: str) -> None:
    """A foreign subject is not turned into ours."""
    assert "tocilizumab" not in small.answer(question).standalone_question


@pytest.mark.parametrize("text", ["hi", "Hello!", "thanks", "ok thank you", "good morning", "who are you"])
def test_small_talk_is_answered_with_what_may_be_asked(small: Answerer, text: str) -> None:
    """A greeting is no question, before or after another one, and needs no index."""
    for history in ([], [Turn(TOCI)]):
        answer = small.answer(text, history)
        assert isinstance(answer, Declined)
        assert answer.reason is DeclineReason.OFF_TOPIC
        assert "Does tocilizumab help depression?" in answer.headline


def test_a_mended_slip_is_told(small: Answerer) -> None:
    """The reader sees which word was read as which."""
    answer = small.answer("does tocilizumb help depresion")
    assert isinstance(answer, Cited)
    assert 'Read "tocilizumb" as "tocilizumab".' in answer.notices
    assert 'Read "depresion" as "depression".' in answer.notices
    assert answer.question == "does tocilizumb help depresion"


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_pair_of_texts_is_understood(topic: Topic, before: str, question: str) -> None:
    """Odd turns never break the rules, and a question never vanishes."""
    assert standalone(question, [Turn(before)], topic).strip() or not question.strip()
