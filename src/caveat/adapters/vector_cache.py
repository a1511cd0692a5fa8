"""Vectors kept by hash of (model, dimension, text): an unchanged text is never embedded twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from caveat.adapters.encoding import Encoder, Encoding, InParts, text_key

COMMIT_EVERY = 64
"""Texts embedded between two commits: what a killed build has to do again, and a stopped one to finish."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL, tokens BLOB) WITHOUT ROWID
"""


class VectorCache:
    """An encoder in front of another one. Not for several threads at once."""

    def __init__(self, path: Path, encoder: Encoder) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._encoder = encoder
        self._path = path
        self._connection = _open(path)
        self.embedded = 0
        """Texts that had to be embedded since this cache was opened."""
        self.reused = 0
        """Texts whose vectors were already there."""

    @property
    def model_id(self) -> str:
        """The encoder's."""
        return self._encoder.model_id

    @property
    def dimension(self) -> int:
        """The encoder's."""
        return self._encoder.dimension

    @property
    def token_vectors(self) -> bool:
        """The encoder's."""
        return self._encoder.token_vectors

    def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """One unit vector a text, in order."""
        return [encoding.vector.tolist() for encoding in self.encode(texts)]

    def encode(
        self, texts: Sequence[str], *, tokens: bool = False, progress: Callable[[int], None] | None = None
    ) -> list[Encoding]:
        """One encoding a text, in order; ``progress`` is told how many texts are done."""
        keys = [text_key(self.model_id, self.dimension, text) for text in texts]
        known = self._look_up(set(keys), tokens)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        done = sum(key in known for key in keys)
        self.reused += done
        self.embedded += len(missing)
        if progress:
            progress(done)
        order = sorted(missing, key=lambda key: -len(missing[key]))
        with closing(self._parts([missing[key] for key in order], tokens)) as parts:
            for start, encodings in parts:
                part = order[start : start + len(encodings)]
                with self._connection:
                    self._connection.executemany(
                        "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                        [(key, e.vector.tobytes(), _blob(e)) for key, e in zip(part, encodings, strict=True)],
                    )
                known.update(zip(part, encodings, strict=True))
                done += len(part)
                if progress:
                    progress(done)
        return [known[key] for key in keys]

    def _parts(self, texts: Sequence[str], tokens: bool) -> Generator[tuple[int, list[Encoding]], None, None]:
        """Some texts at a time, each part with the place of its first text."""
        if isinstance(self._encoder, InParts):
            yield from self._encoder.parts(texts, tokens=tokens)
            return
        for start in range(0, len(texts), COMMIT_EVERY):
            yield start, self._encoder.encode(texts[start : start + COMMIT_EVERY], tokens=tokens)

    def _look_up(self, keys: set[bytes], tokens: bool) -> dict[bytes, Encoding]:
        known: dict[bytes, Encoding] = {}
        listed = sorted(keys)
        for start in range(0, len(listed), 500):
            part = listed[start : start + 500]
            marks = ",".join("?" * len(part))
            rows = self._connection.execute(
                f"SELECT key, vector, {'tokens' if tokens else 'NULL'} FROM vectors WHERE key IN ({marks})",  # noqa: S608
                part,
            )
            for key, vector, token_rows in rows:
                encoding = self._decode(vector, token_rows)
                if encoding is not None and not (tokens and encoding.tokens is None):
                    known[key] = encoding
        return known

    def _decode(self, vector: bytes, tokens: bytes | None) -> Encoding | None:
        """``None`` when what is stored does not fit the model: it is then embedded again."""
        if len(vector) != 4 * self.dimension or (tokens is not None and len(tokens) % self.dimension):
            return None
        rows = None if tokens is None else np.frombuffer(tokens, np.int8).reshape(-1, self.dimension)
        return Encoding(np.frombuffer(vector, np.float32), rows)

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()


def _blob(encoding: Encoding) -> bytes | None:
    return None if encoding.tokens is None else encoding.tokens.tobytes()


def _open(path: Path) -> sqlite3.Connection:
    """The cache's file; one that is damaged is put aside and begun anew (it only saves time)."""
    try:
        return _connect(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise OSError(f"{path}: {error}") from error
        path.replace(path.with_suffix(".damaged"))
        return _connect(path)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute(_SCHEMA)
    return connection


def count_vectors(path: Path) -> int:
    """How many texts the cache at this path holds."""
    connection = _open(path)
    try:
        return int(connection.execute("SELECT count(*) FROM vectors").fetchone()[0])
    finally:
        connection.close()


def keep_only(path: Path, keys: Iterable[bytes]) -> int:
    """Drops all vectors but those of these keys, and gives their room back; returns how many went."""
    connection = _open(path)
    try:
        connection.execute("CREATE TEMP TABLE needed (key BLOB PRIMARY KEY) WITHOUT ROWID")
        with connection:
            connection.executemany("INSERT OR IGNORE INTO needed VALUES (?)", ((key,) for key in keys))
            gone = connection.execute(
                "DELETE FROM vectors WHERE key NOT IN (SELECT key FROM needed)"
            ).rowcount
        if gone:
            connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return gone
    finally:
        connection.close()


@contextmanager
def vector_cache(path: Path, encoder: Encoder) -> Iterator[VectorCache]:
    """A cache that is closed at the end."""
    cache = VectorCache(path, encoder)
    try:
        yield cache
    finally:
        cache.close()
