"""Writes the sources and passages of a new generation; ``evidence_store`` reads them."""

from __future__ import annotations

import re
import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import TypeAdapter

from caveat.adapters.earlier_store import FinishedWork
from caveat.domain.model import Document, Passage, Source, Span
from caveat.domain.record import work_stems

_SCHEMA = """
CREATE TABLE sources (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, year INTEGER, design TEXT, status TEXT NOT NULL,
    population TEXT NOT NULL, facts TEXT NOT NULL, text TEXT NOT NULL, origin TEXT NOT NULL
);
CREATE TABLE passages (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source INTEGER NOT NULL REFERENCES sources(n),
    section TEXT NOT NULL, text TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    sentences BLOB NOT NULL, quotable INTEGER NOT NULL
);
CREATE TABLE stems (stem TEXT PRIMARY KEY, works BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE made_from (source INTEGER PRIMARY KEY REFERENCES sources(n), digest TEXT NOT NULL);
CREATE INDEX passages_source ON passages (source);
CREATE INDEX sources_limits ON sources (year, design, status, population, id);
"""
_source = TypeAdapter(Source)


class EvidenceWriter:
    """Writes a new store. Use as a context manager: what was added is kept when it ends without an error."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path)
        self._db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
        self.sources = 0
        self.passages = 0
        self.sentences = 0
        self._stems: dict[str, array[int]] = {}

    def __enter__(self) -> EvidenceWriter:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            rows = ((stem, works.tobytes()) for stem, works in sorted(self._stems.items()))
            self._db.executemany("INSERT INTO stems VALUES (?, ?)", rows)
            self._db.commit()
        self._db.close()

    def add(
        self, document: Document, text: str, passages: Sequence[Passage], digest: str | None = None
    ) -> None:
        """One work with its full text and its passages, in order, and the digest of what it was made from."""
        source = document.source
        population = " ".join(filter(None, (source.population, source.population_short, *source.conditions)))
        row = (source.id, source.year, source.design and source.design.value, source.status.value)
        facts = _source.dump_json(source, exclude_defaults=True).decode()
        rows = tuple(
            (p.id, p.section, p.text, p.start, p.end, _packed(p.sentences), p.quotable) for p in passages
        )
        self.copy(FinishedWork((*row, plain_words(population), facts, text), rows), document.origin, digest)

    def copy(self, work: FinishedWork, origin: str, digest: str | None) -> None:
        """One work whose rows are already made."""
        self._db.execute(
            "INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (self.sources, *work.source, origin)
        )
        for stem in work_stems(_source.validate_json(str(work.source[5])), work.quotable):
            self._stems.setdefault(stem, array("I")).append(self.sources)
        for ident, *rest in work.passages:
            self._db.execute(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (self.passages, ident, self.sources, *rest),
            )
            self.passages += 1
        if digest is not None:
            self._db.execute("INSERT INTO made_from VALUES (?, ?)", (self.sources, digest))
        self.sentences += work.sentences
        self.sources += 1


def _packed(spans: Iterable[Span]) -> bytes:
    return array("I", (x for s in spans for x in (s.start, s.end))).tobytes()


def plain_words(text: str) -> str:
    """The words of a text in lower case, with a space before and after each."""
    return " " + " ".join(re.findall(r"\w+", text.casefold())) + " "
