"""What one answer to one question scores."""

from __future__ import annotations

import pytest
from hand_made import (
    TEXT,
    SmallIndex,
    citation,
    cited,
    claim,
    declined,
    passage,
    passages_only,
    question,
)

from caveat.domain.model import Answer, CaveatKind, DeclineReason, QuestionKind, Table
from caveat.evaluation.matching import plain, stands_in
from caveat.evaluation.scoring import quotes, score

OTHER = passage("b#found", "b")


def test_all_expected_lists_must_be_met_for_a_full_source_score() -> None:
    """One of each list is enough; one list unmet makes the strict score 0 and the share a half."""
    answer = cited(claim("x"))
    met = score(question(sources=(("z", "a"),)), answer)
    half = score(question(sources=(("a",), ("b", "c"))), answer)
    assert met["sources_all"].value == met["sources_share"].value == 1.0
    assert half["sources_all"].value == 0.0
    assert half["sources_share"].value == 0.5
    assert "b or c" in half["sources_all"].explanation


def test_a_table_row_counts_as_citing_its_work() -> None:
    """A list answered as a table cites the works of its rows."""
    table = Table(("trial", "n"), (("one", "30"), ("two", "36")), ("b", "c"))
    scores = score(question(sources=(("a",), ("b",), ("c",))), cited(claim("x"), table=table))
    assert scores["sources_all"].value == 1.0


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (cited(claim("Remission was 53.9% against 31.3%.")), 1.0),
        (cited(claim("x"), headline="Remission was 53.9 %"), 1.0),
        (cited(claim("x"), table=Table(("remission",), (("53.9%",),), ("a",))), 1.0),
        (cited(claim("Remission was 5.39%")), 0.0),
        (cited(claim("x"), caveats=(CaveatKind.SMALL_SAMPLE,)), 0.0),
    ],
)
def test_a_fact_is_found_in_claims_headline_and_table_only(answer: Answer, found: float) -> None:
    """The quote behind a claim is no place for a fact: the reader must be told it in the answer's text."""
    assert TEXT.count("53.9%") == 1
    assert score(question(facts=(("53\\.9\\s*%",),)), answer)["facts"].value == found


def test_facts_are_weighted_by_their_number_and_any_alternative_will_do() -> None:
    """Two of three facts are two thirds of weight three."""
    scores = score(
        question(facts=(("missed", "not met"), ("n = 30",), ("absent",))),
        cited(claim("The outcome was not met; N = 30.")),
    )
    assert scores["facts"].value == pytest.approx(2 / 3)
    assert scores["facts"].weight == 3
    assert scores["facts"].explanation == "missing facts: absent"


def test_dashes_spaces_and_quotation_marks_do_not_hide_a_fact() -> None:
    """Typography is no difference; another number is."""
    assert plain("−0.8\u202f(95\u00a0% CI −2.77 to 1.10) ‘x’") == "-0.8 (95 % CI -2.77 to 1.10) 'x'"
    assert stands_in(["-0\\.8\\b"], ["difference −0.8 points"])
    assert not stands_in(["-0\\.8\\b"], ["difference −0.85 points"])


def test_a_required_caveat_may_have_alternatives() -> None:
    """Each requirement is met by any one of its kinds."""
    required = ((CaveatKind.SMALL_SAMPLE,), (CaveatKind.OPEN_LABEL, CaveatKind.OBSERVATIONAL))
    given = cited(claim("x"), caveats=(CaveatKind.OBSERVATIONAL,))
    scores = score(question(caveats=required), given)
    assert scores["caveats"].value == 0.5
    assert scores["caveats"].explanation == "missing caveats: small_sample"


def test_the_kind_is_right_when_it_is_one_of_the_acceptable_ones() -> None:
    """An answer without a kind is wrong; a declined one without a kind could not be scored."""
    asked = question(kinds=(QuestionKind.HARM, QuestionKind.SAFETY))
    assert score(asked, cited(claim("x"), kind=QuestionKind.SAFETY))["kind"].value == 1.0
    assert score(asked, cited(claim("x"), kind=QuestionKind.LIST))["kind"].value == 0.0
    assert score(asked, cited(claim("x"), kind=None))["kind"].value == 0.0
    assert score(asked, declined())["kind"].value is None
    assert score(asked, declined(kind=QuestionKind.HARM))["kind"].value == 1.0


@pytest.mark.parametrize("answer", [declined(), passages_only()])
def test_an_answerable_question_left_unanswered_scores_nothing(answer: Answer) -> None:
    """Declining or passages alone is a wrong decline; caveats could not be scored, quotes do not apply."""
    asked = question(facts=(("53",),), caveats=((CaveatKind.SMALL_SAMPLE,),))
    scores = score(asked, answer)
    assert scores["wrong_decline"].value == 1.0
    assert scores["sources_all"].value == scores["sources_share"].value == scores["facts"].value == 0.0
    assert scores["caveats"].value is None
    assert "quotes" not in scores


def test_an_answer_to_what_is_not_in_the_collection_is_wrong() -> None:
    """Only claims make it a wrong answer; declining or passages alone do not."""
    asked = question(decline=(DeclineReason.OFF_TOPIC,))
    assert score(asked, cited(claim("x")))["wrong_answer"].value == 1.0
    assert score(asked, passages_only())["wrong_answer"].value == 0.0
    assert score(asked, declined(DeclineReason.OFF_TOPIC))["wrong_answer"].value == 0.0
    assert "wrong_decline" not in score(asked, cited(claim("x")))


def test_the_reason_for_declining_is_scored_where_there_is_one() -> None:
    """Another reason than the acceptable ones is wrong; an answer has no reason to score."""
    asked = question(decline=(DeclineReason.OFF_TOPIC,))
    assert score(asked, declined(DeclineReason.OFF_TOPIC))["decline_reason"].value == 1.0
    assert score(asked, declined(DeclineReason.PERSONAL_DECISION))["decline_reason"].value == 0.0
    assert "decline_reason" not in score(asked, cited(claim("x")))


def test_a_quote_is_exact_letter_for_letter_at_its_place_in_the_passage() -> None:
    """A wrong letter, a shifted place, an unknown passage or another work's passage is not exact."""
    own = passage()
    index = SmallIndex([own, OTHER])
    right = citation("It did not differ from placebo.", own)
    shifted = citation("It did not differ from placebo.", own, start=1)
    unknown = citation("Depression", passage("c#found", "a"))
    foreign = citation("Depression", passage("b#found", "a"))
    assert quotes(cited(claim("x", right)), index).value == 1.0
    assert quotes(cited(claim("x", shifted)), index).value == 0.0
    assert quotes(cited(claim("x", unknown)), index).value == 0.0
    assert quotes(cited(claim("x", foreign)), index).value == 0.0
    mixed = quotes(cited(claim("x", right), claim("y", shifted)), index)
    assert mixed.value == 0.5
    assert mixed.weight == 2


def test_quotes_without_an_index_or_citations_could_not_be_scored() -> None:
    """Nothing to check against is not the same as right."""
    assert quotes(cited(claim("x")), None).value is None
    assert quotes(cited(), SmallIndex([])).value is None
    assert quotes(declined(), SmallIndex([])).value is None
