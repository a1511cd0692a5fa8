"""Whatever happens during a build, the index that served before still serves, and nothing half-made stays."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_encoder import WordEncoder

from caveat.adapters.encoding import Encoding
from caveat.adapters.generations import GenerationProvider, Generations
from caveat.errors import BuildFailed, EmbedderUnavailable
from ingest import build as build_module
from ingest import searches as searches_module
from ingest.build import build
from ingest.events import Event, Progress, Report, Stage

DISK_FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def serving(built: Callable[[], Report], collection: Path, home: Path, encoder: WordEncoder) -> Iterator[str]:
    """An index that serves, and a collection that has changed since; afterwards nothing may be different."""
    ident = built().generation
    assert ident
    path = collection / "insight.md"
    path.write_text(path.read_text().replace("Remission", "Recovery"))
    provider = GenerationProvider(home, encoder)
    before = provider.current()
    yield ident
    encoder.before = lambda _texts: None
    assert provider.current() is before
    fresh = GenerationProvider(home, encoder).current()
    assert fresh.generation == ident
    for index in (before, fresh):
        assert index.search_lexical("remission", 5)
        assert index.search_dense("remission", 1)[0].passage_id == "insight#what_was_found"
        assert not index.search_lexical("recovery", 5)
    assert [p.name for p in (home / "generations").iterdir()] == [ident]


def _raise(error: BaseException) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


STEPS = ["collect", "checksums", "_compare", "flush"]
SEARCH_STEPS = ["embed", "write_lexical", "write_manifest", "check"]


@pytest.mark.parametrize(
    ("step", "error", "words"),
    [
        *((step, DISK_FULL, "disk is full.*still serves") for step in STEPS + SEARCH_STEPS),
        ("embed", sqlite3.OperationalError("database or disk is full"), "disk is full.*still serves"),
        ("embed", RuntimeError("odd\nsecond line"), r"\(RuntimeError: odd\); .*still serves"),
    ],
)
def test_a_step_that_fails_changes_nothing(
    step: str,
    error: Exception,
    words: str,
    serving: str,
    built: Callable[[], Report],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A full disk or any other error at any step is one plain line, and the old index serves."""
    module = searches_module if step in SEARCH_STEPS else build_module
    monkeypatch.setattr(module, step, _raise(error))
    with pytest.raises(BuildFailed, match=words) as caught:
        built()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("call", ["replace", "fsync"])
def test_a_full_disk_at_the_last_moment_changes_nothing(
    call: str, serving: str, built: Callable[[], Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither naming the folder nor moving the pointer can leave half a switch."""
    monkeypatch.setattr(os, call, _raise(DISK_FULL))
    with pytest.raises(BuildFailed, match="disk is full"):
        built()


def test_a_pointer_that_cannot_be_written_changes_nothing(
    serving: str, built: Callable[[], Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A finished generation that could not be activated is taken away again."""
    monkeypatch.setattr(
        Generations, "activate", _raise(PermissionError(13, "Permission denied", "current.json"))
    )
    with pytest.raises(BuildFailed, match=r"current\.json: Permission denied"):
        built()


def test_a_model_that_fails_changes_nothing(
    serving: str, built: Callable[[], Report], encoder: WordEncoder
) -> None:
    """An embedding model that gives up in the middle leaves the old index."""
    encoder.before = _raise(EmbedderUnavailable("The model is gone."))
    with pytest.raises(EmbedderUnavailable, match="gone"):
        built()


@pytest.mark.parametrize("bad", ["nan", "long", "short", "zero", "no tokens"])
def test_bad_vectors_are_noticed(
    bad: str, serving: str, built: Callable[[], Report], encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is no unit vector of the right length never gets into an index."""
    good = encoder._one

    def spoiled(text: str, tokens: bool) -> Encoding:
        encoding = good(text, tokens)
        if bad == "no tokens":
            return replace(encoding, tokens=None)
        changed = {
            "nan": encoding.vector * np.float32("nan"),
            "long": encoding.vector * 2,
            "short": encoding.vector[:-1],
            "zero": encoding.vector * 0,
        }
        return replace(encoding, vector=changed[bad])

    monkeypatch.setattr(encoder, "_one", spoiled)
    with pytest.raises(BuildFailed, match="vector"):
        built()


@pytest.mark.parametrize("stage", [s for s in Stage if s is not Stage.PUBLISH])
def test_an_interruption_changes_nothing(
    stage: Stage, serving: str, collection: Path, home: Path, encoder: WordEncoder
) -> None:
    """Ctrl-C at any step stops cleanly."""

    def interrupt(event: Event) -> None:
        if isinstance(event, Progress) and event.stage is stage:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build([collection], home, encoder, listen=interrupt)


def test_an_interruption_after_the_flip_keeps_the_new_index(
    built: Callable[[], Report],
    collection: Path,
    home: Path,
    encoder: WordEncoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Once the pointer names it, a generation is never taken away."""
    built()
    real = Generations.activate

    def activate_then_stop(self: Generations, ident: str) -> None:
        real(self, ident)
        raise KeyboardInterrupt

    monkeypatch.setattr(Generations, "activate", activate_then_stop)
    with pytest.raises(KeyboardInterrupt):
        build([collection], home, encoder)
    monkeypatch.undo()
    assert len(Generations(home).ids()) == 2
    index = GenerationProvider(home, encoder).current()
    assert index.generation == Generations(home).ids()[-1]
    assert index.search_dense("mood", 1)


def test_an_unsound_index_is_not_activated(
    serving: str, built: Callable[[], Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check before the flip is a real one: a store that lacks a passage stops the build."""
    real = searches_module.write_lexical

    def lossy(folder: Path, texts: Iterator[str]) -> int:
        return real(folder, list(texts)[:-1])

    monkeypatch.setattr(searches_module, "write_lexical", lossy)
    with pytest.raises(BuildFailed, match="word index holds 2 passages, not 3"):
        built()


def test_old_generations_that_cannot_be_removed_do_no_harm(
    collection: Path, home: Path, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new index serves, and the report says what was left."""
    monkeypatch.setattr(Generations, "prune", _raise(PermissionError("not allowed")))
    report = build([collection], home, encoder, keep=1)
    assert report.notices
    assert "not allowed" in report.notices[0]
    assert GenerationProvider(home, encoder).current().generation == report.generation


def test_what_a_killed_build_left_is_swept_away(built: Callable[[], Report], home: Path) -> None:
    """A folder that was never finished goes with the next build, and is never listed before."""
    ident = built().generation
    assert ident
    shutil.copytree(home / "generations" / ident, home / "generations" / ".building-x")
    assert Generations(home).ids() == [ident]
    built()
    assert not (home / "generations" / ".building-x").exists()
