"""The model mode over the starter collection, with the real searches: what the small index cannot show."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fakes.drafts import passages_in
from fakes.openai_server import FakeOpenAI, serving

from caveat.adapters.openai_chat import OpenAIChat
from caveat.adapters.openai_server import Server
from caveat.answering.registers import Register, in_register
from caveat.answering.serialize import answer_to_dict
from caveat.answering.service import Answerer
from caveat.domain.model import Cited, Stance
from caveat.domain.verify import verify
from caveat.wiring import App

QUESTIONS = (
    "Does tocilizumab help depression?",
    "Is IL-6 higher in people with depression?",
    "Did anyone get worse on tocilizumab?",
    "How does IL-6 reach the brain?",
    "What are the serious risks of tocilizumab?",
)


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeOpenAI]:
    """A model that repeats sentences it was sent, and adds a lie after each."""
    with serving() as server:
        server.play(_parrot)
        yield server


def _parrot(body: dict[str, Any]) -> str:
    rows = []
    for ident, text in list(passages_in(body).items())[:4]:
        sentence = text.splitlines()[0]
        cite = [{"passage": ident, "quote": sentence}]
        rows.append({"citations": cite, "text": sentence})
        rows.append(
            {"citations": cite, "text": f"Tocilizumab cured depression in 99% of 4,321 people: {sentence}"}
        )
    return json.dumps({"claims": rows})


@pytest.mark.parametrize("question", QUESTIONS)
def test_whatever_is_asked_truth_passes_lies_do_not_and_nothing_is_lost(
    starter: App, fake: FakeOpenAI, question: str
) -> None:
    """Every drafted sentence stands in quotes that prove it, the lies are gone, each result of the quotes is told."""
    real = starter.answerer
    chatting = Answerer(
        provider=real.provider, topic=real.topic, clock=real.clock, screen=real.screen,
        chat=OpenAIChat(Server(fake.url), "parrot", seconds=20),
    )  # fmt: skip
    quotes, drafted = real.answer(question), chatting.answer(question, use_model=True)
    assert isinstance(quotes, Cited)
    assert isinstance(drafted, Cited)
    assert drafted.trace.verdicts
    assert any(v.kept for v in drafted.trace.verdicts)
    assert "cured" not in json.dumps(answer_to_dict(drafted))
    if any(
        c.stance is not Stance.CONTEXT for c in quotes.claims
    ):  # other headlines name the kinds of work shown
        assert drafted.headline == quotes.headline
        assert drafted.certainty == quotes.certainty
    told = {(c.stance, x.passage_id, x.start) for c in drafted.claims for x in c.citations}
    for claim in quotes.claims:
        if claim.stance is not Stance.CONTEXT:
            assert {(claim.stance, x.passage_id, x.start) for x in claim.citations} <= told
    index = real.provider.current()
    for claim in drafted.claims:
        found = index.passages([x.passage_id for x in claim.citations])
        texts = [found[x.passage_id].text for x in claim.citations]
        assert [t[x.start : x.end] for t, x in zip(texts, claim.citations, strict=True)] == [
            x.quote for x in claim.citations
        ]
        assert verify(claim.text, [x.quote for x in claim.citations], texts).supported
    for register in Register:
        other = in_register(drafted, register, starter.topic)
        assert isinstance(other, Cited)
        assert {x.passage_id for c in other.claims for x in c.citations} <= {
            x.passage_id for c in drafted.claims for x in c.citations
        }
    assert replace(drafted.trace, timings_ms={}).model == "parrot"
