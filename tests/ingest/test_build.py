"""A build: what it makes, what it reports, what it does again and what not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from small_encoder import WordEncoder

from caveat.adapters.generations import GenerationProvider, Generations
from caveat.errors import BuildFailed
from ingest.build import build
from ingest.check import check
from ingest.events import Event, Problem, Progress, Report, Stage


def test_a_build_serves_what_was_read(built: Callable[[], Report], home: Path, encoder: WordEncoder) -> None:
    """After a build the index holds every work and passage, and finds them both ways."""
    report = built()
    index = GenerationProvider(home, encoder).current()
    assert index.generation == report.generation
    assert (report.works, report.passages, report.errors) == (2, 3, [])
    assert (index.source_count, index.passage_count) == (2, 3)
    assert index.search_dense("remission with tocilizumab", 1)[0].passage_id == "insight#what_was_found"
    assert index.search_lexical("remission", 5)[0].passage_id == "insight#what_was_found"
    passage = index.passages(["knight#what_was_found"])["knight#what_was_found"]
    assert (
        passage.sentence(1)
        == "The primary outcome was not met vs. transplant alone. Two sentences in one item."
    )


def test_the_title_is_indexed_with_each_passage_but_not_stored_in_it(
    built: Callable[[], Report], home: Path, encoder: WordEncoder
) -> None:
    """A word of the title alone finds the passage, whose text stays exact."""
    built()
    index = GenerationProvider(home, encoder).current()
    (hit,) = index.search_lexical("Insight", 5)
    assert "Insight" not in index.passages([hit.passage_id])[hit.passage_id].text


def test_unchanged_passages_are_not_embedded_again(
    built: Callable[[], Report], collection: Path, encoder: WordEncoder
) -> None:
    """A second build embeds nothing; one changed work costs its own passages and sentences alone."""
    first = built()
    assert (first.passages_embedded, first.passages_reused, first.new) == (3, 0, 2)
    encoder.seen.clear()
    second = built()
    assert encoder.seen == []
    assert (second.passages_embedded, second.passages_reused) == (0, 3)
    assert (second.new, second.changed, second.unchanged, second.removed) == (0, 0, 2, 0)
    path = collection / "insight.md"
    path.write_text(path.read_text().replace("53.9%", "54%"))
    third = built()
    assert (third.passages_embedded, third.passages_reused) == (1, 2)
    assert (third.changed, third.unchanged) == (1, 1)
    assert len(encoder.seen) == 2
    assert all("54%" in text for text in encoder.seen)


def test_a_changed_fact_needs_no_embedding_and_is_served(
    built: Callable[[], Report], collection: Path, home: Path, encoder: WordEncoder
) -> None:
    """A retraction changes what is shown, not what is embedded."""
    built()
    path = collection / "knight.md"
    path.write_text(path.read_text().replace("status: current", "status: retracted"))
    report = built()
    assert (report.passages_embedded, report.changed) == (0, 1)
    assert GenerationProvider(home, encoder).current().sources(["knight"])["knight"].status == "retracted"


def test_a_work_that_is_gone_is_counted_and_no_longer_found(
    built: Callable[[], Report], collection: Path, home: Path, encoder: WordEncoder
) -> None:
    """What was taken out of the collection is told, and out of the index."""
    built()
    (collection / "knight.md").unlink()
    report = built()
    assert (report.removed, report.unchanged) == (1, 1)
    index = GenerationProvider(home, encoder).current()
    assert index.passages(["knight#what_was_found"]) == {}
    assert {h.passage_id for h in index.search_dense("transplant", 9)} == {"insight#what_was_found"}


def test_what_cannot_be_read_is_reported_and_the_rest_is_indexed(
    built: Callable[[], Report], collection: Path
) -> None:
    """A corrupt front matter, a second use of an id and a strange file cost themselves alone."""
    (collection / "bad.md").write_text("---\nid: bad\nyear: [\n---\n\nText.\n")
    twin_text = re.sub(
        r"(?m)^title: .*$", "title: Another work altogether", (collection / "knight.md").read_text()
    )
    (collection / "zz-twin.md").write_text(twin_text)
    (collection / "picture.png").write_bytes(b"x")
    report = built()
    assert report.works == 2
    bad, twin = report.errors
    assert (bad.path, bad.line) == (str(collection / "bad.md"), 3)
    assert "the id 'knight' is already that of" in twin.message
    assert twin.path == str(collection / "zz-twin.md")
    assert report.ignored == {"not a document": 1}


def test_a_path_that_is_not_there_is_reported(collection: Path, home: Path, encoder: WordEncoder) -> None:
    """A mistyped folder does not pass in silence, nor stop the rest."""
    report = build([collection, collection / "nowhere"], home, encoder)
    assert report.works == 2
    assert ["no such file" in e.message for e in report.errors] == [True]


def test_nothing_to_index_is_a_failure_and_changes_nothing(
    built: Callable[[], Report], tmp_path: Path, home: Path, encoder: WordEncoder
) -> None:
    """An empty folder does not replace a good index by an empty one."""
    before = built().generation
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(BuildFailed, match="No document"):
        build([empty], home, encoder)
    (empty / "bad.md").write_text("---\nx: [\n---\n")
    with pytest.raises(BuildFailed, match="Nothing could be read"):
        build([empty], home, encoder)
    assert Generations(home).current_id() == before
    assert Generations(home).ids() == [before]


def test_progress_is_told_step_by_step(collection: Path, home: Path, encoder: WordEncoder) -> None:
    """Every step is announced in order, counts grow to their total, and problems are told as they come."""
    (collection / "bad.md").write_text("---\nx: 1\n---\n")
    events: list[Event] = []
    build([collection], home, encoder, listen=events.append)
    steps = [e for e in events if isinstance(e, Progress)]
    stages = [s for s in Stage if s is not Stage.PUBLISH]
    assert list(dict.fromkeys(e.stage for e in steps)) == stages
    for stage in stages:
        done = [e.done for e in steps if e.stage is stage]
        assert done == sorted(done)
        assert [e.total for e in steps if e.stage is stage][-1] == done[-1]
    assert [e.message for e in events if isinstance(e, Problem)]


def test_a_relative_home_with_odd_characters_works(
    collection: Path, tmp_path: Path, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any name a folder may have will do, given from where one stands."""
    monkeypatch.chdir(tmp_path)
    home = Path("my home # 50% ?é")
    report = build([collection], home, encoder)
    assert GenerationProvider(home, encoder).current().generation == report.generation


