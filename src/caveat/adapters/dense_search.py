"""What a generation needs of the place that holds its passage vectors: its own folder, or a server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from caveat.adapters.encoding import FloatArray


class DenseSearch(Protocol):
    """The passage vectors of one finished generation."""

    def search(
        self, vector: FloatArray, k: int, source_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Up to k passage ids with their cosine, best first; of these works only, when given."""

    def nearest(self, vectors: Sequence[Sequence[float]], k: int) -> list[list[str]]:
        """The k nearest ids of each of many vectors."""

    def vectors(self, ids: Sequence[str]) -> dict[str, FloatArray]:
        """The stored vectors of these passages."""

    def ids(self) -> set[str]:
        """Every passage id."""

    def close(self) -> None:
        """Lets go of what is held open."""


OpenDense = Callable[[Path], DenseSearch]
"""From a generation's folder to its vectors; raises when there are none."""
