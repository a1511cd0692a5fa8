"""False premises are corrected first, with the sentence that shows it; true ones are left alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fake_index import FakeIndex

from caveat.answering.corrections import corrections
from caveat.answering.drug_classes import said_classes
from caveat.answering.events import Turn
from caveat.answering.relevance import Relevance
from caveat.answering.service import Answerer
from caveat.answering.shown_by import Correction
from caveat.domain.model import Cited, QuestionKind
from caveat.domain.premises import PremiseRule, claims_effect, counted_people, presupposed, years_beside
from caveat.domain.question import read_question
from caveat.domain.topic import Topic

SETS = Path(__file__).parents[1] / "evaluation"
CASES: list[dict[str, Any]] = [
    json.loads(line) for line in (SETS / "premises.jsonl").read_text(encoding="utf-8").splitlines()
]
FALSE = [c for c in CASES if c["must_correct"]]
TRUE = [c for c in CASES if not c["must_correct"]]


def found(answerer: Answerer, question: str) -> tuple[Correction, ...]:
    """What is corrected in a question, before anything is answered."""
    index = answerer.provider.current()
    read = read_question(question, answerer.topic)
    ids, words = answerer._name_index(index).find(read)
    relevance = Relevance(read, answerer.topic, words, tuple(ids[:6]))
    return corrections(relevance, index, answerer._cache)


def test_the_set_is_large_enough() -> None:
    """At least 25 false premises and 15 true ones."""
    assert len(FALSE) >= 25
    assert len(TRUE) >= 15
    assert len({c["id"] for c in CASES}) == len(CASES)


@pytest.mark.parametrize("case", FALSE, ids=lambda c: str(c["id"]))
def test_a_false_premise_is_corrected_first(real: Answerer, case: dict[str, Any]) -> None:
    """The headline opens with the correction and the first claim quotes the work that shows it."""
    answer = real.answer(case["question"])
    assert isinstance(answer, Cited)
    assert (
        case["must_correct"].casefold()
        in answer.headline.split(". ")[0].casefold() + answer.headline[:200].casefold()
    )
    first = answer.claims[0]
    assert case["source"] is None or first.citations[0].source_id == case["source"]
    assert first.frame
    opening = found(real, case["question"])[0]
    assert answer.headline.startswith(opening.text)
    assert first.citations[0].quote == opening.shown_by.candidate.text


@pytest.mark.parametrize("case", TRUE, ids=lambda c: str(c["id"]))
def test_a_true_premise_is_left_alone(real: Answerer, case: dict[str, Any]) -> None:
    """Nothing is corrected in a question that takes nothing false for granted."""
    assert found(real, case["question"]) == ()


@pytest.mark.slow
def test_no_golden_question_is_corrected(real: Answerer) -> None:
    """None of the questions of the sets was written with a false premise, and in none one is found."""
    asked = [
        json.loads(line)["question"]
        for path in sorted(SETS.glob("golden_*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert [q for q in asked if found(real, q)] == []


def test_a_correction_stands_where_the_collection_does_not_answer(real: Answerer) -> None:
    """Where nothing else is found, the correction alone is the answer."""
    answer = real.answer("How well did adalimumab work in Knight 2021?")
    assert isinstance(answer, Cited)
    assert answer.headline.startswith("Knight 2021 tested tocilizumab, not adalimumab.")


def test_a_list_is_corrected_too(real: Answerer) -> None:
    """A table does not hide the correction."""
    answer = real.answer("Since the FDA approved tocilizumab for depression, which trials are recruiting?")
    assert isinstance(answer, Cited)
    assert answer.question_kind is QuestionKind.LIST
    assert answer.headline.startswith("Not so")
    assert answer.claims[0].citations[0].source_id == "label-actemra-fda-2022"


def test_a_follow_up_is_corrected_too(real: Answerer) -> None:
    """What a follow-up takes for granted is read in the question that stands alone."""
    answer = real.answer("What did the 500 patients feel?", [Turn("What did the Insight trial find?")])
    assert isinstance(answer, Cited)
    assert "30 people, not 500" in answer.headline


def test_nothing_is_corrected_that_the_collection_does_not_show(make: Callable[..., Answerer]) -> None:
    """Without the works that show it there is no correction."""
    answerer = make(FakeIndex(works=[]))
    assert found(answerer, "Since the FDA approved tocilizumab for depression, how many take it?") == ()


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Does it help?", 0),
        ("Is it true that it helps?", 0),
        ("Why does it help?", 1),
        ("Since it was approved, does it help?", 1),
        ("Since it was approved, why is it rare?", 2),
        ("My dad is ill. Does it help?", 1),
        ("", 1),
    ],
)
def test_what_is_taken_for_granted(question: str, parts: int) -> None:
    """A yes-or-no question takes nothing for granted by its form, a clause with "since" does."""
    assert len(presupposed(question)) == parts


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("the 500 patients in Insight", [500]),
        ("1,200 people took part", [1200]),
        ("n = 87", [87]),
        ("it randomised 30 adults", [30]),
        ("after 28 days at 8 mg/kg in 53.9% of cases", []),
        ("randomised 4 weeks later", []),
    ],
)
def test_numbers_of_people(text: str, numbers: list[int]) -> None:
    """Days, doses and shares are no numbers of people."""
    assert counted_people(text) == numbers


def test_a_year_belongs_to_the_name_beside_it() -> None:
    """ "The 2019 Insight trial" dates it, "since 2019, Insight" does not."""
    assert years_beside("the 2019 Insight trial", "Insight") == [2019]
    assert years_beside("Insight (2019)", "Insight") == [2019]
    assert years_beside("since 2019 people hoped that Insight would help", "Insight") == []


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("tocilizumab, a TNF blocker, helps", [("tocilizumab", "tnf_inhibitor")]),
        ("the SSRI tocilizumab", [("tocilizumab", "antidepressant")]),
        ("TNF blockers such as tocilizumab", [("tocilizumab", "tnf_inhibitor")]),
        ("tocilizumab or a TNF blocker", []),
        ("tocilizumab versus TNF blockers", []),
        ("adalimumab, a TNF blocker, and tocilizumab", [("adalimumab", "tnf_inhibitor")]),
        ("has tocilizumab an antidepressant effect", []),
    ],
)
def test_the_class_a_drug_is_put_into(topic: Topic, text: str, pairs: list[tuple[str, str]]) -> None:
    """Apposition ties drug and class together; a list or a comparison does not."""
    assert said_classes(text, topic) == pairs


def test_a_rule_of_the_topic_can_be_held_back() -> None:
    """``unless`` stands in the same part as ``when``."""
    rule = PremiseRule("x", r"approved", "no", ("a",), "x", unless=r"\bnot\b")
    assert rule.fits("Since it was approved, why is it not used?")
    assert not rule.fits("Why is it not approved?")


def test_every_rule_of_the_topic_quotes_the_collection(real: Answerer) -> None:
    """Each rule names works of the collection, one of which has the quoted words."""
    index = real.provider.current()
    for rule in real.topic.premises:
        assert set(index.sources(rule.source_ids)) == set(rule.source_ids), rule.id
        texts = [p.text for i in rule.source_ids for p in index.source_passages(i) if p.quotable]
        assert any(rule.shows.casefold() in text.casefold() for text in texts), rule.id


@pytest.mark.parametrize(
    "text",
    [
        "Depression in arthritis treated with tocilizumab",
        "people treated by the clinic",
        "treated patients and mood",
    ],
)
def test_being_treated_is_no_claim_that_it_works(text: str) -> None:
    """Who was given something is told without granting an effect."""
    assert not claims_effect(text)
    assert claims_effect("tocilizumab treats depression")