def test_old_generations_are_pruned(collection: Path, home: Path, encoder: WordEncoder) -> None:
    """So many stay as were asked for, the newest."""
    made = [build([collection], home, encoder, keep=2).generation for _ in range(4)]
    assert Generations(home).ids() == made[-2:]


def test_the_manifest_says_how_it_was_made(collection: Path, home: Path, encoder: WordEncoder) -> None:
    """Model, dimension, counts, inputs and topic are on record, with a checksum for each file of ours."""
    ident = build([collection], home, encoder, topic="corpus/topic.yaml").generation
    (shown,) = Generations(home).listing()
    manifest = shown.manifest
    assert manifest is not None
    assert (manifest.id, manifest.model_id, manifest.dimension) == (ident, "words-1", 64)
    assert (manifest.sources, manifest.passages, manifest.sentences) == (2, 3, 4)
    assert (manifest.inputs, manifest.topic) == ((str(collection),), "corpus/topic.yaml")
    assert {"evidence.sqlite", "sentences.bin", "tokens.bin"} <= set(manifest.checksums)
    assert len(manifest.checksums["evidence.sqlite"]) == 64


def test_works_with_equal_texts_are_both_kept(tmp_path: Path, home: Path, encoder: WordEncoder) -> None:
    """Ten records with the same words are ten passages that the check accepts."""
    path = tmp_path / "works.jsonl"
    rows = [{"id": f"w{i}", "title": "T", "text": "The same words."} for i in range(10)]
    path.write_text("\n".join(json.dumps(row) for row in rows))
    report = build([path], home, encoder)
    assert (report.passages, report.passages_embedded) == (10, 1)
    assert report.generation
    assert check(Generations(home).folder(report.generation), encoder).sound


def test_a_large_collection_goes_without_token_vectors(
    collection: Path, home: Path, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where they would take too much room, it is said, and the index works without them."""
    monkeypatch.setattr("ingest.build.TOKEN_VECTOR_PASSAGES", 2)
    report = build([collection], home, encoder)
    assert report.notices
    index = GenerationProvider(home, encoder).current()
    assert index.late_interaction("mood", ["knight#what_was_found"]) == {}
    assert index.search_dense("mood", 1)


def test_the_same_documents_give_the_same_index(
    collection: Path, tmp_path: Path, encoder: WordEncoder
) -> None:
    """Two builds from scratch agree in ids, texts, vectors and rankings."""
    indexes = []
    for name in ("one", "two"):
        build([collection], tmp_path / name, encoder)
        indexes.append(GenerationProvider(tmp_path / name, encoder).current())
    first, second = indexes
    assert first.manifest.checksums["sentences.bin"] == second.manifest.checksums["sentences.bin"]
    assert first.manifest.checksums["tokens.bin"] == second.manifest.checksums["tokens.bin"]
    assert first.search_dense("mood", 9) == second.search_dense("mood", 9)
    assert first.search_lexical("depression", 9) == second.search_lexical("depression", 9)
    assert list(first.all_sources()) == list(second.all_sources())
