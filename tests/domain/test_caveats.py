"""Every reason to be careful that the metadata can show: when it is given, when not, and in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caveat.domain.caveats import Situation, caveats_for, dated, refs
from caveat.domain.model import Caveat, CaveatKind, Design, Direction, Severity, Source, Status
from caveat.domain.topic import Statement

K = CaveatKind
TODAY = date(2026, 11, 23)
APPROVAL = Statement("Not approved for any psychiatric use.", ("label-a",), "2026-11-01")
WARNINGS = Statement("Label warnings: serious infections.", ("label-a", "label-b"))


def work(ident: str = "a", **facts: object) -> Source:
    """A large, recent, blinded trial of a year's treatment, checked this month: no rule speaks of it."""
    plain = Source(
        ident,
        ident,
        year=2024,
        design=Design.RCT,
        blinding="double-blind",
        n_total=500,
        intervention="the drug every month",
        duration="52 weeks",
        primary_outcome_met=True,
        direction=Direction.BENEFIT,
        status=Status.CURRENT,
        status_checked_on="2026-11-01",
    )
    return replace(plain, **facts)  # type: ignore[arg-type]


def given_for(*sources: Source, **situation: object) -> dict[CaveatKind, Caveat]:
    """The caveats of these sources, numbered in their order."""
    at = Situation({s.id: n for n, s in enumerate(sources, 1)}, TODAY, drug_discussed=False)
    found = caveats_for(sources, replace(at, **situation), APPROVAL, WARNINGS)  # type: ignore[arg-type]
    assert len({c.kind for c in found}) == len(found)
    return {c.kind: c for c in found}


def test_a_plain_trial_has_no_caveat() -> None:
    """Nothing is said where nothing is to be said."""
    assert given_for(work()) == {}


