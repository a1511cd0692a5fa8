"""What is asked: out of a long story, in a follow-up, of two things of which one is not held, and in passing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from caveat.answering.context import Screening
from caveat.answering.events import Turn
from caveat.answering.figures_told import figure_not_told
from caveat.answering.followup import standalone
from caveat.answering.long_message import what_is_asked
from caveat.answering.people_in_all import asks_people_in_all, people_in_all
from caveat.answering.service import Answerer
from caveat.answering.shelf import Linked
from caveat.answering.understanding import ASKED_IN_A_STORY
from caveat.domain.kinds import asks_how_given, compares_ways
from caveat.domain.model import Answer, Cited, Declined
from caveat.domain.model import QuestionKind as Q
from caveat.domain.question import read_question
from caveat.domain.text import nearest_word
from caveat.domain.topic import Topic

# Long stories: what is asked, what of the story is filled in, and what of it must not count.
STORIES = [
    (
        "I lost my job in the spring and my flat in the summer. Three antidepressants failed, and then a course of "
        "lithium failed as well, and the doctor has run out of ideas. My cousin says they now give people an arthritis drug for depression. Does it work?",
        "Does it work? (tocilizumab, depression)",
    ),
    (
        "Mum has rheumatoid arthritis and her methotrexate failed after two years, so they moved her on to Actemra. Her hands are "
        "better than they have been for ages. She cries in the evenings though, and she will not see her friends. Has low mood been reported in people on this drug?",
        "Has low mood been reported in people on this drug? (tocilizumab)",
    ),
    (
        "My supervisor failed my first draft and she was right to. I have two jobs and hardly any sleep and it is due on Monday. "
        "Somewhere I wrote that inflammation makes people ill in the mind. I would like to know whether IL-6 comes before depression or after it.",
        "I would like to know whether IL-6 comes before depression or after it.",
    ),
    (
        "My editor wants the line 'one drip lifts half of patients out of depression' on the front page. The press office "
        "sent it over an hour ago. I have never written about medicine before and I do not want to get it wrong. Is that line fair?",
        'Is that line fair: "one drip lifts half of patients out of depression"? (tocilizumab)',
    ),
    (
        "Dad is seventy and as stubborn as they come, and his shoulders have been bad since the winter. My uncle had a bowel perforation "
        "on something like it and we have all been afraid of that. What is the actual risk of that with these injections?",
        "What is the actual risk of that with these injections? (tocilizumab, gut perforation)",
    ),
]


@pytest.mark.parametrize(("message", "asked"), STORIES)
def test_a_story_is_read_for_what_it_asks(topic: Topic, message: str, asked: str) -> None:
    """Only the sentence that asks is looked up, with the drug and the illness that "it" stands for; no more of the story."""
    assert what_is_asked(message, topic) == asked


@pytest.mark.parametrize(
    "message",
    [
        "Does it help PTSD? My brother is a veteran.",
        "My brother has been unwell for years and nobody knows what to do with him any more. He lives with our mother. She is "
        "eighty now and cannot lift him, and I am at the other end of the country.",
        "Does tocilizumab given once into a vein to adults with depression and a raised C-reactive protein who did not respond to an "
        "antidepressant make a difference to their somatic symptoms after two weeks?",
    ],
)
def test_a_short_message_or_a_single_sentence_is_the_question(topic: Topic, message: str) -> None:
    """Nothing is left out of a message that is no story with a question in it."""
    assert what_is_asked(message, topic) is None


def test_the_whole_story_is_read_for_safety_and_the_reader_is_told(make: Callable[..., Answerer]) -> None:
    """What is not looked up is still screened, and one line says how the question was understood."""
    seen: list[str] = []

    def screen(text: str, history: Sequence[str]) -> Screening:
        seen.append(text)
        return Screening()

    answer = make(screen=screen).answer(STORIES[0][0])
    assert "lost my job" in seen[0]
    assert answer.question == STORIES[0][0]
    assert answer.standalone_question == STORIES[0][1]
    assert ASKED_IN_A_STORY in answer.notices


# Follow-ups.

LISTED = "Which studies looked at tocilizumab and depression?"
CHAINS = [
    ([LISTED], "which of those were randomised?", Q.LIST),
    ([LISTED, "which of those were randomised?"], "and how many people was that in all?", Q.LIST),
    (["What trials of IL-6 blockers in schizophrenia are there?"], "were any of them positive?", Q.LIST),
    (["does actemra make people depressed"], "in which illness was that?", Q.HARM),
    (["does actemra make people depressed", "in which illness was that?"], "how sure are you", Q.HARM),
    (["How does inflammation affect dopamine?"], "who showed that?", Q.MECHANISM),
    (["Is IL-6 raised in schizophrenia?"], "how sure is that", Q.ASSOCIATION),
    (["Is IL-6 raised in schizophrenia?"], "by how much?", Q.FIGURE),
    (["Does tocilizumab help fatigue?"], "but why?", Q.MECHANISM),
    (["What are the side effects of tocilizumab?"], "do those happen with sarilumab too", Q.SAFETY),
]


@pytest.mark.parametrize(("earlier", "question", "kind"), CHAINS)
def test_a_follow_up_keeps_the_form_of_what_it_follows(
    topic: Topic, earlier: list[str], question: str, kind: Q
) -> None:
    """A follow-up that does not say what form of answer it wants gets that of the question before it."""
    turns: list[Turn] = []
    for text in earlier:
        turns.append(Turn(text, standalone(text, turns, topic)))
    assert read_question(standalone(question, turns, topic), topic).kind is kind


def test_the_same_is_asked_of_another_drug(topic: Topic) -> None:
    """ "…with sarilumab too" asks the last question of sarilumab."""
    before = [Turn("What are the side effects of tocilizumab?")]
    assert (
        standalone("do those happen with sarilumab too", before, topic)
        == "What are the side effects of sarilumab?"
    )


# Two things asked, one of them not held.


@pytest.mark.parametrize(
    ("question", "unknown", "understood"),
    [
        ("levilimab or tocilizumab for low mood, which has better data?", "levilimab", "Does tocilizumab help depression?"),
        ("Is tocilizumab better than risankizumab for anxiety?", "risankizumab", "Does tocilizumab help anxiety?"),
        ("Does it cause weight gain and can it be taken in pregnancy?", "weight", "can it be taken in pregnancy? (tocilizumab)"),
        ("what are the side effects and can my dad drink on it", "alcohol", "what are the side effects? (tocilizumab)"),
    ],
)  # fmt: skip
def test_what_is_not_held_is_named_and_the_rest_is_answered(
    real: Answerer, question: str, unknown: str, understood: str
) -> None:
    """The missing half comes first, by name; the other half is answered as if it had been asked alone."""
    answer = real.answer(question)
    assert isinstance(answer, Cited)
    assert answer.headline.startswith(f"This collection holds nothing on {unknown}")
    assert answer.standalone_question == understood


def test_what_is_told_of_a_person_is_no_half_of_the_question(real: Answerer) -> None:
    """An illness that is not held is not dropped because it stood in a sentence of its own."""
    answer = real.answer("my dad has Parkinson's. does tocilizumab help his low mood?")
    assert isinstance(answer, Declined)
    assert "parkinson" in answer.headline


@pytest.mark.parametrize(
    ("question", "name", "beside"),
    [
        ("can i have a few pints while on tocilizumab?", "alcohol", "liver injury"),
        ("Does tocilizumab interact with St John's wort?", "St John's wort", "Label warnings"),
        ("are there any gene therapies against il-6 for depression", "gene therapy", "Nearest"),
        ("does cold water swimming lower IL-6 as much as tocilizumab?", "cold water", "Nearest"),
    ],
)
def test_a_neighbouring_subject_is_declined_by_name(
    real: Answerer, question: str, name: str, beside: str
) -> None:
    """ "Pints" are declined as alcohol, with what is nearest: the label's warnings, or works."""
    answer = real.answer(question)
    assert isinstance(answer, Declined)
    assert f"It holds nothing on: {name}" in answer.headline
    assert beside in answer.headline


