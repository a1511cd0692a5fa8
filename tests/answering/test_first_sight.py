"""What a reader sees at first sight: who paid, who was studied, which study is strongest, what may be had where."""

from __future__ import annotations

import re

import pytest

from caveat.answering.access import asks_of_access
from caveat.answering.events import Turn
from caveat.answering.headline_limits import NOT_DISPROVEN
from caveat.answering.money import asks_who_paid
from caveat.answering.people_asked import asked_people, studied
from caveat.answering.places import places
from caveat.answering.service import Answerer
from caveat.answering.strongest import asks_for_strongest
from caveat.domain.model import (
    Answer,
    CaveatKind,
    Cited,
    Declined,
    DeclineReason,
    Design,
    Direction,
    QuestionKind,
    Stance,
)
from caveat.domain.question import read_question
from caveat.domain.topic import Topic
from caveat.domain.watch_words import is_the_object


def ask(answerer: Answerer, question: str) -> Cited:
    """The answer, which must be a cited one."""
    answer: Answer = answerer.answer(question)
    assert isinstance(answer, Cited), answer.headline
    return answer


def in_lane(answer: Cited, stance: Stance) -> set[str]:
    """The works with a claim in this lane."""
    return {c.citations[0].source_id for c in answer.claims if c.stance is stance}


# Who paid.

WHO_PAID = [
    "this is all pharma bullshit isn't it, who paid for these trials",
    "are these studies paid by the manufacturer?",
    "any conflicts of interest?",
    "Is all this research funded by industry?",
    "whos paying for all this",
]


@pytest.mark.parametrize("question", WHO_PAID)
def test_who_paid_is_answered_with_what_the_works_record(real: Answerer, question: str) -> None:
    """Funding stands in the table as its work records it, "not stated" where nothing is known, and is counted."""
    answer = ask(real, question)
    assert answer.table is not None
    sources = {s.source.id: s.source for s in answer.sources}
    words = {True: "yes", False: "no", None: "not stated"}
    for source_id, row in zip(answer.table.source_ids, answer.table.rows, strict=True):
        cells = dict(zip(answer.table.columns, row, strict=True))
        assert cells["Paid for by"] == (sources[source_id].funding or "not stated")
        assert cells["Company that sells such a drug"] == words[sources[source_id].industry_funded]
    assert CaveatKind.INDUSTRY_FUNDED in {c.kind for c in answer.caveats}
    assert re.search(r"Of \d+ works .* \d+ are recorded as paid for by", answer.headline)
    assert {"insight-2026-tocilizumab-depression-rct", "sirukumab-mdd-nct02473289"} <= set(
        answer.table.source_ids
    )


def test_a_payer_that_is_named_brings_the_works_it_paid_for(real: Answerer) -> None:
    """Who asks after one company is shown its works, and how they stand among all."""
    answer = ask(real, "Which trials were sponsored by Janssen?")
    assert answer.table is not None
    assert all("Janssen" in row[answer.table.columns.index("Paid for by")] for row in answer.table.rows)
    assert "Janssen is named in the funding of 4." in answer.headline
    assert re.search(r"Of \d+ works", answer.headline)


def test_independent_research_is_listed_where_it_is_recorded(real: Answerer) -> None:
    """ "Not funded by Roche" does not bring the works that Roche funded."""
    answer = ask(real, "is there any independent research not funded by roche")
    assert answer.table is not None
    sources = {s.source.id: s.source for s in answer.sources}
    assert all(sources[i].industry_funded is False for i in answer.table.source_ids)
    assert "not paid for by such a company" in answer.headline


def test_who_paid_for_one_work_is_answered_of_that_work(real: Answerer) -> None:
    """A named trial is not drowned in a list of all."""
    answer = ask(real, "Who paid for the Knight study?")
    assert answer.table is None
    assert answer.headline.startswith("Funding: NIH")


@pytest.mark.parametrize(
    "question",
    [
        "who paid for the research on climate change?",
        "Who funded the ivermectin trials?",
        "who paid for lunch",
    ],
)
def test_who_paid_for_something_else_is_not_answered(real: Answerer, question: str) -> None:
    """Money behind what this collection is not about is not answered with the money behind what it is about."""
    assert isinstance(real.answer(question), Declined)


