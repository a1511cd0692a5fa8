"""The first sentence never goes beyond what is quoted below it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from fake_index import FOUND, MISSED, OPEN, OTHER_DRUG, POOLED, WORKS, WORSE, FakeIndex, Work
from test_claims import ANSWERED

from caveat.answering.service import Answerer
from caveat.domain.model import Answer, Cited, Direction

EFFECT = "Does tocilizumab help depression?"
HARM = "Did anyone get worse on tocilizumab?"


def reached(name: str, primary_outcome: str = "depression score at week 4") -> Work:
    """A trial of tocilizumab in depression that reached its main outcome."""
    work = replace(
        MISSED.source,
        id=name.casefold(),
        title=f"The {name} trial of tocilizumab in depression",
        primary_outcome=primary_outcome,
        primary_outcome_met=True,
        direction=Direction.BENEFIT,
        n_total=600,
        registry_ids=(),
    )
    return Work(
        work, {FOUND: (f"In the {name} trial, depression improved more with tocilizumab than with placebo.",)}
    )


def headline(make: Callable[..., Answerer], question: str, *works: Work) -> str:
    """The first sentence over these works alone."""
    answer = make(FakeIndex(works=works)).answer(question)
    assert isinstance(answer, Cited), answer.headline
    return answer.headline


@pytest.mark.parametrize(
    ("works", "says", "says_not"),
    [
        ((MISSED,), ["Not shown.", "one small trial missed its main outcome"], ["worse"]),
        ((WORSE,), ["Not shown.", "; in one cohort people given it did worse"], ["missed"]),
        ((MISSED, WORSE), ["Not shown.", "missed its main outcome, and in one cohort"], []),
        ((OPEN,), ["Not shown.", "no controlled trial shows"], ["missed", "worse"]),
        ((OTHER_DRUG, MISSED), ["one small trial missed"], ["two"]),
        (
            (reached("Rowan"),),
            ["Limited support.", "One controlled trial here reached its main outcome"],
            ["Not shown", "Some support"],
        ),
        (
            (reached("Rowan"), reached("Maple")),
            ["Some support.", "Two controlled trials here reached their main outcome"],
            ["Not shown"],
        ),
        (
            (reached("Rowan"), MISSED),
            ["Mixed, with low certainty.", "one small trial missed"],
            ["Some support"],
        ),
        ((reached("Rowan"), WORSE), ["Very uncertain.", "did worse"], ["Some support"]),
        (
            (reached("Rowan", primary_outcome="pain at week 4"), MISSED),
            ["not as the main outcome"],
            ["Some support"],
        ),
    ],
)
def test_the_verdict_on_an_effect(
    make: Callable[..., Answerer], works: tuple[Work, ...], says: list[str], says_not: list[str]
) -> None:
    """What was reached, what was missed and who did worse, each only when it is there."""
    text = headline(make, EFFECT, *works)
    assert [x for x in says if x not in text] == []
    assert [x for x in says_not if x in text] == []


def test_a_pooled_analysis_speaks_for_a_drug_that_its_sentence_names(make: Callable[..., Answerer]) -> None:
    """A figure on the drug itself, from a work on many drugs, is not passed over in the first sentence."""
    pooled = Work(
        replace(
            POOLED.source,
            id="linden-2020",
            title="Anti-inflammatory drugs in depression: the Linden meta-analysis",
            intervention="Anti-inflammatory drugs",
            direction=Direction.BENEFIT,
        ),
        {
            FOUND: (
                "Tocilizumab lowered depression more than placebo in 3 trials of Linden 2020 (SMD -0.40).",
            )
        },
    )
    text = headline(make, EFFECT, pooled, MISSED)
    assert text.startswith("Very uncertain. One pooled analysis here favours tocilizumab for depression")
    assert "one small trial missed its main outcome" in text


def test_a_question_of_harm_never_gets_a_universal_no(make: Callable[..., Answerer]) -> None:
    """Where people did worse it says who; where nothing is found it says that this is no proof."""
    worse = headline(make, HARM, WORSE, MISSED)
    assert "87 adults having a stem-cell transplant" in worse
    assert "does not show that the drug was the cause" in worse
    silent = headline(make, HARM, MISSED, OPEN)
    assert "no proof that it cannot" in silent
    assert not re.match(r"no\b", silent, re.IGNORECASE)


def test_a_lay_claim_is_measured_against_the_trials(make: Callable[..., Answerer]) -> None:
    """It goes further than the evidence, or is partly borne out; it is never simply confirmed."""
    claim = "I read that tocilizumab cures depression"
    assert headline(make, claim, MISSED).startswith("The claim goes further than the evidence")
    assert headline(make, claim, reached("Rowan")).startswith("Partly borne out")


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("How many people were in the Alder trial?", "40 people in all"),
        ("What dose did the Alder trial give?", "Single infusion of tocilizumab 8 mg/kg"),
        ("How long was the Alder trial?", "4 weeks"),
        ("Is tocilizumab approved for depression?", "No. Not approved for any psychiatric use"),
        ("Tocilizumab versus sirukumab for depression", "No trial in this collection sets"),
        ("What did NCT22222222 find?", "A plan without results"),
        ("What did the Alder trial find?", "did not reach the main outcome"),
        ("What is not known about tocilizumab and depression?", "is not known"),
    ],
)
def test_each_kind_has_its_first_sentence(small: Answerer, question: str, says: str) -> None:
    """A figure is the source's own, a plan is called one, the law is said plainly."""
    assert says in small.answer(question).headline


