"""Vectors kept by hash of (model, dimension, text): an unchanged text is never embedded twice."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np

from caveat.adapters.encoding import Encoder, Encoding, InParts, Marked, Pooling, marked_key, text_key

_Text = TypeVar("_Text", str, Marked)
AHEAD = 2
"""Parts of passages that are embedded at one time."""
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

    @property
    def pools(self) -> bool:
        """True when ``encode_marked`` can be asked."""
        return isinstance(self._encoder, Pooling)

    def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """One unit vector a text, in order."""
        return [encoding.vector.tolist() for encoding in self.encode(texts)]

    def encode(
        self, texts: Sequence[str], *, tokens: bool = False, progress: Callable[[int], None] | None = None
    ) -> list[Encoding]:
        """One encoding a text, in order; ``progress`` is told how many texts are done."""
        keys = [text_key(self.model_id, self.dimension, text) for text in texts]
        return self._encoded(
            keys, dict(zip(keys, texts, strict=True)), dict.fromkeys(keys, 0), self._parts, tokens, progress
        )

    def encode_marked(
        self, texts: Sequence[Marked], *, tokens: bool = False, progress: Callable[[int], None] | None = None
    ) -> list[Encoding]:
        """One encoding a text, in order, with the vectors of its sentences, from an encoder that ``pools``."""
        keys = [marked_key(self.model_id, self.dimension, text) for text in texts]
        asked = dict(zip(keys, texts, strict=True))
        counts = {key: len(text.sentences) for key, text in asked.items()}
        return self._encoded(keys, asked, counts, self._marked_parts, tokens, progress)

    def _encoded(
        self,
        keys: Sequence[bytes],
        asked: Mapping[bytes, _Text],
        sentences: Mapping[bytes, int],
        parts_of: Callable[[Sequence[_Text], bool], Generator[tuple[int, list[Encoding]], None, None]],
        tokens: bool,
        progress: Callable[[int], None] | None,
    ) -> list[Encoding]:
        known = self._look_up(sentences, tokens)
        missing = {key: text for key, text in asked.items() if key not in known}
        done = sum(key in known for key in keys)
        self.reused += done
        self.embedded += len(missing)
        if progress:
            progress(done)
        order = sorted(missing, key=lambda key: -_length(missing[key]))
        with closing(parts_of([missing[key] for key in order], tokens)) as parts:
            for start, encodings in parts:
                part = order[start : start + len(encodings)]
                with self._connection:
                    self._connection.executemany(
                        "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                        [(key, _vectors(e), _blob(e)) for key, e in zip(part, encodings, strict=True)],
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

    def _marked_parts(
        self, texts: Sequence[Marked], tokens: bool
    ) -> Generator[tuple[int, list[Encoding]], None, None]:
        """The same, with the next parts under way while one is written: no processor waits for the file."""
        assert isinstance(self._encoder, Pooling)
        waiting: deque[tuple[int, Future[list[Encoding]]]] = deque()
        pool = ThreadPoolExecutor(AHEAD, thread_name_prefix="passages")
        try:
            for start in range(0, len(texts), COMMIT_EVERY):
                part = texts[start : start + COMMIT_EVERY]
                waiting.append((start, pool.submit(self._encoder.encode_marked, part, tokens=tokens)))
                if len(waiting) > AHEAD:
                    first, done = waiting.popleft()
                    yield first, done.result()
            for first, done in waiting:
                yield first, done.result()
        finally:
            pool.shutdown(cancel_futures=True)

    def _look_up(self, sentences: Mapping[bytes, int], tokens: bool) -> dict[bytes, Encoding]:
        """What is there of these keys, each with how many sentences its text has."""
        known: dict[bytes, Encoding] = {}
        listed = sorted(sentences)
        for start in range(0, len(listed), 500):
            part = listed[start : start + 500]
            marks = ",".join("?" * len(part))
            rows = self._connection.execute(
                f"SELECT key, vector, {'tokens' if tokens else 'NULL'} FROM vectors WHERE key IN ({marks})",  # noqa: S608
                part,
            )
            for key, vector, token_rows in rows:
                encoding = self._decode(vector, token_rows, sentences[key])
                if encoding is not None and not (tokens and encoding.tokens is None):
                    known[key] = encoding
        return known

    def _decode(self, vectors: bytes, tokens: bytes | None, sentences: int) -> Encoding | None:
        """``None`` when what is stored does not fit the model: it is then embedded again."""
        if len(vectors) != 4 * self.dimension * (1 + sentences) or len(tokens or b"") % self.dimension:
            return None
        rows = None if tokens is None else np.frombuffer(tokens, np.int8).reshape(-1, self.dimension)
        own = np.frombuffer(vectors, np.float32).reshape(1 + sentences, self.dimension)
        return Encoding(own[0], rows, own[1:] if sentences else None)

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()


def _length(text: str | Marked) -> int:
    return len(text.text if isinstance(text, Marked) else text)


def _vectors(encoding: Encoding) -> bytes:
    """The text's own vector, then those of its sentences."""
    own = encoding.vector.tobytes()
    return own if encoding.sentences is None else own + encoding.sentences.tobytes()


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
