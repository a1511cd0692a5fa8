"""What the adapters ask of an embedding model: unit vectors and, where it can, one vector a token."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
Int8Array = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class Encoding:
    """One text as vectors. ``vector`` has length 1; ``tokens`` has one scaled row a token, or is ``None``.

    ``sentences`` has a row of length 1 for each sentence of a ``Marked`` text, or is ``None``.
    """

    vector: FloatArray
    tokens: Int8Array | None = None
    sentences: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and where each of its sentences stands in it: start and end, in characters."""

    text: str
    sentences: tuple[tuple[int, int], ...]


class Encoder(Protocol):
    """An embedder (see ``domain.ports``) that can also give token vectors."""

    @property
    def model_id(self) -> str:
        """Names the weights; two encoders with one id give the same vectors."""

    @property
    def dimension(self) -> int:
        """Length of each vector."""

    @property
    def token_vectors(self) -> bool:
        """True when it can give one vector a token."""

    def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """One unit vector a text, in order."""

    def encode(self, texts: Sequence[str], *, tokens: bool = False) -> list[Encoding]:
        """One encoding a text, in order; raises ``EmbedderUnavailable``."""


@runtime_checkable
class InParts(Protocol):
    """An encoder that works on several batches at one time and hands over each as it is done."""

    def parts(self, texts: Sequence[str], *, tokens: bool = False) -> Iterator[tuple[int, list[Encoding]]]:
        """Encodings of some texts in a row with the place of the first, in any order of batches."""


@runtime_checkable
class Pooling(Protocol):
    """An encoder that takes the vectors of a text's sentences from the vectors of the text's own tokens."""

    def encode_marked(self, texts: Sequence[Marked], *, tokens: bool = False) -> list[Encoding]:
        """One encoding a text, in order, with ``sentences``; raises ``EmbedderUnavailable``."""


ALONE, POOLED = "alone", "pooled-2"
"""How the vectors of an index's sentences were made: each sentence embedded by itself, or taken from its passage."""


def sentence_vectors(encoder: object) -> str:
    """The way in which an index by this encoder has vectors of sentences."""
    return POOLED if isinstance(encoder, Pooling) else ALONE


def text_key(model_id: str, dimension: int, text: str) -> bytes:
    """What a cached vector is filed under."""
    return hashlib.sha256(f"{model_id}\0{dimension}\0{text}".encode("utf-8", "surrogatepass")).digest()


def marked_key(model_id: str, dimension: int, marked: Marked) -> bytes:
    """What the cached vectors of a text and of its sentences are filed under."""
    return text_key(model_id, dimension, f"{marked.text}\0{POOLED}{marked.sentences}")


def scaled(rows: FloatArray) -> Int8Array:
    """Rows as int8, each by its own largest component: the direction stays, the length does not."""
    peak = np.abs(rows).max(axis=1, keepdims=True)
    peak[peak == 0] = 1.0
    return np.asarray(np.rint(rows * (127.0 / peak)), dtype=np.int8)


def unit(rows: npt.NDArray[np.generic]) -> FloatArray:
    """Rows of length 1; a row of zeros stays as it is."""
    out = rows.astype(np.float32)
    length = np.sqrt(np.einsum("ij,ij->i", out, out))[:, None]
    length[length == 0] = 1.0
    return np.asarray(out / length, dtype=np.float32)