@pytest.mark.parametrize("question", ANSWERED)
def test_no_headline_promises(once: Callable[[str], Answer], question: str) -> None:
    """Words that no evidence here could bear are never written, and every figure is one of the sources' facts."""
    answer = once(question)
    assert isinstance(answer, Cited)
    text = answer.headline
    assert not re.search(
        r"\b(?:prove[sn]?|proof that it (?:works|helps)|cures?|miracle|guarantee\w*|safe)\b", text
    )
    assert not re.search(r"  |\.\.|,,|;;|\bNone\b|\( |\(\)| ,", text)
    assert text.endswith((".", "?"))


def test_every_example_and_offered_question_is_answered(
    real: Answerer, once: Callable[[str], Answer]
) -> None:
    """What the page suggests to ask, the collection can answer."""
    offered = {e.question for e in real.topic.examples}
    for question in ANSWERED:
        answer = once(question)
        assert isinstance(answer, Cited)
        offered |= set(answer.follow_ups)
        assert question not in answer.follow_ups
        assert len(answer.follow_ups) <= 3
    unanswered = [q for q in sorted(offered) if not isinstance(once(q), Cited)]
    assert unanswered == []


def test_what_is_not_told_follows_from_the_facts(make: Callable[..., Answerer]) -> None:
    """One dose, four weeks, another illness: each silence is named, and none that is not there."""
    single = make(FakeIndex(works=[MISSED])).answer(EFFECT)
    assert isinstance(single, Cited)
    assert "whether repeated doses would do better or worse" in single.unknowns
    assert "what happens after 28 days" in single.unknowns
    elsewhere = make(FakeIndex(works=[OPEN])).answer(EFFECT)
    assert isinstance(elsewhere, Cited)
    assert "the effect in people whose main illness is depression" in elsewhere.unknowns
    assert "whether repeated doses would do better or worse" not in elsewhere.unknowns
    assert all("whether it would help or harm any one person" in a.unknowns for a in (single, elsewhere))


def test_a_sentence_that_cannot_be_quoted_is_removed_and_counted(make: Callable[..., Answerer]) -> None:
    """A blank line in a passage is no claim: it is left out, said so, and leaves no gap in the numbers."""
    blank = Work(
        replace(
            MISSED.source,
            id="blank-2020",
            title="The Blank trial of tocilizumab in depression",
            registry_ids=(),
        ),
        {FOUND: (" ", "In the Blank trial, depression did not differ between tocilizumab and placebo.")},
    )
    answer = make(FakeIndex(works=[*WORKS, blank])).answer("What did the Blank trial find?")
    assert isinstance(answer, Cited)
    assert all(c.text.strip() for c in answer.claims)
    assert [s.number for s in answer.sources] == list(range(1, len(answer.sources) + 1))
    assert answer.removed_claims == 1
    assert "1 draft sentence was removed: no passage supported it." in {c.text for c in answer.caveats}
