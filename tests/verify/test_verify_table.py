"""Invented quotes that loose matching lets pass; only the true one may."""

from __future__ import annotations

import pytest
from notes import Noted, notes

from caveat.domain.verify import verify

PASSAGE = (
    "In multivariable analysis, tocilizumab was associated with significantly higher depression scores at D28. "
    "In this cohort, blockade of the IL-6 receptor with tocilizumab resulted in significantly more, not less, "
    "depressive symptoms."
)
ROWS = [
    ("tocilizumab was associated with significantly higher depression scores at D28", True),
    ("tocilizumab was associated with significantly lower depression scores at D28", False),
    ("treatment with tocilizumab cured all depressive symptoms in patients", False),
    ("blockade of the IL-6 receptor with tocilizumab resulted in significantly less depressive symptoms", False),
    ("ketamine was associated with significantly higher remission at day 28", False),
    ("aspirin reduced stroke risk in older adults", False),
]  # fmt: skip


@pytest.fixture(scope="module")
def knight() -> list[Noted]:
    """The notes on the cohort in which depression scores were higher with tocilizumab."""
    found = [note for note in notes() if note.source.id.startswith("knight-2021")]
    assert found
    return found


@pytest.mark.parametrize(("quote", "true"), ROWS)
def test_invented_quotes_are_not_in_the_passage(quote: str, true: bool) -> None:
    """As a quote, only the row that stands in the passage is accepted."""
    assert verify(quote, [quote], [PASSAGE]).supported is true


@pytest.mark.parametrize(("claim", "true"), ROWS)
def test_invented_claims_are_not_borne_out_by_the_passage(claim: str, true: bool) -> None:
    """As a claim on the whole passage, only the true row is accepted."""
    assert verify(claim, [], [PASSAGE]).supported is true


@pytest.mark.parametrize(
    ("claim", "true"),
    [
        ("In the Knight 2021 transplant cohort, tocilizumab was associated with a higher depression score at day 28.", True),
        ("In the Knight 2021 transplant cohort, tocilizumab was associated with a lower depression score at day 28.", False),
        ("In the Knight 2021 transplant cohort, tocilizumab cured all depressive symptoms.", False),
        ("In the Knight 2021 transplant cohort, tocilizumab resulted in less depression at day 28.", False),
        ("In the Knight 2021 transplant cohort, ketamine was associated with higher remission at day 28.", False),
        ("Aspirin reduced stroke risk in older adults.", False),
    ],
)  # fmt: skip
def test_the_notes_bear_out_only_the_true_row(knight: list[Noted], claim: str, true: bool) -> None:
    """The same six rows, told of the collection's own sentences with the source's facts."""
    supported = [verify(claim, [n.sentence], [n.sentence], n.source).supported for n in knight]
    assert any(supported) is true