# Numbers and ways of giving.


def test_people_of_several_works_are_counted_once() -> None:
    """Two reports of one trial are one group of people; where no size is known, that is said."""
    trial, again = Linked("a", ("NCT00000001",)), Linked("b", ("NCT00000001",))
    told = people_in_all(
        [trial, again, Linked("c", ("NCT00000002",)), Linked("e")], {"a": 30, "b": 24, "c": 100, "e": 0}
    )
    assert "People in all: 130, in two groups" in told
    assert "for one more the size is not known" in told


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("How many people in total have been in randomised trials of IL-6 blockers for depression?", True),
        ("how many patients was that in all?", True),
        ("How many people took part in Insight?", False),
        ("How many depressed people have high CRP across studies?", False),
        ("How many people got better in those trials?", False),
    ],
)
def test_the_people_of_several_works_are_told_from_those_of_one(text: str, several: bool) -> None:
    """A sum is made only where people of several works are to be counted, not those who got better or have something."""
    assert asks_people_in_all(text) is several


@pytest.mark.parametrize(
    ("question", "quote", "absent"),
    [
        ("What was the effect size?", "Scores did not differ (p = 0.4).", "standardised effect size"),
        ("What was the effect size?", "IL-6 was higher: g = 0.62.", None),
        ("How big was the difference?", "It needed a score of 7 or more, or 3 mg/L.", "size of the difference"),
        ("How big was the difference?", "Remission was 53.9% versus 31.3%.", None),
        ("how many dropped out?", "Day 28 remission was 53.9%.", "number who dropped out"),
        ("how many dropped out?", "Of 87 people, 12 withdrew.", None),
        ("What did it find?", "Scores did not differ.", None),
    ],
)  # fmt: skip
def test_a_figure_that_no_quote_holds_is_named(question: str, quote: str, absent: str | None) -> None:
    """The reader learns that the number asked for is not there, and is not left to look for it."""
    told = figure_not_told(question, [quote])
    assert told is None if absent is None else told is not None and absent in told


