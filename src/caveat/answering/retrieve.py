"""Finds passages: dense and lexical search fused by rank, re-ranked, capped per source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from caveat.answering.opposite import opposite_query, opposite_words
from caveat.domain.fusion import cap_per_group, reciprocal_rank_scores
from caveat.domain.model import Passage, Retrieved, Source
from caveat.domain.ports import EvidenceIndex, Filters
from caveat.domain.question import Question
from caveat.domain.topic import Topic
from caveat.errors import SearchUnavailable

WEIGHTS = {"lexical": 1.0, "dense": 0.7, "opposite": 0.5, "opposite_dense": 0.2, "named": 2.0}
K_FUSION = 20.0
RERANK_TOP = 30
RERANK_WEIGHT = 2.0
PER_SOURCE = 3


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Ranked passages with their sources; ``scores`` run from 1 (best) towards 0."""

    ranked: tuple[str, ...]
    passages: dict[str, Passage]
    sources: dict[str, Source]
    scores: dict[str, float]
    trace: tuple[Retrieved, ...]
    queries: tuple[str, ...]
    considered: int
    missing: frozenset[str] = field(default_factory=frozenset)
    """Searches that could not be run: "dense", "lexical"."""


@dataclass(frozen=True, slots=True)
class Retriever:
    """Runs every search of one question against one generation."""

    topic: Topic
    rerank: bool = True
    depth: int = 100

    def search(
        self,
        index: EvidenceIndex,
        question: Question,
        *,
        opposite: bool = False,
        filters: Filters | None = None,
        named_sources: Sequence[str] = (),
        per_source: int = PER_SOURCE,
    ) -> Retrieval:
        """Fused ranking for the question; raises ``SearchUnavailable`` when neither search can be run."""
        lexical_query = " ".join([question.text, *self.topic.expansions(question.entity_ids)])
        rankings: dict[str, list[str]] = {}
        missing: set[str] = set()
        queries = [question.text]
        self._run(index, rankings, missing, "dense", question.text, filters)
        self._run(index, rankings, missing, "lexical", lexical_query, filters)
        if {"dense", "lexical"} <= missing:
            raise SearchUnavailable("Neither search can be run. Run `python -m ingest check` to see why.")
        if opposite:
            words = opposite_words(question)
            queries.append(f"the same, for the opposite finding ({words})")
            if "lexical" not in missing:
                self._run(index, rankings, missing, "opposite", f"{lexical_query} {words}", filters)
            if "dense" not in missing:
                meaning = opposite_query(question, self.topic)
                self._run(index, rankings, missing, "opposite_dense", meaning, filters)
        if named_sources:
            rankings["named"] = [p.id for s in named_sources for p in index.source_passages(s)]
        scores = reciprocal_rank_scores(rankings, WEIGHTS, K_FUSION)
        order = sorted(scores, key=lambda i: (-scores[i], i))
        if self.rerank and order:
            order, scores = self._late_interaction(index, question.text, order, scores)
        passages = index.passages(order)
        order = [i for i in order if i in passages]
        kept = cap_per_group(order, {i: passages[i].source_id for i in order}, per_source)
        sources = index.sources(sorted({passages[i].source_id for i in kept}))
        top = max((scores[i] for i in kept), default=1.0) or 1.0
        found_by = {i: tuple(n for n, ids in rankings.items() if i in ids) for i in kept[:60]}
        return Retrieval(
            ranked=tuple(kept),
            passages={i: passages[i] for i in kept},
            sources=sources,
            scores={i: scores[i] / top for i in kept},
            trace=tuple(Retrieved(i, n, found_by[i]) for n, i in enumerate(kept[:60], 1)),
            queries=tuple(queries),
            considered=len(order),
            missing=frozenset(missing & {"dense", "lexical"}),
        )

    def _run(
        self,
        index: EvidenceIndex,
        rankings: dict[str, list[str]],
        missing: set[str],
        name: str,
        query: str,
        filters: Filters | None,
    ) -> None:
        search = index.search_dense if name.endswith("dense") else index.search_lexical
        try:
            rankings[name] = [hit.passage_id for hit in search(query, self.depth, filters)]
        except SearchUnavailable:
            # A search that fails halfway through a question was not there for all of it.
            missing.add("dense" if name.endswith("dense") else "lexical")

    def _late_interaction(
        self, index: EvidenceIndex, query: str, order: list[str], scores: dict[str, float]
    ) -> tuple[list[str], dict[str, float]]:
        head = order[:RERANK_TOP]
        late = index.late_interaction(query, head)
        if not late:
            return order, scores
        by_late = sorted(head, key=lambda i: (-late.get(i, -1.0), i))
        fused = reciprocal_rank_scores({"first": head, "late": by_late}, {"late": RERANK_WEIGHT}, K_FUSION)
        new_head = sorted(head, key=lambda i: (-fused[i], i))
        # The tail keeps its place behind the re-ranked head.
        floor = min(fused.values())
        last = scores[order[len(head)]] if len(order) > len(head) else 1.0
        tail = order[len(head) :]
        merged = dict(fused) | {i: floor * scores[i] / last * 0.99 for i in tail}
        return new_head + tail, merged
