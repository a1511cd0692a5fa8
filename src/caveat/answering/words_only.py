"""An index that is searched by words alone, for messages that must not leave the machine."""

from __future__ import annotations

from collections.abc import Sequence

from caveat.domain.model import Passage, Source
from caveat.domain.ports import EvidenceIndex, Filters, Hit
from caveat.errors import SearchUnavailable


class WordsOnly:
    """An ``EvidenceIndex`` whose search by meaning is never run."""

    def __init__(self, index: EvidenceIndex) -> None:
        self._index = index
        self.generation = index.generation
        self.source_count = index.source_count
        self.passage_count = index.passage_count

    @property
    def everything(self) -> EvidenceIndex:
        """The index that could be searched by meaning."""
        return self._index

    def search_dense(self, query: str, k: int, filters: Filters | None = None) -> list[Hit]:  # noqa: ARG002
        """Always raises ``SearchUnavailable``."""
        raise SearchUnavailable("This message is searched by words only.")

    def search_lexical(self, query: str, k: int, filters: Filters | None = None) -> list[Hit]:
        """As the index has it."""
        return self._index.search_lexical(query, k, filters)

    def late_interaction(self, query: str, passage_ids: Sequence[str]) -> dict[str, float]:  # noqa: ARG002
        """Never available."""
        return {}

    def sentence_similarity(self, query: str, passage_ids: Sequence[str]) -> dict[str, tuple[float, ...]]:  # noqa: ARG002
        """Never available."""
        return {}

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """As the index has it."""
        return self._index.passages(ids)

    def source_passages(self, source_id: str) -> list[Passage]:
        """As the index has it."""
        return self._index.source_passages(source_id)

    def sources(self, ids: Sequence[str]) -> dict[str, Source]:
        """As the index has it."""
        return self._index.sources(ids)

    def all_sources(self) -> Sequence[Source]:
        """As the index has it."""
        return self._index.all_sources()