def test_the_missing_effect_size_of_a_named_trial_is_told(real: Answerer) -> None:
    """A named trial whose note holds no effect size says so before its result."""
    answer = real.answer("What was the standardized mean difference in the Girgis schizophrenia trial?")
    assert isinstance(answer, Cited)
    assert answer.headline.startswith("No standardised effect size")


@pytest.mark.parametrize(
    ("text", "given", "compared"),
    [
        ("drip or injection under the skin, which one did they use", True, False),
        ("is the jab better than the drip for mood", True, True),
        ("is it weekly or monthly?", True, False),
        ("how do you take tocilizumab", True, False),
        ("do infusions of IL-6 make people tired", False, False),
    ],
)
def test_the_way_of_giving_is_read(text: str, given: bool, compared: bool) -> None:
    """Drip or jab is a question on how it is given; which is better compares the two."""
    assert (asks_how_given(text), compares_ways(text)) == (given, compared)


def test_the_way_of_giving_in_a_trial_is_quoted(real: Answerer) -> None:
    """Asked how a drug was given, every sentence shown tells of a way of giving."""
    answer = real.answer("drip or injection under the skin, which one did they use in the depression study")
    assert isinstance(answer, Cited)
    assert all("infusion" in c.text or "subcutaneous" in c.text for c in answer.claims)
    assert any(c.citations[0].source_id.startswith("insight") for c in answer.claims)


# In passing.


def _headline(answer: Answer) -> tuple[Q | None, str]:
    return answer.question_kind, answer.headline


