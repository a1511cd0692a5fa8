"""The second step of a build: passages to vectors, and the vectors to their stores."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from caveat.adapters.dense import write_dense
from caveat.adapters.encoding import Encoding, FloatArray, Marked
from caveat.adapters.evidence_store import EvidenceStore
from caveat.adapters.vector_cache import VectorCache
from caveat.adapters.vectors import RaggedWriter, stack
from caveat.domain.model import Passage
from caveat.errors import BuildFailed
from ingest.events import Listener, Progress, Report, Stage

PASSAGES_AT_ONCE = 512
"""Read together: among many texts more are of one length, and a server gets several batches at one time."""
TOKEN_VECTOR_PASSAGES = 25_000
"""Above so many passages no token vectors are kept (they take about 60 kB a passage)."""


def indexed_text(title: str, passage: Passage) -> str:
    """What stands for a passage in both searches: its work's title, then its text."""
    return f"{title}\n{passage.text}"


def marked(title: str, passage: Passage) -> Marked:
    """The same text, and where the passage's sentences stand in it."""
    before = len(title) + 1
    return Marked(
        indexed_text(title, passage), tuple((before + s.start, before + s.end) for s in passage.sentences)
    )


@dataclass(frozen=True, slots=True)
class Made:
    """A passage with its vector, those of its sentences and, where wanted, those of its words."""

    passage: Passage
    vector: FloatArray
    blocks: tuple[FloatArray, ...]
    """What goes into each of the files that ``kinds`` names."""


def kinds(*, tokens: bool) -> Sequence[tuple[str, npt.DTypeLike]]:
    """Name and type of the files beside the passages' vectors: sentences and, where wanted, words."""
    return [("sentences", np.float16), ("tokens", np.int8)][: 1 + tokens]


def embed(
    store: EvidenceStore,
    cache: VectorCache,
    folder: Path,
    report: Report,
    listen: Listener,
    *,
    tokens: bool,
    graph: Mapping[str, Any] | None = None,
) -> None:
    """Writes the vectors of passages, of their sentences and (``tokens``) of their words."""
    rows = _vectors(store, cache, folder, report, listen, tokens)
    write_dense(folder / "chroma", rows, graph, store.passage_count)


def _vectors(
    store: EvidenceStore, cache: VectorCache, folder: Path, report: Report, listen: Listener, tokens: bool
) -> Iterator[tuple[Passage, FloatArray]]:
    """Each passage with its vector, in row order; the other vectors are written on the way."""
    with ExitStack() as files:
        beside = [files.enter_context(RaggedWriter(folder, *kind)) for kind in kinds(tokens=tokens)]
        total = store.passage_count
        listen(Progress(Stage.EMBED, 0, total))
        for start in range(0, total, PASSAGES_AT_ONCE):
            rows = list(store.indexed(start, min(start + PASSAGES_AT_ONCE, total)))
            first, rest = (
                _counter(listen, total, start, len(rows)),
                _counter(listen, total, start + len(rows), 0),
            )
            for one in made(cache, rows, report, tokens=tokens, first=first, rest=rest):
                for file, block in zip(beside, one.blocks, strict=True):
                    file.add(block)
                yield one.passage, one.vector


def made(
    cache: VectorCache,
    rows: Sequence[tuple[Passage, str]],
    report: Report,
    *,
    tokens: bool,
    first: Callable[[int], None] | None = None,
    rest: Callable[[int], None] | None = None,
) -> Iterator[Made]:
    """The vectors of these passages with their titles; ``first`` is told of passages, then ``rest`` of sentences.

    Sentences are taken from their passages where the encoder can do that, and embedded by themselves where it cannot.
    """
    before = cache.embedded
    if cache.pools:
        texts = [marked(title, passage) for passage, title in rows]
        encodings = cache.encode_marked(texts, tokens=tokens, progress=first)
        report.passages_embedded += cache.embedded - before
    else:
        encodings = cache.encode(
            [indexed_text(title, passage) for passage, title in rows], tokens=tokens, progress=first
        )
        report.passages_embedded += cache.embedded - before
        encodings = _with_sentences(cache, rows, encodings, rest)
    for (passage, _), encoding in zip(rows, encodings, strict=True):
        words = (_token_rows(encoding),) if tokens else ()
        own = _sentence_rows(encoding, len(passage.sentences), cache.dimension)
        yield Made(passage, _sound(encoding.vector, cache.dimension), (own, *words))


def _with_sentences(
    cache: VectorCache,
    rows: Sequence[tuple[Passage, str]],
    encodings: Sequence[Encoding],
    told: Callable[[int], None] | None,
) -> list[Encoding]:
    """The encodings with vectors of their passages' sentences, each embedded by itself."""
    texts = [p.sentence(i) for p, _ in rows for i in range(len(p.sentences))]
    sentences = iter(cache.encode(texts, progress=told))
    return [
        replace(encoding, sentences=stack([next(sentences) for _ in passage.sentences], cache.dimension))
        for (passage, _), encoding in zip(rows, encodings, strict=True)
    ]


def _counter(listen: Listener, total: int, start: int, most: int) -> Callable[[int], None]:
    """Tells how many passages are done, from the count of texts done beyond ``start``."""
    return lambda count: listen(Progress(Stage.EMBED, start + min(count, most), total))


def _sentence_rows(encoding: Encoding, count: int, dimension: int) -> FloatArray:
    if encoding.sentences is None or len(encoding.sentences) != count:
        raise BuildFailed(
            "The embedding model did not give one vector a sentence; the index that was serving still serves."
        )
    lengths = np.linalg.norm(encoding.sentences, axis=1)
    for odd in np.flatnonzero(~(np.abs(lengths - 1) < 1e-3))[:1]:
        _sound(encoding.sentences[odd], dimension)
    return encoding.sentences


def _sound(vector: FloatArray, dimension: int) -> FloatArray:
    """The vector, if it is one that can be searched."""
    length = float(np.linalg.norm(vector.astype(np.float64)))
    if vector.shape != (dimension,) or not abs(length - 1) < 1e-3:
        raise BuildFailed(
            f"The embedding model gave a vector of {vector.size} numbers and length {length:.3g}, "
            f"not of {dimension} and 1; the index that was serving still serves."
        )
    return vector


def _token_rows(encoding: Encoding) -> FloatArray:
    if encoding.tokens is None:
        raise BuildFailed(
            "The embedding model gave no token vectors; the index that was serving still serves."
        )
    return np.asarray(encoding.tokens)
