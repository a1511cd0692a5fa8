"""Frames, designs, status and links: built from a source's facts, and from nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caveat.domain.model import Design, Level, Source, SourceKind, Status
from caveat.domain.words_for import (
    DESIGN_WORDS,
    LEVEL_WORDS,
    STRENGTH,
    design_words,
    frame,
    has_results,
    is_double_blind,
    is_taken_back,
    link,
    people,
    status_words,
)


def work(**facts: object) -> Source:
    return replace(Source("a", "A title"), **facts)  # type: ignore[arg-type]


COHORT = work(design=Design.COHORT, n_total=87, population_short="stem-cell transplant patients", year=2021)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (COHORT, "In 87 stem-cell transplant patients (cohort, not randomised, 2021)"),
        (
            replace(COHORT, n_total=None),
            "In stem-cell transplant patients (cohort, not randomised, n not stated, 2021)",
        ),
        (replace(COHORT, year=None), "In 87 stem-cell transplant patients (cohort, not randomised, undated)"),
        (replace(COHORT, design=None), "In 87 stem-cell transplant patients (design not known, 2021)"),
        (
            replace(COHORT, n_total=4869),
            "In 4,869 stem-cell transplant patients (cohort, not randomised, 2021)",
        ),
        (
            work(design=Design.CASE_REPORT, n_total=1, population_short="a woman with lupus", year=2016),
            "In a woman with lupus (case report, 2016)",
        ),
        (
            work(
                design=Design.META_ANALYSIS, n_total=2370, population_short="people with arthritis", year=2018
            ),
            "In people with arthritis (meta-analysis, n = 2,370, 2018)",
        ),
        (
            work(
                design=Design.TRIAL_REGISTRATION,
                n_total=32,
                population_short="adults with depression",
                year=2025,
            ),
            "Planned in adults with depression (trial registration, no results, planned n = 32, 2025)",
        ),
        (
            work(
                design=Design.TRIAL_REGISTRATION,
                n_total=1,
                population_short="adults with depression",
                trial_status="Terminated",
            ),
            "Planned in adults with depression (trial registration, no results, undated)",
        ),
        (
            work(
                design=Design.TRIAL_REGISTRATION,
                n_total=7,
                population_short="adults with depression",
                trial_status="Terminated (funding)",
            ),
            "Planned in adults with depression (trial registration, no results, n = 7, undated)",
        ),
        (
            work(
                design=Design.PHARMACOVIGILANCE,
                n_total=5000,
                population_short="people with reports",
                year=2024,
            ),
            "In people with reports (side-effect reports, no rates, 5,000 reports, 2024)",
        ),
        (
            work(
                design=Design.COHORT, n_total=20, population_short="German adults (routine care)", year=2022
            ),
            "In German adults (cohort, not randomised, n = 20, 2022)",
        ),
        (work(design=Design.DRUG_LABEL, year=2022, n_total=9), "Drug label, 2022"),
        (
            work(design=Design.META_ANALYSIS, n_total=90, year=2020),
            "Meta-analysis, n = 90, people not described, 2020",
        ),
        (work(), "Design not known, n not stated, people not described, undated"),
        (
            work(design=Design.OTHER, population_short="adults", n_total=5, year=2020),
            "In 5 adults (no study design stated, 2020)",
        ),
    ],
)
def test_the_frame_says_who_was_studied_how_many_and_when(source: Source, expected: str) -> None:
    """Who, design, number and year, and that it is not stated where it is not known; a plan is called planned."""
    assert frame(source) == expected


def test_an_aside_is_not_part_of_the_people() -> None:
    """What stands in brackets behind the people is left out of the frame."""
    assert (
        people(replace(COHORT, population_short="adults with depression (ages 18 to 65)"))
        == "87 adults with depression"
    )
    assert people(work(population_short="adults", design=Design.GUIDELINE)) is None
    assert people(work(population_short="")) is None


@pytest.mark.parametrize(
    ("blinding", "double"),
    [
        ("double-blind", True),
        ("Double blind, placebo-controlled", True),
        ("triple-blind", True),
        ("double-blind parent trial; open extension", False),
        ("the parent trials were double-blind", False),
        ("single-blind", False),
        ("none", False),
        (None, False),
    ],
)
def test_double_blind_is_said_only_of_the_work_itself(blinding: str | None, double: bool) -> None:
    """A double-blind parent trial does not make its open extension blind."""
    source = work(design=Design.RCT, blinding=blinding)
    assert is_double_blind(source) is double
    assert ("double-blind" in design_words(source)) is double


def test_a_conference_abstract_is_always_called_one() -> None:
    """Blinded or not, the reader learns that only an abstract was presented."""
    talk = work(kind=SourceKind.CONFERENCE_ABSTRACT, design=Design.RCT)
    assert design_words(talk) == "randomised trial, conference abstract"
    assert design_words(replace(talk, blinding="double-blind")).endswith("trial, conference abstract")


def test_every_design_and_level_has_words_and_a_rank() -> None:
    """No value of the model is left without words for the reader."""
    assert set(DESIGN_WORDS) == set(STRENGTH) == set(Design)
    assert set(LEVEL_WORDS) == set(Level)
    assert all(words == words.strip() and words for words in DESIGN_WORDS.values())


def test_plans_have_no_results_and_retracted_works_do_not_stand() -> None:
    """Both are told from the facts alone."""
    assert not has_results(work(design=Design.TRIAL_PROTOCOL))
    assert not has_results(work(design=Design.TRIAL_REGISTRATION))
    assert has_results(work(design=Design.RCT))
    assert is_taken_back(work(status=Status.RETRACTED))
    assert is_taken_back(work(status=Status.WITHDRAWN))
    assert not is_taken_back(work(status=Status.CORRECTED))


@pytest.mark.parametrize(
    ("status", "checked", "words"),
    [
        (Status.CURRENT, "2026-11-01", "no retraction found, checked on 2026-11-01"),
        (Status.CURRENT, None, "not checked for retraction"),
        (Status.UNKNOWN, None, "not checked for retraction"),
        (Status.UNKNOWN, "2026-11-01", "not checked for retraction since 2026-11-01"),
        (Status.RETRACTED, "2026-11-01", "retracted, checked on 2026-11-01"),
        (Status.RETRACTED, None, "retracted"),
        (Status.WITHDRAWN, None, "withdrawn"),
        (Status.CORRECTED, None, "corrected; not checked for retraction"),
        (Status.EXPRESSION_OF_CONCERN, "2026-11-01", "expression of concern, checked on 2026-11-01"),
    ],
)
def test_status_is_never_better_than_what_was_checked(
    status: Status, checked: str | None, words: str
) -> None:
    """Without a check nothing is called unretracted; a retraction needs no further check."""
    assert status_words(work(status=status, status_checked_on=checked)) == words


def test_a_standing_names_its_notices() -> None:
    """Which notice says so; not comments, nor notices that the work itself makes of others; none for a clean work."""
    notices = (
        "Comment in J",
        "Retraction of Other work",
        "Retracted in J · PMID 9",
        "retraction 10.1/n (Crossref)",
    )
    told = "retracted, checked on 2026-11-01 (Retracted in J · PMID 9; retraction 10.1/n (Crossref))"
    day = "2026-11-01"
    assert status_words(work(status=Status.RETRACTED, status_checked_on=day, notices=notices)) == told
    clean = status_words(work(status=Status.CURRENT, status_checked_on=day, notices=notices))
    assert clean == "no retraction found, checked on 2026-11-01"


@pytest.mark.parametrize(
    ("facts", "address"),
    [
        ({"doi": "10.1/x", "pmid": "5"}, "https://doi.org/10.1/x"),
        ({"pmid": "5", "pmcid": "PMC6"}, "https://pubmed.ncbi.nlm.nih.gov/5/"),
        ({"pmcid": "PMC6"}, "https://pmc.ncbi.nlm.nih.gov/articles/PMC6/"),
        ({"registry_ids": ("2014-005242-27", "NCT01")}, "https://clinicaltrials.gov/study/NCT01"),
        ({"registry_ids": ("ISRCTN5",)}, "https://www.isrctn.com/ISRCTN5"),
        ({"url": "https://a.example/x"}, "https://a.example/x"),
        ({"url": "javascript:alert(1)"}, None),
        ({"url": "file:/etc/hosts"}, None),
        ({}, None),
    ],
)
def test_the_link_is_the_surest_one(facts: dict[str, object], address: str | None) -> None:
    """DOI, PubMed, PMC, registry, then a page; never an address that is not of the web."""
    assert link(work(**facts)) == address


@given(
    st.sampled_from([None, *Design]),
    st.one_of(st.none(), st.integers(0, 10**6)),
    st.one_of(st.none(), st.text(max_size=30)),
    st.one_of(st.none(), st.integers(1900, 2030)),
)
def test_every_source_has_a_frame(
    design: Design | None, n: int | None, who: str | None, year: int | None
) -> None:
    """No mix of known and unknown facts breaks the frame, and a number shown is the source's own."""
    text = frame(work(design=design, n_total=n, population_short=who, year=year))
    assert text
    assert "None" not in text.replace(who or "", "")
    assert year is None or str(year) in text
