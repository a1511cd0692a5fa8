"""Fetched records on disk: one file a record, as the source sent it, with the day in a ledger.

``CAVEAT_HOME/fetched/<source>/<id>.xml`` (or ``.json``) are the records. Hidden beside them lie ``.ledger.jsonl``
(which record came when, and by which query) and ``.runs/`` (where each run stands). A build reads only the records.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from filelock import FileLock, Timeout

from caveat.errors import BuildLocked
from ingest.sources.live import Query, Record, State

FOLDER = "fetched"
LEDGER = ".ledger.jsonl"
RUNS = ".runs"
REMEMBERED = 7
"""After so many days a stopped run is begun anew: what matches its query has changed since."""
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class Run:
    """Where one fetch stands. A run that is not finished is taken up again by the same command."""

    key: str
    state: State
    done: int = 0
    finished: str | None = None


class Store:
    """The records of one source in one home."""

    def __init__(self, home: Path, source: str, suffix: str) -> None:
        self.folder = home / FOLDER / source
        self._suffix = suffix

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Holds the folder; raises ``BuildLocked`` when another fetch has it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / ".lock", blocking=False)
        try:
            lock.acquire()
        except Timeout:
            raise BuildLocked("Another fetch from this source is running; wait for it or stop it.") from None
        try:
            yield
        finally:
            lock.release()

    def path(self, ident: str) -> Path:
        """Where a record lies; an id that is no plain name is refused with ``ValueError``."""
        if not _SAFE.fullmatch(ident):
            raise ValueError("not a name for a file")
        return self.folder / f"{ident}{self._suffix}"

    def has(self, ident: str) -> bool:
        """Whether the record is on disk."""
        return self.path(ident).is_file()

    def keep(self, record: Record, run: str) -> str:
        """Writes a record, whole or not at all; returns ``new``, ``changed`` or ``unchanged``."""
        path = self.path(record.id)
        before = path.read_bytes() if path.is_file() else None
        if before == record.data:
            return "unchanged"
        write_whole(path, record.data)
        entry = {"id": record.id, "on": date.today().isoformat(), "run": run}
        with (self.folder / LEDGER).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(entry) + "\n")
        return "new" if before is None else "changed"

    def fetched_on(self) -> dict[str, str]:
        """The day each record came, or last came changed, by id. A line cut off by a kill is passed over."""
        days: dict[str, str] = {}
        path = self.folder / LEDGER
        for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else []:
            try:
                entry = json.loads(line)
                days[str(entry["id"])] = str(entry["on"])
            except (ValueError, KeyError, TypeError):
                continue
        return days

    def count(self) -> int:
        """How many records are on disk."""
        if not self.folder.is_dir():
            return 0
        return sum(p.suffix == self._suffix and p.name[0] != "." for p in self.folder.iterdir())

    def run(self, query: Query) -> Run:
        """The run of this query that was stopped not long ago, or a new one."""
        asked = [query.text, str(query.since), query.most, [f"{i.kind}:{i.value}" for i in query.ids]]
        key = hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]
        try:
            kept = json.loads((self.folder / RUNS / f"{key}.json").read_text(encoding="utf-8"))
            age = date.today() - date.fromisoformat(kept["on"])
            if kept["finished"] is None and isinstance(kept["state"], dict) and age.days <= REMEMBERED:
                return Run(key, kept["state"], int(kept["done"]))
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return Run(key, {})

    def save(self, run: Run, query: Query) -> None:
        """Notes where the run stands."""
        about = {
            "on": date.today().isoformat(),
            "query": query.text,
            "since": str(query.since) if query.since else None,
            "most": query.most,
            "ids": len(query.ids),
        }
        # What a finished run was to fetch is in the ledger; its long list of ids need not stay.
        state = {} if run.finished else run.state
        noted = {**about, "done": run.done, "finished": run.finished, "state": state}
        write_whole(self.folder / RUNS / f"{run.key}.json", json.dumps(noted).encode())


def write_whole(path: Path, data: bytes) -> None:
    """Replaces a file in one step: a reader, or a kill, never meets half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
