"""Builds killed with -9 at random moments: the old index serves throughout, and the next build makes what an undisturbed one makes.

``CAVEAT_FUZZ_KILLS=25`` for more moments than the suite tries.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest
from small_encoder import WordEncoder

from caveat.adapters.generations import GenerationProvider, Generations
from ingest.check import check

FEW = 8
KILLS = int(os.environ.get("CAVEAT_FUZZ_KILLS", FEW))
WORKS = 60
HERE = Path(__file__).parent
FLAT = ("sentences.bin", "sentences.offsets.npy", "tokens.bin", "tokens.offsets.npy", "works.json")


def write_collection(folder: Path, turn: int) -> None:
    """Sixty works of two or three passages; a third differ by turn, two are new, two records are one work."""
    rows = [{"id": "constant", "title": "Constant work", "text": "It is constant: the same in every build."}]
    for i in range(WORKS):
        seen = turn if i % 3 == 0 else 0
        text = " ".join(f"Mood {i} rose by {k} points after dose {seen} of drug {k * i}." for k in range(24))
        rows.append({"id": f"w{i}", "title": f"Work {i} on mood", "pmid": str(900 + i), "text": text})
    rows.append({"id": "again", "title": "Work 5 on mood", "pmid": "905", "text": "The same work."})
    rows += [{"id": f"new{turn}-{n}", "title": f"New {n}", "text": f"New in turn {turn}."} for n in (1, 2)]
    (folder / "works.jsonl").write_text("\n".join(json.dumps(row) for row in rows))


class Builder:
    """Gives orders to the process that forks builds."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process = process
        self._log = folder / "steps.log"

    def begin(self, collection: Path, home: Path, flip: float | None = None) -> int:
        """Starts a build and returns its process id."""
        self._log.unlink(missing_ok=True)
        order = {"collection": str(collection), "home": str(home), "log": str(self._log), "flip": flip}
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._line()

    def end(self) -> int:
        """How the build ended: 0, or minus the signal."""
        return self._line()

    def build(self, collection: Path, home: Path) -> float:
        """A whole build, and the seconds it took."""
        began = time.monotonic()
        self.begin(collection, home)
        assert self.end() == 0
        return time.monotonic() - began

    def step(self) -> str:
        """The last step that the build reached."""
        return self._log.read_text().split("\n")[-2] if self._log.exists() else "before the first step"

    def _line(self) -> int:
        assert self._process.stdout
        return int(self._process.stdout.readline())


@contextmanager
def running(program: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    pipe = subprocess.PIPE
    command = [sys.executable, str(HERE / program), *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def contents(home: Path) -> dict[str, object]:
    """All that the serving index holds and finds; not its name, nor the day it was made."""
    encoder = WordEncoder()
    generations = Generations(home)
    folder = generations.folder(generations.current_id() or "")
    assert check(folder, encoder).sound
    index = GenerationProvider(home, encoder).current()
    with closing(sqlite3.connect(folder / "evidence.sqlite")) as db:
        works = db.execute("SELECT * FROM sources ORDER BY n").fetchall()
        passages = db.execute("SELECT * FROM passages ORDER BY n").fetchall()
    ids = [str(row[1]) for row in passages]
    dense, _ = index.handles()
    assert dense is not None
    vectors = dense.vectors(ids)
    words = ("mood", "rose dose drug 7", "new turn", "constant", "points 12")
    return {
        "works": works,
        "passages": passages,
        "vectors": np.stack([vectors[i] for i in ids]).tobytes(),
        "files": {name: (folder / name).read_bytes() for name in FLAT},
        "lexical": [index.search_lexical(w, 500) for w in words],
        "dense": [index.search_dense(w, 20) for w in words],
    }


@pytest.mark.slow
def test_killed_at_any_moment_the_old_index_serves_and_the_next_build_is_whole(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Seeded moments over the whole length of a build, a quarter of them within the flip; a reader asks all the while."""
    rng = random.Random(20261127)
    collection = tmp_path / "collection"
    collection.mkdir()
    write_collection(collection, 0)
    met: list[str] = []
    with running("build_server.py") as server:
        builder = Builder(server, tmp_path)
        builder.build(collection, home)
        served = {Generations(home).current_id()}
        with running("asking_reader.py", str(home)) as reader:
            assert reader.stderr
            assert reader.stderr.readline() == "asking\n"
            for turn in range(1, KILLS + 1):
                write_collection(collection, turn)
                apart = tmp_path / f"undisturbed-{turn}"
                length = builder.build(collection, apart)
                old = Generations(home).current_id()
                if turn % 4 == 0:
                    pid = builder.begin(collection, home, flip=rng.uniform(0, 0.004))
                else:
                    pid = builder.begin(collection, home)
                    time.sleep(length * (turn - rng.random()) / KILLS)
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                ended = builder.end()
                now = Generations(home).current_id()
                met.append(f"{ended} {builder.step()} {'old' if now == old else 'new'}")
                served.add(now)
                assert now == old or "activate" in builder.step()
                builder.build(collection, home)
                served.add(Generations(home).current_id())
                assert contents(home) == contents(apart)
                assert not [p.name for p in (home / "generations").iterdir() if p.name.startswith(".")]
                assert not list(home.glob("*.part"))
            out, _ = reader.communicate(timeout=60)
    told = json.loads(out)
    assert told["failures"] == []
    assert set(told["asked"]) <= served
    assert len(told["asked"]) > KILLS // 2
    assert sum(line.startswith("-9") for line in met) >= KILLS // 2
    with capsys.disabled():
        if KILLS > FEW:
            told_lines = ["", *met, f"asked {sum(told['asked'].values())} times", ""]
            sys.stdout.write("\n".join(told_lines))
            sys.stdout.flush()
