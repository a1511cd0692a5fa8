"""Stance by rule: direction words, the outcome's polarity, denial, and which arm is spoken of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from caveat.domain.lanes import effect_stance
from caveat.domain.model import Design, Direction, Source, Stance
from caveat.domain.stance import Benefit, Effect, benefit_of, outcome_polarity, stance_of, told_benefit

UP, DOWN, SAME = Effect.INCREASED, Effect.DECREASED, Effect.NO_DIFFERENCE
BETTER, WORSE, NEITHER = Benefit.BETTER, Benefit.WORSE, Benefit.NEITHER

ADVERSARIAL = [
    # sentence, outcome, effect of tocilizumab against placebo, is it wanted
    ("Depression scores fell more with tocilizumab than with placebo.", "depression scores", DOWN, BETTER),
    ("Depression scores fell more with placebo than with tocilizumab.", "depression scores", UP, WORSE),
    ("Depression was higher with placebo than with tocilizumab.", "depression", DOWN, BETTER),
    ("There was less remission with tocilizumab than with placebo.", "remission", DOWN, WORSE),
    ("Remission was more frequent with tocilizumab.", "remission", UP, BETTER),
    ("Remission was less frequent with placebo than with tocilizumab.", "remission", UP, BETTER),
    ("Depression did not worsen with tocilizumab.", "depression", SAME, NEITHER),
    ("Depression did not improve with tocilizumab.", "depression", SAME, NEITHER),
    ("Tocilizumab failed to improve depression.", "depression", SAME, NEITHER),
    ("Tocilizumab failed to prevent worsening of depression.", "depression", SAME, NEITHER),
    ("Tocilizumab was non-inferior to placebo for depression.", "depression", SAME, NEITHER),
    ("Tocilizumab was not inferior to placebo on depression.", "depression", SAME, NEITHER),
    ("Tocilizumab was not superior to placebo on depression.", "depression", SAME, NEITHER),
    ("No difference in depression was seen between tocilizumab and placebo.", "depression", SAME, NEITHER),
    ("Depression was significantly lower with tocilizumab (P = 0.01).", "depression", DOWN, BETTER),
    ("Depression was lower with tocilizumab, but not significantly (P = 0.31).", "depression", SAME, NEITHER),
    ("Depression tended to be lower with tocilizumab (P = 0.08).", "depression", SAME, NEITHER),
    ("Depression improved in both groups.", "depression", SAME, NEITHER),
    ("Depression improved in both groups, but significantly more with tocilizumab (P = 0.02).", "depression", DOWN, BETTER),
    ("Suicidal ideation was increased in the tocilizumab group.", "suicidal ideation", UP, WORSE),
    ("Anxiety worsened on tocilizumab.", "anxiety", UP, WORSE),
    ("Quality of life declined on tocilizumab.", "quality of life", DOWN, WORSE),
    ("Anxiety was 12.1 with tocilizumab and 15.9 with placebo (P = 0.01).", "anxiety", DOWN, BETTER),
    ("For anxiety, tocilizumab versus placebo: 15.9 versus 12.1 (P = 0.01).", "anxiety", UP, WORSE),
    ("For anxiety, tocilizumab versus placebo: 15.9 versus 12.1 (P = 0.40).", "anxiety", SAME, NEITHER),
    ("The hazard ratio for depression with tocilizumab was 1.13 (95% CI 0.68 to 1.89).", "depression", SAME, NEITHER),
    ("The hazard ratio for depression with tocilizumab was 1.63 (95% CI 1.18 to 2.29).", "depression", UP, WORSE),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "outcome", "effect", "wanted"), ADVERSARIAL)
def test_the_effect_and_whether_it_is_wanted(
    sentence: str, outcome: str, effect: Effect, wanted: Benefit
) -> None:
    """Negation, arms, significance and what is good or bad are told apart."""
    assert stance_of(sentence, outcome, "tocilizumab", "placebo").effect is effect
    assert benefit_of(effect, outcome) is wanted


def test_a_denied_failure_is_never_harm() -> None:
    """Two denials may be read as no difference, which is too careful, but not as the opposite."""
    read = stance_of(
        "Tocilizumab did not fail to improve depression.", "depression", "tocilizumab", "placebo"
    )
    assert read.effect in {DOWN, SAME}


@pytest.mark.parametrize(
    ("outcome", "sign"),
    [
        ("depression", -1),
        ("depressive symptoms", -1),
        ("remission", 1),
        ("response rate", 1),
        ("quality of life", 1),
        ("reduction in pain", 1),
        ("haemoglobin", 0),
    ],
)
def test_what_is_wanted_of_an_outcome(outcome: str, sign: int) -> None:
    """Less of an illness, more of a recovery; of other measures the words do not say."""
    assert outcome_polarity(outcome) == sign


def test_nothing_is_read_where_nothing_is_told() -> None:
    """A sentence without a finding is unclear and points at no sentence."""
    read = stance_of("Participants were recruited at four sites.", "depression", "tocilizumab", "placebo")
    assert read.effect is Effect.UNCLEAR
    assert read.span is None


def test_the_sentence_that_says_it_is_pointed_at() -> None:
    """Of two sentences the span holds the one with the finding."""
    text = "Thirty people took part. Depression was lower with tocilizumab than with placebo (P = 0.01)."
    span = stance_of(text, "depression", "tocilizumab", "placebo").span
    assert span is not None
    assert text[span.start : span.end].startswith("Depression was lower")


def test_a_row_of_a_table_is_read_by_its_p_value() -> None:
    """Short lines are one row, whose last figure is the P value."""
    row = "Total blood loss (ml)\nmean and sd\n175 (168)\n187 (207)\np = .809"
    assert stance_of(row, "total blood loss", "misoprostol", "placebo").effect is SAME


def test_a_sentence_without_a_treatment_tells_no_benefit() -> None:
    """That a marker is higher in an illness is no harm of a drug."""
    text = "IL-6 was higher in depression than in healthy people."
    assert told_benefit(text, ["depression"], "Tocilizumab, one infusion") is Benefit.UNKNOWN


def test_two_outcomes_that_went_two_ways_tell_neither() -> None:
    """Less depression and more anxiety is no benefit and no harm."""
    text = "With tocilizumab depression fell, while anxiety rose."
    assert told_benefit(text, ["depression"], "tocilizumab", "placebo") is Benefit.BETTER
    assert told_benefit(text, ["depression", "anxiety"], "tocilizumab", "placebo") is Benefit.UNKNOWN


TRIAL = Source("t", "t", design=Design.RCT, intervention="Exercise training", comparator="Usual care")
UNWORDED = "Anhedonia was attenuated in the training group relative to usual care (P = 0.004)."


def test_a_work_without_a_recorded_direction_is_read_word_by_word() -> None:
    """What no wording of the field knows still gets its lane when the outcome is named."""
    assert effect_stance(UNWORDED, TRIAL) is Stance.CONTEXT
    assert effect_stance(UNWORDED, TRIAL, ("Anhedonia",)) is Stance.SUPPORTS


@pytest.mark.parametrize(
    ("direction", "lane"),
    [
        (Direction.BENEFIT, Stance.SUPPORTS),
        (Direction.HARM, Stance.CONTEXT),
        (Direction.NO_DIFFERENCE, Stance.CONTEXT),
        (Direction.ASSOCIATION, Stance.CONTEXT),
    ],
)
def test_what_is_only_read_word_by_word_must_fit_the_recorded_direction(
    direction: Direction, lane: Stance
) -> None:
    """A work recorded as harmful never supports by a reading of single words."""
    assert effect_stance(UNWORDED, replace(TRIAL, direction=direction), ("Anhedonia",)) is lane
