"""An index behind a filter: whatever is read through it passes the filter."""

from __future__ import annotations

import re
from collections.abc import Sequence

from caveat.domain.model import Passage, Source
from caveat.domain.ports import EvidenceIndex, Filters, Hit
from caveat.domain.text import fold, singular


def passes(source: Source, filters: Filters) -> bool:
    """True when the work is within every limit; a work that lacks a limited fact is not."""
    who = " ".join(x for x in (source.population, source.population_short, *source.conditions) if x)
    known = re.findall(r"\w+", fold(who))
    wanted = [singular(w) for w in re.findall(r"\w+", fold(filters.population or ""))]
    return (
        (filters.year_from is None or (source.year is not None and source.year >= filters.year_from))
        and (filters.year_to is None or (source.year is not None and source.year <= filters.year_to))
        and (not filters.designs or source.design in filters.designs)
        and (not filters.statuses or source.status in filters.statuses)
        and (not filters.source_ids or source.id in filters.source_ids)
        and all(any(k == w or (len(w) > 3 and k.startswith(w)) for k in known) for w in wanted)
    )


class LimitedIndex:
    """An ``EvidenceIndex`` that holds only what passes; its counts are those of the whole collection."""

    def __init__(self, index: EvidenceIndex, filters: Filters) -> None:
        self._index = index
        self.filters = filters
        self._passing: list[Source] | None = None
        self.generation = index.generation
        self.source_count = index.source_count
        self.passage_count = index.passage_count

    @property
    def everything(self) -> EvidenceIndex:
        """The index without the filter."""
        return self._index

    def search_dense(self, query: str, k: int, filters: Filters | None = None) -> list[Hit]:  # noqa: ARG002
        """The nearest passages of works that pass."""
        return self._index.search_dense(query, k, self.filters)

    def search_lexical(self, query: str, k: int, filters: Filters | None = None) -> list[Hit]:  # noqa: ARG002
        """The best passages by words, of works that pass."""
        return self._index.search_lexical(query, k, self.filters)

    def late_interaction(self, query: str, passage_ids: Sequence[str]) -> dict[str, float]:
        """As the index has it."""
        return self._index.late_interaction(query, passage_ids)

    def sentence_similarity(self, query: str, passage_ids: Sequence[str]) -> dict[str, tuple[float, ...]]:
        """As the index has it."""
        return self._index.sentence_similarity(query, passage_ids)

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Those of works that pass."""
        found = self._index.passages(ids)
        allowed = self.sources([p.source_id for p in found.values()])
        return {i: p for i, p in found.items() if p.source_id in allowed}

    def source_passages(self, source_id: str) -> list[Passage]:
        """None of a work that does not pass."""
        return self._index.source_passages(source_id) if self.sources([source_id]) else []

    def sources(self, ids: Sequence[str]) -> dict[str, Source]:
        """Those that pass."""
        return {i: s for i, s in self._index.sources(ids).items() if passes(s, self.filters)}

    def all_sources(self) -> Sequence[Source]:
        """Those that pass."""
        if self._passing is None:
            self._passing = [s for s in self._index.all_sources() if passes(s, self.filters)]
        return self._passing


def whole_index(index: EvidenceIndex) -> EvidenceIndex:
    """The collection without a filter."""
    return index.everything if isinstance(index, LimitedIndex) else index
