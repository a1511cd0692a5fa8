"""Where few passages changed only these are made, and a graph that loses passages is made anew: never less is found."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_encoder import WordEncoder

from caveat.adapters import dense
from caveat.adapters.dense import DenseIndex
from caveat.adapters.encoding import FloatArray
from caveat.adapters.evidence_store import EvidenceStore
from caveat.adapters.generations import GenerationProvider, Generations
from caveat.adapters.manifest import Manifest, read_manifest
from caveat.domain.model import Passage
from caveat.errors import BuildFailed
from ingest import amend as amend_module
from ingest import carry as carry_module
from ingest import check as check_module
from ingest import searches as searches_module
from ingest.build import build
from ingest.check import Check, check

WORKS = 60
Rows = list[dict[str, Any]]


def _row(i: int, word: str = "Mood") -> dict[str, Any]:
    topic = f"{word} number {i} of {i * 7} here. Sleep {i * 3} was worse on day {i}."
    return {"id": f"w{i:02}", "title": f"Work {i} on a{i}", "text": topic}


@pytest.fixture
def rows() -> Rows:
    return [_row(i) for i in range(WORKS)]


@pytest.fixture
def run(
    tmp_path: Path, home: Path, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Rows], Manifest]:
    """Builds these records; graphs are kept from ten passages on, and a fifth of the passages may change."""
    monkeypatch.setattr(dense, "HNSW", dense.HNSW | {"sync_threshold": 10, "batch_size": 5})
    monkeypatch.setattr(carry_module, "MOST_EDITED", 0.2)
    monkeypatch.setattr(check_module, "SAMPLE", 5)
    monkeypatch.setattr(check_module, "NEAR", 3)

    def built(rows: Rows) -> Manifest:
        path = tmp_path / "works.jsonl"
        path.write_text("\n".join(json.dumps(row) for row in rows))
        encoder.seen.clear()
        report = build([path], home, encoder)
        assert report.passages_embedded + report.passages_reused == report.passages
        return read_manifest(_folder(home))

    return built


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows whenever vectors are written whole."""
    seen: list[int] = []
    embed = searches_module.embed

    def noted(*given: Any, **named: Any) -> None:
        seen.append(1)
        embed(*given, **named)

    monkeypatch.setattr(searches_module, "embed", noted)
    return seen


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[Check]:
    seen: list[Check] = []

    def noted(*given: Any, **named: Any) -> Check:
        seen.append(check(*given, **named))
        return seen[-1]

    monkeypatch.setattr(searches_module, "check", noted)
    return seen


def _folder(home: Path) -> Path:
    return Generations(home).folder(Generations(home).current_id() or "")


def _as_from_scratch(home: Path, tmp_path: Path, encoder: WordEncoder) -> None:
    scratch = tmp_path / "scratch"
    build([tmp_path / "works.jsonl"], scratch, encoder)
    one, two = _folder(home), _folder(scratch)
    assert read_manifest(one).checksums == read_manifest(two).checksums
    found = [DenseIndex(folder / "chroma") for folder in (one, two)]
    assert found[0].ids() == found[1].ids()
    ids = sorted(found[0].ids())
    vectors = [index.vectors(ids) for index in found]
    assert all(np.allclose(vectors[0][i], vectors[1][i], atol=1e-6) for i in ids)
    for index in found:
        index.close()
    asked = [GenerationProvider(place, encoder).current() for place in (home, scratch)]
    for query in ("mood number 8", "recovery of w3", "sleep 30 worse"):
        scores = [[(h.passage_id, round(h.score, 5)) for h in i.search_dense(query, 5)] for i in asked]
        assert scores[0] == scores[1]
    result = check(one, encoder)
    assert (result.problems, result.looked_for_by_vector) == ([], result.passages)


