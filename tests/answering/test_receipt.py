"""A receipt says how an answer came about, shows when it was tampered with, and finds what changed behind it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from caveat.answering.events import Turn
from caveat.answering.receipt import make_receipt, read_receipt, receipt_to_markdown, replay
from caveat.answering.receipt.replay import Difference
from caveat.answering.service import Answerer
from caveat.domain.model import DISCLOSURE, Answer, Cited, Design, Passage, Source, Status
from caveat.domain.ports import Filters
from caveat.errors import CorpusError, IndexMismatch

QUESTION = "Does tocilizumab help depression?"
PERSONAL = "My name is John Smith, phone +1 555 123 4567. Does tocilizumab help depression?"


class Altered:
    """The real index with some passages or works changed, or gone."""

    def __init__(
        self, index: Any, passages: dict[str, Passage | None], sources: dict[str, Source | None]
    ) -> None:
        self._index, self._passages, self._sources = index, passages, sources

    def __getattr__(self, name: str) -> Any:
        return getattr(self._index, name)

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        found = {**self._index.passages(ids), **{k: v for k, v in self._passages.items() if k in ids}}
        return {k: v for k, v in found.items() if v is not None}

    def sources(self, ids: Sequence[str]) -> dict[str, Source]:
        found = {**self._index.sources(ids), **{k: v for k, v in self._sources.items() if k in ids}}
        return {k: v for k, v in found.items() if v is not None}


@pytest.fixture
def answer(once: Callable[[str], Answer]) -> Cited:
    """A real answer."""
    found = once(QUESTION)
    assert isinstance(found, Cited)
    return found


def written(tmp_path: Path, receipt: dict[str, object]) -> Path:
    """The receipt as a file."""
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(receipt), encoding="utf-8")
    return file


def test_a_receipt_is_reproduced(real: Answerer, answer: Cited, tmp_path: Path) -> None:
    """On the same collection passages, ranking, verdicts, claims and certainty come out the same."""
    index = real.provider.current()
    receipt = make_receipt(answer, index)
    found = replay(read_receipt(written(tmp_path, receipt)), index, real)
    assert found.differences == ()
    assert (found.same, found.intact, found.same_generation, found.same_collection) == (
        True,
        True,
        True,
        True,
    )
    assert min(found.checked.values()) > 0
    verdicts: Any = receipt["verdicts"]
    assert len(verdicts) == len(answer.claims)
    assert all(v["supported"] for v in verdicts)


def test_filters_and_earlier_questions_are_replayed_too(real: Answerer, tmp_path: Path) -> None:
    """A follow-up asked with limits gives the same answer again."""
    history, filters = [Turn(QUESTION)], Filters(designs=(Design.RCT,), year_from=2015)
    found = real.answer("and in schizophrenia?", history, filters)
    index = real.provider.current()
    stored = read_receipt(written(tmp_path, make_receipt(found, index, history=history, filters=filters)))
    assert replay(stored, index, real).differences == ()
    bare = read_receipt(written(tmp_path, make_receipt(found, index)))
    assert replay(bare, index, real).differences


def test_what_changed_behind_an_answer_is_named(real: Answerer, answer: Cited, tmp_path: Path) -> None:
    """A cited passage that was reworded, one that vanished, a retraction and a corrected n are each told apart."""
    index = real.provider.current()
    stored = read_receipt(written(tmp_path, make_receipt(answer, index)))
    cites = list(dict.fromkeys(c.passage_id for claim in answer.claims for c in claim.citations))
    first = index.passages([cites[0]])[cites[0]]
    changed = replace(first, text=first.text.replace("little", "greatly", 1))
    work = index.sources([answer.sources[-1].source.id])[answer.sources[-1].source.id]
    retracted = replace(work, status=Status.RETRACTED, n_total=7)
    altered = Altered(index, {cites[0]: changed, cites[1]: None}, {work.id: retracted})
    found = replay(stored, altered, real)
    assert not found.same
    told = {(d.what, d.about): d for d in found.differences}
    assert ("cited passage changed", cites[0]) in told
    assert ("cited passage vanished", cites[1]) in told
    assert told["status changed", work.id] == Difference("status changed", work.id, "unknown", "retracted")
    assert told["n_total changed", work.id].now == "7"
    verdicts = [d for d in found.differences if d.what == "verdict changed"]
    assert {"quote_not_in_passage" in str(d.now) or "passage_missing" in str(d.now) for d in verdicts} == {
        True
    }


def test_a_tampered_receipt_is_seen(real: Answerer, answer: Cited, tmp_path: Path) -> None:
    """A word changed in the file breaks the seal, and the changed claim is no longer borne out."""
    index = real.provider.current()
    text = json.dumps(make_receipt(answer, index)).replace("differed little", "differed greatly")
    file = tmp_path / "r.json"
    file.write_text(text, encoding="utf-8")
    found = replay(read_receipt(file), index, real)
    assert not found.intact
    assert not found.same
    assert any(d.what == "verdict changed" for d in found.differences)


def test_personal_details_are_struck_out_unless_the_question_is_kept(small: Answerer) -> None:
    """Name and telephone number stand nowhere in the receipt; who keeps the question finds it as typed."""
    answer, index = small.answer(PERSONAL), small.provider.current()
    text = json.dumps(make_receipt(answer, index))
    assert "555 123" not in text
    assert "John Smith" not in text
    assert "depression" in text
    kept: Any = make_receipt(answer, index, kept_question=PERSONAL)
    assert kept["question"] == {"text": PERSONAL, "as_typed": True, "history": [], "filters": None}


def test_answers_without_a_search_have_receipts_too(small: Answerer, tmp_path: Path) -> None:
    """An empty question and a greeting can be saved and replayed."""
    for question in ("", "hello", "best pizza in Rome", "Does tocilizumab help migraine?"):
        answer = small.answer(question)
        receipt = make_receipt(answer, small.provider.current())
        assert receipt_to_markdown(receipt).startswith("# Receipt")
        stored = read_receipt(written(tmp_path, receipt))
        assert replay(stored, small.provider.current(), small).same


def test_another_generation_cannot_vouch_for_an_answer(small: Answerer) -> None:
    """When the index was switched in between, no receipt is written with the wrong checksums."""
    answer = small.answer(QUESTION)
    other = replace(answer, trace=replace(answer.trace, generation="another"))
    with pytest.raises(IndexMismatch, match="Ask again"):
        make_receipt(other, small.provider.current())


def test_a_receipt_for_people_names_what_counts(real: Answerer, answer: Cited) -> None:
    """Question, collection, model, versions, claims with verdicts, and the disclosure stand in the Markdown."""
    receipt: Any = make_receipt(answer, real.provider.current())
    text = receipt_to_markdown(receipt)
    for part in (
        QUESTION,
        receipt["collection"]["sha256"],
        "Language model: none",
        "caveat 0",
        receipt["sha256"],
        DISCLOSURE,
    ):
        assert part in text
    assert text.count("| supported |") == len(answer.claims)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "not JSON"),
        ("not json", "not JSON"),
        ("[1, 2]", "not a receipt"),
        ('{"a": 1}', "not a receipt"),
        ('{"receipt": 99}', "version 99"),
        ('{"receipt": 1}', "not a whole receipt"),
        ('{"receipt": 1, "question": {"text": 5}}', "not a whole receipt"),
        ("[" * 100_000, "cannot be read"),
    ],
)
def test_a_file_that_is_no_receipt_is_named(tmp_path: Path, content: str, says: str) -> None:
    """One line with the file's name and what is wrong with it."""
    file = tmp_path / "r.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=says) as caught:
        read_receipt(file)
    assert "r.json" in str(caught.value)
    assert "\n" not in str(caught.value)
