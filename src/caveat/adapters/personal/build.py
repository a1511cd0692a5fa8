"""Makes the index of one person's collection: the ingest program in a process of its own, its events as steps."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from caveat.adapters.generations import Generations
from caveat.adapters.manifest import read_manifest
from caveat.domain.personal import BuildStep, OwnFile
from caveat.errors import BuildFailed, CaveatError

CACHE = "vectors.sqlite"
MOST_SECONDS = 1800.0
UNPACKED = 10
"""How many times its size a file may take when it is unpacked."""
STAGES = {
    "read": "Reading the files",
    "works": "Making works of records",
    "embed": "Indexing passages",
    "write": "Writing the word index",
    "check": "Checking the index",
    "activate": "Finishing",
}


@dataclass(frozen=True, slots=True)
class Builder:
    """Runs ``python -m ingest build`` for the shared collection and one folder more."""

    project: Path
    shared_home: Path
    corpus: Path
    file_mb: int
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    seconds: float = MOST_SECONDS

    def build(self, folder: Path, files: Sequence[OwnFile]) -> Iterator[BuildStep]:
        """Steps until the new index serves; raises ``BuildFailed``. Closing it stops the build, nothing is lost."""
        home = folder / "index"
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lend_vectors(home)
        names = {f.id: f.name for f in files}
        inputs = [*self._inputs(), folder / "files"]
        process = subprocess.Popen(  # noqa: S603 (our own program, paths of our own making)
            [
                sys.executable,
                "-m",
                "ingest",
                "build",
                "--json",
                "--no-starter",
                "--no-fetched",
                *map(str, inputs),
            ],
            cwd=self.project,
            env=self._environment(home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        clock = threading.Timer(self.seconds, process.kill)
        clock.daemon = True
        clock.start()
        reported, why = False, ""
        try:
            assert process.stdout is not None
            for line in process.stdout:
                event = _event(line)
                reported = reported or event.get("event") == "report"
                if event.get("event") == "error":
                    why = _named(str(event.get("message") or ""), names)
                step = _step(event, names)
                if step is not None:
                    yield step
            process.wait()
            if not reported:
                raise BuildFailed(f"Your files could not be indexed. {why}".strip())
        finally:
            clock.cancel()
            _end(process)
            (home / CACHE).unlink(missing_ok=True)  # lent, and it holds vectors of the reader's own passages

    def _inputs(self) -> list[Path]:
        """What the shared index was made of, as far as it is still there; else the starter collection."""
        try:
            generations = Generations(self.shared_home)
            current = generations.current_id()
            named = read_manifest(generations.folder(current)).inputs if current else ()
        except CaveatError:
            named = ()
        found = [path for path in (self.project / name for name in named) if path.exists()]
        return found or [self.corpus]

    def _lend_vectors(self, home: Path) -> None:
        """A copy of the shared vectors, so that only the reader's own passages are embedded."""
        shared = self.shared_home / CACHE
        if not shared.is_file():
            return
        with contextlib.suppress(sqlite3.Error):  # without it the build takes longer, no more
            source = sqlite3.connect(f"{shared.absolute().as_uri()}?mode=ro", uri=True)
            target = sqlite3.connect(home / CACHE)
            with contextlib.closing(source), contextlib.closing(target):
                source.backup(target)

    def _environment(self, home: Path) -> dict[str, str]:
        paths = [str(self.project / "src"), str(self.project)]
        return {
            **self.environment,
            "PYTHONPATH": os.pathsep.join(paths),
            "CAVEAT_HOME": str(home.absolute()),
            "CAVEAT_CHROMA_URL": "",  # nobody else may see what is made here
            "CAVEAT_KEEP_GENERATIONS": "1",
            "CAVEAT_MAX_FILE_MB": str(max(1, self.file_mb * UNPACKED)),
        }


def _event(line: str) -> Mapping[str, Any]:
    try:
        event = json.loads(line)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}


def _step(event: Mapping[str, Any], names: Mapping[str, str]) -> BuildStep | None:
    kind = event.get("event")
    if kind == "problem":
        said = _named(str(event.get("message") or ""), names)
        return BuildStep(said, problem=True) if said else None
    if kind != "progress":
        return None
    done, total = event.get("done"), event.get("total")
    share = done / total if isinstance(done, int) and isinstance(total, int) and total > 0 else None
    return BuildStep(STAGES.get(str(event.get("stage")), "Working"), share)


def _named(message: str, names: Mapping[str, str]) -> str:
    """The line with the reader's own name in place of where the file is kept; empty for a shared collection's file."""
    for ident, name in names.items():
        _, found, rest = message.partition(f"{ident}/")
        if found:
            return name + re.sub(r"\A[A-Za-z0-9-]+\.[a-z]+", "", rest)
    return ""


def _end(process: subprocess.Popen[str]) -> None:
    """Stops a build that is still running, kindly first."""
    steps: tuple[Callable[[], None], ...] = (process.terminate, process.kill)
    for step in steps:
        if process.poll() is not None:
            break
        step()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
    if process.stdout is not None:
        process.stdout.close()
