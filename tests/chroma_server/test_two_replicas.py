"""Two processes of the real program follow one real server: through a new index, and through the server's end and return."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from chroma_process import ChromaProcess, Proxy, wait_until

from caveat.adapters.generations import Generations
from caveat.adapters.minilm import OnnxEncoder
from caveat.settings import PROJECT_ROOT
from ingest.cli import OK, run

NOTES = ("knight-*.md", "baghdadi-2024-*.md", "behrens-2022-*.md", "gossec-2011-*.md")


class Asking:
    """A replica's process; what it has said so far is in ``answers`` and in ``log``."""

    def __init__(self, settings: dict[str, str]) -> None:
        self.answers: list[dict[str, Any]] = []
        self.log: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("asking_replica.py"))],
            env=environment(settings),
            cwd=PROJECT_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        out, err = self._process.stdout, self._process.stderr
        self._readers = [
            threading.Thread(target=lambda: self.answers.extend(map(json.loads, out)), daemon=True),
            threading.Thread(target=lambda: self.log.extend(err), daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    @property
    def last(self) -> dict[str, Any]:
        """The newest answer."""
        assert self._process.poll() is None, "".join(self.log)
        return self.answers[-1] if self.answers else {}

    def answers_fully_from(self, generation: str | None) -> bool:
        """True when the newest answer used both searches of this index."""
        return self.last.get("generation") == generation and "lexical_only" not in self.last["caveats"]

    def end(self) -> None:
        """Asks it to stop, and waits for what it still has to say."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
        for reader in self._readers:
            reader.join(60)


def environment(settings: dict[str, str]) -> dict[str, str]:
    """The tests' environment with these settings."""
    paths = os.pathsep.join((str(PROJECT_ROOT / "src"), str(PROJECT_ROOT)))
    return {**os.environ, "PYTHONPATH": paths, **{f"CAVEAT_{n}": v for n, v in settings.items()}}


@pytest.fixture
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ChromaProcess, Proxy]]:
    """A server that this test may kill, and an address that stays."""
    process = ChromaProcess(tmp_path_factory.mktemp("served") / "data")
    proxy = Proxy(process.port)
    proxy.token = "the-right-one"
    yield process, proxy
    proxy.close()
    process.stop()


def test_both_follow_and_none_fails(
    tmp_path: Path,
    served: tuple[ChromaProcess, Proxy],
    starter_encoder: OnnxEncoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both answer; a new index reaches both with no restart; without the server both answer by words, with it again fully.

    No question fails meanwhile, and each writes one line when the server goes and one when it is back.
    """
    process, proxy = served
    shared = {"CHROMA_URL": proxy.url, "CHROMA_TOKEN": "the-right-one", "CHROMA_SECONDS": "20"}
    collection = tmp_path / "notes"
    collection.mkdir()
    notes = [p for name in NOTES for p in sorted((PROJECT_ROOT / "corpus" / "articles").glob(name))]
    assert len(notes) >= 3
    for note in notes:
        shutil.copy(note, collection)

    home = tmp_path / "builder"
    for name in ("ingest.cli.encoder_of", "ingest.server.encoder_of"):
        monkeypatch.setattr(name, lambda _settings: starter_encoder)
    for name, value in {**shared, "HOME": str(home)}.items():
        monkeypatch.setenv(f"CAVEAT_{name}", value)

    def build() -> str | None:
        assert run(["build", "--no-starter", str(collection)]) == OK
        return Generations(home).current_id()

    first = build()
    replicas = [Asking({**shared, "HOME": str(tmp_path / name)}) for name in ("one", "two")]
    try:
        for replica in replicas:
            wait_until(lambda r=replica: r.answers_fully_from(first), "the first index")  # type: ignore[misc]
        (collection / "more.md").write_text("# Another work\n\n- Mood was measured in another work.\n")
        before = [len(r.answers) for r in replicas]
        second = build()
        assert second != first
        for replica in replicas:
            wait_until(lambda r=replica: r.answers_fully_from(second), "the new index")  # type: ignore[misc]
        process.stop()
        for replica in replicas:
            wait_until(lambda r=replica: "lexical_only" in r.last["caveats"], "answers by words")  # type: ignore[misc]
        process.start()
        proxy.port = process.port
        for replica in replicas:
            wait_until(lambda r=replica: r.answers_fully_from(second), "both searches again")  # type: ignore[misc]
            wait_until(lambda r=replica: any("is over" in line for line in r.log), "its line")  # type: ignore[misc]
    finally:
        for replica in replicas:
            replica.end()
    for replica, known in zip(replicas, before, strict=True):
        ready = next(i for i, a in enumerate(replica.answers) if "failed" not in a)
        assert [a for a in replica.answers[ready:] if "failed" in a] == []
        assert {a["kind"] for a in replica.answers[ready:]} == {"Cited"}
        assert {a["generation"] for a in replica.answers[known:]} <= {first, second}
        assert "the-right-one" not in "".join(replica.log)
        told = [line for line in replica.log if line.startswith("caveat.chroma_server")]
        assert ["cannot be reached" in told[0], "is over" in told[-1]] == [True, True]
        assert len(told) == 2
