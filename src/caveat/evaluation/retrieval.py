"""How well the searches find relevant works: nDCG@10, recall@100 and milliseconds a query, in one run.

vector                    the search by meaning alone
lexical                   the search by words (BM25) alone
hybrid                    both, fused by reciprocal rank with the weights that answering uses
hybrid + late interaction the first passages of that ranking re-ranked by late interaction, as answering does

A ranking of passages becomes a ranking of works: each work stands where its first passage stands.
Intervals are 95 % bootstrap intervals over queries; a difference is paired, query by query.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rich.table import Table

from caveat.answering.retrieve import K_FUSION, RERANK_TOP, RERANK_WEIGHT, WEIGHTS
from caveat.domain.fusion import reciprocal_rank_fusion
from caveat.domain.ports import EvidenceIndex
from caveat.evaluation.intervals import Estimate, percentile, weighted_mean
from caveat.evaluation.ranking import first_of_each, ndcg_at, recall_at
from caveat.evaluation.scifact import Query

DEPTH = 300
"""Passages each search returns: enough for a hundred works, though a work has several passages."""

METHODS = ("vector", "lexical", "hybrid", "hybrid + late interaction")
WARM_UP = "interleukin-6"


@dataclass(frozen=True, slots=True)
class Row:
    """One way of searching, measured."""

    method: str
    ndcg: Estimate
    recall: Estimate
    p50_ms: Estimate
    p95_ms: Estimate


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more nDCG@10 one way of searching reaches than another, query by query."""

    method: str
    over: str
    ndcg: Estimate


@dataclass(frozen=True, slots=True)
class RetrievalReport:
    """The benchmark's figures, or why it was skipped."""

    queries: int = 0
    works: int = 0
    passages: int = 0
    generation: str | None = None
    rows: tuple[Row, ...] = ()
    differences: tuple[Difference, ...] = ()
    skipped: str | None = None


@dataclass(slots=True)
class _Measured:
    ndcg: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    ms: list[float] = field(default_factory=list)


def rankings(index: EvidenceIndex, query: str) -> dict[str, tuple[list[str], float]]:
    """For each way of searching: the ranking of passages and the milliseconds it takes, all steps counted."""
    start = time.perf_counter()
    dense = [hit.passage_id for hit in index.search_dense(query, DEPTH)]
    after_dense = time.perf_counter()
    lexical = [hit.passage_id for hit in index.search_lexical(query, DEPTH)]
    after_lexical = time.perf_counter()
    weights = {name: WEIGHTS[name] for name in ("lexical", "dense")}
    hybrid = reciprocal_rank_fusion({"lexical": lexical, "dense": dense}, weights, K_FUSION)
    after_hybrid = time.perf_counter()
    late = rerank(index, query, hybrid)
    end = time.perf_counter()
    return {
        "vector": (dense, (after_dense - start) * 1000),
        "lexical": (lexical, (after_lexical - after_dense) * 1000),
        "hybrid": (hybrid, (after_hybrid - start) * 1000),
        "hybrid + late interaction": (late, (end - start) * 1000),
    }


def rerank(index: EvidenceIndex, query: str, ranking: Sequence[str]) -> list[str]:
    """The ranking with its first passages re-ranked by late interaction; the rest keep their places."""
    head = list(ranking[:RERANK_TOP])
    scores = index.late_interaction(query, head)
    if not scores:
        return list(ranking)
    by_late = sorted(head, key=lambda i: (-scores.get(i, -1.0), i))
    fused = reciprocal_rank_fusion({"first": head, "late": by_late}, {"late": RERANK_WEIGHT}, K_FUSION)
    return [*fused, *ranking[RERANK_TOP:]]


def owners(index: EvidenceIndex) -> dict[str, str]:
    """The work of every passage."""
    return {p.id: s.id for s in index.all_sources() for p in index.source_passages(s.id)}


def measure(
    index: EvidenceIndex, queries: Sequence[Query], *, on_query: Callable[[], None] | None = None
) -> RetrievalReport:
    """Asks every query in every way, after one warm-up query."""
    work_of = owners(index)
    rankings(index, WARM_UP)
    measured = {method: _Measured() for method in METHODS}
    for query in queries:
        if on_query:
            on_query()
        for method, (passages, ms) in rankings(index, query.text).items():
            works = first_of_each(work_of[p] for p in passages)
            measured[method].ndcg.append(ndcg_at(works, query.relevant, 10))
            measured[method].recall.append(recall_at(works, query.relevant, 100))
            measured[method].ms.append(ms)
    rows = tuple(
        Row(
            name,
            weighted_mean(m.ndcg),
            weighted_mean(m.recall),
            percentile(m.ms, 50),
            percentile(m.ms, 95),
        )
        for name, m in measured.items()
    )
    pairs = (("hybrid", "vector"), ("hybrid", "lexical"), ("hybrid + late interaction", "hybrid"))
    differences = tuple(
        Difference(
            method,
            over,
            weighted_mean([a - b for a, b in zip(measured[method].ndcg, measured[over].ndcg, strict=True)]),
        )
        for method, over in pairs
    )
    return RetrievalReport(
        len(queries), index.source_count, index.passage_count, index.generation, rows, differences
    )


def _interval(e: Estimate) -> str:
    if e.value is None or e.low is None or e.high is None:
        return "–"
    return f"{e.value:.3f} ({e.low:.3f} to {e.high:.3f})"


def table(report: RetrievalReport) -> Table:
    """The figures as a table for people."""
    if report.skipped:
        skipped = Table(title="scifact: skipped", title_justify="left", show_header=False)
        skipped.add_row(report.skipped)
        return skipped
    title = f"scifact: {report.queries} queries, {report.works} works in {report.passages} passages"
    shown = Table(title=title, title_justify="left")
    shown.add_column("search")
    for heading in ("nDCG@10 (95 %)", "recall@100 (95 %)", "ms p50", "ms p95"):
        shown.add_column(heading, justify="right")
    for row in report.rows:
        times = (f"{t.value:.1f}" if t.value is not None else "–" for t in (row.p50_ms, row.p95_ms))
        shown.add_row(row.method, _interval(row.ndcg), _interval(row.recall), *times)
    for d in report.differences:
        shown.add_row(f"{d.method} − {d.over}", _interval(d.ndcg), "", "", "")
    return shown


def to_json(report: RetrievalReport) -> dict[str, object]:
    """The figures as plain data."""

    def plain(e: Estimate) -> dict[str, float | None]:
        return {"value": e.value, "low": e.low, "high": e.high}

    return {
        "skipped": report.skipped,
        "queries": report.queries,
        "works": report.works,
        "passages": report.passages,
        "generation": report.generation,
        "rows": [
            {
                "method": r.method,
                "ndcg_at_10": plain(r.ndcg),
                "recall_at_100": plain(r.recall),
                "ms_p50": plain(r.p50_ms),
                "ms_p95": plain(r.p95_ms),
            }
            for r in report.rows
        ],
        "differences": [
            {"method": d.method, "over": d.over, "ndcg_at_10": plain(d.ndcg)} for d in report.differences
        ],
    }
