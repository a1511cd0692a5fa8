"""A small, quick encoder: each word is a fixed random direction, so texts that share words are near."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from caveat.adapters.encoding import Encoding, FloatArray, Marked, scaled


@lru_cache(maxsize=100_000)
def _direction(word: str, dimension: int) -> FloatArray:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).standard_normal(dimension).astype(np.float32)


class WordEncoder:
    """Counts the texts it was asked for; ``before`` is called with each batch and may raise."""

    token_vectors = True

    def __init__(self, model_id: str = "words-1", dimension: int = 64) -> None:
        self.model_id = model_id
        self.dimension = dimension
        self.seen: list[str] = []
        self.before: Callable[[Sequence[str]], None] = lambda _texts: None

    def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        return [encoding.vector.tolist() for encoding in self.encode(texts)]

    def encode(self, texts: Sequence[str], *, tokens: bool = False) -> list[Encoding]:
        self.before(texts)
        self.seen.extend(texts)
        return [self._one(text, tokens) for text in texts]

    def _one(self, text: str, tokens: bool) -> Encoding:
        words = re.findall(r"\w+", text.lower()) or ["-"]
        rows = np.stack([_direction(word, self.dimension) for word in words])
        total = rows.sum(axis=0)
        return Encoding(total / np.linalg.norm(total), scaled(rows) if tokens else None)


class PoolingEncoder(WordEncoder):
    """The same, with the vectors of sentences taken from a text as a whole; ``marked`` has what it was asked for so."""

    def __init__(self) -> None:
        super().__init__("pooled-words-1")
        self.marked: list[Marked] = []

    def encode_marked(self, texts: Sequence[Marked], *, tokens: bool = False) -> list[Encoding]:
        self.marked.extend(texts)
        return [
            Encoding(
                whole.vector,
                whole.tokens,
                np.stack([self._one(m.text[a:b], False).vector for a, b in m.sentences]),
            )
            for m, whole in ((m, self._one(m.text, tokens)) for m in texts)
        ]