@pytest.mark.parametrize(
    ("question", "like"),
    [
        ("so whats the catch", "What are the risks and side effects of tocilizumab?"),
        ("bullshit or not??", "Does tocilizumab help depression?"),
        ("worth it?", "Does tocilizumab help depression?"),
    ],
)
def test_a_first_word_on_the_whole_is_answered(real: Answerer, question: str, like: str) -> None:
    """A blunt first message with nothing named asks what this collection is about."""
    assert _headline(real.answer(question)) == _headline(real.answer(like))


def test_any_treatment_is_not_only_ours(real: Answerer) -> None:
    """ "Anything for bipolar" brings the trial of another drug too."""
    answer = real.answer("anything for bipolar")
    assert isinstance(answer, Cited)
    assert "mcintyre-2019-infliximab-bipolar" in {s.source.id for s in answer.sources}


def test_an_illness_comes_before_a_symptom_named_in_passing(topic: Topic) -> None:
    """ "Exhausted by promises" asks nothing on fatigue, and a death in the family nothing on mortality."""
    message = (
        "I have had depression since I was nineteen. My sister died in March and I have hardly left the house since. Someone online "
        "wrote about an arthritis drug that works on exactly that. I am exhausted by promises. Is there anything real behind this?"
    )
    assert what_is_asked(message, topic) == "Is there anything real behind this? (tocilizumab, depression)"


@pytest.mark.parametrize(
    ("question", "other", "told"),
    [
        ("what is CRP and does lowering it make you happier", "what is CRP", "as described in this collection"),
        ("how is it given and how often, and does the dose matter for mood", "does the dose matter for mood", "Not shown"),
        ("Is tocilizumab licensed in Europe and does it make people depressed?", "does it make people depressed", "does not show that the drug was the cause"),
    ],
)  # fmt: skip
def test_both_questions_of_one_message_are_answered(
    real: Answerer, question: str, other: str, told: str
) -> None:
    """The question that the form of the answer leaves out is answered after it, with sentences of its own."""
    answer = real.answer(question)
    assert isinstance(answer, Cited)
    first, _, second = answer.headline.partition("Also asked")
    assert first
    assert other in second
    assert told in second


@pytest.mark.parametrize(
    "question",
    [
        "Does tocilizumab help depression?",
        "Does it help depression and does it help anxiety?",
        "My partner gave birth in March and has been flat since. Is low mood round childbirth tied to inflammation?",
        "What did Knight 2021 find and how was it done?",
    ],
)
def test_one_question_is_not_taken_for_two(real: Answerer, question: str) -> None:
    """Two outcomes, a story before the question or two sides of one work are one answer."""
    assert "Also asked" not in real.answer(question).headline


def test_a_correct_word_is_not_mended_into_another(real: Answerer) -> None:
    """ "Hoarding" is no slip of "hearing"; longer slips are still mended."""
    answer = real.answer("does tocilizumab help with hoarding")
    assert isinstance(answer, Declined)
    assert "hoarding" in answer.headline
    assert nearest_word("tocilizmbab", {"tocilizumab", "hearing"}) == "tocilizumab"


def test_who_must_not_have_it_is_a_question_on_safety(real: Answerer) -> None:
    """Asked with "it" alone, what stands against giving the drug is looked up."""
    assert real.answer("who shouldn't take it and what happens if they do").question_kind is Q.SAFETY


def test_a_list_that_nothing_fits_says_so(real: Answerer) -> None:
    """Where no work reports what is asked for, that is said, and not how things come about."""
    answer = real.answer("Which trials of IL-6 blockers in schizophrenia were positive?")
    assert answer.headline.startswith("No work here is recorded with such a result")


def test_the_ways_of_giving_are_told(real: Answerer) -> None:
    """The ways are those that the quotes name, and a way that none names is told as missing."""
    headline = real.answer("pill, jab or drip - how do you take tocilizumab").headline
    assert "into a vein and under the skin" in headline
    assert "None of them tells of tablets" in headline