@pytest.mark.parametrize(
    "question",
    [
        "Who benefits from tocilizumab?",
        "Does treatment pay off?",
        "what data support this",
        "Will the NHS pay?",
    ],
)
def test_other_questions_do_not_ask_who_paid(question: str) -> None:
    """Words of money and of research alone make no question on funding."""
    assert not asks_who_paid(question)


# Who was studied.


def test_a_list_of_works_in_psychiatric_patients_holds_no_others(real: Answerer, topic: Topic) -> None:
    """Trials in arthritis and covid are left out, and their number is told."""
    answer = ask(real, "List all randomised trials of IL-6 blockade in psychiatric patients")
    assert answer.table is not None
    sources = {s.source.id: s.source for s in answer.sources}
    people = asked_people("in psychiatric patients", topic, of_a_drug=True)
    assert all(studied(sources[i], people, topic) for i in answer.table.source_ids)
    assert not {i for i in answer.table.source_ids if i.startswith(("strand-", "remap-"))}
    assert {"girgis-2018-tocilizumab-schizophrenia", "sirukumab-mdd-nct02473289"} <= set(
        answer.table.source_ids
    )
    assert re.search(r"Left out: \w+ works? that studied", answer.headline)


def test_a_list_without_a_fitting_group_says_so(real: Answerer) -> None:
    """Where nobody with the illness was studied, the first sentence tells that before works in others are listed."""
    headline = ask(real, "Which trials tested tocilizumab in people with anxiety?").headline
    assert headline.startswith("No work in this collection studied it in these people")


@pytest.mark.parametrize(
    ("question", "illness", "there"),
    [
        ("trials in depressed adults", "depression", True),
        ("trials in people with severe schizophrenia", "schizophrenia", True),
        ("trials of the drug in depression or psychosis", "psychosis", True),
        ("trials in patients with psychiatric disorders", "ptsd", True),
        ("trials in psychiatric patients", "encephalitis", False),
        ("trials that measured depression in arthritis", "depression", False),
        ("studies of depression after covid", "depression", False),
    ],
)
def test_the_people_asked_about_are_read_from_the_question(
    topic: Topic, question: str, illness: str, there: bool
) -> None:
    """An illness beside "patients", "people with" or, of a drug, "in" is that of the people; elsewhere it is not."""
    assert (illness in asked_people(question, topic, of_a_drug=True)) is there


# Which study is the strongest.


def test_the_strongest_study_is_named_with_what_speaks_against_it(real: Answerer) -> None:
    """One sentence: design, people, the missed outcome and the size; then the next; no opinion."""
    answer = ask(real, "Which is the single best study of tocilizumab in depression?")
    assert answer.table is not None
    assert answer.table.source_ids[0] == "insight-2026-tocilizumab-depression-rct"
    assert len(answer.table.source_ids) <= 5
    first = answer.headline.split(" Next: ")[0]
    assert "randomised, double-blind" in first
    assert "missed its main outcome" in first
    assert "n = 30" in first
    assert "insight-abstract-foley-interim" not in answer.table.source_ids


def test_the_strongest_of_a_marker_is_pooled_and_tests_no_drug(real: Answerer) -> None:
    """On a link between a marker and an illness pooled studies come first and trials of drugs do not come in."""
    answer = ask(real, "What is the most reliable study on CRP and depression?")
    assert answer.table is not None
    first = next(s.source for s in answer.sources if s.source.id == answer.table.source_ids[0])
    assert first.design in {Design.META_ANALYSIS, Design.MEGA_ANALYSIS}


@pytest.mark.parametrize("question", ["What is the best treatment for depression?", "Which drug is best?"])
def test_the_best_drug_is_no_question_on_studies(question: str) -> None:
    """A choice between treatments is not ranked."""
    assert not asks_for_strongest(question)


# What may be had, where, and who pays.


