"""A chat that runs while builds go on: the real answerer, searches and embedding model, with no restart."""

from __future__ import annotations

import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from small_encoder import WordEncoder

from caveat.adapters.clock import SystemClock
from caveat.adapters.generation_index import GenerationIndex
from caveat.adapters.generations import GenerationProvider, Generations
from caveat.adapters.in_use import Hold, remove_manifest
from caveat.adapters.minilm import OnnxEncoder
from caveat.adapters.topic_file import load_topic
from caveat.answering.context import Screening
from caveat.answering.service import Answerer
from caveat.domain.model import Answer, Cited
from ingest.build import build
from ingest.events import Report

QUESTION = "What was the remission rate with tocilizumab and with placebo in the Insight trial?"
TOPIC = Path(__file__).parents[2] / "corpus" / "topic.yaml"


@pytest.fixture
def chat(home: Path, minilm: OnnxEncoder) -> Answerer:
    """An answerer over whatever the home's pointer names."""
    return Answerer(
        provider=GenerationProvider(home, minilm),
        topic=load_topic(TOPIC),
        clock=SystemClock(),
        screen=lambda _text, _history: Screening(),
    )


def said(answer: Answer) -> str:
    assert isinstance(answer, Cited), answer
    return " ".join(claim.text for claim in answer.claims)


@pytest.fixture
def changed(collection: Path) -> Callable[[str], None]:
    """Gives the collection's trial another remission rate."""
    path = collection / "insight.md"
    text = path.read_text()
    return lambda rate: (path.write_text(text.replace("53.9%", rate)), None)[1]


@pytest.mark.slow
def test_a_new_index_is_used_from_the_next_question_on(
    collection: Path, home: Path, minilm: OnnxEncoder, chat: Answerer, changed: Callable[[str], None]
) -> None:
    """Between two questions of one chat a build ends: the second answer cites the new text and names the new index."""
    first = build([collection], home, minilm).generation
    before = chat.answer(QUESTION)
    assert "53.9%" in said(before)
    changed("48.2%")
    second = build([collection], home, minilm).generation
    after = chat.answer(QUESTION)
    assert "48.2%" in said(after)
    assert "53.9%" not in said(after)
    assert isinstance(before, Cited)
    assert isinstance(after, Cited)
    assert (before.trace.generation, after.trace.generation) == (first, second)
    Generations(home).rollback()
    assert "53.9%" in said(chat.answer(QUESTION))


@pytest.mark.slow
def test_a_question_in_flight_ends_on_the_index_it_began_with(
    collection: Path, home: Path, minilm: OnnxEncoder, chat: Answerer, changed: Callable[[str], None]
) -> None:
    """Two builds that keep one index alone end while a question is answered: it is answered from the old one, whole."""
    first = build([collection], home, minilm).generation
    assert first
    events = chat.ask(QUESTION)
    for _ in range(2):
        next(events)  # the second comes when the index has been taken
    for rate in ("48.2%", "47.1%"):
        changed(rate)
        build([collection], home, minilm, keep=1)
    assert first in Generations(home).ids()
    answer = list(events)[-1]
    assert isinstance(answer, Cited)
    assert answer.trace.generation == first
    assert "53.9%" in said(answer)
    assert "47.1%" in said(chat.answer(QUESTION))


@pytest.mark.slow
def test_an_index_in_use_is_pruned_by_a_later_build(
    collection: Path, home: Path, minilm: OnnxEncoder, changed: Callable[[str], None]
) -> None:
    """As long as somebody holds it every search by many threads is what it was; when nobody does, the next build removes it."""
    first = build([collection], home, minilm).generation
    index: GenerationIndex | None = GenerationProvider(home, minilm).current()
    ids = ["insight#what_was_found", "knight#what_was_found"]

    def everything(of: GenerationIndex) -> tuple[object, ...]:
        return (
            of.search_dense("remission with tocilizumab", 3),
            of.search_lexical("remission", 3),
            of.passages(ids),
            of.source_text("insight"),
            of.late_interaction("remission", ids),
            of.sentence_similarity("remission", ids),
            list(of.all_sources()),
        )

    assert index
    before = everything(index)
    changed("48.2%")
    report = build([collection], home, minilm, keep=1)
    assert report.pruned == []
    assert Generations(home).ids() == [first, report.generation]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(everything, [index] * 40)) == [before] * 40
    index = None
    gc.collect()
    last = build([collection], home, minilm, keep=1)
    assert last.pruned == [first, report.generation]
    assert Generations(home).ids() == [last.generation]


def test_an_index_that_is_being_removed_cannot_be_held(
    built: Callable[[], Report], home: Path, encoder: WordEncoder
) -> None:
    """Whoever comes too late finds nothing to hold, and one hold does not keep out another."""
    folder = Generations(home).folder(built().generation or "")
    first, second = Hold(folder), Hold(folder)
    assert not remove_manifest(folder)
    first.close()
    assert not remove_manifest(folder)
    second.close()
    assert remove_manifest(folder)
    with pytest.raises(FileNotFoundError):
        Hold(folder)
