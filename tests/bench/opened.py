"""An index that was built, opened and measured: start-up, memory, times, recall, filters."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from caveat.adapters.clock import SystemClock
from caveat.adapters.encoding import Encoder, FloatArray
from caveat.adapters.generation_index import GenerationIndex
from caveat.adapters.generations import GenerationProvider
from caveat.adapters.status_book import StatusBook
from caveat.adapters.topic_file import load_topic
from caveat.answering.screening import SafetyScreen
from caveat.answering.service import Answerer
from caveat.domain.model import Status
from caveat.domain.ports import Filters
from caveat.wiring import settle

QUESTIONS = Path("tests/evaluation/golden_dev.jsonl")
TOPIC = Path("corpus/topic.yaml")
CLAIMS = Path("../shared/bench/scifact/claims_dev.jsonl")
RECALL_QUERIES = 100
MARK = "siderosis"
PAGE = 5000


def resident_mb(kind: str = "VmRSS") -> int:
    """Memory of this process; of it ``RssAnon`` is its own and ``RssFile`` may be taken back by the system."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(kind + ":"):
            return int(line.split()[1]) // 1024
    return 0


def times(work: Callable[[str], object], questions: Sequence[str]) -> dict[str, float]:
    """Milliseconds of each, on the clock and of the processor."""
    clock, used = [], []
    for question in questions:
        before, spent = time.perf_counter(), time.process_time()
        work(question)
        clock.append((time.perf_counter() - before) * 1000)
        used.append((time.process_time() - spent) * 1000)
    shares = {"p50": 50, "p95": 95, "p99": 99}
    return {
        **{name: round(float(np.percentile(clock, share)), 1) for name, share in shares.items()},
        **{f"cpu_{name}": round(float(np.percentile(used, share)), 1) for name, share in shares.items()},
    }


def questions() -> list[str]:
    """Real questions: those of the evaluation and, where the benchmark is there, its claims."""
    found = [json.loads(line)["question"] for line in QUESTIONS.read_text().splitlines() if line.strip()]
    if CLAIMS.is_file():
        found += [json.loads(line)["claim"] for line in CLAIMS.read_text().splitlines()[:77]]
    return [str(question) for question in found[:200]]


def exact(index: GenerationIndex, queries: FloatArray, k: int) -> list[list[float]]:
    """The k best cosines of each query, by looking at every passage."""
    dense, evidence = index.handles()
    assert dense is not None
    best = np.full((len(queries), k), -2.0, np.float32)
    ids = evidence.passage_ids()
    for start in range(0, len(ids), PAGE):
        part = np.stack(list(dense.vectors(ids[start : start + PAGE]).values()))
        scores = queries @ part.T
        both = np.concatenate([best, scores], axis=1)
        best = -np.sort(-both, axis=1)[:, :k]
    return [row.tolist() for row in best]


def recall(index: GenerationIndex, encoder: Encoder, asked: Sequence[str], k: int) -> float:
    """The share of the k best found, counting what is as near as the k-th best (twins are as good)."""
    queries = np.stack([e.vector for e in encoder.encode(asked)])
    found = 0
    for question, best in zip(asked, exact(index, queries, k), strict=True):
        hits = index.search_dense(question, k)
        found += sum(hit.score >= best[-1] - 1e-5 for hit in hits)
    return round(found / (k * len(asked)), 4)


def filters(index: GenerationIndex, question: str) -> dict[str, object]:
    """Do filters return all that match, and in what time?"""
    rare = Filters(population=MARK)
    _, evidence = index.handles()
    works = evidence.matching(rare)
    wanted = set(evidence.passage_ids_of(list(works)))
    out: dict[str, object] = {"works": len(works), "passages": len(wanted)}
    for name, search in (("dense", index.search_dense), ("lexical", index.search_lexical)):
        before = time.perf_counter()
        hits = search(f"{question} {MARK}", len(wanted) + 10, rare)
        out[f"{name}_all_ms"] = round((time.perf_counter() - before) * 1000, 1)
        out[f"{name}_found"] = len({hit.passage_id for hit in hits} & wanted)
        out[f"{name}_others"] = len({hit.passage_id for hit in hits} - wanted)
    wide = {
        "years_and_design": Filters(year_from=2000, year_to=2012),
        "one_year": Filters(year_from=2007, year_to=2007),
        "current": Filters(statuses=(Status.CURRENT,)),
        "rare": rare,
    }
    for name, limits in wide.items():
        before = time.perf_counter()
        hits = index.search_dense(question, 300, limits)
        between = time.perf_counter()
        index.search_lexical(question, 300, limits)
        after = time.perf_counter()
        out[name] = {
            "dense_hits": len(hits),
            "dense_ms": round((between - before) * 1000, 1),
            "lexical_ms": round((after - between) * 1000, 1),
        }
    return out


def measure(home: Path, encoder: Encoder, asked: Sequence[str]) -> dict[str, object]:
    """Everything that is wanted of an open index, in one process."""
    topic = load_topic(TOPIC)
    screen = SafetyScreen(topic.help_lines, None, None)
    encoder.encode(["a first text"])
    memory = {"before": resident_mb()}
    began, spent = time.perf_counter(), time.process_time()
    provider = GenerationProvider(home, encoder, StatusBook(home, max_age_days=365))
    index = provider.current()
    opened = time.perf_counter() - began
    answerer = Answerer(provider=provider, topic=topic, clock=SystemClock(), screen=screen)
    answerer.warm()
    settle()
    started = time.perf_counter() - began
    started_cpu = time.process_time() - spent
    memory["opened"] = resident_mb()
    out: dict[str, object] = {
        "passages": index.passage_count,
        "works": index.source_count,
        "open_s": round(opened, 2),
        "start_s": round(started, 2),
        "start_cpu_s": round(started_cpu, 2),
        "search_dense": times(lambda q: index.search_dense(q, 60), asked),
        "search_lexical": times(lambda q: index.search_lexical(q, 60), asked),
        "answer": times(answerer.answer, asked),
        "answers": len(asked),
    }
    memory["after_answers"] = resident_mb()
    memory["of_it_own"] = resident_mb("RssAnon")
    out["memory_mb"] = memory
    out["recall_at_10"] = recall(index, encoder, asked[:RECALL_QUERIES], 10)
    out["filters"] = filters(index, asked[0])
    out["load"] = os.getloadavg()
    return out
