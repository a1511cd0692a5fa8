"""What made readers of many kinds wince, each as a rule: false corrections, gains that are none, wrong lanes."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from caveat.answering.events import Turn
from caveat.answering.service import Answerer
from caveat.domain.lanes import association_stance, effect_stance
from caveat.domain.model import (
    Answer,
    Cited,
    Design,
    Direction,
    Level,
    QuestionKind,
    Source,
    SourceKind,
    Stance,
)
from caveat.domain.question import read_question
from caveat.domain.topic import Topic


def ask(answerer: Answerer, question: str, history: Sequence[str] = ()) -> Cited:
    """The answer, which must be a cited one."""
    answer: Answer = answerer.answer(question, [Turn(h) for h in history])
    assert isinstance(answer, Cited), answer.headline
    return answer


def in_lane(answer: Cited, stance: Stance) -> set[str]:
    """The works with a claim in this lane."""
    return {c.citations[0].source_id for c in answer.claims if c.stance is stance}


def test_words_about_one_named_work_do_not_correct_another(real: Answerer) -> None:
    """A design told of one work is no false premise on the other that the question names; both are told apart."""
    headline = ask(real, "Miller open label trial vs Girgis RCT - compare").headline
    assert "was not randomised" not in headline
    assert re.search(r"Girgis 2018: randomised.*main outcome missed", headline)
    assert re.search(r"Miller 2016: open-label", headline)


@pytest.mark.parametrize(
    "question",
    [
        "Does tocilizumab help anxiety?",
        "Everyone says tocilizumab lifts mood in RA. Prove it",
        "so does the arthritis jab cheer you up or not",
        "Tofacitinib and depression",
    ],
)
def test_a_trend_a_gain_of_the_body_or_a_fall_in_every_arm_favours_no_drug(
    real: Answerer, question: str
) -> None:
    """A trial "favours" a drug on mood only where mood was better with it than without it."""
    headline = ask(real, question).headline
    assert "favoured" not in headline
    assert "Partly borne out" not in headline


def test_what_happened_in_the_illness_itself_comes_first(real: Answerer) -> None:
    """A missed main outcome in depression is told before gains on the side in arthritis."""
    headline = ask(real, "What happened with sirukumab in major depression?").headline
    assert headline.startswith("Not shown.")
    assert headline.index("missed its main outcome") < headline.index("favoured")


def test_a_missed_main_outcome_is_told_whatever_the_illness_is_called(real: Answerer) -> None:
    """A trial in bipolar depression, measured on a depression scale, counts for a question on bipolar disorder."""
    assert "missed its main outcome" in ask(real, "Infliximab in bipolar depression: result?").headline


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("Did sirukumab improve mood in RA trials?", "strand-2018-monarch-sarilumab-pro"),
        ("Does ixekizumab help depression in psoriasis?", "ustekinumab-2010-phoenix2-anxiety-depression"),
    ],
)
def test_a_gain_on_another_drug_is_not_in_the_better_lane(real: Answerer, question: str, other: str) -> None:
    """Works on a sister drug may be shown; they do not support the drug that was asked about."""
    assert other not in in_lane(ask(real, question), Stance.SUPPORTS)


def test_drugs_taken_alongside_are_not_credited(real: Answerer) -> None:
    """Antidepressants that somebody tried do not make a pooled analysis of other add-ons one on tocilizumab."""
    headline = ask(real, "should i ask my doctor for tocilizumab, ive tried 5 antidepressants").headline
    assert "pooled analysis" not in headline
    assert "antidepressants" not in headline


def test_trials_are_counted_of_the_drug_itself(real: Answerer) -> None:
    """A correction counts the trials of the drug, not those of a drug that is named beside it."""
    text = "Why does tocilizumab work for depression when antidepressants do not?"
    assert not re.search(r"\b\d+ trials missed", ask(real, text).headline)


@pytest.mark.parametrize("question", ["Is IL-6 raised in OCD?", "Is kynurenine raised in depression?"])
def test_a_pooled_study_that_points_both_ways_is_no_average(real: Answerer, question: str) -> None:
    """Where the one pooled study says "raised" of one thing and "not" or "lower" of another, it is mixed."""
    assert ask(real, question).headline.startswith(("Mixed", "Very uncertain"))


def test_a_marker_stands_for_inflammation(real: Answerer) -> None:
    """A question on inflammation is answered by work on IL-6, in its lane."""
    answer = ask(real, "Does childhood inflammation predict adult depression?")
    assert "khandaker-2014-alspac-il6" in in_lane(answer, Stance.SUPPORTS)


def test_how_many_is_answered_with_the_share(real: Answerer) -> None:
    """A question on how common something is brings the percentage, not the odds alone."""
    for question in (
        "How common is low grade inflammation in depression?",
        "How many depressed people have high CRP?",
    ):
        assert any("27%" in c.text for c in ask(real, question).claims)


def test_side_effects_after_a_question_on_benefit_bring_the_warnings(real: Answerer) -> None:
    """The harms of the drug, not what it does to the illness of the last question."""
    answer = ask(real, "what about side effects", ["Does tocilizumab help depression?"])
    assert answer.headline.startswith("Label warnings: serious infections")
    again = ask(real, "Is it safe?", ["Does tocilizumab help depression?"])
    assert again.headline.startswith("Label warnings: serious infections")


@pytest.mark.parametrize(
    "question",
    ["summarise what you know", "What are the limitations of the evidence?", "What don't we know yet?"],
)
def test_a_question_on_everything_means_the_topic(real: Answerer, question: str) -> None:
    """Who names nothing asks about what the collection is about."""
    assert "insight-2026-tocilizumab-depression-rct" in {s.source.id for s in ask(real, question).sources}


@pytest.mark.parametrize("question", ["Summarise the French revolution", "Limitations of my new phone"])
def test_a_question_on_everything_else_stays_outside(real: Answerer, question: str) -> None:
    """The words "summarise" and "limitations" do not make another subject this one."""
    assert not isinstance(real.answer(question), Cited)


KINDS = [
    ("my husband is on actemra and has gone really quiet, could it be the drug", QuestionKind.HARM),
    ("Did anyone in the trials become suicidal on tocilizumab?", QuestionKind.HARM),
    ("How strong is the evidence that IL-6 causes depression?", QuestionKind.ASSOCIATION),
    ("How strong is the evidence for tocilizumab in depression?", QuestionKind.EFFECT),
    ("What CRP level counts as inflamed depression?", QuestionKind.FIGURE),
    ("Does tocilizumab change how antidepressants are broken down?", QuestionKind.SAFETY),
    ("Is tocilizumab safe with sertraline?", QuestionKind.SAFETY),
    ("Is infliximab better than etanercept?", QuestionKind.COMPARISON),
]


@pytest.mark.parametrize(("question", "kind"), KINDS, ids=[k[0][:30] for k in KINDS])
def test_kinds_of_everyday_wordings(question: str, kind: QuestionKind, topic: Topic) -> None:
    """How people really ask for harm, strength of evidence, a threshold and an interaction."""
    assert read_question(question, topic).kind is kind


def work(design: Design, direction: Direction) -> Source:
    """A made-up work."""
    return Source(
        id="made-up", title="Made up", kind=SourceKind.ARTICLE, design=design, direction=direction,
        intervention="Alphamab", comparator="Placebo",
    )  # fmt: skip


def test_better_in_some_and_worse_in_others_is_neither_lane() -> None:
    """An interaction is context: it is no harm overall."""
    sentence = (
        "An interaction meant alphamab did better above 5 mg/L and placebo did better at 5 mg/L or below."
    )
    assert effect_stance(sentence, work(Design.RCT, Direction.NO_DIFFERENCE)) is Stance.CONTEXT


@pytest.mark.parametrize(
    ("interval", "stance"), [("0.84 to 1.01", Stance.NO_CLEAR_DIFFERENCE), ("0.71 to 0.93", Stance.OPPOSES)]
)
def test_an_interval_that_includes_one_is_no_link(interval: str, stance: Stance) -> None:
    """Words of protection with an interval across 1 are not "linked the other way"."""
    sentence = f"Predicted CRP pointed towards protection from self-harm (OR 0.88, 95% CI {interval})."
    assert association_stance(sentence, work(Design.MENDELIAN_RANDOMIZATION, Direction.MIXED)) is stance


def test_what_no_study_compares_is_very_uncertain(real: Answerer) -> None:
    """Sound trials of each drug alone say little about which is better."""
    answer = ask(real, "Minocycline vs celecoxib for depression, which is better?")
    assert answer.headline.startswith("No trial")
    assert answer.certainty is not None
    assert answer.certainty.level is Level.VERY_LOW
    assert "no study here sets them side by side" in answer.certainty.reasons


def test_a_comparison_of_the_classes_answers_one_of_two_drugs(real: Answerer) -> None:
    """Tocilizumab against TNF blockers: the pooled comparison of all modes of action is not left out."""
    answer = ask(real, "Tocilizumab vs TNF inhibitors for depression in arthritis")
    assert {"matcham-2018-ra-biologics-mental-health-nma", "ra-target-reached-tnfi-vs-non-tnfi-hads-2025"} & {
        s.source.id for s in answer.sources
    }


def test_a_greater_gain_on_the_drug_counts_as_a_comparison(real: Answerer) -> None:
    """A secondary result in favour is told, though its sentence does not name the placebo."""
    assert "favoured infliximab on anhedonia" in ask(real, "Does infliximab help anhedonia?").headline