def test_hearsay_on_who_responds_is_answered_as_such(topic: Topic) -> None:
    """ "Someone said inflamed people don't respond to SSRIs" asks who responds, not what an SSRI does."""
    read = read_question("someone said inflamed people dont respond to ssris. true?", topic)
    assert read.kind is Q.ASSOCIATION


def test_the_works_that_a_story_names_are_those_asked_of(topic: Topic, real: Answerer) -> None:
    """ "That trial" is the one the story spoke of, and "is that true" asks of what was last said."""
    message = (
        "I am a third-year student and journal club is on Thursday. I chose the Insight trial because a friend had talked about it. "
        "My supervisor has already said twice that she does not think much of it. What did that trial measure in the end?"
    )
    assert real.answer(message).standalone_question == "What did that trial measure in the end? (Insight)"
    heard = (
        "I have had arthritis since I was a child and nothing has been right since the spring. My neighbour is a nurse and "
        "she says that tocilizumab lifts mood by itself. I never know what to think of what she tells me. Is that true?"
    )
    asked = what_is_asked(heard, topic)
    assert asked is not None
    assert asked.startswith('Is that true: "My neighbour is a nurse and she says that tocilizumab lifts mood')


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("can i fly with my actemra pens in hand luggage", "travel"),
        ("is it ok to eat sushi while on actemra", "sushi"),
        ("Any data on tocilizumab and BDNF?", "BDNF and tocilizumab in the same work"),
    ],
)
def test_what_may_be_done_beside_the_drug_is_declined_by_name(
    real: Answerer, question: str, name: str
) -> None:
    """A practical question on life with the drug is not answered with trials of mood."""
    answer = real.answer(question)
    assert isinstance(answer, Declined)
    assert name in answer.headline


def test_a_missing_detail_of_a_work_is_not_told_as_another_subject(real: Answerer) -> None:
    """Where a work is on the subject and only the detail is missing, nothing false is said of the subject."""
    answer = real.answer("What was the mean age of the patients in the Knight transplant cohort?")
    assert isinstance(answer, Declined)
    assert "in the same work" not in answer.headline


def test_from_one_study_or_many_brings_the_studies(topic: Topic) -> None:
    """Asked how many studies say so, the works are listed."""
    before = [Turn("Does tocilizumab help fatigue?")]
    asked = standalone("and is that from one study or lots?", before, topic)
    assert read_question(asked, topic).kind is Q.LIST


@pytest.mark.parametrize(
    ("question", "earlier"),
    [
        ("What did Insight find, and who paid for it?", []),
        ("who funded this?", ["What did the Insight trial find?"]),
    ],
)
def test_who_paid_for_a_work_is_not_asked_of_the_program(
    real: Answerer, question: str, earlier: list[str]
) -> None:
    """ "It" is the work that was named, here or before, and not this program."""
    answer = real.answer(question, [Turn(text) for text in earlier])
    assert isinstance(answer, Cited)
    assert "Wellcome" in answer.headline


def test_in_whom_it_was_is_told_first(real: Answerer) -> None:
    """Asked in which illness, the headline names the people of the works shown."""
    answer = real.answer("in what illness?", [Turn("Does tocilizumab help fatigue?")])
    assert isinstance(answer, Cited)
    assert "They studied:" in answer.headline
    assert "arthritis" in answer.headline


def test_a_question_without_a_subject_is_no_second_question(real: Answerer) -> None:
    """ "What happens if they do?" is not answered with what the drug does to mood."""
    assert "Also asked" not in real.answer("who shouldn't take it and what happens if they do").headline


def test_two_drugs_are_compared_by_their_trials_not_by_labels(real: Answerer) -> None:
    """Of each drug the trial of what is asked tells its main result; what a label allows is no part of it."""
    answer = real.answer("my gp says remicade, my rheumy says actemra, for my mood which")
    assert isinstance(answer, Cited)
    assert answer.question_kind is Q.COMPARISON
    missed = [c.citations[0].source_id for c in answer.claims if "primary outcome" in c.text]
    assert any("infliximab" in source_id for source_id in missed)
    assert any("tocilizumab" in source_id for source_id in missed)
    assert not any(
        source_id.startswith("label") for c in answer.claims for source_id in [c.citations[0].source_id]
    )


