"""Official texts in place of notes.

``CAVEAT_HOME/official/`` holds the official record of each note that has one, and ``notes.json`` says which is whose.
At a build, the record's abstract becomes the work's text. The note's own sentences stay, in sections whose names
begin with ``comment``: they are shown as a note by Caveat and can no longer be quoted as the work's findings.
The two are never one text. The facts (design, size, direction and so on) stay those of the note, which were checked by hand.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from caveat.domain.model import Document, Section, Source
from caveat.errors import CorpusError
from ingest.readers import read_file
from ingest.sources.store import write_whole

log = logging.getLogger(__name__)
FOLDER = "official"
NOTES = "notes.json"
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,99}")


class Official:
    """The official records of one home."""

    def __init__(self, home: Path) -> None:
        self.folder = home / FOLDER
        self._notes = self._load()

    def _load(self) -> dict[str, dict[str, str]]:
        try:
            read = json.loads((self.folder / NOTES).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            log.warning("%s cannot be read; notes stay as they are. Run `python -m ingest refresh`.", NOTES)
            return {}
        good = read.items() if isinstance(read, dict) else ()
        return {k: v for k, v in good if isinstance(v, dict) and isinstance(v.get("file"), str)}

    def knows(self, note: str) -> bool:
        """Whether a note has an official text."""
        return note in self._notes

    def __len__(self) -> int:
        return len(self._notes)

    def before(self, note: str) -> bytes | None:
        """The record as it is on disk."""
        path = self._path(note)
        return path.read_bytes() if path is not None and path.is_file() else None

    def _path(self, note: str) -> Path | None:
        entry = self._notes.get(note)
        if entry is None:
            return None
        path = (self.folder / entry["file"]).resolve()
        return path if path.is_relative_to(self.folder.resolve()) else None

    def keep(self, note: str, source: str, ident: str, suffix: str, data: bytes, on: str) -> None:
        """Takes a record as a note's official text; ``save`` makes it last.

        The record's id comes from outside: one that is no plain name never becomes part of a path.
        """
        plain = (
            ident if _PLAIN.fullmatch(ident) else hashlib.sha256(ident.encode(errors="replace")).hexdigest()
        )
        name = f"{source}/{plain}{suffix}"
        write_whole(self.folder / name, data)
        self._notes[note] = {"file": name, "on": on}

    def save(self) -> None:
        """Writes down which record is whose."""
        text = json.dumps(self._notes, indent=1, sort_keys=True, ensure_ascii=False)
        write_whole(self.folder / NOTES, text.encode())

    def instead(self, note: Document, fail: Callable[[CorpusError], None]) -> Document:
        """The work with its official text, or the note as it is where there is none."""
        path = self._path(note.source.id)
        if path is None or not note.source.note_not_original:
            return note
        problems: list[CorpusError] = []
        found = next(iter(read_file(path, problems.append)), None) if path.is_file() else None
        if found is None or not has_text(found):
            why = problems[0] if problems else CorpusError("the official text is not there", path=str(path))
            fail(why)
            return note
        return merged(note, found)


def has_text(document: Document) -> bool:
    """Whether there is anything to quote: many records are a title alone."""
    return any(section.quotable and section.text for section in document.sections)


def merged(note: Document, official: Document) -> Document:
    """The note's facts with the official text; the note's own words become comments."""
    comments = tuple(_comment(section) for section in note.sections)
    return Document(_facts(note.source, official.source), official.sections + comments, official.origin)


def _comment(section: Section) -> Section:
    name = section.name if section.name.startswith("comment") else f"comment_by_caveat_{section.name}"
    return replace(section, name=name, quotable=False)


def _facts(note: Source, official: Source) -> Source:
    return replace(
        note,
        title=official.title,
        authors=official.authors or note.authors,
        year=official.year or note.year,
        journal=official.journal or note.journal,
        doi=note.doi or official.doi,
        pmid=note.pmid or official.pmid,
        trial_status=official.trial_status or note.trial_status,
        status=official.status if note.status.value == "unknown" else note.status,
        note_not_original=False,
        secondary_source_only=False,
        abstract_only=official.abstract_only,
    )
