"""The pointer and the folders it may name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from caveat.adapters.generations import Generations
from caveat.adapters.manifest import FILE, SCHEMA_VERSION, Manifest, write_manifest
from caveat.errors import IndexCorrupt, IndexMismatch, IndexMissing


@pytest.fixture
def generations(home: Path) -> Generations:
    """Four finished generations, of which ``g3`` serves."""
    found = Generations(home)
    for ident in ("g1", "g2", "g3", "g4"):
        _finish(found, ident)
    found.activate("g3")
    return found


def _finish(generations: Generations, ident: str, schema: int = SCHEMA_VERSION) -> None:
    folder = generations.folder(ident)
    folder.mkdir(parents=True)
    (folder / "evidence.sqlite").write_bytes(b"x")
    write_manifest(folder, Manifest(ident, "2026-11-23", schema, "words-1", 64, "s", 1, 1, 1, True))


def test_activation_moves_the_pointer_and_leaves_nothing_behind(generations: Generations) -> None:
    """One file says what serves; no half-written one stays."""
    generations.activate("g4")
    assert generations.current_id() == "g4"
    assert sorted(p.name for p in generations.home.iterdir()) == ["current.json", "generations"]


@pytest.mark.parametrize("ident", ["nothing", "", "..", "../generations/g1", "g1/"])
def test_only_a_finished_generation_can_be_activated(generations: Generations, ident: str) -> None:
    """An unknown name, or one that is a path, changes nothing."""
    with pytest.raises(IndexMissing, match="status"):
        generations.activate(ident)
    assert generations.current_id() == "g3"


def test_a_generation_of_another_format_is_not_activated(generations: Generations) -> None:
    """What this version cannot read never serves."""
    _finish(generations, "g5", schema=SCHEMA_VERSION + 1)
    with pytest.raises(IndexMismatch, match="ingest build"):
        generations.activate("g5")
    assert generations.current_id() == "g3"


def test_rollback_goes_back_step_by_step(generations: Generations) -> None:
    """Each rollback is one generation older; at the oldest it says so and changes nothing."""
    assert generations.rollback() == "g2"
    assert generations.rollback() == "g1"
    with pytest.raises(IndexMissing, match="no earlier index"):
        generations.rollback()
    assert generations.current_id() == "g1"


def test_rollback_repairs_a_pointer_to_a_missing_folder(generations: Generations) -> None:
    """The newest generation that is older than the lost one serves again."""
    generations.pointer.write_text(json.dumps({"current": "g35"}))
    assert generations.rollback() == "g3"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"current": 3}', '{"current": "../../etc"}', "{}"])
def test_a_broken_pointer_is_named_and_rollback_repairs_it(generations: Generations, content: str) -> None:
    """A pointer that cannot be read, or names a path, is an error that says what to run."""
    generations.pointer.write_text(content)
    with pytest.raises(IndexCorrupt, match="ingest rollback"):
        generations.current_id()
    assert [g.current for g in generations.listing()] == [False] * 4
    assert generations.rollback() == "g4"
    assert generations.current_id() == "g4"


@pytest.mark.parametrize(
    ("keep", "left"), [(1, ["g3"]), (2, ["g3", "g4"]), (3, ["g2", "g3", "g4"]), (9, ["g1", "g2", "g3", "g4"])]
)
def test_pruning_keeps_the_newest_and_always_the_current(
    generations: Generations, keep: int, left: list[str]
) -> None:
    """What serves stays, even when newer ones would fill the number."""
    gone = generations.prune(keep)
    assert generations.ids() == left
    assert sorted(gone + left) == ["g1", "g2", "g3", "g4"]
    assert [p.name for p in sorted(generations.root.iterdir())] == left


def test_the_list_shows_what_cannot_serve_and_why(generations: Generations) -> None:
    """A damaged manifest is shown with its problem, and the others are still listed."""
    (generations.folder("g2") / FILE).write_text("{")
    shown = {g.id: g for g in generations.listing()}
    assert list(shown) == ["g4", "g3", "g2", "g1"]
    assert shown["g2"].problem
    assert "rollback" in shown["g2"].problem
    assert shown["g3"].current
    assert shown["g3"].manifest


def test_a_home_without_anything_is_empty(home: Path) -> None:
    """Nothing built yet is no error to look at, only to use."""
    empty = Generations(home)
    assert empty.current_id() is None
    assert empty.listing() == []
    with pytest.raises(IndexMissing, match="ingest build"):
        empty.rollback()