def test_only_what_changed_is_made(
    run: Callable[[Rows], Manifest],
    rows: Rows,
    home: Path,
    tmp_path: Path,
    encoder: WordEncoder,
    whole: list[int],
    checks: list[Check],
) -> None:
    """One work new, one changed, one gone, one with another title: all else is copied, and the index is as if made anew."""
    run(rows)
    GenerationProvider(home, encoder).current().search_dense("mood", 3)
    rows[7] = _row(7, "Recovery")
    rows[20]["title"] = "Another title"
    now = [*rows[:3], _row(99), *rows[4:]]
    manifest = run(now)
    assert whole == [1]
    assert {text for text in encoder.seen if "number" in text and "\n" in text} == {
        "Work 7 on a7\n" + rows[7]["text"],
        "Another title\n" + rows[20]["text"],
        "Work 99 on a99\n" + _row(99)["text"],
    }
    assert manifest.edited == 6  # three came, three went
    assert 3 <= checks[-1].looked_for_by_vector <= 3 + 3 * 3 + 5
    _as_from_scratch(home, tmp_path, encoder)


def test_another_order_alone_moves_no_vector(
    run: Callable[[Rows], Manifest],
    rows: Rows,
    home: Path,
    tmp_path: Path,
    encoder: WordEncoder,
    whole: list[int],
) -> None:
    """Rows get new numbers; the vectors stay where they are."""
    run(rows)
    assert run(rows[::-1]).edited == 0
    assert (whole, encoder.seen) == ([1], [])
    _as_from_scratch(home, tmp_path, encoder)


def test_edits_add_up_until_all_is_written_anew(
    run: Callable[[Rows], Manifest], rows: Rows, home: Path, encoder: WordEncoder, whole: list[int]
) -> None:
    """Each edit leaves a graph a little worse: after a share of them it is made from the beginning."""
    edited = [run(rows).edited]
    for i in range(8):
        rows[i] = _row(i, "Recovery")
        edited.append(run(rows).edited)
        assert check(_folder(home), encoder).sound
    assert edited == [0, 2, 4, 6, 8, 10, 12, 0, 2]
    assert len(whole) == 2


@pytest.mark.parametrize("damage", ["graph", "vector", "sentences.bin", "tokens.bin", "no checksum"])
def test_what_is_not_as_it_was_written_is_not_changed_but_made_anew(
    damage: str,
    run: Callable[[Rows], Manifest],
    rows: Rows,
    home: Path,
    tmp_path: Path,
    encoder: WordEncoder,
    whole: list[int],
) -> None:
    """A byte of a graph or a file that is another, a row of the database, or no checksum, as in older generations."""
    run(rows)
    folder = _folder(home)
    if damage == "vector":
        with sqlite3.connect(folder / "chroma" / "chroma.sqlite3") as database:
            database.execute("UPDATE embeddings_queue SET vector = zeroblob(length(vector))")
        database.close()
    elif damage == "no checksum":
        path = folder / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"vectors": None}))
    else:
        (path,) = folder.glob("chroma/*/data_level0.bin" if damage == "graph" else damage)
        raw = bytearray(path.read_bytes())
        raw[-1] ^= 1
        path.write_bytes(raw)
    rows[7] = _row(7, "Recovery")
    assert run(rows).edited == 0
    assert len(whole) == 2
    _as_from_scratch(home, tmp_path, encoder)


def _forgets(folder: Path, gone: Sequence[str], _rows: Iterable[tuple[Passage, FloatArray]]) -> int:
    return dense.change_dense(folder, gone, [])


def _breaks(*_: object) -> int:
    raise RuntimeError("Chroma says no")


