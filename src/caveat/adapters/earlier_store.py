"""The finished rows of an earlier generation, by the digest of the record that they were made from."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class FinishedWork:
    """A work's rows as they stand in a store, without the numbers that each store gives anew."""

    source: Row
    """Id, year, design, status, population, facts, text: all but where the work was read."""
    passages: tuple[Row, ...]
    """Id, section, text, start, end, sentences, quotable of each, in the store's order."""

    @property
    def quotable(self) -> list[str]:
        """The texts of the passages that may be quoted."""
        return [str(row[2]) for row in self.passages if row[6]]

    @property
    def sentences(self) -> int:
        """How many sentences its passages have."""
        return sum(len(row[5]) // 8 for row in self.passages if isinstance(row[5], bytes))


class EarlierStore:
    """Reads a finished evidence store. Raises ``sqlite3.Error`` where it is damaged or knows no digests."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            self._db.execute("SELECT source, digest FROM made_from LIMIT 1")
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    def work(self, ident: str, digest: str) -> FinishedWork | None:
        """The rows of this work if they were made from the record with this digest."""
        found = self._db.execute(
            "SELECT n, id, year, design, status, population, facts, text "
            "FROM sources JOIN made_from ON source = n WHERE id = ? AND digest = ?",
            (ident, digest),
        ).fetchone()
        if found is None:
            return None
        passages = self._db.execute(
            'SELECT id, section, text, start, "end", sentences, quotable FROM passages WHERE source = ? ORDER BY n',
            (found[0],),
        ).fetchall()
        return FinishedWork(tuple(found[1:]), tuple(passages))
