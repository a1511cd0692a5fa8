"""What keeps a large or damaged collection usable, at sizes that a test can have."""

from __future__ import annotations

import json
import logging
import shutil
import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from small_encoder import WordEncoder

import caveat.adapters.dense as dense_module
import caveat.adapters.limits as limits_module
import ingest.build
from caveat.adapters.dense import DenseIndex, ef_search, sync_threshold, write_dense
from caveat.adapters.evidence_store import EvidenceStore
from caveat.adapters.generations import GenerationProvider, Generations
from caveat.adapters.lexical import LexicalIndex, _bm25s, write_lexical
from caveat.adapters.status_book import StatusBook
from caveat.adapters.words import terms
from caveat.answering.evidence import FactsCache
from caveat.answering.rows import rows_of
from caveat.domain.model import Passage, Span, Status
from caveat.domain.ports import Filters, TellsOfEveryWork
from caveat.domain.standing import Standing
from caveat.domain.topic import Statement, Topic
from caveat.errors import IndexCorrupt
from ingest.build import build
from ingest.carry import vectors_digest

SOURCES = 400
EACH = 5


def _rows(count: int) -> list[tuple[Passage, np.ndarray]]:
    vectors = np.random.default_rng(3).standard_normal((count, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [
        (Passage(f"w{i // EACH}#text.{i % EACH}", f"w{i // EACH}", "text", "x", 0, 1, (Span(0, 1),)), vector)
        for i, vector in enumerate(vectors)
    ]


def test_a_rare_filter_returns_all_it_lets_through_in_their_true_order(tmp_path: Path) -> None:
    """Every passage of a few works comes back, nearest first, whatever graph lies between them."""
    rows = _rows(SOURCES * EACH)
    assert write_dense(tmp_path / "chroma", rows, count=len(rows)) == len(rows)
    index = DenseIndex(tmp_path / "chroma")
    try:
        wanted = ["w7", "w399"]
        hits = index.search(rows[0][1], 100, wanted)
        truth = sorted((-float(v @ rows[0][1]), p.id) for p, v in rows if p.source_id in wanted)
        assert [ident for ident, _ in hits] == [ident for _, ident in truth]
        assert index.search(rows[0][1], 3, wanted) == hits[:3]
        assert index.search(rows[0][1], 3, ["nowhere"]) == []
        for other in range(12):  # more filters than are kept, and each again
            found = index.search(rows[other][1], 100, [f"w{other % 6}"])
            assert {ident.partition("#")[0] for ident, _ in found} == {f"w{other % 6}"}
            assert len(found) == EACH
    finally:
        index.close()


@pytest.mark.parametrize("count", [3, 150, 1301])
def test_opening_a_collection_changes_nothing_in_it(
    tmp_path: Path, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The graph is on disk when the build ends: what is read at opening is not put in anew, nor written."""
    monkeypatch.setattr(dense_module, "SYNC", 500)
    rows = _rows(count)
    write_dense(tmp_path / "chroma", rows, count=count)
    before = vectors_digest(tmp_path / "chroma")
    for _ in range(2):
        index = DenseIndex(tmp_path / "chroma")
        assert index.ids() == {passage.id for passage, _ in rows}
        assert index.search(rows[-1][1], 1)[0][0] == rows[-1][0].id
        index.close()
    assert vectors_digest(tmp_path / "chroma") == before
    assert count - count // sync_threshold(count) * sync_threshold(count) <= 2


def test_scores_are_those_of_the_library(tmp_path: Path) -> None:
    """Reading only the words of the question from the mapped files gives bm25s's own scores, to the last bit."""
    texts = [f"drug{i % 7} and mood{i % 5} in group{i % 3} of {i} people, mood again" for i in range(300)]
    write_lexical(tmp_path / "lexical", texts)
    index = LexicalIndex(tmp_path / "lexical")
    library = _bm25s().BM25.load(str(tmp_path / "lexical"), mmap=False, load_corpus=False)
    for query in ("mood3 drug5", "mood mood mood group1", "people of drug1 and 17"):
        asked = [term for term in terms(query) if term in library.vocab_dict]
        assert np.array_equal(index.scores(query), library.get_scores(asked))


def _works(path: Path, mark: str) -> Path:
    path.write_text(
        "\n".join(
            json.dumps(
                {
                    "id": f"w{i}",
                    "title": f"Work {i}",
                    "status": "current",
                    "pmid": str(900 + i),
                    "text": f"Mood {mark} rose in {i}.",
                }
            )
            for i in range(30)
        )
    )
    return path


def test_a_filter_by_status_follows_each_check(tmp_path: Path, home: Path, encoder: WordEncoder) -> None:
    """What a later check finds decides what the same filter returns at the next question."""
    build([_works(tmp_path / "w.jsonl", "a")], home, encoder)
    book = StatusBook(home)
    index = GenerationProvider(home, encoder, book).current()
    limits = Filters(statuses=(Status.RETRACTED,))
    assert index.search_lexical("mood", 50, limits) == []
    book.write([Standing("w3", Status.RETRACTED, "2026-11-28", pmid="903")])
    for hits in (index.search_lexical("mood", 50, limits), index.search_dense("mood", 50, limits)):
        assert [hit.passage_id for hit in hits] == ["w3#text"]
    current = index.search_lexical("mood", 50, Filters(statuses=(Status.CURRENT,)))
    assert len(current) == 29


def test_what_is_said_against_works_follows_each_check(
    tmp_path: Path, home: Path, encoder: WordEncoder
) -> None:
    """A work that a check found retracted, by whichever of its numbers, is told of at the next question, and let go again."""
    build([_works(tmp_path / "w.jsonl", "a")], home, encoder)
    book = StatusBook(home)
    index = GenerationProvider(home, encoder, book).current()
    assert isinstance(index, TellsOfEveryWork)
    assert index.doubted() == {}
    concern = Standing("w4", Status.EXPRESSION_OF_CONCERN, "2026-11-28")
    book.write([Standing("other name", Status.RETRACTED, "2026-11-28", pmid="903"), concern])
    assert index.doubted() == {"w3": Status.RETRACTED, "w4": Status.EXPRESSION_OF_CONCERN}
    works = FactsCache(Topic("t", "t", (), "", "", Statement("", ()), Statement("", ()))).works(index)
    assert works.shelf.ids == [s.id for s in index.all_sources()]
    assert [works.shelf.ids[row] for row in rows_of(works.taken_back)] == ["w3"]
    book.write([Standing("w3", Status.CURRENT, "2026-11-29", pmid="903")])
    assert index.doubted() == {}


def test_an_index_from_before_says_that_it_does_not_know_words(
    tmp_path: Path, home: Path, encoder: WordEncoder
) -> None:
    """Where no words were written with the works nothing is claimed about them: they are then read."""
    made = build([_works(tmp_path / "w.jsonl", "a")], home, encoder).generation
    path = tmp_path / "older.sqlite"
    shutil.copyfile(Generations(home).folder(str(made)) / "evidence.sqlite", path)
    store = EvidenceStore(path)
    assert store.works_with(["mood"]) == list(range(store.source_count))
    assert store.works_with(["mood", "nowhere"]) == []
    store.close()
    with sqlite3.connect(path) as older:
        older.execute("DROP TABLE stems")
    older.close()
    store = EvidenceStore(path)
    assert store.works_with(["mood"]) is None
    store.close()


@pytest.mark.parametrize("lost", ["evidence.sqlite", "lexical", "chroma", "sentences.bin"])
def test_half_a_copy_never_serves(
    tmp_path: Path, home: Path, encoder: WordEncoder, lost: str, caplog: pytest.LogCaptureFixture
) -> None:
    """An index copied by half is refused in one line, and the one that was open goes on answering."""
    build([_works(tmp_path / "w.jsonl", "old")], home, encoder)
    provider = GenerationProvider(home, encoder)
    old = provider.current()
    generations = Generations(home)
    new = build([_works(tmp_path / "w.jsonl", "new")], home, encoder).generation
    assert new
    path = generations.folder(new) / lost
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with caplog.at_level(logging.WARNING):
        assert [provider.current() for _ in range(3)] == [old] * 3
    (line,) = [record.getMessage() for record in caplog.records]
    assert "not whole" in line
    assert f"Index {old.generation} goes on answering" in line
    assert "\n" not in line
    assert old.search_lexical("old", 3)
    generations.rollback()
    assert generations.current_id() == old.generation
    if lost != "chroma":  # without that folder the vectors may stand on a server
        with pytest.raises(IndexCorrupt, match="not whole"):
            generations.activate(new)
    assert provider.current() is old


def test_the_clock_decides_nothing(
    tmp_path: Path, home: Path, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Generations keep the order in which they were built, with clocks that stand still or run back."""

    class Clock(datetime):
        years = iter([2031, 2031, 1999, 2026])

        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime(next(cls.years), 1, 1, 23, 59, 59, 999_000, tzinfo=UTC)

    source = _works(tmp_path / "w.jsonl", "a")
    monkeypatch.setattr(ingest.build, "_created", lambda: "2026-11-28T00:00:00+00:00")
    monkeypatch.setattr(ingest.build, "datetime", Clock)
    built = [build([source], home, encoder, keep=9).generation for _ in range(4)]
    generations = Generations(home)
    assert generations.ids() == built
    assert len(set(built)) == 4
    assert generations.current_id() == built[-1]
    assert generations.rollback() == built[-2]


def test_many_flips_at_once_leave_one_of_them(tmp_path: Path, home: Path, encoder: WordEncoder) -> None:
    """Whoever moves the pointer, however many at once, a reader finds a whole one that somebody chose."""
    source = _works(tmp_path / "w.jsonl", "a")
    built = [str(build([source], home, encoder).generation) for _ in range(2)]
    generations = Generations(home)
    seen: list[str | None] = []
    failed: list[BaseException] = []

    def flip(ident: str) -> None:
        try:
            for _ in range(60):
                generations.activate(ident)
                seen.append(generations.current_id())
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=flip, args=(built[i % 2],)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert set(seen) <= set(built)
    assert generations.current_id() in built
    assert [path.name for path in home.glob("*.part")] == []


def test_very_long_passages_among_many(tmp_path: Path, home: Path, encoder: WordEncoder) -> None:
    """Ten texts of 100,000 characters without a full stop are cut, indexed and found by their words like any others."""
    path = tmp_path / "long.jsonl"
    with path.open("w") as stream:
        for i in range(200):
            words = f"mood{i} "
            text = (words * (100_000 // len(words) + 1))[:100_000] if i % 20 == 0 else f"Mood{i} rose."
            stream.write(json.dumps({"id": f"w{i}", "title": f"Work {i}", "text": text}) + "\n")
    report = build([path], home, encoder)
    assert (report.works, report.errors) == (200, [])
    index = GenerationProvider(home, encoder).current()
    for i in (0, 7, 180):
        assert index.search_lexical(f"mood{i}", 1)[0].passage_id.startswith(f"w{i}#")
        # Thousands of equal vectors cut a graph in pieces, and its threads insert them in any order: a search by
        # meaning may then miss a single one, but it answers, with passages that exist.
        hits = index.search_dense(f"mood{i}", 5)
        assert len(hits) == 5
        assert len(index.passages([h.passage_id for h in hits])) == 5


def test_a_larger_collection_is_searched_more_widely(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The width of a search never falls as the collection grows, and is what the collection was written with."""
    widths = [ef_search(count) for count in (0, 50_000, 50_001, 400_000, 1_000_000, 90_000_000)]
    assert widths == sorted(widths)
    assert widths[0] < widths[2] < widths[-1]
    monkeypatch.setattr(dense_module, "WIDER", ((20, 400), (100, 700)))
    rows = _rows(30)
    for graph, wanted in (({}, 700), ({"ef_search": 1000}, 1000)):
        write_dense(tmp_path / str(wanted), rows, graph, len(rows))
        client = dense_module._client(tmp_path / str(wanted))
        made = client.get_collection(dense_module.COLLECTION, embedding_function=None).configuration["hnsw"]
        client.close()
        assert made["ef_search"] == wanted


def test_filters_are_remembered_within_bounds(
    tmp_path: Path, home: Path, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many filters are asked for, the works that are kept for them stay few, and each filter stays right."""
    monkeypatch.setattr(limits_module, "MOST_WORKS", 40)
    build([_works(tmp_path / "w.jsonl", "a")], home, encoder)
    index = GenerationProvider(home, encoder).current()
    for _ in range(2):
        for i in range(30):
            some = tuple(f"w{k}" for k in range(i, 30))
            hits = index.search_lexical("mood", 50, Filters(source_ids=some))
            assert {hit.passage_id for hit in hits} == {f"{work}#text" for work in some}
            assert sum(map(len, index._limits._recent.values())) <= 40
