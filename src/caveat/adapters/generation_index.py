"""One finished generation as the core's ``EvidenceIndex``."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from caveat.adapters.dense import DenseIndex
from caveat.adapters.dense_search import DenseSearch, OpenDense
from caveat.adapters.encoding import Encoder, sentence_vectors
from caveat.adapters.evidence_store import EvidenceStore
from caveat.adapters.lexical import LexicalIndex
from caveat.adapters.limits import Limits
from caveat.adapters.manifest import Manifest, read_manifest, whole
from caveat.adapters.status_book import StatusBook
from caveat.adapters.vectors import Ragged, late_interaction, sentence_likeness
from caveat.domain.model import Passage, Source, Status
from caveat.domain.ports import BuildFacts, Filters, Hit
from caveat.errors import CaveatError, IndexCorrupt, IndexMismatch, SearchUnavailable

log = logging.getLogger(__name__)
T = TypeVar("T")


class GenerationIndex:
    """Fulfils ``EvidenceIndex``. A store that cannot be opened makes only its own search unavailable."""

    def __init__(
        self,
        folder: Path,
        encoder: Encoder | None,
        statuses: StatusBook | None = None,
        *,
        open_dense: OpenDense | None = None,
    ) -> None:
        """Raises ``IndexCorrupt`` or ``IndexMismatch``; without an encoder only the lexical search works.

        ``open_dense`` gives the passage vectors of a generation that has them elsewhere than in its folder.
        """
        self.folder = folder
        self.manifest: Manifest = read_manifest(folder)
        self._encoder = encoder
        self._statuses = statuses
        self._all: tuple[object, tuple[Source, ...]] | None = None
        self._newest: tuple[object, tuple[Source, ...]] | None = None
        if encoder is not None:
            check_model(self.manifest, encoder)
        whole(folder, self.manifest, "evidence.sqlite")
        try:
            self._evidence = EvidenceStore(folder / "evidence.sqlite")
        except Exception as error:
            raise IndexCorrupt(
                f"Index {folder.name} cannot be read ({type(error).__name__}); "
                "run `python -m ingest rollback` or `python -m ingest build`."
            ) from error
        self._limits = Limits(self._evidence, statuses)
        dimension = self.manifest.dimension
        if open_dense is None:
            self._dense = self._open("vector search", "chroma/", lambda: local_dense(folder))
        else:
            self._dense = self._open("vector search", None, lambda: open_dense(folder))
        self._lexical = self._open("word search", "lexical/", lambda: LexicalIndex(folder / "lexical"))
        self._sentences = self._open(
            "sentence vectors", "sentences.", lambda: Ragged(folder, "sentences", np.float16, dimension)
        )
        self._tokens = None
        if self.manifest.token_vectors:
            self._tokens = self._open(
                "token vectors", "tokens.", lambda: Ragged(folder, "tokens", np.int8, dimension)
            )

    def _open(self, what: str, files: str | None, opener: Callable[[], T]) -> T | None:
        try:
            if files is not None:
                whole(self.folder, self.manifest, files)
            return opener()
        except Exception as error:
            log.warning(
                "Index %s: its %s cannot be opened (%s).", self.folder.name, what, type(error).__name__
            )
            return None

    @property
    def generation(self) -> str:
        """The generation's id."""
        return self.manifest.id

    @property
    def build_facts(self) -> BuildFacts:
        """How this generation was made."""
        m = self.manifest
        return BuildFacts(m.created, m.model_id, m.skipped, m.problems)

    @property
    def source_count(self) -> int:
        """How many works are indexed."""
        return self._evidence.source_count

    @property
    def passage_count(self) -> int:
        """How many passages are indexed."""
        return self._evidence.passage_count

    def search_dense(self, query: str, k: int, filters: Filters | None = None) -> list[Hit]:
        """The k nearest passages by embedding, best first; raises ``SearchUnavailable``."""
        if self._dense is None or self._encoder is None:
            raise SearchUnavailable("The search by meaning is not available; run `python -m ingest check`.")
        try:
            works = None if filters is None or filters.empty else list(self._limits.works(filters).values())
            vector = self._encoder.encode([query], tokens=self._tokens is not None)[0].vector
            return [Hit(i, score) for i, score in self._dense.search(vector, k, works)]
        except Exception as error:
            raise SearchUnavailable(f"The search by meaning failed ({type(error).__name__}).") from error

    def search_lexical(self, query: str, k: int, filters: Filters | None = None) -> list[Hit]:
        """The k best passages by BM25 with a score above zero; raises ``SearchUnavailable``."""
        if self._lexical is None:
            raise SearchUnavailable("The search by words is not available; run `python -m ingest check`.")
        try:
            allowed = None if filters is None or filters.empty else self._limits.allowed(filters)
            hits = self._lexical.search(query, k, allowed)
            ids = self._evidence.ids_of([row for row, _ in hits])
            return [Hit(ids[row], score) for row, score in hits]
        except Exception as error:
            raise SearchUnavailable(f"The search by words failed ({type(error).__name__}).") from error

    def late_interaction(self, query: str, passage_ids: Sequence[str]) -> dict[str, float]:
        """Mean over query tokens of the best cosine with a passage token; empty when not available."""
        known = self._evidence.rows_of(passage_ids)
        if self._tokens is None or self._encoder is None or not known:
            return {}
        try:
            encoding = self._encoder.encode([query], tokens=True)[0]
        except CaveatError:
            return {}
        if encoding.tokens is None or not len(encoding.tokens):
            return {}
        return dict(zip(known, late_interaction(encoding, self._tokens, list(known.values())), strict=True))

    def sentence_similarity(self, query: str, passage_ids: Sequence[str]) -> dict[str, tuple[float, ...]]:
        """How like the query each sentence of each passage is, as by cosine; empty when not available."""
        known = self._evidence.rows_of(passage_ids)
        if self._sentences is None or self._encoder is None or not known:
            return {}
        try:
            encoding = self._encoder.encode([query], tokens=self._tokens is not None)[0]
        except CaveatError:
            return {}
        rows, made = list(known.values()), self.manifest.sentence_vectors
        return dict(zip(known, sentence_likeness(encoding, self._sentences, rows, made), strict=True))

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """The passages with these ids; an unknown id is left out."""
        return self._evidence.passages(ids)

    def source_passages(self, source_id: str) -> list[Passage]:
        """All passages of one work, in the order of its text."""
        return self._evidence.source_passages(source_id)

    def source_text(self, source_id: str) -> str | None:
        """The work's full text, which the passages' offsets point into."""
        return self._evidence.source_text(source_id)

    def sources(self, ids: Sequence[str]) -> dict[str, Source]:
        """The works with these ids; an unknown id is left out."""
        found = self._evidence.sources(ids)
        return found if self._statuses is None else dict(zip(found, self._now(found.values()), strict=True))

    def all_sources(self) -> Sequence[Source]:
        """Every work of the collection, in id order."""
        version = None if self._statuses is None else self._statuses.version()
        kept = self._all
        if kept is None or kept[0] != version:
            kept = self._all = (version, tuple(self._now(self._evidence.all_sources())))
        return kept[1]

    def newest_sources(self, most: int) -> Sequence[Source]:
        """The newest works, at most so many; those without a year last. The same object until a check changes it."""
        key = (most, None if self._statuses is None else self._statuses.version())
        kept = self._newest
        if kept is None or kept[0] != key:
            kept = self._newest = (key, tuple(self._now(self._evidence.newest_sources(most))))
        return kept[1]

    def each_source(self) -> Iterator[Source]:
        """Every work in id order, as it was when the index was built."""
        return self._evidence.each_source()

    def works_with(self, stems: Iterable[str]) -> Sequence[int] | None:
        """The works that have all of these stems among their words, as places in id order; None where it is not known."""
        return self._evidence.works_with(stems)

    def doubted(self) -> Mapping[str, Status]:
        """The ids of the works that are retracted, withdrawn or under concern today, with that status."""
        return self._limits.doubted()

    def _now(self, sources: Iterable[Source]) -> list[Source]:
        """The works with what the last check of each found."""
        return list(sources) if self._statuses is None else self._statuses.applied(list(sources))

    def handles(self) -> tuple[DenseSearch | None, EvidenceStore]:
        """What has to be closed when nobody uses this index any more."""
        return self._dense, self._evidence

    def close(self) -> None:
        """Lets go of all files."""
        for handle in self.handles():
            if handle is not None:
                handle.close()


def local_dense(folder: Path) -> DenseSearch:
    """The vectors in a generation's own folder."""
    return DenseIndex(folder / "chroma")


def check_model(manifest: Manifest, encoder: Encoder) -> None:
    """Raises ``IndexMismatch`` when the index was made with another embedding model, or its sentences in another way."""
    made_with, now = (manifest.model_id, manifest.dimension), (encoder.model_id, encoder.dimension)
    if made_with != now:
        raise IndexMismatch(
            f"Index {manifest.id} was made with the embedding model {made_with[0]} ({made_with[1]} numbers), "
            f"but CAVEAT_EMBEDDER gives {now[0]} ({now[1]}); run `python -m ingest build`."
        )
    if manifest.sentence_vectors != sentence_vectors(encoder):
        raise IndexMismatch(
            f"Index {manifest.id} has vectors of sentences that were made in another way; run `python -m ingest build`."
        )
