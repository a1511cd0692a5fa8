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
    """A finished BM25 index; row numbers are those of the texts it was written from.

    The scores stay in files that are mapped into memory: a question reads those of its own words and no others.
    """

    def __init__(self, folder: Path) -> None:
        self._retriever: Any = _bm25s().BM25.load(str(folder), mmap=True, load_corpus=False)
        stored = self._retriever.scores
        self.size = int(stored["num_docs"])
        self._data, self._rows, self._starts = stored["data"], stored["indices"], stored["indptr"]

    def search(
        self, query: str, k: int, allowed: npt.NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """Up to k rows with a score above zero, best first; equal scores by row."""
        if k < 1:
            return []
        scores = self.scores(query)
        if allowed is not None:
            scores[~allowed] = 0
        rows = np.flatnonzero(scores > 0)
        if len(rows) > k:
            found = scores[rows]
            rows = rows[found >= np.partition(found, -k)[-k]]
        order = rows[np.lexsort((rows, -scores[rows]))][:k]
        return [(int(row), float(scores[row])) for row in order]

    def standing(self, query: str, row: int, works: npt.NDArray[np.int32]) -> tuple[float, int]:
        """The score of one row, and how many rows of other works (``works``, by row) have a clearly higher one."""
        scores = self.scores(query)
        # A text that repeats itself is found all the same: its own passages do not count.
        better = (scores > scores[row] + 1e-4) & (works != works[row])
        return float(scores[row]), int(better.sum())

    def scores(self, query: str) -> npt.NDArray[np.float32]:
        """The score of every row."""
        known = self._retriever.vocab_dict
        total = np.zeros(self.size, dtype=np.float32)
        for term in (known[term] for term in terms(query) if term in known):
            part = slice(int(self._starts[term]), int(self._starts[term + 1]))
            # A row stands once in a term's list, so nothing is added twice.
            total[self._rows[part]] += self._data[part]
        return total
