"""Claims that cite several works: each statement rests on one of them, and none contradicts it."""

from __future__ import annotations

import pytest

from caveat.domain.model import Design, Source, SourceKind
from caveat.domain.verify import verify

COHORT = (
    "Tocilizumab was associated with higher depression scores at day 28 (beta 5.74, 95% CI 0.75 to 10.73)."
)
TRIAL = "Somatic symptoms at day 14 differed little between tocilizumab and placebo."


def _source(name: str, population: str, n: int, design: Design) -> Source:
    return Source(
        id=name, title=name, kind=SourceKind.ARTICLE, population=population, n_total=n, design=design,
        intervention="tocilizumab",
    )  # fmt: skip


SOURCES = (
    _source("cohort", "stem-cell transplant patients", 87, Design.COHORT),
    _source("trial", "adults with depression", 30, Design.RCT),
)


def _supported(claim: str, quotes: tuple[str, ...] = (COHORT, TRIAL)) -> bool:
    return verify(claim, quotes, quotes, SOURCES[: len(quotes)]).supported


@pytest.mark.parametrize(
    "claim",
    [
        "In 87 stem-cell transplant patients, tocilizumab was associated with higher depression scores at day 28; "
        "in 30 adults with depression, somatic symptoms at day 14 differed little between tocilizumab and placebo.",
        "Somatic symptoms at day 14 differed little between tocilizumab and placebo in a randomised trial, whereas "
        "tocilizumab was associated with higher depression scores at day 28 in a cohort of 87 people.",
        "Tocilizumab was associated with higher depression scores at day 28.",
    ],
)
def test_statements_of_several_works_may_stand_in_one_claim(claim: str) -> None:
    """Each statement is borne out by one cited work with that work's own people, number and design."""
    assert _supported(claim)


@pytest.mark.parametrize(
    "claim",
    [
        "In 30 adults with depression, tocilizumab was associated with higher depression scores at day 28.",
        "In stem-cell transplant patients, somatic symptoms at day 14 differed little between tocilizumab and placebo.",
        "In a randomised trial, tocilizumab was associated with higher depression scores at day 28.",
        "In 30 adults with depression, somatic symptoms at day 14 differed little between tocilizumab and placebo, and "
        "tocilizumab was associated with higher depression scores at day 28.",
        "Tocilizumab was associated with higher depression scores at day 28, and tocilizumab was safe.",
    ],
)
def test_one_works_finding_is_not_told_of_another_works_people(claim: str) -> None:
    """Population, number and design of one cited work do not frame the finding of another."""
    assert not _supported(claim)


def test_a_cited_work_that_says_the_opposite_refuses_the_claim() -> None:
    """A claim that one quote bears out and another contradicts is not shown."""
    quotes = ("In the Lund trial, aspirin improved mood.", "In the Berg trial, aspirin worsened mood.")
    assert verify("Aspirin improved mood.", quotes[:1], quotes[:1], SOURCES[:1]).supported
    assert not verify("Aspirin improved mood.", quotes, quotes, SOURCES).supported


def test_quotes_of_one_work_count_together() -> None:
    """Two stretches of one passage, or of one work, bear out what neither bears out alone."""
    quotes = ("In the Lund trial, 41 people took aspirin.", "Mood improved with aspirin in the Lund trial.")
    claim = "Mood improved with aspirin in the Lund trial of 41 people."
    assert verify(claim, quotes, quotes, SOURCES[0]).supported
    assert not verify(claim, quotes, quotes).supported


def test_each_quote_needs_its_passage_and_its_work() -> None:
    """Lists of unequal length and quotes that are not in their own passage are refused."""
    assert not verify(COHORT, (COHORT, TRIAL), (COHORT, TRIAL), SOURCES[:1]).supported
    assert not verify(COHORT, (COHORT, TRIAL), (TRIAL, COHORT), SOURCES).supported
    assert not verify(COHORT, (COHORT,), (COHORT, TRIAL), SOURCES).supported
