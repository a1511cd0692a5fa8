"""Builds in processes of their own: two at once, and one that is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from small_encoder import WordEncoder

from caveat.adapters.generations import GenerationProvider, Generations
from caveat.adapters.vector_cache import COMMIT_EVERY
from caveat.errors import BuildLocked
from ingest.build import build
from ingest.check import check
from ingest.events import Stage
from ingest.lock import HOLDER, build_lock

SLOW_BUILD = """
import sys, time
from pathlib import Path
sys.path[:0] = {path!r}
from small_encoder import WordEncoder
from ingest.build import build

encoder = WordEncoder()
def slowly(texts):
    print(len(texts), flush=True)
    time.sleep({seconds})
encoder.before = slowly
build([Path({collection!r})], Path({home!r}), encoder)
"""
DYING_BUILD = """
import os, sys
from pathlib import Path
sys.path[:0] = {path!r}
from small_encoder import WordEncoder
from ingest.build import build

def die(event):
    if getattr(event, "stage", None) == {stage!r}:
        os.kill(os.getpid(), 9)
build([Path({collection!r})], Path({home!r}), WordEncoder(), listen=die)
"""
WORKS = 600


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A collection that takes several batches to embed."""
    path = tmp_path / "works.jsonl"
    rows = ({"id": f"w{i}", "title": f"Work {i}", "text": f"Mood rose in trial {i}."} for i in range(WORKS))
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return path


@contextmanager
def slow_build(collection: Path, home: Path, seconds: float) -> Iterator[subprocess.Popen[str]]:
    """A build in another process that waits before each batch and says so."""
    code = SLOW_BUILD.format(path=sys.path, collection=str(collection), home=str(home), seconds=seconds)
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()


@pytest.mark.slow
@pytest.mark.parametrize("stage", [Stage.WRITE, Stage.CHECK, Stage.ACTIVATE])
def test_killed_at_a_later_step_the_old_index_serves_and_the_next_build_ends(
    stage: Stage, collection: Path, home: Path, encoder: WordEncoder
) -> None:
    """Killed while it writes, checks or is about to flip: nothing is lost, and nothing is in the way."""
    old = build([collection], home, encoder).generation
    code = DYING_BUILD.format(path=sys.path, collection=str(collection), home=str(home), stage=stage.value)
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == -signal.SIGKILL
    assert GenerationProvider(home, encoder).current().generation == old
    report = build([collection], home, encoder)
    assert (report.unchanged, report.passages_embedded) == (2, 0)
    index = GenerationProvider(home, encoder).current()
    assert index.generation == report.generation
    assert check(index.folder, encoder).sound
    assert [p.name for p in (home / "generations").iterdir() if p.name.startswith(".")] == []


def _batches(process: subprocess.Popen[str], count: int) -> int:
    """Waits until so many batches were begun, and returns how many texts they hold."""
    assert process.stdout
    return sum(int(process.stdout.readline()) for _ in range(count))


@pytest.mark.slow
def test_a_killed_build_leaves_the_old_index_and_is_resumed(
    many: Path, collection: Path, home: Path, encoder: WordEncoder
) -> None:
    """Killed outright, a build costs only the batch it was at: the next one embeds the rest and serves."""
    old = build([collection], home, encoder).generation
    with slow_build(many, home, 0.05) as process:
        begun = _batches(process, 6)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    provider = GenerationProvider(home, encoder)
    assert provider.current().generation == old
    assert provider.current().search_dense("remission", 1)
    encoder.seen.clear()
    report = build([many], home, encoder)
    assert report.works == WORKS
    # Each work is one passage and one sentence; what was begun but for the last batch is in the cache.
    assert begun - COMMIT_EVERY <= 2 * WORKS - len(encoder.seen) <= begun
    assert report.passages_reused > 0
    assert provider.current().generation == report.generation
    assert [p.name for p in (home / "generations").iterdir() if p.name.startswith(".")] == []


@pytest.mark.slow
def test_the_second_build_is_told_who_holds_the_lock(many: Path, home: Path, encoder: WordEncoder) -> None:
    """Two builds at once: the second stops at once, naming process and host, and the first goes on."""
    with slow_build(many, home, 0.1) as process:
        _batches(process, 1)
        with pytest.raises(BuildLocked, match=rf"process {process.pid} on \S+, since"):
            build([many], home, encoder)
        assert process.wait(timeout=60) == 0
    assert len(Generations(home).ids()) == 1
    assert not (home / HOLDER).exists()


@pytest.mark.slow
def test_the_lock_is_free_after_a_kill(many: Path, home: Path, encoder: WordEncoder) -> None:
    """A dead build locks nobody out, though its note still lies there."""
    with slow_build(many, home, 5) as process:
        _batches(process, 1)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert (home / HOLDER).exists()
    started = time.monotonic()
    with build_lock(home):
        assert time.monotonic() - started < 2


def test_a_lock_without_a_note_is_still_a_lock(home: Path) -> None:
    """An unreadable note does not let a second build in."""
    with build_lock(home):
        (home / HOLDER).write_text("{")
        with pytest.raises(BuildLocked, match="process unknown"), build_lock(home):
            pass
