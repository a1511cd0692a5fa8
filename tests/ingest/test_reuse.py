"""Unchanged works are copied from the index that serves: the store is the same to the byte, and any doubt means anew."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from small_encoder import WordEncoder

from caveat.adapters import dense
from caveat.adapters.generations import GenerationProvider, Generations
from caveat.adapters.manifest import read_manifest
from caveat.adapters.model_files import sha256
from ingest import check as check_module
from ingest import collect as collect_module
from ingest import reuse
from ingest import searches as searches_module
from ingest.build import build
from ingest.check import Check

TRIAL = "We randomised 40 adults with depression to tocilizumab or placebo. Mood in group {i} was better (P=0.0{i}). "


@pytest.fixture
def works(collection: Path) -> Path:
    """Notes, records with facts to be read in them, and two records of one work."""
    rows: list[dict[str, object]] = [
        {"id": f"w{i}", "title": f"Trial {i} of an antibody: a randomized controlled trial", "year": 2000 + i}
        | {"text": TRIAL.format(i=i) * 9, "doi": f"10.1234/x.{i}"}
        for i in range(6)
    ]
    rows.append(rows[0] | {"id": "again", "pmid": "123456"})
    (collection / "works.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    return collection


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The works that were cut into passages."""
    seen: list[str] = []
    split = collect_module.split

    def noted(document: object) -> object:
        seen.append(document.source.id)  # type: ignore[attr-defined]
        return split(document)  # type: ignore[arg-type]

    monkeypatch.setattr(collect_module, "split", noted)
    return seen


def _folder(home: Path) -> Path:
    return Generations(home).folder(Generations(home).current_id() or "")


def _same_as_from_scratch(works: Path, home: Path, encoder: WordEncoder) -> bool:
    scratch = home.with_name("scratch")
    build([works], scratch, encoder)
    names = ("evidence.sqlite", "works.json")
    return all((_folder(home) / n).read_bytes() == (_folder(scratch) / n).read_bytes() for n in names)


def test_nothing_is_cut_again_and_the_store_is_the_same(
    works: Path, home: Path, encoder: WordEncoder, cut: list[str]
) -> None:
    """With no change all is copied, also from a copy, and the bytes are those of a build from scratch."""
    first = build([works], home, encoder)
    assert len(cut) == first.works == 8
    cut.clear()
    for _ in range(2):
        again = build([works], home, encoder)
        assert (again.works, again.passages, again.sentences) == (8, first.passages, first.sentences)
    assert cut == []
    assert _same_as_from_scratch(works, home, encoder)


def test_one_changed_work_is_cut_alone(works: Path, home: Path, encoder: WordEncoder, cut: list[str]) -> None:
    """A change of text, or of a fact alone, costs its own work."""
    build([works], home, encoder)
    for old, new in (("day 28", "day 29"), ("year: 2021", "year: 2020")):
        cut.clear()
        path = works / "knight.md"
        path.write_text(path.read_text().replace(old, new))
        build([works], home, encoder)
        assert cut == ["knight"]
    assert _same_as_from_scratch(works, home, encoder)


def test_works_that_are_gone_or_moved_leave_the_rest(
    works: Path, home: Path, encoder: WordEncoder, cut: list[str]
) -> None:
    """Rows get new numbers without a gap; where a work was read is told anew."""
    build([works], home, encoder)
    cut.clear()
    path = works / "works.jsonl"
    path.write_text("\n".join(path.read_text().splitlines()[2:5]))
    (works / "insight.md").rename(works / "other.md")
    report = build([works], home, encoder)
    assert (report.works, cut) == (5, [])
    assert _same_as_from_scratch(works, home, encoder)


def _forget_digests(folder: Path) -> None:
    with sqlite3.connect(folder / "evidence.sqlite") as database:
        database.execute("DROP TABLE made_from")
    database.close()
    path = folder / "manifest.json"
    raw = json.loads(path.read_text())
    raw["checksums"]["evidence.sqlite"] = sha256(folder / "evidence.sqlite")
    path.write_text(json.dumps(raw))


def _alter(folder: Path) -> None:
    with sqlite3.connect(folder / "evidence.sqlite") as database:
        database.execute("UPDATE passages SET text = replace(text, '53.9', '93.5')")
    database.close()