@pytest.mark.parametrize("fault", [_forgets, _breaks])
def test_a_change_that_goes_wrong_costs_only_time(
    fault: Callable[..., int],
    run: Callable[[Rows], Manifest],
    rows: Rows,
    home: Path,
    tmp_path: Path,
    encoder: WordEncoder,
    whole: list[int],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Vectors that lack a passage, or that Chroma would not change, are made anew, and that is said."""
    run(rows)
    rows[7] = _row(7, "Recovery")
    monkeypatch.setattr(amend_module, "change_dense", fault)
    assert run(rows).edited == 0
    assert len(whole) == 2
    assert "it is made anew" in caplog.text
    _as_from_scratch(home, tmp_path, encoder)


def test_passages_near_a_new_one_are_looked_for(
    run: Callable[[Rows], Manifest],
    rows: Rows,
    home: Path,
    encoder: WordEncoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A passage put into a graph may cut off those next to it, and a sample might miss them."""
    run(rows)
    seen: list[str] = []
    found = check_module._found_by_vector
    monkeypatch.setattr(check_module, "SAMPLE", 0)
    monkeypatch.setattr(
        check_module, "_found_by_vector", lambda tried, *rest: (seen.extend(tried), found(tried, *rest))
    )
    rows[7] = _row(7, "Recovery")
    run(rows)
    index = DenseIndex(_folder(home) / "chroma")
    own = next(i for i in index.ids() if i.startswith("w07#"))
    near = index.nearest([index.vectors([own])[own].tolist()], 3)[0]
    index.close()
    assert len(near) == 3
    assert set(seen) == {own, *near}


@pytest.mark.parametrize(
    ("fact", "value"),
    [("title", "Other"), ("text", "Mood number 7 of 50 here. Sleep 21 was worse on day 7."), ("id", "w7b")],
)
def test_a_passage_is_another_by_title_text_or_work(
    fact: str, value: str, run: Callable[[Rows], Manifest], rows: Rows, home: Path
) -> None:
    """Whatever is searched with a passage makes it another."""
    run(rows)
    before = _folder(home)
    rows[7] = rows[7] | {fact: value}
    run(rows)
    store = EvidenceStore(_folder(home) / "evidence.sqlite")
    there = store.rows_in(before / "evidence.sqlite").tolist()
    same = store.rows_in(_folder(home) / "evidence.sqlite").tolist()
    store.close()
    assert same == list(range(WORKS))
    assert [row for row, old in enumerate(there) if old < 0] == [7]


WEAK = {"ef_search": 1, "ef_construction": 2, "max_neighbors": 2, "sync_threshold": 10, "batch_size": 5}


def test_a_graph_that_loses_passages_is_made_again_stronger(
    home: Path, tmp_path: Path, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch, whole: list[int]
) -> None:
    """Once, and it is said; from then on the stronger one is made at once. A graph that is still too weak never serves."""
    path = tmp_path / "works.jsonl"
    path.write_text("\n".join(json.dumps(_row(i)) for i in range(400)))
    monkeypatch.setattr(dense, "HNSW", dense.HNSW | WEAK)
    monkeypatch.setattr(searches_module, "GRAPHS", ({}, {}))
    with pytest.raises(BuildFailed, match="their own vector does not find"):
        build([path], home, encoder)
    assert len(whole) == 2
    assert Generations(home).current_id() is None
    monkeypatch.setattr(
        searches_module, "GRAPHS", ({}, {"ef_search": 400, "ef_construction": 200, "max_neighbors": 32})
    )
    report = build([path], home, encoder)
    assert len(whole) == 4
    assert any("written again with stronger settings" in notice for notice in report.notices)
    assert read_manifest(_folder(home)).graph == 1
    assert check(_folder(home), encoder).sound
    path.write_text("\n".join(json.dumps(_row(i, "Recovery")) for i in range(400)))
    report = build([path], home, encoder)
    assert (len(whole), report.notices) == (5, [])
    assert read_manifest(_folder(home)).graph == 1


def test_another_fault_than_reach_is_not_tried_again(
    run: Callable[[Rows], Manifest], rows: Rows, whole: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No graph mends a word index that lacks a passage."""
    real = searches_module.write_lexical
    monkeypatch.setattr(searches_module, "write_lexical", lambda folder, texts: real(folder, list(texts)[1:]))
    with pytest.raises(BuildFailed, match="word index holds 59 passages, not 60"):
        run(rows)
    assert whole == [1]
