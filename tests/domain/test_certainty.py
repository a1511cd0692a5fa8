"""The rule table of certainty, row by row."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caveat.domain.certainty import EFFECT_STEPS, rate_association, rate_background, rate_effect, rate_single
from caveat.domain.model import Certainty, Design, Level, Source, SourceKind, Stance, Status

ORDER = [Level.VERY_LOW, Level.LOW, Level.MODERATE, Level.HIGH]
SUPPORTS, OPPOSES, NULL, CONTEXT = Stance.SUPPORTS, Stance.OPPOSES, Stance.NO_CLEAR_DIFFERENCE, Stance.CONTEXT


def work(ident: str = "a", design: Design | None = Design.RCT, n: int | None = 500, **more: object) -> Source:
    """A work with results; facts that do not matter are left out."""
    return replace(Source(ident, ident, design=design, n_total=n), **more)  # type: ignore[arg-type]


def rate(
    *sources: Source, stances: tuple[Stance, ...] = (), direct: bool = True, illness: bool = True
) -> Certainty:
    """Certainty where all sources are direct and in the illness, or none is."""
    ids = {s.id for s in sources}
    return rate_effect(
        sources, stances, direct=ids if direct else set(), main_illness=ids if illness else set()
    )


def two(**facts: object) -> list[Source]:
    """Two works of different people, 250 in each unless told otherwise."""
    return [replace(work(i, n=250), **facts) for i in "ab"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sources", "stances", "direct", "illness", "level", "reason"),
    [
        (two(), (), True, True, Level.MODERATE, "risk of bias was not judged"),
        (two(design=Design.META_ANALYSIS), (), True, True, Level.MODERATE, "risk of bias was not judged"),
        (two(design=Design.COHORT), (), True, True, Level.LOW, "no randomised trial"),
        (two(design=Design.OPEN_LABEL), (), True, True, Level.LOW, "no randomised trial"),
        (two(design=Design.NARRATIVE_REVIEW), (), True, True, Level.VERY_LOW, "no controlled study"),
        (two(design=None), (), True, True, Level.VERY_LOW, "what kinds of study these are is not known"),
        (two(design=Design.EXPERIMENTAL_HUMAN), (), True, True, Level.VERY_LOW, "no controlled study"),
        (two(n_total=199), (), True, True, Level.LOW, "few people (398 in all)"),
        (two(n_total=200), (), True, True, Level.MODERATE, "risk of bias was not judged"),
        (two(n_total=49), (), True, True, Level.VERY_LOW, "very few people (98 in all)"),
        (two(n_total=50), (), True, True, Level.LOW, "few people (100 in all)"),
        (two(n_total=None), (), True, True, Level.VERY_LOW, "number of people not known"),
        (two(), (), True, False, Level.LOW, "studied in people with other illnesses"),
        (two(), (), False, False, Level.VERY_LOW, "studied with other drugs than the one asked about"),
        (two(), (SUPPORTS, NULL), True, True, Level.LOW, "findings that disagree"),
        (two(), (SUPPORTS, CONTEXT), True, True, Level.MODERATE, "risk of bias was not judged"),
        (two(secondary_source_only=True), (), True, True, Level.LOW, "known from secondary pages only"),
        ([work()], (), True, True, Level.LOW, "one group of participants"),
        (two(overlaps=("a", "b")), (), True, True, Level.VERY_LOW, "one group of participants"),
        ([work(design=Design.META_ANALYSIS)], (), True, True, Level.MODERATE, "risk of bias was not judged"),
        (two(design=Design.TRIAL_REGISTRATION), (), True, True, Level.VERY_LOW, "no study with results"),
        (two(preprint=True), (), True, True, Level.LOW, "known from preprints"),
        (two(kind=SourceKind.CONFERENCE_ABSTRACT), (), True, True, Level.LOW, "known from preprints"),
        (
            [work("a", n=250), work("b", n=250, preprint=True)],
            (),
            True,
            True,
            Level.MODERATE,
            "risk of bias was not judged",
        ),
        (
            [work("a", n=250), work("b", n=250, status=Status.EXPRESSION_OF_CONCERN)],
            (),
            True,
            True,
            Level.LOW,
            "a journal has voiced concern",
        ),
        (two(status=Status.RETRACTED), (), True, True, Level.VERY_LOW, "no study with results"),
        (two(status=Status.WITHDRAWN), (), True, True, Level.VERY_LOW, "no study with results"),
        ([], (), True, True, Level.VERY_LOW, "no study with results"),
    ],
)
def test_effect_rows(
    sources: list[Source], stances: tuple[Stance, ...], direct: bool, illness: bool, level: Level, reason: str
) -> None:
    """Each row gives its level, and says why."""
    rated = rate(*sources, stances=stances, direct=direct, illness=illness)
    assert rated.level is level
    assert any(r.startswith(reason) for r in rated.reasons)


def test_direct_evidence_is_rated_before_indirect() -> None:
    """A big trial in another illness does not lift a small one in the illness asked about."""
    small, big = work("small", n=30), work("big", n=5000)
    rated = rate_effect([small, big], (), direct={"small", "big"}, main_illness={"small"})
    assert rated.level is Level.VERY_LOW
    assert "very few people (30 in all)" in rated.reasons


def test_people_of_overlapping_works_are_counted_once() -> None:
    """A pooled analysis of 300 and its trial of 150 are 300 people, not 450."""
    pool, trial = work("pool", Design.META_ANALYSIS, 300, overlaps=("trial",)), work("trial", n=150)
    assert "few people (300 in all)" in rate(pool, trial).reasons
    apart = work("pool", Design.META_ANALYSIS, 300), work("trial", n=150)
    assert rate(*apart).level is Level.MODERATE


def test_a_retracted_work_adds_no_people() -> None:
    """What was taken back neither raises nor lowers the level."""
    stands, gone = work("stands", n=50), work("gone", n=5000, status=Status.RETRACTED)
    assert rate(stands, gone) == rate(stands)


@pytest.mark.parametrize(
    ("sources", "stances", "level"),
    [
        ([work(design=Design.META_ANALYSIS)], (SUPPORTS,), Level.MODERATE),
        ([work(design=Design.COHORT)], (SUPPORTS,), Level.LOW),
        ([work(design=Design.META_ANALYSIS)], (SUPPORTS, NULL), Level.LOW),
        ([work(design=Design.META_ANALYSIS)], (SUPPORTS, OPPOSES), Level.LOW),
        ([work(design=Design.META_ANALYSIS)], (OPPOSES, NULL), Level.MODERATE),
        ([work(design=Design.COHORT)], (SUPPORTS, NULL), Level.VERY_LOW),
        ([work(design=Design.NARRATIVE_REVIEW)], (SUPPORTS,), Level.VERY_LOW),
        ([work(design=Design.META_ANALYSIS, status=Status.RETRACTED)], (), Level.VERY_LOW),
        ([], (), Level.VERY_LOW),
    ],
)
def test_association_rows(sources: list[Source], stances: tuple[Stance, ...], level: Level) -> None:
    """Going together is rated at most moderate, and the first reason is that it shows no cause."""
    rated = rate_association(sources, stances)
    assert rated.level is level
    assert "not that one causes the other" in rated.reasons[0]


@pytest.mark.parametrize(
    ("sources", "level"),
    [
        ([work()], Level.LOW),
        ([work(design=Design.COHORT)], Level.LOW),
        ([work(design=Design.DRUG_LABEL)], Level.LOW),
        ([work(design=Design.EXPERIMENTAL_HUMAN)], Level.LOW),
        ([work(design=Design.NARRATIVE_REVIEW)], Level.VERY_LOW),
        ([work(design=Design.ANIMAL)], Level.VERY_LOW),
        ([work(status=Status.RETRACTED)], Level.VERY_LOW),
        ([work(status=Status.RETRACTED), work("b", Design.COHORT)], Level.LOW),
        ([], Level.VERY_LOW),
    ],
)
def test_background_rows(sources: list[Source], level: Level) -> None:
    """An account of how something might work is never more than low."""
    assert rate_background(sources).level is level


def test_one_work_is_rated_for_its_own_result() -> None:
    """A single trial is direct evidence of itself; a retracted one is of nothing."""
    assert rate_single(work()).level is Level.LOW
    assert rate_single(work(design=Design.META_ANALYSIS)).level is Level.MODERATE
    assert rate_single(work(n=30)).level is Level.VERY_LOW
    assert rate_single(work(status=Status.RETRACTED)).level is Level.VERY_LOW


works = st.tuples(st.sampled_from(list(Design)), st.one_of(st.none(), st.integers(1, 5000)))


@given(
    st.lists(works, min_size=1, max_size=4),
    st.sets(st.sampled_from([SUPPORTS, OPPOSES, NULL, CONTEXT])),
    st.booleans(),
    st.booleans(),
)
def test_a_reason_never_raises_the_level(
    facts: list[tuple[Design, int | None]], stances: set[Stance], direct: bool, illness: bool
) -> None:
    """Disagreement, indirectness, fewer people and second-hand knowledge can only lower it."""
    sources = [work(str(i), design, n) for i, (design, n) in enumerate(facts)]
    base = rate(*sources, stances=tuple(stances), direct=direct, illness=illness and direct)
    worse = [
        rate(*sources, stances=(SUPPORTS, OPPOSES, NULL), direct=direct, illness=illness and direct),
        rate(*sources, stances=tuple(stances), direct=direct, illness=False),
        rate(*sources, stances=tuple(stances), direct=False, illness=False),
        rate(*(replace(s, secondary_source_only=True) for s in sources), stances=tuple(stances), direct=direct,
             illness=illness and direct),
        rate(*(replace(s, n_total=(s.n_total or 2) // 2) for s in sources), stances=tuple(stances),
             direct=direct, illness=illness and direct),
    ]  # fmt: skip
    assert all(ORDER.index(w.level) <= ORDER.index(base.level) for w in worse)
    assert base.reasons


@given(st.lists(works, max_size=4), st.sets(st.sampled_from(list(Stance))))
def test_no_rule_gives_high_certainty(facts: list[tuple[Design, int | None]], stances: set[Stance]) -> None:
    """Without a judged risk of bias nothing is ever called high."""
    sources = [work(str(i), design, n) for i, (design, n) in enumerate(facts)]
    for rated in (
        rate(*sources, stances=tuple(stances)),
        rate_association(sources, stances),
        rate_background(sources),
    ):
        assert rated.level is not Level.HIGH
        assert rated.reasons


def test_the_written_table_names_every_step() -> None:
    """docs/CERTAINTY.md has a row for each step of the code, and no other, with its reason."""
    page = (Path(__file__).parents[2] / "docs" / "CERTAINTY.md").read_text(encoding="utf-8")
    table = page.split("| step | down by |")[1].split("\n\n")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ") and "---" not in line]
    assert {row.split("|")[1].strip() for row in rows} == {step.domain for step in EFFECT_STEPS}
    for text in ("risk of bias was not judged", "no randomised trial", "no controlled study"):
        assert text in page
    for sources, stances, direct, illness in (
        (two(n_total=60), (SUPPORTS, OPPOSES), False, False),
        (two(secondary_source_only=True, preprint=True, status=Status.EXPRESSION_OF_CONCERN), (), True, True),
        ([work()], (), True, True),
    ):
        for reason in rate(*sources, stances=stances, direct=direct, illness=illness).reasons[1:]:
            assert reason.split(" (")[0] in table
