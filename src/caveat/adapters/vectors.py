"""Vectors of sentences and of tokens, in flat files mapped into memory, in the order of the passages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt

from caveat.adapters.encoding import POOLED, Encoding, FloatArray, unit

SINGLE_THREADED = 250_000
"""Products up to this size OpenBLAS works out in one thread. Its threads wait for each other longer than they
help as soon as anything else runs: 30 passages took up to 30 ms with them, and take under 2 ms without."""

RAISED = {POOLED: 0.075}
"""What is added to the cosine of a sentence's vector taken from its passage. By so much is the best sentence nearer to a
question when it is embedded by itself, on average over the tuning questions. It puts no sentence before another, and
decides nothing but what is too far to be an answer (``gate``)."""


class RaggedWriter:
    """Appends a block of rows for each passage: ``<name>.bin`` and the offsets ``<name>.offsets.npy``."""

    def __init__(self, folder: Path, name: str, dtype: npt.DTypeLike) -> None:
        self._base = folder / name
        self._dtype = np.dtype(dtype)
        self._file = self._base.with_suffix(".bin").open("wb")
        self._offsets = [0]

    def add(self, rows: npt.NDArray[np.generic]) -> None:
        """The rows of the next passage."""
        self._file.write(np.ascontiguousarray(rows, dtype=self._dtype).tobytes())
        self._offsets.append(self._offsets[-1] + len(rows))

    def __enter__(self) -> RaggedWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        if kind is None:
            np.save(self._base.with_suffix(".offsets.npy"), np.asarray(self._offsets, dtype=np.int64))


class Ragged:
    """Blocks of rows, one block a passage."""

    def __init__(self, folder: Path, name: str, dtype: npt.DTypeLike, dimension: int) -> None:
        base = folder / name
        self.offsets: npt.NDArray[np.int64] = np.load(base.with_suffix(".offsets.npy"))
        shape = (int(self.offsets[-1]), dimension)
        path = base.with_suffix(".bin")
        expected = shape[0] * dimension * np.dtype(dtype).itemsize
        if path.stat().st_size != expected:
            raise ValueError(f"{path.name} has {path.stat().st_size} bytes, not {expected}")
        self._rows: npt.NDArray[np.generic] = (
            # As a plain array: each of the many slices of a memmap is told that it is one.
            np.asarray(np.memmap(path, dtype=dtype, mode="r", shape=shape))
            if shape[0]
            else np.zeros(shape, dtype)
        )

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def block(self, row: int) -> npt.NDArray[np.generic]:
        """The rows of one passage."""
        return self._rows[self.offsets[row] : self.offsets[row + 1]]

    def gather(self, rows: Sequence[int]) -> tuple[npt.NDArray[np.generic], list[int]]:
        """The blocks of several passages, one after the other, and the length of each."""
        blocks = [self.block(row) for row in rows]
        return np.concatenate(blocks), [len(block) for block in blocks]


def late_interaction(query: Encoding, tokens: Ragged, rows: Sequence[int]) -> list[float]:
    """For each passage the mean, over the query's tokens, of the best cosine with one of its tokens."""
    if query.tokens is None or not len(query.tokens) or not rows:
        return [0.0] * len(rows)
    stacked, lengths = tokens.gather(rows)
    best = _cosines(unit(query.tokens), stacked)
    ends = np.cumsum(lengths)
    return [
        float(best[:, end - length : end].max(axis=1).mean()) if length else 0.0
        for end, length in zip(ends.tolist(), lengths, strict=True)
    ]


def _cosines(units: FloatArray, rows: npt.NDArray[np.generic]) -> FloatArray:
    """Cosine of each of the first with each of the second, which need not have length 1."""
    plain = rows.astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", plain, plain))
    lengths[lengths == 0] = 1.0
    products = np.empty((len(plain), len(units)), dtype=np.float32)
    turned = np.ascontiguousarray(units.T)
    step = max(1, SINGLE_THREADED // turned.size)
    for start in range(0, len(plain), step):
        products[start : start + step] = plain[start : start + step] @ turned
    return np.asarray((products / lengths[:, None]).T, dtype=np.float32)


def sentence_likeness(
    query: Encoding, sentences: Ragged, rows: Sequence[int], made: str
) -> list[tuple[float, ...]]:
    """For each passage how like the query each of its sentences is.

    It is the cosine of vectors made of a sentence ``ALONE``, and on the same scale for those ``made`` in another way, so
    that one threshold serves both.
    """
    if not rows:
        return []
    stacked, lengths = sentences.gather(rows)
    cosines: list[float] = (_cosines(query.vector[None], stacked)[0] + RAISED.get(made, 0.0)).tolist()
    ends = np.cumsum(lengths).tolist()
    return [tuple(cosines[end - length : end]) for end, length in zip(ends, lengths, strict=True)]


def stack(encodings: Sequence[Encoding], dimension: int) -> FloatArray:
    """The vectors as rows of one array."""
    if not encodings:
        return np.zeros((0, dimension), dtype=np.float32)
    return np.stack([encoding.vector for encoding in encodings])
