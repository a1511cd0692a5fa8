"""The cache of vectors: what no index needs any more goes, what one needs stays; where nothing changed nothing is made."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from small_encoder import PoolingEncoder, WordEncoder

from caveat.adapters.generations import GenerationProvider, Generations
from caveat.adapters.vector_cache import count_vectors, keep_only
from ingest import build as build_module
from ingest import clean as clean_module
from ingest import searches as searches_module
from ingest.build import build
from ingest.check import check
from ingest.clean import CACHE, clean
from ingest.events import Report


def write(path: Path, turn: int, count: int = 40) -> None:
    rows = ({"id": f"w{i}", "title": f"W {i}", "text": f"Mood {i} in turn {turn}."} for i in range(count))
    path.write_text("\n".join(json.dumps(row) for row in rows))


@pytest.mark.parametrize(("made", "texts"), [(WordEncoder, 80), (PoolingEncoder, 40)])
def test_the_cache_does_not_grow_for_ever(
    made: type[WordEncoder], texts: int, tmp_path: Path, home: Path
) -> None:
    """Ten collections one after the other leave no more vectors than the indexes on disk have texts, twice over.

    Those are passages and sentences, or passages alone where the sentences are taken from them.
    """
    works, encoder = tmp_path / "works.jsonl", made()
    sizes, dropped = [], 0
    for turn in range(10):
        write(works, turn)
        dropped += build([works], home, encoder, keep=2).vectors_dropped
        sizes.append(count_vectors(home / CACHE))
    assert max(sizes) <= 3 * texts
    assert dropped == 10 * texts - sizes[-1]


def test_cleaning_keeps_what_an_index_on_disk_needs(tmp_path: Path, home: Path, encoder: WordEncoder) -> None:
    """After it, going back to the collection before costs no embedding, and the one before that does."""
    works = tmp_path / "works.jsonl"
    for turn in range(3):
        write(works, turn)
        build([works], home, encoder, keep=5)
    oldest = Generations(home).ids()[0]
    shutil.rmtree(home / "generations" / oldest)
    done = clean(home)
    assert (done.vectors_removed, done.vectors_kept) == (80, 160)
    encoder.seen.clear()
    write(works, 1)
    assert build([works], home, encoder).passages_embedded == 0
    assert encoder.seen == []
    write(works, 0)
    assert build([works], home, encoder).passages_embedded == 40
    assert clean(home).vectors_removed == 0


def test_a_clean_that_is_broken_off_loses_nothing(
    tmp_path: Path, home: Path, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index that cannot be read stops the cleaning before anything is dropped; the build that asked for it stands."""
    works = tmp_path / "works.jsonl"
    write(works, 0)
    build([works], home, encoder)
    before = count_vectors(home / CACHE)

    def broken() -> object:
        yield b"x"
        raise sqlite3.DatabaseError("malformed")

    with pytest.raises(sqlite3.DatabaseError):
        keep_only(home / CACHE, broken())  # type: ignore[arg-type]
    assert count_vectors(home / CACHE) == before
    monkeypatch.setattr(clean_module, "_needed", lambda _generations: broken())
    monkeypatch.setattr(build_module, "overgrown", lambda _home, _in_use: True)
    report = build([works], home, encoder)
    assert any("could not be removed (malformed)" in notice for notice in report.notices)
    assert GenerationProvider(home, encoder).current().generation == report.generation
    assert count_vectors(home / CACHE) == before


def test_the_remains_of_a_killed_flip_are_swept(built: Callable[[], Report], home: Path) -> None:
    """The half-written pointer of a process that is gone is removed; that of one that lives is not."""
    home.mkdir()
    (home / "current.json.999999999.part").write_text("{")
    (home / "current.json.1.part").write_text("{")
    built()
    assert [p.name for p in home.glob("*.part")] == ["current.json.1.part"]


def test_where_no_passage_changed_the_searches_are_copied(
    built: Callable[[], Report], home: Path, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither vectors nor word index are made again, no cache is needed, and all finds what it found before."""
    first = built()
    (home / CACHE).unlink()
    encoder.seen.clear()
    provider = GenerationProvider(home, encoder)
    before = provider.current()

    def never(*_: object, **__: object) -> None:
        raise AssertionError("made again")

    monkeypatch.setattr(searches_module, "embed", never)
    monkeypatch.setattr(searches_module, "write_lexical", never)
    second = built()
    assert encoder.seen == []
    assert (second.passages_embedded, second.passages_reused) == (0, first.passages)
    after = provider.current()
    assert after.generation == second.generation != first.generation
    assert after.search_dense("mood", 9) == before.search_dense("mood", 9)
    assert after.search_lexical("mood", 9) == before.search_lexical("mood", 9)
    passages = ["knight#what_was_found"]
    assert after.late_interaction("mood", passages) == before.late_interaction("mood", passages)
    shutil.rmtree(before.folder)
    assert check(after.folder, encoder).sound


@pytest.mark.parametrize(
    "damage", ["sentences.bin", "tokens.bin", "lexical/params.index.json", "chroma/chroma.sqlite3"]
)
def test_damage_is_not_carried_over(
    damage: str, built: Callable[[], Report], home: Path, encoder: WordEncoder
) -> None:
    """A store of the index that serves which is not what was written is made anew, not copied."""
    first = built().generation
    assert first
    path = Generations(home).folder(first) / damage
    path.write_bytes(path.read_bytes()[:-3] + b"xyz" if "chroma" not in damage else b"not a database" * 99)
    report = built()
    assert report.generation
    assert check(Generations(home).folder(report.generation), encoder).sound


def test_a_new_title_or_order_is_a_change(
    built: Callable[[], Report], collection: Path, home: Path, encoder: WordEncoder
) -> None:
    """The title is searched with each passage, and rows go by order: neither may be carried over when it is new."""
    built()
    path = collection / "knight.md"
    path.write_text(path.read_text().replace("Tocilizumab and mood", "Sarilumab and mood"))
    report = built()
    assert report.passages_embedded == 2
    index = GenerationProvider(home, encoder).current()
    assert index.search_lexical("sarilumab", 3)
    (collection / "insight.md").rename(collection / "zz.md")
    assert built().passages_embedded == 0
    index = GenerationProvider(home, encoder).current()
    assert {hit.passage_id for hit in index.search_lexical("remission", 3)} == {"insight#what_was_found"}
