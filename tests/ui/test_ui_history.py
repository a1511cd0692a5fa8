"""What the browser keeps comes back as it was, is bounded, and is never trusted."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from page_fakes import CITED, FOLLOW_UP, FakeAnswerer, FakeProvider

from caveat.ui.chat import Chat
from caveat.ui.desk import Desk
from caveat.ui.exchange import KEPT_QUESTION, exchange
from caveat.ui.history import MAX_CHARS, MAX_EXCHANGES, Exchange, dump, load, new_id
from caveat.ui.transcript import transcript


def test_answers_come_back_with_their_citations_as_they_were() -> None:
    """A conversation restored from JSON gives the very same page, without any index."""
    exchanges = [exchange("one", CITED, FakeProvider()), exchange("two", FOLLOW_UP, FakeProvider())]
    restored = load(json.loads(json.dumps(dump(exchanges))))
    assert transcript(restored) == transcript(exchanges)
    assert "In the Knight 2021" in transcript(restored)


def test_earlier_questions_reach_the_answerer_with_how_they_were_understood() -> None:
    """A restored turn gives the question, its rewritten form and the works it showed."""
    turn = exchange("and in transplant patients?", FOLLOW_UP, FakeProvider()).as_turn()
    assert turn.question == "and in transplant patients?"
    assert turn.standalone_question == "Does tocilizumab help depression in transplant patients?"
    assert turn.source_ids == ("knight",)


def _exchange(size: int = 10) -> Exchange:
    return Exchange(new_id(), "q", {"kind": "cited", "headline": "x" * size})


def test_the_oldest_are_dropped_when_there_are_too_many() -> None:
    """At most so many answers are kept, the newest ones, in order."""
    exchanges = [_exchange() for _ in range(MAX_EXCHANGES + 7)]
    assert [e.id for e in load(dump(exchanges))] == [e.id for e in exchanges[7:]]


def test_a_conversation_that_lost_its_beginning_says_so() -> None:
    """Once something was dropped the page keeps saying it; a whole conversation does not."""
    few = [_exchange() for _ in range(3)]
    chat = Chat(Desk(FakeAnswerer()), FakeProvider())
    assert "are gone" not in str(chat.restore(dump(few)).transcript)
    stored = dump([_exchange() for _ in range(MAX_EXCHANGES + 1)])
    for _ in range(2):
        view = chat.restore(stored)
        assert view.transcript
        assert "are gone" in view.transcript
        stored = view.kept or {}


def test_the_oldest_are_dropped_when_they_are_too_large() -> None:
    """What is kept never grows beyond its bound, so that a browser can always store it."""
    exchanges = [_exchange(MAX_CHARS // 3) for _ in range(5)]
    kept = dump(exchanges)
    assert [e.id for e in load(kept)] == [e.id for e in exchanges[-2:]]
    assert len(json.dumps(kept)) < MAX_CHARS + 1_000
    assert load(dump([_exchange(MAX_CHARS * 2)])) == []


def test_of_a_huge_question_only_the_beginning_is_kept() -> None:
    """A pasted book does not fill the browser's store."""
    huge = "x" * 4_000_000
    for answer in (CITED, replace(CITED, question=huge, standalone_question=huge)):
        kept = exchange(huge, answer, FakeProvider())
        assert len(kept.question) <= KEPT_QUESTION
        assert len(json.dumps(kept.as_json())) < 60_000


@pytest.mark.parametrize(
    "stored",
    [
        None,
        "",
        [],
        {},
        {"version": 0, "exchanges": []},
        {"version": 1, "exchanges": "x"},
        {"version": 1, "exchanges": [None, 1, "x", {}]},
        {"version": 1, "exchanges": [{"id": "t0123456789", "answer": {"kind": "other"}}]},
        {"version": 1, "exchanges": [{"id": '"><script>', "answer": {"kind": "cited"}}]},
    ],
)
def test_a_history_that_cannot_be_read_is_an_empty_one(stored: object) -> None:
    """Old, cut or edited storage never breaks the page."""
    assert load(stored) == []


WRONG: list[Any] = [None, 1, "x", [], {}, [1], [None], [{}], {"level": 3}, True, [[1]], -1]


@pytest.mark.parametrize("key", list(exchange("q", CITED, FakeProvider()).answer))
@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_an_edited_answer_still_renders(key: str, wrong: Any) -> None:
    """Any value under any key of a stored answer gives a page, never an exception."""
    item = exchange("q", CITED, FakeProvider()).as_json()
    item["answer"] = {**item["answer"], key: wrong}
    assert isinstance(transcript(load({"version": 1, "exchanges": [item]})), str)