@pytest.mark.parametrize(
    ("kind", "severity", "facts"),
    [
        (K.RETRACTED, Severity.STOP, {"status": Status.RETRACTED}),
        (K.RETRACTED, Severity.STOP, {"status": Status.WITHDRAWN}),
        (K.EXPRESSION_OF_CONCERN, Severity.WARN, {"status": Status.EXPRESSION_OF_CONCERN}),
        (K.CORRECTED, Severity.INFO, {"status": Status.CORRECTED}),
        (K.PRIMARY_OUTCOME_MISSED, Severity.WARN, {"primary_outcome_met": False}),
        (K.OBSERVATIONAL, Severity.WARN, {"design": Design.COHORT}),
        (K.OBSERVATIONAL, Severity.WARN, {"design": Design.PHARMACOVIGILANCE}),
        (
            K.OBSERVATIONAL,
            Severity.WARN,
            {"design": Design.META_ANALYSIS, "direction": Direction.ASSOCIATION},
        ),
        (K.GENETIC_PROXY, Severity.WARN, {"design": Design.MENDELIAN_RANDOMIZATION}),
        (K.ANIMAL_OR_IN_VITRO, Severity.WARN, {"design": Design.ANIMAL}),
        (K.ANIMAL_OR_IN_VITRO, Severity.WARN, {"design": Design.IN_VITRO}),
        (K.OPEN_LABEL, Severity.WARN, {"design": Design.OPEN_LABEL}),
        (K.OPEN_LABEL, Severity.WARN, {"blinding": "Open label"}),
        (K.OPEN_LABEL, Severity.WARN, {"blinding": "unblinded"}),
        (K.SMALL_SAMPLE, Severity.WARN, {"n_total": 99}),
        (K.SMALL_SAMPLE, Severity.WARN, {"n_total": 1, "design": Design.CASE_REPORT}),
        (K.SHORT_FOLLOW_UP, Severity.WARN, {"duration": "8 weeks"}),
        (K.SHORT_FOLLOW_UP, Severity.WARN, {"duration": "Baseline and day 28"}),
        (K.SHORT_FOLLOW_UP, Severity.WARN, {"intervention": "Single infusion", "duration": None}),
        (K.SECONDARY_SOURCE_ONLY, Severity.WARN, {"secondary_source_only": True}),
        (K.REGISTRATION_NO_RESULTS, Severity.WARN, {"design": Design.TRIAL_REGISTRATION}),
        (K.REGISTRATION_NO_RESULTS, Severity.WARN, {"design": Design.TRIAL_PROTOCOL}),
        (K.PREPRINT, Severity.WARN, {"preprint": True}),
        (K.DESIGN_UNKNOWN, Severity.WARN, {"design": None}),
        (K.INDUSTRY_FUNDED, Severity.INFO, {"industry_funded": True}),
        (K.OLD_EVIDENCE, Severity.INFO, {"year": 2013}),
        (K.ABSTRACT_ONLY, Severity.INFO, {"abstract_only": True}),
        (K.NOTE_NOT_ORIGINAL, Severity.INFO, {"note_not_original": True}),
        (K.STATUS_UNKNOWN, Severity.INFO, {"status": Status.UNKNOWN}),
        (K.STATUS_UNKNOWN, Severity.INFO, {"status_checked_on": None}),
        (K.STATUS_UNKNOWN, Severity.INFO, {"status_checked_on": "2025-11-22"}),
    ],
)
def test_each_rule_speaks_when_its_fact_is_there(
    kind: CaveatKind, severity: Severity, facts: dict[str, object]
) -> None:
    """The one fact brings the caveat, for that work alone, under its number."""
    found = given_for(work("plain"), work("odd", **facts))
    assert found[kind].source_ids == ("odd",)
    assert found[kind].severity is severity
    assert "[2]" in found[kind].text
    assert "[1]" not in found[kind].text


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        (K.PRIMARY_OUTCOME_MISSED, {"primary_outcome_met": None}),
        (K.OBSERVATIONAL, {"design": Design.META_ANALYSIS}),
        (K.OBSERVATIONAL, {"direction": Direction.ASSOCIATION}),
        (K.OBSERVATIONAL, {"design": Design.EXPERIMENTAL_HUMAN, "direction": Direction.ASSOCIATION}),
        (K.OBSERVATIONAL, {"design": Design.NARRATIVE_REVIEW, "direction": Direction.ASSOCIATION}),
        (K.OPEN_LABEL, {"blinding": None}),
        (K.SMALL_SAMPLE, {"n_total": 100}),
        (K.SMALL_SAMPLE, {"n_total": None}),
        (K.SMALL_SAMPLE, {"n_total": 20, "design": Design.TRIAL_REGISTRATION}),
        (K.SMALL_SAMPLE, {"n_total": 20, "design": Design.META_ANALYSIS}),
        (K.SMALL_SAMPLE, {"n_total": 20, "design": Design.ANIMAL}),
        (K.SHORT_FOLLOW_UP, {"duration": "12 weeks"}),
        (K.SHORT_FOLLOW_UP, {"duration": None}),
        (K.SHORT_FOLLOW_UP, {"duration": "4 weeks", "design": Design.CASE_CONTROL}),
        (K.OLD_EVIDENCE, {"year": 2014}),
        (K.OLD_EVIDENCE, {"year": None}),
        (K.INDUSTRY_FUNDED, {"industry_funded": None}),
        (K.STATUS_UNKNOWN, {"status_checked_on": "2025-11-23"}),
        (K.STATUS_UNKNOWN, {"status": Status.RETRACTED, "status_checked_on": None}),
    ],
)
def test_each_rule_is_silent_otherwise(kind: CaveatKind, facts: dict[str, object]) -> None:
    """An unknown fact, the other side of a limit, or another design brings no caveat."""
    assert kind not in given_for(work("a", **facts))


def test_another_illness_is_named_where_the_question_makes_it_one() -> None:
    """Who counts as another population is told by the situation, not by the work."""
    found = given_for(work("a"), work("b"), other_population={"b"})
    assert found[K.DIFFERENT_POPULATION].source_ids == ("b",)
    assert K.DIFFERENT_POPULATION not in given_for(work("a"), work("b"))


def test_a_mixed_pooled_analysis_is_observational_for_a_question_on_association() -> None:
    """The same meta-analysis is one of trials where a treatment is asked about."""
    pooled = work(design=Design.META_ANALYSIS, direction=Direction.MIXED)
    assert K.OBSERVATIONAL in given_for(pooled, on_association=True)
    assert K.OBSERVATIONAL not in given_for(pooled, on_association=False)


def test_law_and_label_come_whenever_the_drug_is_discussed() -> None:
    """Not approved, with the day the labels were read, the warnings, and where both stand."""
    found = given_for(work(), drug_discussed=True)[K.NOT_APPROVED]
    assert found.text == (
        "Not approved for any psychiatric use (labels read on 2026-11-01). Label warnings: serious infections."
    )
    assert found.source_ids == ("label-a", "label-b")
    assert found.severity is Severity.WARN
    assert K.NOT_APPROVED not in given_for(work())


