"""The second step of a build: passages to vectors, and the vectors to their stores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from caveat.adapters.dense import write_dense
from caveat.adapters.encoding import Encoding, FloatArray
from caveat.adapters.evidence_store import EvidenceStore
from caveat.adapters.vector_cache import VectorCache
from caveat.adapters.vectors import RaggedWriter, stack
from caveat.domain.model import Passage
from caveat.errors import BuildFailed
from ingest.events import Listener, Progress, Report, Stage

PASSAGES_AT_ONCE = 128
TOKEN_VECTOR_PASSAGES = 25_000
"""Above so many passages no token vectors are kept (they take about 60 kB a passage)."""


def indexed_text(title: str, passage: Passage) -> str:
    """What stands for a passage in both searches: its work's title, then its text."""
    return f"{title}\n{passage.text}"


def embed(
    store: EvidenceStore, cache: VectorCache, folder: Path, report: Report, listen: Listener, *, tokens: bool
) -> None:
    """Writes the vectors of passages, of their sentences and (``tokens``) of their words."""
    write_dense(folder / "chroma", _vectors(store, cache, folder, report, listen, tokens))


def _vectors(
    store: EvidenceStore, cache: VectorCache, folder: Path, report: Report, listen: Listener, tokens: bool
) -> Iterator[tuple[Passage, FloatArray]]:
    """Each passage with its vector, in row order; the other vectors are written on the way."""
    with ExitStack() as files:
        sentence_file = files.enter_context(RaggedWriter(folder, "sentences", np.float16))
        token_file = files.enter_context(RaggedWriter(folder, "tokens", np.int8)) if tokens else None
        total = store.passage_count
        listen(Progress(Stage.EMBED, 0, total))
        for start in range(0, total, PASSAGES_AT_ONCE):
            rows = list(store.indexed(start, min(start + PASSAGES_AT_ONCE, total)))
            before = cache.embedded
            indexed = [indexed_text(title, passage) for passage, title in rows]
            encodings = cache.encode(
                indexed, tokens=tokens, progress=_counter(listen, total, start, len(rows))
            )
            fresh = cache.embedded - before
            report.passages_embedded += fresh
            report.passages_reused += len(rows) - fresh
            texts = [p.sentence(i) for p, _ in rows for i in range(len(p.sentences))]
            sentences = iter(cache.encode(texts, progress=_counter(listen, total, start + len(rows), 0)))
            for (passage, _), encoding in zip(rows, encodings, strict=True):
                own = [_sound(next(sentences), cache.dimension) for _ in passage.sentences]
                sentence_file.add(stack(own, cache.dimension))
                if token_file is not None:
                    token_file.add(_token_rows(encoding))
                yield passage, _sound(encoding, cache.dimension).vector


def _counter(listen: Listener, total: int, start: int, most: int) -> Callable[[int], None]:
    """Tells how many passages are done, from the count of texts done beyond ``start``."""
    return lambda count: listen(Progress(Stage.EMBED, start + min(count, most), total))


def _sound(encoding: Encoding, dimension: int) -> Encoding:
    """The encoding, if its vector is one that can be searched."""
    vector = encoding.vector
    length = float(np.linalg.norm(vector.astype(np.float64)))
    if vector.shape != (dimension,) or not abs(length - 1) < 1e-3:
        raise BuildFailed(
            f"The embedding model gave a vector of {vector.size} numbers and length {length:.3g}, "
            f"not of {dimension} and 1; the index that was serving still serves."
        )
    return encoding


def _token_rows(encoding: Encoding) -> FloatArray:
    if encoding.tokens is None:
        raise BuildFailed(
            "The embedding model gave no token vectors; the index that was serving still serves."
        )
    return np.asarray(encoding.tokens)
