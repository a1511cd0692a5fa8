"""What every answer owes its reader: exact quotes, honest numbers, and nothing where nothing is known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import pytest

from caveat.answering.service import Answerer
from caveat.domain.model import Answer, Cited, Declined, Passages, Severity, Stance
from caveat.domain.model import QuestionKind as Q

ANSWERED = """
Does tocilizumab help depression?
Did anyone get worse?
What did the Insight trial find?
Is tocilizumab approved for depression?
How does IL-6 reach the brain?
Is CRP linked to depression?
Does the genetic evidence support IL-6 as a cause of depression?
Which randomised trials tested IL-6 blockade in depression or psychosis?
What are the serious risks of tocilizumab?
What is tocilizumab?
What is anhedonia?
Tocilizumab versus sarilumab for fatigue
Is tocilizumab better than infliximab for depression?
How many people took part in the Insight trial?
What dose did the Insight trial give?
How long was Knight 2021?
What is the half-life of tocilizumab?
Does tocilizumab help in schizophrenia?
What did Girgis 2018 find?
NCT02473289
Tell me about ISRCTN16942542
What is still unknown about tocilizumab and depression?
Which trials are still recruiting?
I read that an arthritis drug cures depression. Is that true?
Is depression caused by inflammation?
Are IL-6 levels higher in suicide attempters?
Does childhood IL-6 predict depression?
Does sirukumab help depression?
Does infliximab help treatment-resistant depression?
Does minocycline help depression?
Does celecoxib help depression?
Does tocilizumab interact with antidepressants?
Can tocilizumab be used in pregnancy?
bowel perforation with tocilizumab
Does tocilizumab affect birth control pills?
Does tocilizumab mask a raised CRP?
What percentage of depressed people have raised CRP?
Does interferon cause depression?
Does IL-6 affect sleep?
Is fatigue better on tocilizumab in rheumatoid arthritis?
What do guidelines say about anti-inflammatory drugs in depression?
Does sarilumab improve quality of life?
What did the PREDDICT trial find?
List the meta-analyses on CRP and depression
Is there a trial of satralizumab in encephalitis?
Does blocking IL-6 help in long COVID?
""".strip().splitlines()
DECLINED = """
best pizza in Rome
What is the capital of Mongolia?
Does tocilizumab help migraine?
Does tocilizumab help gout?
What did Smith 2019 find?
NCT99999999
Does ketamine help depression?
What is the NNT of tocilizumab in depression?
How much does tocilizumab cost?
Does IL-17 blockade help depression?
""".strip().splitlines()
MOST_A_WORK = 4
"""Sentences of one work in one answer, unless the work itself was asked for."""


Once = Callable[[str], Answer]


def cited(once: Once, question: str) -> Cited:
    """The answer, which must be one."""
    answer = once(question)
    assert isinstance(answer, Cited), answer.headline
    return answer


@pytest.mark.parametrize("question", ANSWERED)
def test_every_quote_is_its_stretch_of_a_quotable_passage(real: Answerer, once: Once, question: str) -> None:
    """Letter for letter, from the passage and the work that are named, and never from a comment of ours."""
    index = real.provider.current()
    answer = cited(once, question)
    sources = {s.number: s.source.id for s in answer.sources}
    for claim in answer.claims:
        assert claim.citations
        for citation in claim.citations:
            passage = index.passages([citation.passage_id])[citation.passage_id]
            assert passage.text[citation.start : citation.end] == citation.quote
            assert citation.quote == citation.quote.strip() != ""
            assert passage.quotable
            assert "comment" not in passage.section
            assert passage.source_id == citation.source_id == sources[citation.number]
        assert claim.text == claim.citations[0].quote
        assert claim.frame


@pytest.mark.parametrize("question", ANSWERED)
def test_numbers_follow_first_use_without_gaps(once: Once, question: str) -> None:
    """1, 2, 3 in the order of reading; each numbered source is used, and no sentence stands twice."""
    answer = cited(once, question)
    used = list(dict.fromkeys(c.number for claim in answer.claims for c in claim.citations))
    assert used == list(range(1, len(used) + 1))
    assert [s.number for s in answer.sources] == used
    texts = [claim.text for claim in answer.claims]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("question", ANSWERED)
def test_no_work_takes_over_the_answer(once: Once, question: str) -> None:
    """At most four sentences of one work, unless that work was asked for."""
    answer = cited(once, question)
    most = max(Counter(c.citations[0].source_id for c in answer.claims).values())
    assert most <= (12 if answer.question_kind is Q.STUDY else MOST_A_WORK)


@pytest.mark.parametrize("question", ANSWERED)
def test_caveats_point_at_sources_of_the_answer(once: Once, question: str) -> None:
    """There is always one, the loudest first, and every number in a caveat is a source on the page."""
    answer = cited(once, question)
    assert answer.caveats
    numbers = {s.number for s in answer.sources}
    for caveat in answer.caveats:
        assert {int(n) for n in re.findall(r"\[(\d+)\]", caveat.text)} <= numbers
    assert answer.headline.strip()
    assert answer.headline[0].isupper() or answer.headline[0].isdigit()
    assert "{" not in answer.headline
    assert "None" not in answer.headline


@pytest.mark.parametrize("question", DECLINED)
def test_a_declined_answer_carries_nothing_that_looks_like_evidence(real: Answerer, question: str) -> None:
    """No claim, no source, no citation number; why, and what is nearest, in words."""
    answer = real.answer(question)
    assert isinstance(answer, Declined), answer.headline
    assert answer.sources == ()
    assert not hasattr(answer, "claims")
    assert not re.search(r"\[\d+\]", answer.headline)
    assert answer.headline
    index = real.provider.current()
    assert set(index.sources(answer.searched.nearest)) == set(answer.searched.nearest)


@pytest.mark.parametrize("question", ANSWERED[:12])
def test_the_same_question_gets_the_same_answer(real: Answerer, once: Once, question: str) -> None:
    """Nothing in an answer depends on chance or on what was asked before."""
    first, second = cited(once, question), real.answer(question)
    assert isinstance(second, Cited)
    assert (first.headline, first.claims, first.caveats, first.sources) == (
        second.headline,
        second.claims,
        second.caveats,
        second.sources,
    )


@pytest.mark.parametrize("question", ANSWERED)
def test_the_trace_tells_how_the_answer_came_about(real: Answerer, once: Once, question: str) -> None:
    """Ranks count up, each passage says which search found it, times and generation are there."""
    answer = once(question)
    assert [r.rank for r in answer.trace.retrieved] == list(range(1, len(answer.trace.retrieved) + 1))
    assert all(
        set(r.found_by) <= {"dense", "lexical", "opposite", "opposite_dense", "named"}
        for r in answer.trace.retrieved
    )
    assert all(r.found_by for r in answer.trace.retrieved)
    assert len({r.passage_id for r in answer.trace.retrieved}) == len(answer.trace.retrieved)
    assert answer.trace.timings_ms["total"] > 0
    assert answer.trace.generation == real.provider.current().generation
    assert answer.trace.model is None
    assert answer.searched.queries[0] == answer.standalone_question
    assert answer.searched.sources_in_index == real.provider.current().source_count
    assert answer.searched.passages_considered >= len(answer.trace.retrieved)


def test_stop_caveats_lead(once: Once) -> None:
    """The order of caveats is that of their severity, in every answer."""
    order = [Severity.STOP, Severity.WARN, Severity.INFO]
    for question in ANSWERED[:10]:
        ranks = [
            order.index(c.severity) for c in cited(once, question).caveats if "independent" not in c.text
        ]
        assert ranks == sorted(ranks)


def test_only_questions_of_effect_and_association_have_lanes(once: Once) -> None:
    """Elsewhere every sentence is context, save where a benefit stands with what points the other way."""
    for question in ANSWERED:
        answer = cited(once, question)
        if answer.question_kind not in {Q.EFFECT, Q.HARM, Q.LAY_CLAIM, Q.ASSOCIATION, Q.COMPARISON}:
            lanes = {c.stance for c in answer.claims} - {Stance.CONTEXT}
            assert not lanes or (Stance.SUPPORTS in lanes and len(lanes) > 1)
        assert not isinstance(answer, Passages)