@pytest.mark.parametrize(
    ("question", "what"),
    [
        ("Will the NHS pay for tocilizumab for my depression?", "who pays"),
        ("Does insurance cover Actemra for depression?", "who pays"),
        ("How much does tocilizumab cost?", "what it costs"),
        ("Can I get tocilizumab on prescription in Spain?", "where and how it can be had"),
        ("where can I buy actemra online", "where and how it can be had"),
        ("Can my GP prescribe it privately?", "where and how it can be had"),
    ],
)
def test_price_payment_and_supply_are_declined_with_what_the_labels_allow(
    real: Answerer, question: str, what: str
) -> None:
    """Nothing on effect is told to somebody who asks what it costs; that it is not approved is."""
    answer = real.answer(question)
    assert isinstance(answer, Declined)
    assert answer.reason is DeclineReason.NOT_IN_COLLECTION
    assert what in answer.headline
    assert "Not approved for any psychiatric use" in answer.headline


@pytest.mark.parametrize(
    "question",
    [
        "Which NHS trials were funded by the government?",
        "Who paid for the trials?",
        "At what dose do people get better?",
        "Can I get depressed from tocilizumab?",
        "Is there evidence available on tocilizumab for anxiety?",
    ],
)
def test_other_questions_do_not_ask_how_to_get_it(question: str) -> None:
    """Words that questions on supply share with others do not decline the others."""
    assert not asks_of_access(question)


def test_the_place_asked_about_comes_first(real: Answerer) -> None:
    """What is licensed in Europe is told by the European text before any other, its uses before the rest."""
    answer = ask(real, "What is Actemra licensed for in Europe?")
    assert answer.claims[0].citations[0].source_id == "roactemra-ema-epar"
    assert "EU uses" in answer.claims[0].text
    american = ask(real, "What is Actemra licensed for in the US?")
    assert american.claims[0].citations[0].source_id == "label-actemra-fda-2022"


def test_a_place_that_no_label_speaks_of_is_named(real: Answerer) -> None:
    """A study made in Japan is no Japanese label."""
    headline = ask(real, "What is tocilizumab approved for in Japan?").headline
    assert "None of the labels or guidelines quoted below is on Japan" in headline


@pytest.mark.parametrize(
    ("text", "found"),
    [("Is it licensed in the UK?", {"the UK"}), ("what will it do for us", set()), ("a nice drug", set())],
)
def test_places_are_read_from_words_that_name_them(text: str, found: set[str]) -> None:
    """ "us" and "nice" in small letters are no country and no guideline."""
    assert places(text) == found


# Who a treatment helps, and what was never given.


@pytest.mark.parametrize(
    "question",
    [
        "Does high CRP predict poor response to antidepressants or to tocilizumab?",
        "Does tocilizumab work better in people with high CRP?",
        "Do IL-6 levels predict response to SSRIs?",
        "Which patients respond best to IL-6 blockers?",
    ],
)
def test_who_responds_is_answered_both_ways(real: Answerer, question: str) -> None:
    """A marker that may tell who is helped is met with works that say so and works that say not."""
    answer = ask(real, question)
    assert answer.question_kind is QuestionKind.ASSOCIATION
    lanes = {c.stance for c in answer.claims}
    assert {Stance.SUPPORTS, Stance.NO_CLEAR_DIFFERENCE} <= lanes
    assert "side by side" not in answer.headline
    assert "choose a treatment for one person" in answer.headline
    assert not {s.source.id for s in answer.sources if s.source.design is Design.MENDELIAN_RANDOMIZATION}


def test_what_was_never_given_is_said_first(real: Answerer) -> None:
    """No work gave IL-6 itself: the first sentence says so and names the nearest experiments."""
    answer = ask(real, "what happened to the brain scans after il6 infusion")
    assert "no work quoted below gave it to anyone" in answer.headline
    assert "typhoid" in answer.headline
    assert "harrison-2009-typhoid-sacc" in {s.source.id for s in answer.sources}


def test_giving_is_read_beside_the_marker_only(real: Answerer) -> None:
    """Somebody who gave birth gave nobody a marker."""
    text = "My partner gave birth in March. Is low mood round childbirth tied to inflammation?"
    assert "gave it to anyone" not in ask(real, text).headline


