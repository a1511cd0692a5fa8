"""No benefit without the other side: the missed main outcome and the people who got worse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from fake_index import WORKS, FakeIndex, Work, source

from caveat.answering.beside import OUTSIDE_FILTERS
from caveat.answering.service import Answerer
from caveat.domain.lanes import association_stance
from caveat.domain.model import CaveatKind, Cited, Design, Direction, Stance
from caveat.domain.ports import Filters
from caveat.wiring import App

MISSED_TRIAL = "insight-2026-tocilizumab-depression-rct"
WORSE_COHORT = "knight-2021-tocilizumab-hct-worse-depression"

PHRASINGS = """
Does tocilizumab help depression?
Is tocilizumab effective for depression?
Can Actemra treat depression?
tocilizumab depression
does toci work for low mood
Will an arthritis drug lift my mother's depression?
Does blocking IL-6 with tocilizumab improve depressive symptoms?
Efficacy of tocilizumab in major depressive disorder
Is there evidence that tocilizumab relieves depression?
I heard tocilizumab cures depression. Is that true?
does tocilizumb help depresion
What is the effect of tocilizumab on depression scores?
Do people with depression get better on tocilizumab?
How good is tocilizumab for depression?
Does tocilizumab reduce depressive symptoms?
Should tocilizumab be used to treat depression?
Is Actemra any good for the blues?
Does IL-6 blockade help depression?
Does tocilizumab lower the risk of depression?
evidence for tocilizumab in depression
tocilizumab vs placebo in depression
Has tocilizumab been shown to help depressed people?
RoActemra and depressed mood, any benefit?
Did anyone's depression get worse on tocilizumab?
""".strip().splitlines()


def cited_sources(answer: object) -> set[str]:
    """Ids of the works that are quoted."""
    assert isinstance(answer, Cited)
    return {c.source_id for claim in answer.claims for c in claim.citations}


@pytest.mark.parametrize("question", PHRASINGS)
def test_every_wording_shows_both_sides(real: Answerer, question: str) -> None:
    """However it is asked, the trial that missed its outcome and the cohort that got worse are quoted."""
    answer = real.answer(question)
    assert {MISSED_TRIAL, WORSE_COHORT} <= cited_sources(answer)
    assert isinstance(answer, Cited)
    lanes = {claim.stance: claim for claim in answer.claims}
    assert Stance.NO_CLEAR_DIFFERENCE in lanes
    assert Stance.OPPOSES in lanes
    kinds = {c.kind for c in answer.caveats}
    assert {
        CaveatKind.NOT_APPROVED,
        CaveatKind.CONFLICTING_EVIDENCE,
        CaveatKind.PRIMARY_OUTCOME_MISSED,
    } <= kinds


@pytest.mark.parametrize("question", PHRASINGS[:20])
def test_the_missed_outcome_is_told_with_its_remission_figure(real: Answerer, question: str) -> None:
    """The exploratory remission figure of the missed trial never stands without the miss."""
    answer = real.answer(question)
    assert isinstance(answer, Cited)
    own = [c.text for c in answer.claims if c.citations[0].source_id == MISSED_TRIAL]
    if any("53.9%" in text for text in own):
        assert any("missed" in text for text in own)


FILTERS = [
    Filters(population="arthritis"),
    Filters(designs=(Design.OPEN_LABEL, Design.COHORT), year_to=2020),
    Filters(designs=(Design.META_ANALYSIS, Design.MEGA_ANALYSIS)),
    Filters(source_ids=("tiosano-2020-tocilizumab-ra-anxiety-depression",)),
]


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("question", ["Does tocilizumab help depression?", "tocilizumab depression anxiety"])
def test_no_filter_hides_the_other_side(real: Answerer, question: str, filters: Filters) -> None:
    """A benefit found behind filters stands with what they leave out, and the reader is told."""
    answer = real.answer(question, filters=filters)
    assert isinstance(answer, Cited)
    if any(c.stance is Stance.SUPPORTS for c in answer.claims):
        assert {MISSED_TRIAL, WORSE_COHORT} <= cited_sources(answer)
        assert OUTSIDE_FILTERS in answer.notices
        assert "Where a gain is quoted" in answer.headline


@pytest.mark.parametrize(
    "question",
    [
        "What did Tiosano 2020 find?",
        "Which studies looked at tocilizumab and depression in arthritis?",
        "Tocilizumab versus sarilumab for depression in arthritis?",
        "By how many points did depression fall on tocilizumab in Tiosano 2020?",
        "Is Tyenne allowed for depression or anxiety?",
    ],
)
def test_no_kind_of_question_hides_the_other_side(real: Answerer, question: str) -> None:
    """Lists, comparisons, figures and single studies show the miss and the harm beside a benefit."""
    answer = real.answer(question)
    assert isinstance(answer, Cited)
    if any(c.stance is Stance.SUPPORTS for c in answer.claims):
        assert {MISSED_TRIAL, WORSE_COHORT} <= cited_sources(answer)


def test_a_benefit_without_work_against_it_stands_as_it_is(make: Callable[..., Answerer]) -> None:
    """Nothing is put beside a benefit that the collection has nothing against."""
    kept = [w for w in WORKS if w.source.id == "cedar-2019-open"]
    answer = make(FakeIndex(works=kept)).answer("Does tocilizumab help depression?")
    assert isinstance(answer, Cited)
    assert "Where a gain is quoted" not in answer.headline


def test_harm_and_miss_are_read_even_when_no_search_finds_them(make: Callable[..., Answerer]) -> None:
    """Works against a benefit do not depend on the ranking: both are quoted from behind a crowd of praise."""
    praise = next(w for w in WORKS if w.source.id == "cedar-2019-open")
    crowd = [
        Work(
            replace(praise.source, id=f"praise-{i:03}", title=f"Tocilizumab helps depression, report {i}"),
            {
                "what_was_found": (
                    f"In report {i}, depression on tocilizumab improved: does tocilizumab help depression.",
                )
            },
        )
        for i in range(150)
    ]
    index = FakeIndex(works=[*WORKS, *crowd])
    answer = make(index).answer("Does tocilizumab help depression?")
    assert {"alder-2024-trial", "birch-2021-cohort"} <= cited_sources(answer)


def test_what_is_not_in_the_collection_cannot_be_shown(make: Callable[..., Answerer]) -> None:
    """Without works against it the answer stands on what there is, and says that no trial shows it."""
    kept = [w for w in WORKS if w.source.id not in {"alder-2024-trial", "birch-2021-cohort"}]
    answer = make(FakeIndex(works=kept)).answer("Does tocilizumab help depression?")
    assert isinstance(answer, Cited)
    assert answer.headline.startswith("Not shown.")
    assert all(c.stance is not Stance.OPPOSES for c in answer.claims)


def test_a_question_on_another_drug_is_not_answered_with_this_ones_harm(small: Answerer) -> None:
    """Works against a benefit are those on the drug that was asked about."""
    answer = small.answer("Does sirukumab help depression?")
    assert "birch-2021-cohort" not in cited_sources(answer)


def test_disagreement_is_said_only_where_findings_disagree(small: Answerer) -> None:
    """Two lanes are a disagreement; one lane is not."""
    both = small.answer("Does tocilizumab help depression?")
    assert CaveatKind.CONFLICTING_EVIDENCE in {c.kind for c in both.caveats}
    one = small.answer("Does sirukumab help depression?")
    assert CaveatKind.CONFLICTING_EVIDENCE not in {c.kind for c in one.caveats}


@pytest.mark.parametrize("question", PHRASINGS[:12])
def test_the_headline_claims_no_benefit(real: Answerer, question: str) -> None:
    """With the missed trial in the collection no headline says that the drug works."""
    headline = real.answer(question).headline.casefold()
    assert "not shown" in headline or "no controlled trial shows" in headline or "goes further" in headline
    assert not any(word in headline for word in ("proven", "cures", "is effective", "works for"))


def test_a_work_that_reports_harm_is_never_in_the_better_lane(real: Answerer) -> None:
    """The lane follows the sentence, and harm is not told as help."""
    for question in PHRASINGS[:6]:
        answer = real.answer(question)
        assert isinstance(answer, Cited)
        harm = {s.source.id for s in answer.sources if s.source.direction is Direction.HARM}
        better = {c.citations[0].source_id for c in answer.claims if c.stance is Stance.SUPPORTS}
        assert harm & better == set()


def test_a_guess_at_why_results_differ_is_no_finding() -> None:
    """Sentences that explain, or tell how values spread, stand in no lane of an association."""
    work = source("a", "A work")
    for text in (
        "The authors suggest that mixed results may stem from scores that blend related and unrelated symptoms.",
        "The variability of CRP was lower in patients than in controls.",
    ):
        assert association_stance(text, work) is Stance.CONTEXT


def test_both_sides_of_a_link_are_heard_however_the_question_is_put(starter: App) -> None:
    """A question worded like the null findings still gets the pooled links, and the other way round."""
    for text in (
        "So basically the immune system causes depression, right?",
        "Is inflammation unrelated to depression?",
    ):
        answer = starter.answerer.answer(text)
        assert isinstance(answer, Cited), answer.headline
        assert {Stance.SUPPORTS, Stance.NO_CLEAR_DIFFERENCE} <= {c.stance for c in answer.claims}
        assert "no clear link" not in answer.headline
