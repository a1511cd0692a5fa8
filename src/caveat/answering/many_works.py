"""Collections of so many works that not every one can be looked at for each question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from caveat.domain.model import Source
from caveat.domain.ports import EvidenceIndex

MOST_SOURCES = 20_000
"""Up to so many works each is looked at, whatever a search found."""


def too_many(index: EvidenceIndex) -> bool:
    """True for a very large collection."""
    return index.source_count > MOST_SOURCES


def works_at_hand(index: EvidenceIndex, found: Iterable[str]) -> Sequence[Source]:
    """Every work of the collection; of a very large one those that the search ``found``."""
    return list(index.sources(list(found)).values()) if too_many(index) else index.all_sources()
