"""The provider: which index a question is answered from."""

from __future__ import annotations

import gc
import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from small_encoder import WordEncoder

from caveat.adapters.generations import GenerationProvider, Generations
from caveat.adapters.manifest import FILE
from caveat.domain.ports import IndexProvider
from caveat.errors import IndexCorrupt, IndexMismatch, IndexMissing, SearchUnavailable
from ingest.build import build

Make = Callable[[str], str]


@pytest.fixture
def make(tmp_path: Path, home: Path, encoder: WordEncoder) -> Make:
    """Builds a generation that holds one work with this text."""

    def one(text: str) -> str:
        path = tmp_path / "works.jsonl"
        path.write_text(json.dumps({"id": "work", "title": "Work", "text": text}))
        ident = build([path], home, encoder).generation
        assert ident
        return ident

    return one


def test_without_an_index_the_command_is_named(home: Path, encoder: WordEncoder) -> None:
    """The first thing a newcomer meets says what to run."""
    provider: IndexProvider = GenerationProvider(home, encoder)
    with pytest.raises(IndexMissing, match="python -m ingest build"):
        provider.current()


def test_an_index_built_later_is_found(make: Make, home: Path, encoder: WordEncoder) -> None:
    """A provider that had nothing to give has the index as soon as there is one."""
    provider = GenerationProvider(home, encoder)
    with pytest.raises(IndexMissing):
        provider.current()
    ident = make("Mood rose.")
    assert provider.current().generation == ident


def test_a_flip_is_seen_and_the_old_index_still_answers(make: Make, home: Path, encoder: WordEncoder) -> None:
    """A question under way ends on the index it began with; the next one uses the new index."""
    make("Mood rose.")
    provider = GenerationProvider(home, encoder)
    old = provider.current()
    assert provider.current() is old
    make("Remission fell.")
    new = provider.current()
    assert new.generation != old.generation
    (hit,) = old.search_dense("mood", 5)
    assert old.passages([hit.passage_id])[hit.passage_id].text == "Mood rose."
    assert new.passages(["work#text"])["work#text"].text == "Remission fell."
    assert new.search_lexical("remission", 5)
    Generations(home).rollback()
    assert provider.current().generation == old.generation


def test_an_index_nobody_holds_is_closed(make: Make, home: Path, encoder: WordEncoder) -> None:
    """Files of an old index are let go when its last question is done."""
    make("Mood rose.")
    provider = GenerationProvider(home, encoder)
    old = provider.current()
    _, evidence = old.handles()
    make("Remission fell.")
    provider.current()
    assert evidence.passage_ids() == ["work#text"]
    del old
    gc.collect()
    with pytest.raises(Exception, match="closed"):
        evidence.passage_ids()


def test_a_missing_folder_is_an_error_that_says_what_to_run(
    make: Make, home: Path, encoder: WordEncoder
) -> None:
    """A pointer to nothing is never passed over in silence."""
    first, second = make("Mood rose."), make("Remission fell.")
    shutil.rmtree(home / "generations" / second)
    provider = GenerationProvider(home, encoder)
    with pytest.raises(IndexMissing, match=f"{second}.*rollback"):
        provider.current()
    Generations(home).rollback()
    assert provider.current().generation == first


def test_another_model_is_refused(make: Make, home: Path) -> None:
    """Vectors of one model are never searched with those of another."""
    make("Mood rose.")
    for other in (WordEncoder("words-2"), WordEncoder(dimension=32)):
        with pytest.raises(IndexMismatch, match=r"words-1.*python -m ingest build"):
            GenerationProvider(home, other).current()


def test_another_format_is_refused(make: Make, home: Path, encoder: WordEncoder) -> None:
    """An index of a later or earlier format says so and what to run."""
    path = home / "generations" / make("Mood rose.") / FILE
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps(manifest | {"schema": 99}))
    with pytest.raises(IndexMismatch, match=r"format 99.*python -m ingest build"):
        GenerationProvider(home, encoder).current()
    path.write_text(json.dumps(manifest | {"terms": 99}))
    with pytest.raises(IndexMismatch, match="rules for words"):
        GenerationProvider(home, encoder).current()
    path.write_text("not json")
    with pytest.raises(IndexCorrupt, match="manifest"):
        GenerationProvider(home, encoder).current()


def test_without_an_encoder_the_words_are_still_searched(make: Make, home: Path) -> None:
    """A missing model costs the search by meaning and nothing else."""
    make("Mood rose.")
    index = GenerationProvider(home, None).current()
    assert index.search_lexical("mood", 5)
    with pytest.raises(SearchUnavailable):
        index.search_dense("mood", 5)
    assert index.late_interaction("mood", ["work#text"]) == {}
    assert index.sentence_similarity("mood", ["work#text"]) == {}


def test_many_threads_share_one_index(make: Make, home: Path, encoder: WordEncoder) -> None:
    """Asked at once, the index is opened once and answers all."""
    make("Mood rose.")
    provider = GenerationProvider(home, encoder)
    got: list[tuple[int, str]] = []

    def ask() -> None:
        index = provider.current()
        got.append((id(index), index.search_dense("mood", 1)[0].passage_id))

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 16
    assert len(set(got)) == 1


def test_a_home_that_is_only_read_stays_as_it_is(make: Make, home: Path, encoder: WordEncoder) -> None:
    """From a copy both searches answer, no byte or time in the home changes, and the copy goes with the index."""
    make("Mood rose.")
    folders = [home, *(p for p in home.rglob("*") if p.is_dir())]

    def state() -> dict[str, tuple[int, bytes | None]]:
        return {
            str(p): (p.stat().st_mtime_ns, p.read_bytes() if p.is_file() else None) for p in home.rglob("*")
        }

    before = state()
    try:
        for folder in folders:
            folder.chmod(0o500)
        index = GenerationProvider(home, encoder, from_copy=True).current()
        assert index.search_dense("mood", 1)
        assert index.search_lexical("mood", 1)
        copy = index.folder
        assert not copy.is_relative_to(home)
        assert copy.is_dir()
        del index
        gc.collect()
        assert not copy.exists()
    finally:
        for folder in folders:
            folder.chmod(0o700)
    assert state() == before
