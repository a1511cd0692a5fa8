"""What a question asks: its kind, and what it names."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caveat.domain.kind_rules import RULES
from caveat.domain.kinds import kind_of
from caveat.domain.model import QuestionKind as Q
from caveat.domain.question import read_question
from caveat.domain.topic import Topic

# question, kind, entities it names (in the order of their groups)
QUESTIONS = [
    # effect
    ("Does tocilizumab help depression?", Q.EFFECT, "tocilizumab depression"),
    ("is actemra any good for low mood", Q.EFFECT, "tocilizumab depression"),
    ("Can IL-6 blockers relieve fatigue in rheumatoid arthritis?", Q.EFFECT, "il6_inhibitor fatigue ra"),
    ("Effect of sirukumab on anhedonia", Q.EFFECT, "sirukumab anhedonia"),
    (
        "would toci do anything for my brother's schizophrenia symptoms?",
        Q.EFFECT,
        "tocilizumab schizophrenia",
    ),
    ("Sarilumab and quality of life", Q.EFFECT, "sarilumab quality_of_life"),
    ("Efficacy of tocilizumab in treatment-resistant depression", Q.EFFECT, "tocilizumab trd"),
    ("Does tocilizumab lower the risk of depression?", Q.EFFECT, "tocilizumab depression side_effects"),
    ("Does infliximab improve motivation?", Q.EFFECT, "infliximab anhedonia"),
    # harm
    ("Can tocilizumab make depression worse?", Q.HARM, "tocilizumab depression"),
    ("Did anyone get worse on tocilizumab?", Q.HARM, "tocilizumab"),
    ("Is tocilizumab harmful for depression?", Q.HARM, "tocilizumab depression"),
    ("Does tocilizumab cause suicidal thoughts?", Q.HARM, "tocilizumab suicidality"),
    ("Do IL-6 inhibitors raise the risk of depression?", Q.HARM, "il6_inhibitor depression side_effects"),
    ("Could it backfire and trigger psychosis if people get Actemra?", Q.HARM, "tocilizumab psychosis"),
    # figure
    ("How many people took part in the Insight trial?", Q.FIGURE, None),
    ("What dose of tocilizumab did the schizophrenia trial give?", Q.FIGURE, "tocilizumab schizophrenia"),
    ("How long was the follow-up in Knight 2021?", Q.FIGURE, None),
    ("What percentage of depressed people have raised CRP?", Q.FIGURE, "crp depression"),
    ("What was the effect size in the anti-cytokine meta-analysis?", Q.FIGURE, None),
    ("What is the half-life of tocilizumab?", Q.FIGURE, "tocilizumab"),
    ("How common are serious infections with tocilizumab?", Q.FIGURE, "tocilizumab infection"),
    # study
    ("What did the Insight trial find?", Q.STUDY, ""),
    ("Tell me about ISRCTN16942542", Q.STUDY, ""),
    ("NCT02473289", Q.STUDY, ""),
    ("What did Khandaker et al. 2018 report?", Q.STUDY, ""),
    ("Summarise the ARATA study", Q.STUDY, ""),
    ("what were the findings of Girgis 2018", Q.STUDY, ""),
    # mechanism
    ("How does IL-6 reach the brain?", Q.MECHANISM, "il6 brain_access"),
    ("Why would inflammation cause depression?", Q.MECHANISM, "inflammation depression"),
    ("By what mechanism might IL-6 blockade change mood?", Q.MECHANISM, "il6_inhibitor mood"),
    ("how do cytokines affect motivation", Q.MECHANISM, "cytokine anhedonia"),
    ("What is the difference between classical and trans-signalling?", Q.DEFINITION, "trans_signalling"),
    ("Does tocilizumab get into the brain?", Q.MECHANISM, "tocilizumab brain_access"),
    # association
    ("Is CRP linked to depression?", Q.ASSOCIATION, "crp depression"),
    ("Are IL-6 levels higher in people with schizophrenia?", Q.ASSOCIATION, "il6 schizophrenia"),
    ("Does childhood IL-6 predict later depression?", Q.ASSOCIATION, "il6 depression children"),
    ("Does the genetic evidence support IL-6 as a cause of depression?", Q.ASSOCIATION, "il6 depression mr"),
    ("IL-6 and suicide", Q.ASSOCIATION, "il6 suicidality"),
    ("Is the CRP-depression association confounded by obesity?", Q.ASSOCIATION, "crp depression obesity"),
    # approval
    ("Is tocilizumab approved for depression?", Q.APPROVAL, "tocilizumab depression label"),
    ("Has the FDA licensed Kevzara for any psychiatric use?", Q.APPROVAL, "sarilumab mental_health label"),
    ("what are the indications of Actemra", Q.APPROVAL, "tocilizumab label"),
    ("Can a doctor prescribe it off-label for depression?", Q.APPROVAL, "depression label"),
    ("What do guidelines say about anti-inflammatory drugs in depression?", Q.APPROVAL, None),
    # safety
    ("What are the side effects of tocilizumab?", Q.SAFETY, "tocilizumab side_effects"),
    ("Is Actemra safe in pregnancy?", Q.SAFETY, "tocilizumab pregnancy side_effects"),
    ("Does tocilizumab interact with antidepressants?", Q.SAFETY, "tocilizumab antidepressant interaction"),
    ("What are the side effects?", Q.SAFETY, "side_effects"),
    ("tocilizumab and live vaccines", Q.SAFETY, "tocilizumab vaccine"),
    ("bowel perforation with tocilizumab", Q.SAFETY, "tocilizumab perforation"),
    ("What does the boxed warning of Actemra say?", Q.SAFETY, "tocilizumab label"),
    # comparison
    ("Tocilizumab versus sarilumab for depression", Q.COMPARISON, "tocilizumab sarilumab depression"),
    ("Is tocilizumab better than infliximab for mood?", Q.COMPARISON, "tocilizumab infliximab mood"),
    ("sirukumab or siltuximab in depression?", Q.COMPARISON, "sirukumab siltuximab depression"),
    ("Is tocilizumab as good as antidepressants?", Q.COMPARISON, "tocilizumab antidepressant"),
    # list
    ("Which randomised trials tested tocilizumab in depression?", Q.LIST, "tocilizumab depression"),
    ("What trials are still recruiting?", Q.LIST, ""),
    ("List all studies of sirukumab", Q.LIST, "sirukumab"),
    ("Are there any ongoing trials of IL-6 blockade in psychosis?", Q.LIST, "il6_inhibitor psychosis"),
    ("Show me the Mendelian randomisation studies on IL-6", Q.LIST, "il6 mr"),
    ("Which meta-analyses looked at CRP in depression?", Q.LIST, "crp depression"),
    # definition
    ("What is tocilizumab?", Q.DEFINITION, "tocilizumab"),
    ("What is anhedonia?", Q.DEFINITION, "anhedonia"),
    ("whats CRP", Q.DEFINITION, "crp"),
    ("Define trans-signalling", Q.DEFINITION, "trans_signalling"),
    ("What does CRP stand for?", Q.DEFINITION, "crp"),
    # lay claim
    ("I read that an arthritis drug cures depression. Is it true?", Q.LAY_CLAIM, "tocilizumab depression"),
    ("My sister says Actemra is a miracle for depression", Q.LAY_CLAIM, "tocilizumab depression"),
    ("TikTok claims blocking IL-6 ends depression", Q.LAY_CLAIM, "il6_inhibitor depression"),
    ("Is depression proven to be caused by inflammation?", Q.LAY_CLAIM, "inflammation depression"),
    ("Headlines call tocilizumab a breakthrough for depression", Q.LAY_CLAIM, "tocilizumab depression"),
    # gap
    ("What is still unknown about IL-6 blockade in depression?", Q.GAP, "il6_inhibitor depression"),
    ("What are the research gaps on tocilizumab and mood?", Q.GAP, "tocilizumab mood"),
    ("What has never been studied about tocilizumab and suicidality?", Q.GAP, "tocilizumab suicidality"),
    ("What don't we know about IL-6 and psychosis?", Q.GAP, "il6 psychosis"),
]


@pytest.mark.parametrize(("text", "kind", "named"), QUESTIONS, ids=[q[0][:60] for q in QUESTIONS])
def test_each_question_gets_its_kind(topic: Topic, text: str, kind: Q, named: str | None) -> None:
    """The kind decides the form of the answer, and the entities what must be in it."""
    read = read_question(text, topic)
    assert read.kind is kind
    if named is not None:
        assert sorted(read.entity_ids) == sorted(named.split())


def test_every_kind_is_reached() -> None:
    """The table above holds several questions of each kind, and at least 60 in all."""
    kinds = [kind for _, kind, _ in QUESTIONS]
    assert len(QUESTIONS) >= 60
    assert min(kinds.count(kind) for kind in Q) >= 4


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("NCT02473289 and nct 02660528?", ("NCT02473289", "NCT02660528")),
        ("ISRCTN 16942542", ("ISRCTN16942542",)),
        ("EudraCT 2014-005242-27", ("2014-005242-27",)),
        ("NCT0247328", ()),
        ("call 2014-005242", ()),
    ],
)
def test_registry_numbers_are_read_as_they_are_typed(
    topic: Topic, text: str, numbers: tuple[str, ...]
) -> None:
    """With or without a space, in either case; a number with a digit missing is none."""
    assert read_question(text, topic).registry_ids == numbers


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("What did Knight 2021 find?", (("Knight", "2021"),)),
        ("Girgis et al. (2018) on PANSS", (("Girgis", "2018"),)),
        ("Khandaker and colleagues, 2014", (("Khandaker", "2014"),)),
        ("Kappelmann et al", (("Kappelmann", None),)),
        ("Is it true that in March 2021 trials stopped?", ()),
        ("what about the year 2021", ()),
    ],
)
def test_authors_are_told_from_other_capitals(
    topic: Topic, text: str, authors: tuple[tuple[str, str | None], ...]
) -> None:
    """A name with a year or with "et al." is an author; a month is not."""
    assert read_question(text, topic).author_years == authors


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Does blocking IL-17 help?", ("il-17",)),
        ("IL-23p19 and IL-12", ("il-12",)),
        ("Is IL-6 linked to CD4 counts?", ("cd4",)),
        ("HDRS-17 in NCT02473289", ()),
        ("IL-6 and TNF", ()),
    ],
)
def test_codes_the_topic_does_not_know_are_noticed(topic: Topic, text: str, codes: tuple[str, ...]) -> None:
    """A cytokine or marker that is not of the topic is a code to be found, not noise."""
    assert read_question(text, topic).codes == codes


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Does tocilizumab help depression?", ()),
        ("Does tocilizumab help migraine?", ("migraine",)),
        ("Do statins help with migraines and hair loss?", ("migraine", "hair", "loss")),
        ("does it work for 30 people", ()),
        ("What is the capital of Mongolia?", ("capital", "mongolia")),
        ("Does tocilizumab help with BETTER sleep?", ("better",)),
    ],
)
def test_words_outside_the_topic_are_kept(topic: Topic, text: str, plain: tuple[str, ...]) -> None:
    """What is neither of the topic nor everyday is what the collection must be searched for."""
    assert read_question(text, topic).plain_words == plain


def test_a_long_message_is_judged_by_its_last_question(topic: Topic) -> None:
    """Somebody's story before the question does not decide its kind."""
    story = "My sister was told by a newspaper that there is a miracle cure and " + "we talked about it " * 8
    read = read_question(f"{story}. Is tocilizumab approved for depression?", topic)
    assert read.kind is Q.APPROVAL


def test_an_empty_text_has_a_kind(topic: Topic) -> None:
    """Nothing at all is read as a question on effect that names nothing."""
    read = read_question("", topic)
    assert read.kind is Q.EFFECT
    assert read.entity_ids == ()


@given(st.text(max_size=200))
def test_any_text_is_read(topic: Topic, text: str) -> None:
    """Reading never raises, and names each entity once."""
    read = read_question(text, topic)
    assert read.kind in Q
    assert len(set(read.entity_ids)) == len(read.entity_ids)


@pytest.mark.parametrize("size", [2_000, 100_000])
def test_rules_stay_quick_on_long_text(size: int) -> None:
    """No rule goes wrong in time on a long message without an end."""
    for text in ("what " * (size // 5), "which trials " * (size // 13), "the " * (size // 4) + "study of"):
        started = time.perf_counter()
        kind_of(text, drugs=["a", "b"], markers=["m"], outcomes=["o"], named_study=True)
        assert time.perf_counter() - started < 1.0
    assert RULES
