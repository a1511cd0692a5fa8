"""Sources and passages of one generation, in SQLite. Row numbers of passages run from 0 without a gap."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from caveat.adapters.evidence_writer import plain_words
from caveat.adapters.recent import Recent
from caveat.domain.model import Passage, Source, Span, Status
from caveat.domain.ports import Filters

T = TypeVar("T")

_PASSAGE = (
    'SELECT p.id, s.id, p.section, p.text, p.start, p."end", p.sentences, p.quotable '
    "FROM passages p JOIN sources s ON s.n = p.source "
)
_SAME = """
SELECT p.n, q.n FROM passages p JOIN other.passages q ON q.id = p.id
JOIN sources s ON s.n = p.source JOIN other.sources t ON t.n = q.source
WHERE t.id = s.id AND q.section = p.section AND q.text = p.text AND q.start = p.start AND q."end" = p."end"
AND q.sentences = p.sentences AND q.quotable = p.quotable
AND json_extract(t.facts, '$.title') IS json_extract(s.facts, '$.title')
"""
_source = TypeAdapter(Source)
KEPT = 8000
"""So many passages are kept in memory once they are read, and a quarter as many works: some 30 MB."""


class EvidenceStore:
    """Reads a finished store; may be used from several threads."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        self._lock = threading.Lock()
        self._recent_passages: Recent[str, Passage] = Recent(KEPT)
        self._recent_works: Recent[str, tuple[str, ...]] = Recent(KEPT // 4)
        self._recent_sources: Recent[str, Source] = Recent(KEPT // 4)
        self.source_count = self._count("sources")
        self.passage_count = self._count("passages")

    def _count(self, table: str) -> int:
        return int(str(self._rows(f"SELECT count(*) FROM {table}")[0][0]))  # noqa: S608

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        with self._lock:
            return self._db.execute(sql, tuple(values)).fetchall()

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._db.close()

    def passage_ids(self) -> list[str]:
        """All ids, by row."""
        return [str(row[0]) for row in self._rows("SELECT id FROM passages ORDER BY n")]

    def ids_of(self, rows: Sequence[int]) -> dict[int, str]:
        """The ids of the passages with these row numbers."""
        return {
            int(str(row[0])): str(row[1])
            for part in _parts(rows)
            for row in self._rows(f"SELECT n, id FROM passages WHERE n IN ({_marks(part)})", part)  # noqa: S608
        }

    def rows_of(self, ids: Sequence[str]) -> dict[str, int]:
        """The row numbers of the passages with these ids, in the order asked; an unknown id is left out."""
        found = {
            str(row[1]): int(str(row[0]))
            for part in _parts(ids)
            for row in self._rows(f"SELECT n, id FROM passages WHERE id IN ({_marks(part)})", part)  # noqa: S608
        }
        return {i: found[i] for i in ids if i in found}

    def source_rows(self) -> npt.NDArray[np.int32]:
        """The source's row of each passage, by passage row."""
        found = np.full(self.passage_count, -1, dtype=np.int32)
        # Works are written one after the other: 200,000 stretches are read sooner than a million rows.
        for source, first, last in self._rows("SELECT source, min(n), max(n) FROM passages GROUP BY source"):
            found[int(str(first)) : int(str(last)) + 1] = int(str(source))
        if (found < 0).any():
            raise ValueError("the rows of the passages have gaps")
        return found

    def sentence_counts(self) -> list[int]:
        """How many sentences each passage has, by row."""
        return [
            int(str(row[0])) // 8 for row in self._rows("SELECT length(sentences) FROM passages ORDER BY n")
        ]

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """The passages with these ids."""
        return self._recent_passages.get(ids, self._read_passages)

    def _read_passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        return {
            p.id: p for part in _parts(ids) for p in self._passages(f"WHERE p.id IN ({_marks(part)})", part)
        }

    def passage_ids_of(self, sources: Sequence[int]) -> list[str]:
        """The ids of the passages of the works with these row numbers, by row."""
        rows = [
            (int(str(row[0])), str(row[1]))
            for part in _parts(sources)
            for row in self._rows(f"SELECT n, id FROM passages WHERE source IN ({_marks(part)})", part)  # noqa: S608
        ]
        return [ident for _, ident in sorted(rows)]

    def source_passages(self, source_id: str) -> list[Passage]:
        """All passages of a work, in the order of its text."""
        ids = self._recent_works.get([source_id], self._read_order)[source_id]
        return list(self.passages(ids).values())

    def _read_order(self, works: Sequence[str]) -> dict[str, tuple[str, ...]]:
        sql = "SELECT p.id FROM passages p JOIN sources s ON s.n = p.source WHERE s.id = ? ORDER BY p.start, p.n"
        return {i: tuple(str(row[0]) for row in self._rows(sql, [i])) for i in works}

    def _passages(self, where: str, values: Sequence[object]) -> list[Passage]:
        return [_passage(row) for row in self._rows(_PASSAGE + where, values)]

    def indexed(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[Passage, str]]:
        """Passages by row, each with its work's title."""
        stop = self.passage_count if stop is None else stop
        sql = _PASSAGE.replace(" FROM", ", json_extract(s.facts, '$.title') FROM", 1)
        for at in range(start, stop, 500):
            rows = self._rows(sql + "WHERE p.n >= ? AND p.n < ? ORDER BY p.n", (at, min(at + 500, stop)))
            for row in rows:
                yield _passage(row[:-1]), str(row[-1])

    def sources(self, ids: Sequence[str]) -> dict[str, Source]:
        """The works with these ids."""
        return self._recent_sources.get(ids, self._read_sources)

    def _read_sources(self, ids: Sequence[str]) -> dict[str, Source]:
        found: dict[str, Source] = {}
        for part in _parts(ids):
            rows = self._rows(f"SELECT id, facts FROM sources WHERE id IN ({_marks(part)})", part)  # noqa: S608
            found.update((str(row[0]), _source.validate_json(str(row[1]))) for row in rows)
        return found

    def all_sources(self) -> list[Source]:
        """Every work, by id."""
        return [
            _source.validate_json(str(row[0])) for row in self._rows("SELECT facts FROM sources ORDER BY id")
        ]

    def each_source(self) -> Iterator[Source]:
        """Every work, by id, read some hundreds at a time."""
        last = ""
        while rows := self._rows("SELECT id, facts FROM sources WHERE id > ? ORDER BY id LIMIT 500", (last,)):
            last = str(rows[-1][0])
            yield from (_source.validate_json(str(facts)) for _, facts in rows)

    def with_status(self, statuses: Sequence[Status]) -> dict[str, Status]:
        """The works that had one of these when the store was made."""
        sql = f"SELECT id, status FROM sources WHERE status IN ({_marks(statuses)})"  # noqa: S608
        return {str(i): Status(str(s)) for i, s in self._rows(sql, [s.value for s in statuses])}

    def works_with(self, stems: Iterable[str]) -> Sequence[int] | None:
        """The works that have all of these stems among their words, as places in id order; None in an older store."""
        found: npt.NDArray[np.bool_] | None = None
        for stem in stems:
            try:
                rows = self._rows("SELECT works FROM stems WHERE stem = ?", [stem])
            except sqlite3.OperationalError:
                return None
            having = np.zeros(self.source_count, np.bool_)
            if rows and isinstance(rows[0][0], bytes):
                having[np.frombuffer(rows[0][0], np.uint32)] = True
            found = having if found is None else found & having
        if found is None:
            return range(self.source_count)
        return np.flatnonzero(found[self._by_id]).tolist()

    @cached_property
    def _by_id(self) -> npt.NDArray[np.int32]:
        """The row of each work, in id order."""
        return np.array([row[0] for row in self._rows("SELECT n FROM sources ORDER BY id")], np.int32)

    def newest_sources(self, most: int) -> list[Source]:
        """The newest works, at most so many; those without a year last."""
        rows = self._rows("SELECT facts FROM sources ORDER BY year DESC, id LIMIT ?", (most,))
        return [_source.validate_json(str(row[0])) for row in rows]

    def standings(self) -> Iterator[tuple[list[int], list[Source]]]:
        """Rows of all works, some thousands at a time, with as much of each as tells its status and its number."""
        sql = """SELECT n, id, status, json_extract(facts, '$.doi'), json_extract(facts, '$.pmid'),
            json_extract(facts, '$.status_checked_on') FROM sources WHERE n >= ? AND n < ?"""
        for at in range(0, self.source_count, 5000):
            rows = self._rows(sql, (at, at + 5000))
            yield (
                [int(str(row[0])) for row in rows],
                [
                    Source(
                        str(i),
                        "",
                        status=Status(str(status)),
                        doi=_text(d),
                        pmid=_text(p),
                        status_checked_on=_text(c),
                    )
                    for _, i, status, d, p, c in rows
                ],
            )

    def source_text(self, source_id: str) -> str | None:
        """The work's full text, which passages' offsets point into."""
        rows = self._rows("SELECT text FROM sources WHERE id = ?", [source_id])
        return str(rows[0][0]) if rows else None

    def digests(self) -> dict[str, str]:
        """A checksum of facts and text for every work: equal when nothing about it changed."""
        rows = self._rows("SELECT id, facts, text FROM sources")
        return {str(i): hashlib.sha256(f"{facts}\0{text}".encode()).hexdigest() for i, facts, text in rows}

    def rows_in(self, other: Path) -> npt.NDArray[np.int64]:
        """For each passage its row in another store, -1 where that has no passage which would be found the same way.

        Two are the same when work, title, section, text, offsets and sentences are.
        """
        rows = np.full(self.passage_count, -1, dtype=np.int64)
        with self._lock:
            self._db.execute("ATTACH ? AS other", (f"{other.resolve().as_uri()}?mode=ro&immutable=1",))
            try:
                for row, there in self._db.execute(_SAME):
                    rows[row] = there
            finally:
                self._db.execute("DETACH other")
        return rows

    def matching(self, filters: Filters) -> dict[int, str]:
        """Rows and ids of the works that pass; a work that lacks a limited fact does not."""
        tests: list[str] = []
        values: list[object] = []
        if filters.year_from is not None:
            tests.append("year >= ?")
            values.append(filters.year_from)
        if filters.year_to is not None:
            tests.append("year <= ?")
            values.append(filters.year_to)
        if filters.designs:
            tests.append(f"design IN ({_marks(filters.designs)})")
            values += [design.value for design in filters.designs]
        if filters.statuses:
            tests.append(f"status IN ({_marks(filters.statuses)})")
            values += [status.value for status in filters.statuses]
        for word in plain_words(filters.population or "").split():
            tests.append("instr(population, ?) > 0")
            values.append(_word_start(word))
        found: dict[int, str] = {}
        for part in _parts(tuple(dict.fromkeys(filters.source_ids))) if filters.source_ids else [()]:
            named = [f"id IN ({_marks(part)})"] if part else []
            sql = f"SELECT n, id FROM sources WHERE {' AND '.join((*tests, *named)) or '1'}"  # noqa: S608
            found |= {int(str(row[0])): str(row[1]) for row in self._rows(sql, (*values, *part))}
        return found


def _passage(row: Sequence[object]) -> Passage:
    ident, source_id, section, text, start, end, packed, quotable = row
    numbers = array("I")
    numbers.frombytes(packed if isinstance(packed, bytes) else b"")
    spans = tuple(Span(a, b) for a, b in zip(numbers[::2], numbers[1::2], strict=True))
    return Passage(
        str(ident),
        str(source_id),
        str(section),
        str(text),
        int(str(start)),
        int(str(end)),
        spans,
        bool(quotable),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _word_start(word: str) -> str:
    """What to look for: a short word whole, a longer one as the beginning of a word, whatever its plural."""
    return f" {word} " if len(word) <= 3 else f" {word.removesuffix('s')}"


def _marks(values: Iterable[object]) -> str:
    return ",".join("?" for _ in values)


def _parts(ids: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(ids), 500):
        yield ids[start : start + 500]
