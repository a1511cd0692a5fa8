"""A language model behind a real server: what it writes is shown only where it is proven, and never changes what is found."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fake_index import FakeIndex
from fakes.drafts import passages_in, reply, sentence_with
from fakes.openai_server import FakeOpenAI, Step, serving

from caveat.adapters.openai_chat import OpenAIChat
from caveat.adapters.openai_server import Server
from caveat.answering.context import Screening
from caveat.answering.events import Progress, Stage, Turn
from caveat.answering.screening import SafetyScreen
from caveat.answering.service import Answerer
from caveat.domain.model import Answer, Card, CardKind, CaveatKind, Cited, Declined, Stance
from caveat.domain.topic import Topic

QUESTION = "Does tocilizumab help depression?"
TEXT = "In the Alder trial, depression at week 4 did not differ between tocilizumab and placebo."
PART = "depression at week 4 did not differ between tocilizumab and placebo"
Make = Callable[..., Answerer]


@pytest.fixture(scope="module")
def server() -> Iterator[FakeOpenAI]:
    """One server for all; each test sets its script."""
    with serving() as fake:
        yield fake


@pytest.fixture
def with_model(make: Make, server: FakeOpenAI) -> Make:
    """Answerers that have the scripted model."""

    def build(**parts: object) -> Answerer:
        seconds = float(str(parts.pop("seconds", 20)))
        return make(chat=OpenAIChat(Server(server.url), "scripted", seconds=seconds), **parts)

    return build


def faithful(body: dict[str, Any]) -> str:
    """One sentence that its quote bears out."""
    ident, sentence = sentence_with(body, PART)
    return reply((TEXT, [(ident, sentence)]))


def forms(server: FakeOpenAI) -> int:
    """How many different things it was asked; a request repeated after a broken connection counts once."""
    return len({json.dumps(body, sort_keys=True) for body in server.asked})


def without_trace(answer: Answer) -> dict[str, object]:
    """What the reader is told, without what every run changes."""
    assert isinstance(answer, Cited)
    return {
        "headline": answer.headline,
        "claims": answer.claims,
        "certainty": answer.certainty,
        "unknowns": answer.unknowns,
        "sources": answer.sources,
        "caveats": tuple(
            c for c in answer.caveats
            if c.kind not in {CaveatKind.MODEL_UNAVAILABLE, CaveatKind.CLAIMS_REMOVED}
        ),
    }  # fmt: skip


def shown(answer: Answer) -> str:
    """All words of the answer that a reader may see."""
    assert isinstance(answer, Cited)
    parts = [
        answer.headline,
        *answer.notices,
        *(c.text for c in answer.caveats),
        *(c.text for c in answer.claims),
    ]
    return " ".join([*parts, *(f"{r.reason} {r.detail}" for r in answer.removed)])


def test_a_proven_sentence_is_shown_in_the_models_words(with_model: Make, server: FakeOpenAI) -> None:
    """It stands in the lane of its quote, cites the exact words, and the cost is told."""
    server.play(lambda body: Step(faithful(body), usage=(1234, 56)))
    answer = with_model().answer(QUESTION, use_model=True)
    assert isinstance(answer, Cited)
    (claim,) = [c for c in answer.claims if not c.verbatim]
    assert claim.text == TEXT
    assert claim.stance is Stance.NO_CLEAR_DIFFERENCE
    assert PART in claim.citations[0].quote
    assert claim.frame is not None
    assert "40 adults" in claim.frame
    assert answer.removed_claims == 0
    trace = answer.trace
    assert (trace.model, trace.tokens_in, trace.tokens_out) == ("scripted", 1234, 56)
    assert trace.prompt_hash is not None
    assert len(trace.prompt_hash) == 64
    assert [v.kept for v in trace.verdicts] == [True]
    assert any("1,234 tokens read, 56 written" in n for n in answer.notices)


def test_the_model_changes_words_and_nothing_else(with_model: Make, server: FakeOpenAI) -> None:
    """Headline, certainty, caveats, unknowns and the works shown are those of the answer made of quotes."""
    server.play(faithful)
    answerer = with_model()
    quotes, drafted = answerer.answer(QUESTION), answerer.answer(QUESTION, use_model=True)
    a, b = without_trace(quotes), without_trace(drafted)
    for key in ("headline", "certainty", "unknowns"):
        assert a[key] == b[key], key
    assert isinstance(quotes, Cited)
    assert isinstance(drafted, Cited)
    assert {c.kind for c in quotes.caveats} == {c.kind for c in drafted.caveats}
    lanes = {
        (c.stance, x.source_id) for c in quotes.claims for x in c.citations if c.stance is not Stance.CONTEXT
    }
    assert lanes <= {(c.stance, x.source_id) for c in drafted.claims for x in c.citations}


def test_a_model_that_tells_one_side_only_hides_nothing(with_model: Make, server: FakeOpenAI) -> None:
    """Whatever it leaves out of the results that disagree stands there as a quote."""

    def rosy(body: dict[str, Any]) -> str:
        ident, sentence = sentence_with(body, "fell")
        return reply((sentence, [(ident, sentence)]))

    server.play(rosy)
    answer = with_model().answer(QUESTION, use_model=True)
    assert isinstance(answer, Cited)
    against = [c.text for c in answer.claims if c.stance is Stance.OPPOSES]
    assert any("higher depression score" in t for t in against)
    assert any("missed its primary outcome" in c.text for c in answer.claims)


def test_nothing_is_sent_unless_the_caller_says_so(with_model: Make, server: FakeOpenAI) -> None:
    """The model being there is no consent."""
    server.play(faithful)
    answer = with_model().answer(QUESTION)
    assert server.asked == []
    assert answer.trace.model is None
    assert answer.trace.prompt_hash is None


@pytest.mark.parametrize("kind", list(CardKind))
def test_a_message_that_gets_a_card_is_never_sent(
    with_model: Make, server: FakeOpenAI, kind: CardKind
) -> None:
    """Crisis, urgent or a personal decision, with evidence or without: the model hears nothing, the reader is told."""
    server.play(faithful)
    card = Card(kind, "Read this first.")
    for evidence in (False, True):
        answerer = with_model(screen=lambda t, h, e=evidence: Screening(card=card, answer_evidence=e))
        answer = answerer.answer(QUESTION, [Turn(QUESTION)], use_model=True)
        assert server.asked == []
        if isinstance(answer, Cited):
            assert any("nothing was sent" in n for n in answer.notices)


def test_personal_details_are_struck_out_before_anything_is_sent(
    with_model: Make, server: FakeOpenAI, topic: Topic
) -> None:
    """Of this question and of the earlier ones, whether or not they were noticed before."""
    server.play(faithful)
    screen = SafetyScreen(topic.help_lines, None)
    history = [Turn("My name is Quentin Zebra. Does tocilizumab help depression?")]
    question = "And what about anxiety? My email is quentin@zebra.example"
    with_model(screen=screen).answer(question, history, use_model=True)
    assert server.asked
    assert "Zebra" not in json.dumps(server.asked)
    assert "zebra.example" not in json.dumps(server.asked)


def test_an_earlier_message_that_called_for_help_is_not_sent(
    with_model: Make, server: FakeOpenAI, topic: Topic
) -> None:
    """It stays between the reader and the page."""

    def screen(text: str, history: object) -> Screening:
        return Screening(card=Card(CardKind.CRISIS, "Help.")) if "zebra" in text else Screening()

    server.play(faithful)
    history = [Turn("I am a zebra in danger"), Turn(QUESTION)]
    with_model(screen=screen).answer("and in anxiety?", history, use_model=True)
    assert server.asked
    assert "zebra" not in json.dumps(server.asked)


def test_without_a_model_that_was_asked_for_the_answer_says_so(make: Make) -> None:
    """One line, and the quotes."""
    answer = make().answer(QUESTION, use_model=True)
    assert isinstance(answer, Cited)
    (caveat,) = [c for c in answer.caveats if c.kind is CaveatKind.MODEL_UNAVAILABLE]
    assert "docs/MODEL.md" in caveat.text


FAILURES = [
    Step(status=401, error="zq9"),
    Step(status=429, error="zq9"),
    Step(status=500, error="zq9"),
    Step("zq9 " * 900, cut=True),
    Step("zq9", wait=10),
    Step(raw=b"<html>zq9</html>"),
    Step("zq9 this is no JSON"),
    Step('{"claims": "zq9"}'),
    Step('[{"zq9": 1}]'),
    Step('{"claims": [{"text": "zq9'),
    Step("{" * 20_000),
    Step("", refusal="zq9"),
    Step("x", finish="content_filter"),
]


@pytest.mark.parametrize("step", FAILURES, ids=range(len(FAILURES)))
def test_when_the_model_fails_the_answer_is_that_of_the_quotes(
    with_model: Make, server: FakeOpenAI, step: Step, caplog: pytest.LogCaptureFixture
) -> None:
    """Word for word the same answer, one line that says so, nothing of the reply, and no question in the log."""
    caplog.set_level(logging.DEBUG, logger="caveat")
    server.play(step)
    answerer = with_model(seconds=1)
    answer = answerer.answer(QUESTION, use_model=True)
    assert without_trace(answer) == without_trace(answerer.answer(QUESTION))
    lines = [c.text for c in answer.caveats if c.kind is CaveatKind.MODEL_UNAVAILABLE]
    assert len(lines) == 1
    assert lines[0].endswith("This answer is made of quotes alone.")
    assert "zq9" not in shown(answer)
    assert "model draft failed" in caplog.text
    assert "zq9" not in caplog.text
    assert "tocilizumab" not in caplog.text


def test_invalid_json_is_asked_for_once_more_and_no_more(with_model: Make, server: FakeOpenAI) -> None:
    """The second reply may be good; a third is not asked for."""
    bodies: list[dict[str, Any]] = []

    def second(body: dict[str, Any]) -> str:
        bodies.append(body)
        first = {**body, "messages": [m for m in body["messages"] if m["role"] == "user"][1:2]}
        return faithful(first)

    server.play("Sure! Here is my answer.", second)
    answer = with_model().answer(QUESTION, use_model=True)
    assert isinstance(answer, Cited)
    assert TEXT in [c.text for c in answer.claims]
    assert forms(server) == 2
    server.play("never JSON")
    with_model().answer(QUESTION, use_model=True)
    assert forms(server) == 2


def test_progress_names_the_draft_and_holds_no_word_of_it(with_model: Make, server: FakeOpenAI) -> None:
    """Unverified text is never streamed."""

    def slow(body: dict[str, Any]) -> Step:
        ident, sentence = sentence_with(body, PART)
        return Step(
            reply(("Tocilizumab is a zq9 cure.", [(ident, sentence)]), (TEXT, [(ident, sentence)])), drip=0.4
        )

    server.play(slow)
    events = list(with_model().ask(QUESTION, use_model=True))
    told = [e.text for e in events if isinstance(e, Progress)]
    assert any(e.stage is Stage.DRAFT for e in events if isinstance(e, Progress))
    assert any("characters so far" in t for t in told)
    assert not any("zq9" in t or "cure" in t for t in told)


def test_a_stopped_question_stops_the_model(with_model: Make, server: FakeOpenAI) -> None:
    """Closing the answer while the model writes raises nothing."""
    server.play(Step("x" * 100_000, drip=0.2))
    events = with_model().ask(QUESTION, use_model=True)
    for event in events:
        if isinstance(event, Progress) and event.stage is Stage.DRAFT:
            break
    events.close()  # type: ignore[attr-defined]


def test_the_passages_are_fenced_and_the_ids_tell_nothing(with_model: Make, server: FakeOpenAI) -> None:
    """Rules first, one example, then the passages between their marks, then the question; ids hide the works."""
    server.play(faithful)
    with_model().answer(QUESTION, use_model=True)
    (body,) = server.asked
    assert [m["role"] for m in body["messages"]] == ["system", "user", "assistant", "user"]
    text = body["messages"][-1]["content"]
    assert len(passages_in(body)) == text.count("<passage id=") == text.count("</passage>")
    assert "alder-2024" not in text
    assert text.index("</passage>") < text.index("<question>")
    assert "tocilizumab" not in json.dumps(body["messages"][:3]).casefold()


def test_a_declined_question_is_not_sent(with_model: Make, server: FakeOpenAI) -> None:
    """What the collection does not answer needs no draft."""
    server.play(faithful)
    answer = with_model().answer("Does tocilizumab help migraine?", use_model=True)
    assert isinstance(answer, Declined)
    assert server.asked == []


def test_the_second_opinion_removes_and_never_adds(with_model: Make, server: FakeOpenAI) -> None:
    """It is asked about proven sentences alone; whatever it says of others, or says badly, changes nothing."""

    def judge(verdicts: object) -> Callable[[dict[str, Any]], str]:
        return lambda body: json.dumps({"verdicts": verdicts})

    server.play(faithful, judge([{"sentence": 1, "supported": False}, {"sentence": 9, "supported": True}]))
    answer = with_model(judge=True).answer(QUESTION, use_model=True)
    assert isinstance(answer, Cited)
    assert TEXT not in [c.text for c in answer.claims]
    assert [r.reason for r in answer.removed] == ["second_opinion"]
    for good in (
        judge([{"sentence": 1, "supported": True}]),
        "garbage",
        Step(status=500),
        judge("x"),
        judge([1]),
    ):
        server.play(faithful, good)
        answer = with_model(judge=True).answer(QUESTION, use_model=True)
        assert isinstance(answer, Cited)
        assert TEXT in [c.text for c in answer.claims]


def test_a_message_with_a_card_is_searched_by_words_when_the_search_by_meaning_is_elsewhere(
    make: Make,
) -> None:
    """It reaches no other machine; every other question does, and the reader is told each time."""
    index = FakeIndex()
    card = Card(CardKind.PERSONAL_DECISION, "Talk to your prescriber.")
    told = "Each question is sent to vectors.example."
    answer = make(index, search_notice=told, screen=lambda t, h: Screening(card=card)).answer(QUESTION)
    assert not [a for a in index.asked if a[0] == "dense"]
    assert CaveatKind.LEXICAL_ONLY in {c.kind for c in answer.caveats}
    assert told not in answer.notices
    answer = make(index, search_notice=told).answer(QUESTION)
    assert [a for a in index.asked if a[0] == "dense"]
    assert told in answer.notices
