"""Records on disk while a build reads: memory stays flat, and the works are known before the first is written."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from pydantic import TypeAdapter

from caveat.domain.model import Document, Section, Source, Span
from ingest.dedupe.identity import Identity, identity_of
from ingest.readers.sections import MarkedSection

_source = TypeAdapter(Source)


class Spool:
    """Documents in the order in which they came. Use as a context manager: the file is gone afterwards."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = sqlite3.connect(path)
        self._db.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
            "CREATE TABLE records (n INTEGER PRIMARY KEY, origin TEXT, source TEXT, sections TEXT);"
        )
        self.identities: list[Identity] = []
        self.ids: list[str] = []
        self._origins: list[str] = []

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()
        with suppress(OSError):
            self._path.unlink()

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, document: Document) -> None:
        """Keeps one more record."""
        self.replace(len(self.ids), document)
        self.identities.append(identity_of(document.source))
        self.ids.append(document.source.id)
        self._origins.append(document.origin)

    def replace(self, n: int, document: Document) -> None:
        """From here on the n-th record reads so; its identity and origin are still those of the record that came."""
        source = _source.dump_json(document.source, exclude_defaults=True).decode()
        row = (n, document.origin, source, json.dumps(packed(document.sections)))
        self._db.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)", row)

    def origin(self, n: int) -> str:
        """Where the n-th record was read."""
        return self._origins[n]

    def get(self, n: int) -> Document:
        """The n-th record, as it was added or replaced."""
        origin, source, sections = self._db.execute(
            "SELECT origin, source, sections FROM records WHERE n = ?", (n,)
        ).fetchone()
        rows: Sequence[tuple[str, str, bool, list[int] | None]] = json.loads(sections)
        return Document(_source.validate_json(source), tuple(_section(*row) for row in rows), origin)


def packed(sections: Sequence[Section]) -> list[list[object]]:
    """Sections as JSON can hold them, with nothing lost."""
    return [
        [s.name, s.text, s.quotable, _whole(s) if isinstance(s, MarkedSection) else None] for s in sections
    ]


def _whole(section: MarkedSection) -> list[int]:
    return [x for span in section.whole for x in (span.start, span.end)]


def _section(name: str, text: str, quotable: bool, whole: list[int] | None) -> Section:
    if whole is None:
        return Section(name, text, quotable)
    spans = tuple(Span(a, b) for a, b in zip(whole[::2], whole[1::2], strict=True))
    return MarkedSection(name, text, quotable, spans)