def test_scans_after_the_drug_are_told_by_works_with_scans(real: Answerer) -> None:
    """Who asks what scans showed is not told what questionnaires showed."""
    answer = ask(real, "What did PET scans show after tocilizumab?")
    assert all(re.search(r"MRI|scan|imaging|PET", c.text) for c in answer.claims)


def test_a_country_is_no_name_of_a_work(topic: Topic, real: Answerer) -> None:
    """ "in Spain" does not point at a work whose text names a Spanish company."""
    assert read_question("tocilizumab for depression in Spain", topic).plain_words
    answer = real.answer("Does tocilizumab help depression in Spain?")
    assert not isinstance(answer, Cited) or answer.question_kind is not QuestionKind.STUDY


# First contact: what sixty-two new questions showed.


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("is there a trial i can join", QuestionKind.LIST),
        ("When will the next trial report?", QuestionKind.LIST),
        ("How can my mother take part in a trial of tocilizumab?", QuestionKind.LIST),
        ("i already get low, will actemra tip me over", QuestionKind.HARM),
        ("Did anyone kill themselves in the trials?", QuestionKind.HARM),
        (
            "clozapine has failed and someone tried tocilizumab, what happened in schizophrenia?",
            QuestionKind.EFFECT,
        ),
        ("Compare siltuximab and tocilizumab in schizophrenia", QuestionKind.COMPARISON),
        ("Should CRP be measured before starting an anti-inflammatory?", QuestionKind.ASSOCIATION),
        ("can the drug even get in the brain to block il6", QuestionKind.MECHANISM),
        ("what trials failed", QuestionKind.LIST),
        ("how strong is the evidence that actemra causes depression", QuestionKind.HARM),
        ("does actemra work better than placebo in people who are inflamed", QuestionKind.EFFECT),
    ],
)
def test_the_form_is_read_from_first_contact_wordings(
    topic: Topic, question: str, kind: QuestionKind
) -> None:
    """Wordings of patients, carers and journalists that were first read as something else."""
    assert read_question(question, topic).kind is kind


def test_works_are_listed_by_what_they_reported(real: Answerer) -> None:
    """Who asks for cohorts that found worse mood is not given those that found a gain."""
    answer = ask(real, "List cohorts that found worse mood after tocilizumab")
    assert answer.table is not None
    assert set(answer.table.source_ids) == {
        "chakravarty-2023-covid-tocilizumab-depression",
        "knight-2021-tocilizumab-hct-worse-depression",
    }


def test_negative_studies_are_those_without_a_difference_or_with_a_missed_outcome(real: Answerer) -> None:
    """A list of negative studies holds the trial that missed its main outcome and none that reports a gain."""
    answer = ask(real, "Which trials in depressed people were negative?")
    assert answer.table is not None
    sources = {s.source.id: s.source for s in answer.sources}
    shown = [sources[i] for i in answer.table.source_ids]
    assert "insight-2026-tocilizumab-depression-rct" in answer.table.source_ids
    assert not [
        s.id for s in shown if s.direction is Direction.BENEFIT and s.primary_outcome_met is not False
    ]


def test_no_effect_is_not_harm(real: Answerer) -> None:
    """Cohorts that reported no effect are listed without those in which people did worse."""
    answer = ask(real, "Which cohort studies reported no effect on depression?")
    assert answer.table is not None
    sources = {s.source.id: s.source for s in answer.sources}
    assert not [i for i in answer.table.source_ids if sources[i].direction is Direction.HARM]


def test_the_largest_trial_is_named_with_its_result(real: Answerer) -> None:
    """Size is what was asked for; the missed outcome stands in the same sentence."""
    answer = ask(real, "What's the biggest trial of IL-6 blockade in depression and what did it show?")
    assert answer.table is not None
    assert answer.table.source_ids[0] == "sirukumab-mdd-nct02473289"
    assert re.search(r"193 .*missed its main outcome", answer.headline)