def test_a_figure_of_another_work_is_not_that_of_the_one_named(real: Answerer) -> None:
    """A ratio in a work that only names the trial does not stand for the trial's own difference."""
    headline = real.answer("How big was the difference in Insight, as a number?").headline
    assert headline.startswith("No size of the difference")


def test_the_last_question_of_a_story_counts_even_if_it_names_nothing(topic: Topic) -> None:
    """A question before it that names something does not take its place; a cry of few words does not count."""
    message = (
        "Our lad is seventeen and this is his first episode of psychosis. The team are kind and they want an answer by Monday. They spoke of a trial of "
        "something against inflammation, given by a drip. I want to know if it is safe. What are the dangers of it in young people? Why us?"
    )
    asked = what_is_asked(message, topic)
    assert asked is not None
    assert "What are the dangers of it in young people?" in asked
    assert asked.endswith("(tocilizumab, psychosis)")
    assert "Why us" not in asked


def test_what_is_planned_is_not_one_of_the_listed(topic: Topic) -> None:
    """After a list, "is a bigger one planned?" asks of other works on the same subject."""
    before = [Turn("What is the strongest trial of tocilizumab in depression?")]
    asked = standalone("is a bigger one planned?", before, topic)
    assert asked == "is a bigger one planned? (tocilizumab, depression)"
    assert read_question(asked, topic).kind is Q.LIST


@pytest.mark.parametrize(
    ("question", "implied"),
    [
        ("can I have the flu jab", "tocilizumab"),
        ("which is stronger evidence, the mendelian randomisation or the trials", "IL-6, depression"),
    ],
)
def test_a_concept_alone_is_asked_of_the_topic(real: Answerer, question: str, implied: str) -> None:
    """A vaccine asked of by itself is one beside our drug, genetics by themselves are those of our marker."""
    assert real.answer(question).standalone_question.endswith(f"({implied})")


@pytest.mark.parametrize(
    "question", ["compare tocilizumab and ketamine", "is tocilizumab better than ketamine for depression"]
)
def test_a_treatment_that_is_known_by_name_alone_is_not_compared(
    once: Callable[[str], Answer], question: str
) -> None:
    """A treatment of which the collection knows no more than the name is told as missing, before the other is answered."""
    answer = once(question)
    assert isinstance(answer, Cited)
    assert answer.headline.startswith("This collection holds nothing on ketamine, so it cannot compare.")


def test_a_rival_that_is_not_held_is_declined_by_the_word_asked(once: Callable[[str], Answer]) -> None:
    """ "mindfulness" is declined as such: not as the class of treatments that the topic files it under."""
    answer = once("can mindfulness bring IL-6 down as much as tocilizumab does")
    assert isinstance(answer, Declined)
    assert "mindfulness" in answer.headline


@pytest.mark.parametrize(
    "question",
    ["has anybody tried tocilizumab for depression", "has anyone ever tested tocilizumab in depression"],
)
def test_whether_it_was_tried_is_told_by_what_came_of_it(
    once: Callable[[str], Answer], question: str
) -> None:
    """Who asks whether anybody tried it hears of the trials that did, not that much is unknown."""
    answer = once(question)
    assert answer.question_kind is not Q.GAP
    assert "Insight" in "".join(c.text for c in answer.claims) if isinstance(answer, Cited) else False


@pytest.mark.parametrize("question", ["so it didn't work then", "so basically it failed?"])
def test_that_it_failed_is_said_of_the_drug_of_the_collection(
    once: Callable[[str], Answer], question: str
) -> None:
    """Who says that it failed means this collection's drug, and hears what the trials found."""
    answer = once(question)
    assert isinstance(answer, Cited)
    assert "trial" in answer.headline
