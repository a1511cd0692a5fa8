"""``make bench``: Caveat beside what people would pick instead, in one go; a table, and all figures as JSON.

Each candidate indexes and serves in processes of its own, one after the other, the order turned round from one
repetition to the next. Nothing here is asserted: the figures are those of one machine on one day.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from candidate import CANDIDATES
from works import Task, prepare

from caveat.evaluation.intervals import weighted_mean
from caveat.evaluation.scifact import DEFAULT_FOLDER
from caveat.settings import PROJECT_ROOT

HERE = Path(__file__).parent
USUAL = ("caveat", "starter", "starter-passages", "citations", "bm25s")
SHARES_INDEX = {"citations": "starter"}
"""Candidates that serve what another one indexed."""
TITLES = {
    "caveat": "Caveat",
    "starter": "LlamaIndex starter (ONNX)",
    "starter-passages": "the same on Caveat's passages",
    "starter-torch": "LlamaIndex starter (HuggingFace, torch)",
    "citations": "CitationQueryEngine",
    "bm25s": "bm25s, its defaults",
}
TORCH_PYTHON, TORCH_MODEL = "CAVEAT_BENCH_TORCH_PYTHON", "CAVEAT_BENCH_TORCH_MODEL"
LIBRARIES = ("onnxruntime", "llama-index-core", "llama-index-vector-stores-chroma", "chromadb", "bm25s", "numpy", "tokenizers")  # fmt: skip
Figures = dict[str, list[dict[str, Any]]]


def measure(names: Sequence[str], task: Task, folder: Path, repetitions: int, answers: int) -> Figures:
    """What every process of every candidate printed, repetition by repetition."""
    found: Figures = {name: [] for name in names}
    for repetition in range(repetitions):
        place = folder / f"run{repetition}"
        order = list(names) if repetition % 2 == 0 else list(reversed(names))
        for name in sorted(order, key=lambda n: n in SHARES_INDEX):  # an index stands before it is shared
            figures: dict[str, Any] = {}
            if name not in SHARES_INDEX:
                figures |= _run("ingest", name, place / name, task, answers)
            figures |= _run("serve", name, place / SHARES_INDEX.get(name, name), task, answers)
            found[name].append(figures)
    return found


def _run(step: str, name: str, folder: Path, task: Task, answers: int) -> dict[str, Any]:
    folder.mkdir(parents=True, exist_ok=True)
    told = folder / "task.json"
    told.write_text(json.dumps({k: str(v) for k, v in vars(task).items()}))
    python = os.environ[TORCH_PYTHON] if name == "starter-torch" else sys.executable
    sys.stderr.write(f"{step} {name} …\n")
    arguments = [step, name, str(folder), str(told), repr(time.time()), str(answers)]
    path = os.pathsep.join(
        [str(PROJECT_ROOT / "src"), str(PROJECT_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    )
    done = subprocess.run(
        [python, str(HERE / "candidate.py"), *arguments],
        cwd=PROJECT_ROOT,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{name} could not {step}:\n{done.stderr[-2000:]}")
    figures: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def summary(runs: Sequence[Mapping[str, Any]], works: int) -> dict[str, Any]:
    """The columns of one candidate: [median, least, most] over the repetitions; quality with its interval."""
    first = runs[0]

    def over(values: Iterable[float | None]) -> list[float] | None:
        known = [v for v in values if v is not None]
        return [median(known), min(known), max(known)] if known else None

    def rate(run: Mapping[str, Any], what: float) -> float | None:
        return what / run["ingest_seconds"] if run.get("ingest_seconds") else None

    def percentile(name: str, share: float) -> list[float] | None:
        return over(1000 * float(np.percentile(r[name], share)) for r in runs if r.get(name))

    passages = first.get("passages")
    disk = first.get("disk")
    columns: dict[str, Any] = {
        "passages": passages,
        "texts_a_second": over(rate(r, r["texts"]) for r in runs if r.get("texts")),
        "works_a_second": over(rate(r, works) for r in runs),
        "passages_a_second": over(rate(r, r["passages"]) for r in runs if r.get("passages")),
        "processor_seconds_a_work": over(
            r["ingest_processor_seconds"] / works
            for r in runs
            if r.get("ingest_processor_seconds") is not None
        ),
        "rebuild_seconds": over(r.get("rebuild_seconds") for r in runs),
        "change_seconds": over(r.get("change_seconds") for r in runs),
        "bytes_a_passage": {k: v / passages for k, v in disk.items()} if disk and passages else None,
        "ingest_peak_mb": over(r["ingest_peak"] / 2**20 for r in runs if r.get("ingest_peak")),
        "serve_peak_mb": over(r["serve_peak"] / 2**20 for r in runs),
        "start_up_seconds": over(r["start_up_seconds"] for r in runs),
    }
    for what in ("search", "answer"):
        for share in (50, 95, 99):
            columns[f"{what}_ms_p{share}"] = percentile(f"{what}_seconds", share)
    columns["answered"] = (
        [first["answered"], len(first["answer_seconds"])] if first["answer_seconds"] else None
    )
    for what in ("ndcg", "recall"):
        estimate = weighted_mean(first[what]) if first[what] else None
        columns[what] = [estimate.value, estimate.low, estimate.high] if estimate else None
    return columns


ROWS = (
    ("passages a second at ingest", "passages_a_second", "{:.1f}"),
    ("works a second at ingest", "works_a_second", "{:.1f}"),
    ("texts embedded a second at ingest", "texts_a_second", "{:.1f}"),
    ("processor seconds a work at ingest", "processor_seconds_a_work", "{:.3f}"),
    ("seconds of a rebuild without a change", "rebuild_seconds", "{:.1f}"),
    ("seconds for one changed work", "change_seconds", "{:.1f}"),
    ("peak memory at ingest, MB", "ingest_peak_mb", "{:.0f}"),
    ("peak memory serving, MB", "serve_peak_mb", "{:.0f}"),
    ("start-up to the first search, s", "start_up_seconds", "{:.1f}"),
    ("search p50, ms", "search_ms_p50", "{:.1f}"),
    ("search p95, ms", "search_ms_p95", "{:.1f}"),
    ("search p99, ms", "search_ms_p99", "{:.1f}"),
    ("whole answer p50, ms", "answer_ms_p50", "{:.1f}"),
    ("whole answer p95, ms", "answer_ms_p95", "{:.1f}"),
    ("whole answer p99, ms", "answer_ms_p99", "{:.1f}"),
    ("nDCG@10", "ndcg", "{:.3f}"),
    ("recall@100", "recall", "{:.3f}"),
)


def table(columns: Mapping[str, Mapping[str, Any]]) -> str:
    """Markdown: a median with the least and the most in brackets, a mean with its 95 % interval."""
    lines = ["| |" + "".join(f" {TITLES[name]} |" for name in columns)]
    lines.append("|---|" + "---|" * len(columns))

    def line(label: str, cells: Iterable[str]) -> None:
        lines.append(f"| {label} |" + "".join(f" {cell} |" for cell in cells))

    line("passages indexed", (f"{c['passages']:,}" if c["passages"] else "–" for c in columns.values()))
    for label, key, form in ROWS[:6]:
        line(label, (_cell(c[key], form) for c in columns.values()))
    line("bytes on disk a passage", (_disk(c["bytes_a_passage"]) for c in columns.values()))
    for label, key, form in ROWS[6:]:
        line(label, (_cell(c[key], form) for c in columns.values()))
    line(
        "answered of asked",
        ("–" if not c["answered"] else "{} of {}".format(*c["answered"]) for c in columns.values()),
    )
    return "\n".join(lines)


def _cell(value: Sequence[float] | None, form: str) -> str:
    if value is None:
        return "–"
    middle, low, high = (form.format(v) for v in value)
    return middle if low == middle == high else f"{middle} ({low} to {high})"


def _disk(sizes: Mapping[str, float] | None) -> str:
    if not sizes:
        return "–"
    text = f"{sizes['index']:,.0f}"
    return f"{text} (+ {sizes['cache']:,.0f} of cache)" if "cache" in sizes else text


def machine() -> dict[str, Any]:
    """Where and with what it was measured."""
    name = platform.processor() or platform.machine()
    memory = 0
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next((x.partition(": ")[2] for x in lines if x.startswith("model name")), name)
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": name,
        "cores": os.cpu_count(),
        "memory_gib": memory,
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 1),
        "versions": {name: importlib.metadata.version(name) for name in LIBRARIES},
    }


def chosen(asked: Sequence[str]) -> tuple[list[str], list[str]]:
    """The candidates to run and what is left out, with the reason."""
    left = []
    names = list(asked) or list(USUAL)
    if not asked:
        if os.environ.get(TORCH_PYTHON) and os.environ.get(TORCH_MODEL):
            names.append("starter-torch")
        else:
            left.append(
                f"{TITLES['starter-torch']}: not measured; name a Python with torch and "
                f"llama-index-embeddings-huggingface in {TORCH_PYTHON} and the model's folder in {TORCH_MODEL}."
            )
    for name, owner in SHARES_INDEX.items():
        if name in names and owner not in names:
            names.insert(names.index(name), owner)
    return names, left


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark; 0 also when there is nothing to run it on, which is said."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--texts", type=Path, default=DEFAULT_FOLDER, help="SciFact's folder, or any folder of documents"
    )
    parser.add_argument("--works", type=int, default=0, metavar="N", help="at most N works")
    parser.add_argument("--queries", type=int, default=0, metavar="N", help="at most N queries")
    parser.add_argument("--answers", type=int, default=100, metavar="N", help="whole answers a candidate")
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="repetitions")
    parser.add_argument(
        "--only", nargs="+", choices=CANDIDATES, default=[], metavar="NAME", help=", ".join(CANDIDATES)
    )
    parser.add_argument(
        "--out", type=Path, default=PROJECT_ROOT / "var" / "bench", help="where bench.json and bench.md go"
    )
    args = parser.parse_args(arguments)
    if not args.texts.is_dir():
        sys.stdout.write(f"skipped: there is no folder {args.texts}; name one with --texts.\n")
        return 0
    names, left = chosen(args.only)
    at = machine()
    with tempfile.TemporaryDirectory(prefix="caveat-bench-") as folder:
        try:
            task = prepare(args.texts, Path(folder), args.works, args.queries)
        except ValueError as error:
            sys.stdout.write(f"skipped: {error}.\n")
            return 0
        works = sum(1 for _ in task.works.open())
        runs = measure(names, task, Path(folder), args.repeat, args.answers)
    columns = {name: summary(runs[name], works) for name in names}
    at["load_after"] = round(os.getloadavg()[0], 1)
    queries = len(runs[names[0]][0]["search_seconds"])
    about = f"{works:,} works, {queries} queries, {args.repeat} repetitions; " + ", ".join(
        f"{k} {v}" for k, v in at.items() if k != "versions"
    )
    text = "\n\n".join([about, table(columns), *left]) + "\n"
    args.out.mkdir(parents=True, exist_ok=True)
    report = {
        "machine": at,
        "works": works,
        "queries": queries,
        "columns": columns,
        "not_measured": left,
        "runs": runs,
    }
    (args.out / "bench.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    (args.out / "bench.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