@pytest.mark.parametrize(
    ("question", "what"),
    [
        ("does tocilizumab help with premature ejaculation", "ejaculation"),
        (
            "How many prescriptions of tocilizumab were written for depression last year?",
            "how often it is prescribed",
        ),
        ("what do people on reddit say about actemra and brain fog", "what people write online"),
        ("Does it help PTSD? My brother is a veteran.", "tocilizumab and PTSD in the same work"),
        ("tocilizumab in late life depression", "older people"),
        ("is rinvoq better than actemra for mood?", "upadacitinib"),
    ],
)
def test_what_is_not_held_is_named(real: Answerer, question: str, what: str) -> None:
    """The thing asked about that the collection lacks is named, and nothing else is answered in its place."""
    answer = real.answer(question)
    assert isinstance(answer, Declined), answer.headline
    assert answer.reason is DeclineReason.NOT_IN_COLLECTION
    assert what in answer.headline


def test_a_missed_outcome_is_no_proof_of_no_effect(real: Answerer) -> None:
    """Who takes a small failed trial for proof that nothing works is told that it is none."""
    turns = [Turn("What did the Insight trial find?")]
    follow_up = real.answer("so it's been proven not to work then?", turns)
    assert isinstance(follow_up, Cited)
    assert follow_up.headline.startswith(NOT_DISPROVEN)
    assert ask(real, "Is tocilizumab useless for depression?").headline.startswith(NOT_DISPROVEN)
    assert NOT_DISPROVEN not in ask(real, "Does tocilizumab help depression?").headline


@pytest.mark.parametrize(
    ("question", "late"),
    [
        ("What happened to Insight participants five years later?", True),
        ("What did Insight find 12 months after the infusion?", True),
        ("What did the Insight trial find two weeks later?", False),
    ],
)
def test_what_lies_after_the_end_of_a_study_is_not_held(real: Answerer, question: str, late: bool) -> None:
    """Asked for years where 28 days were followed, the first words say when the looking ended."""
    headline = ask(real, question).headline
    assert headline.startswith("Nothing later than 28 days is held here.") is late


def test_a_question_in_two_halves_gets_both(real: Answerer) -> None:
    """Safe, and does it work: the label's warnings and what the trials found, miss and harm included."""
    answer = ask(real, "Is it safe and does it work?")
    assert answer.headline.startswith("Label warnings")
    assert "On whether it works" in answer.headline
    cited = {s.source.id for s in answer.sources}
    assert {"label-actemra-fda-2022", "insight-2026-tocilizumab-depression-rct"} <= cited
    assert "knight-2021-tocilizumab-hct-worse-depression" in cited


def test_harm_elsewhere_is_told_where_none_is_in_the_illness_asked_about(real: Answerer) -> None:
    """Memory after covid: a report in somebody with arthritis is quoted, and said to be in another illness."""
    answer = ask(
        real, "mum had tocilizumab for covid and now she forgets everything, could that be from the drug"
    )
    assert "another illness" in answer.headline
    assert "sasaki-2020-tocilizumab-leukoencephalopathy" in in_lane(answer, Stance.OPPOSES)


def test_a_short_follow_up_for_whom_changes_only_the_illness(real: Answerer) -> None:
    """ "in schizophrenia" after a list of trials asks for the list again, in schizophrenia."""
    answer = real.answer("in schizophrenia", [Turn("Which trials tested tocilizumab in depression?")])
    assert isinstance(answer, Cited)
    assert answer.question_kind is QuestionKind.LIST
    assert answer.table is not None
    assert "girgis-2018-tocilizumab-schizophrenia" in answer.table.source_ids


def test_an_unasked_outcome_is_not_read_into_a_question_on_the_body(real: Answerer) -> None:
    """ "Does it make you fat" is not answered with what the drug does to mood."""
    answer = ask(real, "does it make you fat")
    assert not {c for c in answer.claims if "depress" in c.text}


@pytest.mark.parametrize(
    ("word", "text", "there"),
    [
        ("ejaculation", "does it help with ejaculation", True),
        ("fat", "will it make you fat", True),
        ("leeds", "does it work for people I met in Leeds", False),
        ("wiht", "does it help wiht depression", False),
        ("letter", "a letter told me it works", False),
    ],
)
def test_the_object_of_a_treatment_is_read_from_its_place(word: str, text: str, there: bool) -> None:
    """A word counts as what the treatment is for where it stands there, and not because it is strange."""
    assert is_the_object(word, text) is there