def _lose_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text("{")


@pytest.mark.parametrize("damage", [_forget_digests, _alter, _lose_manifest])
def test_a_store_that_cannot_be_trusted_is_not_copied(
    damage: Callable[[Path], None], works: Path, home: Path, encoder: WordEncoder, cut: list[str]
) -> None:
    """One without digests, as older ones are, one that was altered, one that nothing vouches for."""
    build([works], home, encoder)
    damage(_folder(home))
    cut.clear()
    build([works], home, encoder)
    assert len(cut) == 8
    assert _same_as_from_scratch(works, home, encoder)


@pytest.mark.parametrize(("name", "value"), [("VERSION", "sentences-9"), ("PROGRAM", "x"), ("PROGRAM", None)])
def test_another_program_makes_all_anew(
    name: str,
    value: str | None,
    works: Path,
    home: Path,
    encoder: WordEncoder,
    cut: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Another way of cutting, other code, or code that cannot be told: nothing is copied."""
    build([works], home, encoder)
    cut.clear()
    monkeypatch.setattr(reuse, name, value)
    build([works], home, encoder)
    assert len(cut) == 8


def test_the_program_is_known_here() -> None:
    """The digest of the code is there, and is the same when taken again."""
    assert reuse.PROGRAM is not None
    assert reuse._program() == reuse.PROGRAM


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[Check]:
    """The results of the checks at the end of builds; the sample is of five, and graphs are kept from ten passages on."""
    seen: list[Check] = []
    check = searches_module.check

    def noted(*given: object, **named: object) -> Check:
        seen.append(check(*given, **named))  # type: ignore[arg-type]
        return seen[-1]

    monkeypatch.setattr(searches_module, "check", noted)
    monkeypatch.setattr(check_module, "SAMPLE", 5)
    monkeypatch.setattr(check_module, "SAMPLE_BY_WORDS", 5)
    monkeypatch.setattr(dense, "HNSW", dense.HNSW | {"sync_threshold": 10, "batch_size": 5})
    return seen


@pytest.fixture
def forty(tmp_path: Path) -> Path:
    path = tmp_path / "forty.jsonl"
    rows = [
        {"id": f"w{i}", "title": f"Work {i}", "text": f"Mood number {i} of {i * 7} here."} for i in range(44)
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return path


def test_of_an_equal_copy_a_sample_is_looked_for(
    forty: Path, home: Path, encoder: WordEncoder, checked: list[Check]
) -> None:
    """The first build looks for every passage, copies for a few, also of what was read; a check by hand for every one."""
    for _ in range(3):
        build([forty], home, encoder)
        GenerationProvider(home, encoder).current().search_dense("mood", 3)
    assert [c.looked_for_by_vector for c in checked] == [44, 5, 5]
    assert [c.looked_for_by_words for c in checked] == [44, 5, 5]
    assert check_module.check(_folder(home), encoder).looked_for_by_vector == 44


@pytest.mark.parametrize("damage", ["graph", "database", "no checksum"])
def test_of_a_copy_that_may_differ_every_passage_is_looked_for(
    damage: str, forty: Path, home: Path, encoder: WordEncoder, checked: list[Check]
) -> None:
    """A byte of the graph or a row of the database that is another, or no checksum, as in older generations."""
    build([forty], home, encoder)
    folder = _folder(home)
    assert read_manifest(folder).vectors
    if damage == "graph":
        (path,) = folder.glob("chroma/*/data_level0.bin")
        raw = bytearray(path.read_bytes())
        raw[-1] ^= 1
        path.write_bytes(raw)
    elif damage == "database":
        with sqlite3.connect(folder / "chroma" / "chroma.sqlite3") as database:
            altered = "UPDATE embeddings_queue SET vector = zeroblob(length(vector)) "
            altered += "WHERE seq_id = (SELECT max(seq_id) FROM embeddings_queue)"
            assert database.execute(altered).rowcount == 1
        database.close()
    else:
        path = folder / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"vectors": None}))
    build([forty], home, encoder)
    assert checked[-1].looked_for_by_vector == 44