def test_a_statement_without_a_day_shows_none() -> None:
    """No date is made up."""
    assert dated(Statement("It is so.", ())) == "It is so."


def test_disagreement_is_said() -> None:
    """Only when the situation says that the findings disagree."""
    assert given_for(work(), conflicting=True)[K.CONFLICTING_EVIDENCE].severity is Severity.WARN
    assert K.CONFLICTING_EVIDENCE not in given_for(work())


def test_few_independent_works_are_said_on_questions_of_effect() -> None:
    """One group of people warns, two are noted, three are enough; plans and retracted works are not counted."""
    a, b, c = work("a"), work("b"), work("c")
    plan, gone = work("p", design=Design.TRIAL_PROTOCOL), work("g", status=Status.RETRACTED)
    assert given_for(a, plan, gone, on_effect=True)[K.SINGLE_SOURCE].source_ids == ("a",)
    assert given_for(a, work("b", overlaps=("a",)), on_effect=True)[K.SINGLE_SOURCE].source_ids == ("a", "b")
    assert K.FEW_SOURCES in given_for(a, b, gone, on_effect=True)
    three = given_for(a, b, c, on_effect=True)
    assert K.SINGLE_SOURCE not in three
    assert K.FEW_SOURCES not in three
    assert K.SINGLE_SOURCE not in given_for(a, on_effect=False)
    assert K.SINGLE_SOURCE not in given_for(work("m", design=Design.META_ANALYSIS), on_effect=True)


def test_several_works_share_one_line() -> None:
    """One caveat names all its works by number, in order."""
    found = given_for(work("a", n_total=9), work("b"), work("c", n_total=10))
    assert found[K.SMALL_SAMPLE].text.startswith("[1], [3]:")
    assert found[K.SMALL_SAMPLE].source_ids == ("a", "c")


def test_all_works_are_called_so_when_there_are_more_than_three() -> None:
    """Four or more, every one of them: no row of numbers."""
    four = [work(i, n_total=9) for i in "abcd"]
    assert given_for(*four)[K.SMALL_SAMPLE].text.startswith("All works here:")
    assert given_for(*four[:3])[K.SMALL_SAMPLE].text.startswith("[1], [2], [3]:")
    assert given_for(*four, work("e"))[K.SMALL_SAMPLE].text.startswith("[1], [2], [3], [4]:")


def test_one_is_and_two_are() -> None:
    """The verb agrees with the number of works."""
    one = given_for(work("a", status=Status.RETRACTED), work("b"))
    two = given_for(work("a", status=Status.RETRACTED), work("b", status=Status.WITHDRAWN))
    assert one[K.RETRACTED].text.startswith("[1] is retracted")
    assert two[K.RETRACTED].text.startswith("[1], [2] are retracted")


def test_refs_follow_the_numbers_not_the_ids() -> None:
    """In order of number; an id without a number is left out."""
    assert refs(["z", "a", "gone"], {"a": 12, "z": 3}) == "[3], [12]"
    assert refs([], {}) == ""


facts = st.fixed_dictionaries(
    {
        "design": st.one_of(st.none(), st.sampled_from(list(Design))),
        "status": st.sampled_from(list(Status)),
        "n_total": st.one_of(st.none(), st.integers(1, 3000)),
        "primary_outcome_met": st.sampled_from([None, True, False]),
        "year": st.one_of(st.none(), st.integers(1950, 2026)),
        "preprint": st.booleans(),
        "industry_funded": st.sampled_from([None, True, False]),
        "direction": st.one_of(st.none(), st.sampled_from(list(Direction))),
        "duration": st.sampled_from([None, "4 weeks", "2 years", "varied"]),
    }
)


@given(st.lists(facts, max_size=6), st.booleans(), st.booleans())
def test_the_loudest_come_first_and_every_reference_is_real(
    drawn: list[dict[str, object]], drug: bool, effect: bool
) -> None:
    """STOP before WARN before INFO, one caveat a kind, and only works of the answer are named."""
    sources = [work(str(i), **f) for i, f in enumerate(drawn)]
    at = Situation({s.id: n for n, s in enumerate(sources, 1)}, TODAY, drug_discussed=drug, on_effect=effect)
    found = caveats_for(sources, at, APPROVAL, WARNINGS)
    loud = [list(Severity)[::-1].index(c.severity) for c in found]
    assert loud == sorted(loud)
    ids = {s.id for s in sources}
    assert all(set(c.source_ids) <= ids for c in found if c.kind is not K.NOT_APPROVED)
    assert all(c.text and "{" not in c.text for c in found)
