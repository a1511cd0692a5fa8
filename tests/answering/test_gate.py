"""When there is no answer: off topic, not in the collection, an unknown work, a thing that no sentence holds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fake_index import FakeIndex

from caveat.answering.service import Answerer
from caveat.domain.model import Cited, Declined, DeclineReason
from caveat.domain.ports import Filters

NOT_HERE, OFF_TOPIC = DeclineReason.NOT_IN_COLLECTION, DeclineReason.OFF_TOPIC


def declined(answerer: Answerer, question: str) -> Declined:
    """The answer, which must be none."""
    answer = answerer.answer(question)
    assert isinstance(answer, Declined), answer.headline
    assert answer.sources == ()
    return answer


@pytest.mark.parametrize(
    "question",
    [
        "best pizza in Rome",
        "What is the capital of Mongolia?",
        "write me a poem about the sea",
        "Who won the world cup?",
        "How do I fix my printer?",
        "asdfgh qwertz",
        "Tell me a joke",
    ],
)
def test_what_is_outside_the_topic_is_said_to_be(small: Answerer, question: str) -> None:
    """It names what the collection is about, and offers nothing as near."""
    answer = declined(small, question)
    assert answer.reason is OFF_TOPIC
    assert "outside this collection" in answer.headline
    assert answer.searched.nearest == ()


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Does tocilizumab help migraine?", "migraine"),
        ("Does semaglutide help depression?", "semaglutide"),
        ("Does tocilizumab make hair fall out?", "hair"),
        ("Does tocilizumab help depression in veterans?", "veteran"),
        ("Does blocking IL-17 help depression?", "il-17"),
        ("Was tocilizumab tested for depression in Mongolia?", "mongolia"),
        ("What did Smith 2019 find?", "Smith 2019"),
        ("Tell me about NCT99999999", "NCT99999999"),
        ("Results of ISRCTN99999999?", "ISRCTN99999999"),
    ],
)
def test_what_the_collection_does_not_hold_is_named(small: Answerer, question: str, missing: str) -> None:
    """The word that is missing, and what is nearest without being an answer."""
    answer = declined(small, question)
    assert answer.reason is NOT_HERE
    assert missing.casefold() in answer.headline.casefold()
    assert "Nearest, but not an answer" in answer.headline
    assert answer.searched.nearest
    assert answer.searched.sources_in_index == 10
    assert answer.searched.queries


@pytest.mark.parametrize(
    "question",
    [
        "What is the half-life of tocilizumab?",
        "What is the NNT of tocilizumab in depression?",
        "How much does tocilizumab cost?",
        "What was the mean age in the Alder trial?",
        "What was the p-value in the Alder trial?",
        "How many women were in the Alder trial?",
        "What was the BMI in the Alder trial?",
    ],
)
def test_a_thing_that_no_sentence_holds_is_not_made_up(small: Answerer, question: str) -> None:
    """The work is there, the figure is not: no answer, however near the rest."""
    assert declined(small, question).reason is NOT_HERE


@pytest.mark.parametrize(
    "question",
    [
        "Does sarilumab help depression?",
        "Does tocilizumab help schizophrenia?",
        "Does infliximab help depression?",
        "Is TNF linked to depression?",
        "Is IL-6 linked to autism?",
    ],
)
def test_a_known_word_without_a_work_on_it_is_no_answer(small: Answerer, question: str) -> None:
    """The topic knows the drug or illness; no work here is about it."""
    assert declined(small, question).reason is NOT_HERE


@pytest.mark.parametrize(
    "question",
    [
        "Does tocilizumab help depression?",
        "What did the Alder trial find?",
        "What did Birch 2021 find?",
        "NCT22222222",
        "Is CRP raised in depression?",
        "How does IL-6 reach the brain?",
        "How many people were in the Alder trial?",
        "What dose did the Alder trial give?",
    ],
)
def test_what_the_collection_holds_is_not_refused(small: Answerer, question: str) -> None:
    """The gate lets through what it should."""
    assert isinstance(small.answer(question), Cited)


def test_an_empty_collection_answers_nothing(make: Callable[..., Answerer]) -> None:
    """No work at all is no error."""
    answerer = make(FakeIndex(works=[]))
    for question in (
        "Does tocilizumab help depression?",
        "Which trials are recruiting?",
        "What did Alder 2024 find?",
    ):
        assert declined(answerer, question).searched.sources_in_index == 0


def test_a_filter_limits_what_is_cited(small: Answerer) -> None:
    """Nothing outside the filter is quoted, named or listed."""
    recent = Filters(year_from=2022)
    for question in (
        "Does tocilizumab help depression?",
        "Which trials tested tocilizumab?",
        "Is tocilizumab approved for depression?",
    ):
        answer = small.answer(question, filters=recent)
        assert all((s.source.year or 0) >= 2022 for s in answer.sources), question
    assert isinstance(small.answer("What did Birch 2021 find?", filters=recent), Declined)


@pytest.mark.parametrize(
    "words",
    [
        "will this drug lift my mood?",
        "is this stuff safe",
        "does the injection help",
        "does it work in people with depression",
        "summarise the safety in one paragraph",
        "prove to me this antibody does anything",
        "so basically it cures depression if your CRP is high, right",
    ],
)
def test_this_drug_is_the_one_the_page_is_about(small: Answerer, words: str) -> None:
    """A drug that is pointed at and never named is the topic's, and the reader sees that it was read so."""
    assert "tocilizumab" in small.answer(words).standalone_question.casefold()


def test_a_drug_that_is_named_is_not_replaced(small: Answerer) -> None:
    """ "This drug" beside a name means the name."""
    assert (
        small.answer("Is this drug semaglutide good for mood?").standalone_question.count("tocilizumab") == 0
    )


def test_a_marker_named_before_it_is_what_is_meant(small: Answerer) -> None:
    """ "It" after a marker is the marker."""
    asked = "CRP is high in depression; can it help to predict who gets better?"
    assert "tocilizumab" not in small.answer(asked).standalone_question.casefold()


def test_the_drug_targets_are_no_drug(small: Answerer) -> None:
    """ "The drug" as part of another name points at nothing."""
    asked = "Is IL-6 among the drug targets of the survey?"
    assert "tocilizumab" not in small.answer(asked).standalone_question.casefold()
