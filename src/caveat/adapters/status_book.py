"""What checks for retraction and correction found: one file beside the generations, read at answer time.

``CAVEAT_HOME/status.jsonl`` holds a line for each work. It is kept apart from the records, so that a check takes
effect at the next question, with no new index.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from caveat.domain.model import Source, Status
from caveat.domain.standing import Standing, plain_doi, with_age, with_standing

log = logging.getLogger(__name__)
FILE = "status.jsonl"
_standing = TypeAdapter(Standing)


class StatusBook:
    """The file of one home. Safe to share between threads; a file that is not there changes nothing."""

    def __init__(
        self, home: Path, *, today: Callable[[], date] = date.today, max_age_days: int | None = None
    ) -> None:
        """Without ``max_age_days`` a check never grows too old (as a build wants it)."""
        self.path = home / FILE
        self._today, self._max_age = today, max_age_days
        self._lock = threading.Lock()
        self._stamp: tuple[int, int, int] | None = None
        self._by: dict[str, list[Standing]] = {}

    def entries(self) -> list[Standing]:
        """Every work's last check, in the file's order."""
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        except (OSError, UnicodeDecodeError) as error:
            log.warning("The status file cannot be read (%s); run `python -m ingest refresh`.", error)
            return []
        return read_entries(lines)

    def write(self, entries: Iterable[Standing]) -> None:
        """Replaces the file in one step."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_name(f"{FILE}.{os.getpid()}.part")
        try:
            with part.open("w", encoding="utf-8") as stream:
                for entry in entries:
                    stream.write(entry_line(entry))
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(part, self.path)
        finally:
            part.unlink(missing_ok=True)

    def applied(self, sources: Sequence[Source]) -> list[Source]:
        """The sources with what their last check found, and what is too old made unknown."""
        by = self._read()
        out: list[Source] = []
        for source in sources:
            doi = plain_doi(source.doi)
            keys = [source.id, source.pmid and f"pmid {source.pmid}", doi and f"doi {doi}"]
            found = [standing for key in keys if key for standing in by.get(key, ())]
            source = with_standing(source, found)
            if self._max_age is not None:
                source = with_age(source, self._today(), self._max_age)
            out.append(source)
        return out

    def version(self) -> tuple[object, date]:
        """Changes whenever ``applied`` may give something else."""
        return self.stamp(), self._today()

    def found_any(self, statuses: Collection[Status]) -> bool:
        """Whether any check found one of these."""
        return any(s.status in statuses for found in self._read().values() for s in found)

    def stamp(self) -> tuple[int, int, int] | None:
        """Changes whenever a check has been made."""
        try:
            stat = self.path.stat()
        except OSError:
            return None
        return stat.st_ino, stat.st_mtime_ns, stat.st_size

    def _read(self) -> dict[str, list[Standing]]:
        """What the file says, by every name of a work; read again when the file has changed."""
        stamp = self.stamp()
        if stamp is None:
            return {}
        with self._lock:
            if stamp != self._stamp:
                by: dict[str, list[Standing]] = {}
                for entry in self.entries():
                    names = (
                        entry.source_id,
                        entry.pmid and f"pmid {entry.pmid}",
                        entry.doi and f"doi {entry.doi}",
                    )
                    for name in filter(None, names):
                        by.setdefault(name, []).append(entry)
                self._by, self._stamp = by, stamp
            return self._by


def read_entries(lines: Iterable[str]) -> list[Standing]:
    """What lines say; one that cannot be read is told of and left out."""
    found: list[Standing] = []
    for line in filter(str.strip, lines):
        try:
            standing = _standing.validate_json(line)
            date.fromisoformat(standing.checked_on)
        except (ValidationError, ValueError):
            log.warning("A line of %s cannot be read; run `python -m ingest refresh`.", FILE)
            continue
        found.append(standing)
    return found


def entry_line(standing: Standing) -> str:
    """One work's last check as it is stored."""
    return json.dumps(asdict(standing), ensure_ascii=False) + "\n"
