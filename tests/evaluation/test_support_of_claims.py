"""Whether claims are borne out by what they cite, and whether findings in favour stand alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hand_made import SmallIndex, citation, cited, claim, declined, passage

from caveat.domain.model import QuestionKind, Stance
from caveat.evaluation.support import claim_scores, two_sided

HERE = passage()
OTHER = passage("b#found", "b", "Pain did not change in either group.")
INDEX = SmallIndex([HERE, OTHER])
FELL = citation("Depression fell by 53.9% on the drug.", HERE)
PAIN = citation("Pain did not change in either group.", OTHER)


def test_a_quote_bears_itself_out() -> None:
    """Extracted claims are supported, need their citation, and are not contradicted."""
    scores = claim_scores(cited(claim("Depression fell by 53.9% on the drug.")), INDEX)
    assert {n: s.value for n, s in scores.items()} == {
        "support": 1,
        "citation_precision": 1,
        "contradicted": 0,
    }


@pytest.mark.parametrize(
    ("text", "against"),
    [
        ("Depression rose by 53.9% on the drug.", 1),
        ("Depression did not fall by 53.9% on the drug.", 1),
        ("Unicorns were counted.", 0),
    ],
)
def test_a_claim_that_says_otherwise_is_told_from_one_that_says_more(text: str, against: int) -> None:
    """The opposite is a contradiction; what the quote does not mention is only unsupported."""
    scores = claim_scores(cited(claim(text, FELL)), INDEX)
    assert scores["support"].value == 0
    assert scores["contradicted"].value == against


def test_a_citation_that_adds_nothing_costs_precision() -> None:
    """Of two citations, the one without which the claim still stands and that does not bear it out is not needed."""
    scores = claim_scores(cited(claim("Depression fell by 53.9% on the drug.", FELL, PAIN)), INDEX)
    assert scores["support"].value == 1
    assert scores["citation_precision"].value == 0.5


def test_a_citation_of_a_passage_that_is_not_there_supports_nothing() -> None:
    """A passage the index does not hold cannot bear out a claim."""
    scores = claim_scores(cited(claim("Depression fell.", replace(FELL, passage_id="gone"))), INDEX)
    assert scores["support"].value == 0


def test_two_sides() -> None:
    """Only answers on effect with a finding in favour are scored; another lane makes them two-sided."""
    good = replace(claim("Depression fell by 53.9% on the drug."), stance=Stance.SUPPORTS)
    bad = replace(claim("It did not differ from placebo.", FELL), stance=Stance.NO_CLEAR_DIFFERENCE)
    alone, both = two_sided(cited(good)), two_sided(cited(good, bad))
    assert alone is not None
    assert both is not None
    assert (alone.value, both.value) == (0, 1)
    assert two_sided(cited(bad)) is None
    assert two_sided(cited(good, kind=QuestionKind.STUDY)) is None
    assert two_sided(declined()) is None
