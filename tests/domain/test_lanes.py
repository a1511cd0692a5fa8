"""In which lane a sentence stands: better, worse, no clear difference, or no result at all."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caveat.domain.lanes import association_stance, effect_stance
from caveat.domain.model import Design, Direction, Source, Stance, Status
from caveat.domain.words_for import is_taken_back

TRIAL = Source("t", "t", design=Design.RCT)

BETTER = [
    "Depression scores fell more with tocilizumab than with placebo.",
    "Mood improved with the drug.",
    "People given tocilizumab had fewer depressive symptoms.",
    "Remission was more frequent with the drug than with placebo.",
    "The drug lowered anxiety.",
    "Fatigue was lower with tocilizumab.",
    "Depressive symptoms decreased.",
    "Depressive symptoms were reduced at week 8.",
    "Tocilizumab was superior to placebo on depression.",
    "Depression was less common with tocilizumab.",
    "Depression became less severe.",
    "Quality of life was better with the drug.",
    "Tocilizumab produced a greater reduction in depressive symptoms than placebo.",
    "Larger improvements in mood were seen with the drug.",
    "Quality of life was higher with the drug.",
    "Patients on the drug were less depressed.",
    "Celecoxib raised remission over placebo.",
]
WORSE = [
    "Tocilizumab was associated with a higher depression score.",
    "Depression worsened.",
    "Depressive symptoms rose in the treated group.",
    "Suicidal thoughts were more common with the drug.",
    "Remission was less common with tocilizumab.",
    "Remission was less frequent with tocilizumab than with placebo.",
    "Quality of life was worse.",
    "Patients became more depressed.",
    "The risk of depression was increased.",
    "Mood got worse in a third of patients.",
    "Response was lower with the drug.",
    "Remission fell with the drug.",
    "Fewer responders were seen with tocilizumab.",
    "Quality of life declined over the year.",
    "Anxiety increased after the infusion.",
    "The drug made the psychiatric symptoms worse.",
]
NO_DIFFERENCE = [
    "The primary outcome was not met.",
    "Depression did not differ between the groups.",
    "Depression did not worsen.",
    "Mood was no worse than with placebo.",
    "Depression was not worse with tocilizumab.",
    "The drug was no better than placebo.",
    "Neither depression nor anxiety improved.",
    "Depression failed to improve.",
    "Tocilizumab failed to improve depression.",
    "There was no improvement in mood.",
    "No significant differences in anxiety were seen.",
    "Depression scores were similar in both arms.",
    "Depression did not get worse.",
    "No worsening of depression was seen.",
    "There was no increase in suicidal thoughts.",
    "Depression was not reduced.",
    "Symptoms were unchanged.",
    "The confidence interval includes no difference.",
    "The drug was not more effective than placebo.",
    "No evidence of a benefit on mood was found.",
    "The trial found no benefit of the drug on depression.",
    "Serious events were no more common with the drug than with placebo.",
    "Depression was not lower with tocilizumab.",
    "The trial missed its primary outcome, although anhedonia improved.",
]
NO_RESULT = [
    "The authors expected depression to improve.",
    "The authors hypothesised that tocilizumab would improve mood.",
    "The trial aims to test whether depression improves.",
    "Tocilizumab might improve mood.",
    "Whether tocilizumab improves mood is unknown.",
    "It is not known whether depression improved.",
    "Depression scores were measured at weeks 4 and 8.",
    "Depression improvement was the primary outcome.",
    "The primary outcome is the improvement in depression at week 8.",
    "Patients with worse depression at baseline were excluded.",
    "The trial enrolled people with more severe depression.",
    "Higher CRP at baseline was required.",
    "A larger trial is needed to see whether mood improves.",
    "IL-6 was higher in depression than in controls.",
    "During the stay the untreated group had fewer psychiatric symptoms.",
    "Higher weight predicted less response.",
    "Tocilizumab lowered CRP within a day.",
    "CRP was less variable than depression.",
]


@pytest.mark.parametrize(
    ("sentence", "lane"),
    [
        *((s, Stance.SUPPORTS) for s in BETTER),
        *((s, Stance.OPPOSES) for s in WORSE),
        *((s, Stance.NO_CLEAR_DIFFERENCE) for s in NO_DIFFERENCE),
        *((s, Stance.CONTEXT) for s in NO_RESULT),
    ],
)
def test_each_sentence_stands_in_its_lane(sentence: str, lane: Stance) -> None:
    """Direction, what is good and bad, negation and mere expectation are told apart."""
    assert effect_stance(sentence, TRIAL) is lane


def test_there_are_enough_of_each_lane() -> None:
    """At least 40 sentences, at least ten of each lane."""
    lanes = [BETTER, WORSE, NO_DIFFERENCE, NO_RESULT]
    assert sum(map(len, lanes)) >= 40
    assert min(map(len, lanes)) >= 10


def test_a_better_and_a_worse_word_leave_it_to_the_recorded_direction() -> None:
    """A sentence that says both is placed by what its work reports, or nowhere."""
    both = "Depression improved but anxiety got worse."
    assert effect_stance(both, TRIAL) is Stance.CONTEXT
    assert (
        effect_stance(both, Source("a", "a", design=Design.RCT, direction=Direction.HARM)) is Stance.OPPOSES
    )
    assert (
        effect_stance(both, Source("b", "b", design=Design.RCT, direction=Direction.BENEFIT))
        is Stance.SUPPORTS
    )
    mixed = Source("c", "c", design=Design.RCT, direction=Direction.MIXED)
    assert effect_stance(both, mixed) is Stance.CONTEXT


@pytest.mark.parametrize(
    "design",
    [
        Design.TRIAL_PROTOCOL,
        Design.TRIAL_REGISTRATION,
        Design.NARRATIVE_REVIEW,
        Design.GUIDELINE,
        Design.DRUG_LABEL,
        Design.MENDELIAN_RANDOMIZATION,
    ],
)
def test_what_reports_no_result_of_a_treatment_has_no_lane(design: Design) -> None:
    """Plans, opinions, labels and genetic studies never stand for or against an effect."""
    source = Source("x", "x", design=design)
    assert {effect_stance(s, source) for s in (*BETTER, *WORSE, *NO_DIFFERENCE)} == {Stance.CONTEXT}


@pytest.mark.parametrize("status", [Status.RETRACTED, Status.WITHDRAWN])
def test_a_retracted_work_stands_in_no_lane(status: Status) -> None:
    """What was taken back supports nothing and opposes nothing."""
    gone = Source("x", "x", design=Design.RCT, status=status)
    assert is_taken_back(gone)
    assert {effect_stance(s, gone) for s in (*BETTER, *WORSE, *NO_DIFFERENCE)} == {Stance.CONTEXT}
    assert association_stance("IL-6 was associated with depression.", gone) is Stance.CONTEXT


@pytest.mark.parametrize(
    "status", [Status.CURRENT, Status.UNKNOWN, Status.CORRECTED, Status.EXPRESSION_OF_CONCERN]
)
def test_any_other_status_keeps_its_lane(status: Status) -> None:
    """A correction or a doubt is a caveat, not a removal."""
    source = Source("x", "x", design=Design.RCT, status=status)
    assert effect_stance(BETTER[0], source) is Stance.SUPPORTS


@pytest.mark.parametrize(
    ("sentence", "lane"),
    [
        ("IL-6 was associated with depression.", Stance.SUPPORTS),
        ("CRP was higher in people with depression than in controls.", Stance.SUPPORTS),
        ("Childhood IL-6 predicted later depression.", Stance.SUPPORTS),
        ("CRP correlated with anhedonia.", Stance.SUPPORTS),
        ("Raised CRP was linked to fatigue.", Stance.SUPPORTS),
        ("IL-6 was not associated with depression.", Stance.NO_CLEAR_DIFFERENCE),
        ("There was no association between CRP and mood.", Stance.NO_CLEAR_DIFFERENCE),
        ("No evidence that IL-6 raises the risk of self-harm was found.", Stance.NO_CLEAR_DIFFERENCE),
        ("CRP did not predict depression.", Stance.NO_CLEAR_DIFFERENCE),
        ("Levels were not higher in depression.", Stance.NO_CLEAR_DIFFERENCE),
        ("IL-6 levels did not differ between patients and controls.", Stance.NO_CLEAR_DIFFERENCE),
        ("Genetically higher CRP went with lower risk of schizophrenia.", Stance.OPPOSES),
        ("The variant was protective against depression.", Stance.OPPOSES),
        ("CRP was inversely related to anxiety.", Stance.OPPOSES),
        ("Blood was taken twice.", Stance.CONTEXT),
        ("Depression was measured with a questionnaire.", Stance.CONTEXT),
    ],
)
def test_links_are_told_from_their_absence(sentence: str, lane: Stance) -> None:
    """Linked, linked the other way, not linked, or nothing said of it."""
    assert association_stance(sentence, TRIAL) is lane


@given(
    st.sampled_from([*BETTER, *WORSE]), st.sampled_from(["", "  ", "In the Doe 2020 trial of 12 people, "])
)
def test_a_lead_in_does_not_change_the_lane(sentence: str, lead: str) -> None:
    """Who reported it does not matter for where it stands."""
    assert effect_stance(lead + sentence, TRIAL) is effect_stance(sentence, TRIAL)


@given(st.text(max_size=200))
def test_any_sentence_has_one_lane(text: str) -> None:
    """Odd text is placed without an error."""
    assert effect_stance(text, TRIAL) in Stance
    assert association_stance(text, TRIAL) in Stance


@pytest.mark.parametrize(
    "text", ["more " * 5000, "depression was " * 2000, "no " * 5000, "higher depress" * 1500]
)
def test_long_sentences_are_placed_quickly(text: str) -> None:
    """No pattern goes wrong in time."""
    started = time.perf_counter()
    effect_stance(text, TRIAL)
    association_stance(text, TRIAL)
    assert time.perf_counter() - started < 1.0
