"""BM25 over the passages, with bm25s."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from caveat.adapters.words import terms

K1 = 0.9
B = 0.4


def _bm25s() -> Any:
    import bm25s

    # It sets its own logger to "debug" when imported, which would show wherever logging is on.
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    return bm25s


def write_lexical(folder: Path, texts: Iterable[str]) -> int:
    """Indexes the texts, in order, and returns how many there were."""
    vocabulary: dict[str, int] = {"": 0}
    rows = [[vocabulary.setdefault(term, len(vocabulary)) for term in terms(text)] for text in texts]
    retriever = _bm25s().BM25(method="lucene", k1=K1, b=B)
    retriever.index((rows, vocabulary), show_progress=False)
    retriever.save(str(folder), show_progress=False)
    return len(rows)


class LexicalIndex:
    """A finished BM25 index; row numbers are those of the texts it was written from."""

    def __init__(self, folder: Path) -> None:
        self._retriever: Any = _bm25s().BM25.load(str(folder), mmap=True, load_corpus=False)
        self.size = int(self._retriever.scores["num_docs"])

    def search(
        self, query: str, k: int, allowed: npt.NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """Up to k rows with a score above zero, best first; equal scores by row."""
        scores = self._scores(query)
        if scores is None or k < 1:
            return []
        if allowed is not None:
            scores = np.where(allowed, scores, 0.0)
        rows = np.flatnonzero(scores > 0)
        if len(rows) > k:
            floor = np.partition(scores[rows], -k)[-k]
            rows = rows[scores[rows] >= floor]
        order = rows[np.lexsort((rows, -scores[rows]))][:k]
        return [(int(row), float(scores[row])) for row in order]

    def standing(self, query: str, row: int) -> tuple[float, int]:
        """The score of one row, and how many rows have a clearly higher one."""
        scores = self._scores(query)
        if scores is None:
            return 0.0, 0
        return float(scores[row]), int((scores > scores[row] + 1e-4).sum())

    def _scores(self, query: str) -> npt.NDArray[np.float64] | None:
        """By row; ``None`` where no text has a word of the query."""
        known = [term for term in terms(query) if term in self._retriever.vocab_dict]
        return np.asarray(self._retriever.get_scores(known), dtype=np.float64) if known else None
