"""What an answer costs, stage by stage: ``python tests/answering/measure_answers.py [profile|memory]``.

Asks every question of the evaluation sets of the index that serves, extractively, one after the other, and prints times
as percentiles: on the clock, of the processor, and of the processor by stage. With ``profile`` it prints the functions
that take most; with ``memory`` it asks 2,000 questions and prints what the process holds after every 250. No question is
printed.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import sys
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

import caveat.answering.context as context
import caveat.answering.service as service
from caveat.answering.events import Turn
from caveat.domain.safety import prepare
from caveat.settings import load_settings
from caveat.wiring import App, build_app

SETS = ("golden_dev", "golden_heldout", "golden_tuning", "unanswerable", "critic", "premises", "planted")
STAGES = ("understand", "search", "read", "compose")


def asked() -> Iterator[tuple[str, list[Turn]]]:
    """Every question with the turns before it."""
    for name in SETS:
        for line in Path(f"tests/evaluation/{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            turns = [Turn(t) if isinstance(t, str) else Turn(**t) for t in row.get("history") or []]
            yield row["question"], turns


def percentiles(values: list[float]) -> str:
    """In milliseconds."""
    return " / ".join(f"{np.percentile(values, share) * 1000:.0f}" for share in (50, 95, 99))


def resident() -> int:
    """Megabytes of this process's own memory."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("RssAnon"))


def times(app: App) -> None:
    """Percentiles over all questions."""
    # Stages are told in processor time: the clock of a busy machine tells of its other work.
    clock: Any = SimpleNamespace(perf_counter=time.process_time)
    service.time = context.time = clock  # type: ignore[attr-defined]
    wall, used = [], []
    stages: dict[str, list[float]] = {name: [] for name in STAGES}
    for question, turns in asked():
        before, spent = time.perf_counter(), time.process_time()
        answer = app.answerer.answer(question, turns)
        wall.append(time.perf_counter() - before)
        used.append(time.process_time() - spent)
        trace = getattr(answer, "trace", None)
        for name, took in (trace.timings_ms if trace else {}).items():
            if name in stages:
                stages[name].append(took / 1000)
    sys.stdout.write(f"{len(wall)} questions, ms p50 / p95 / p99\n")
    sys.stdout.write(
        f"clock {percentiles(wall)}; processor {percentiles(used)}, mean {np.mean(used) * 1000:.0f}\n"
    )
    for name, values in stages.items():
        sys.stdout.write(
            f"  {name}: {percentiles(values)}, mean {np.mean(values) * 1000:.1f} (of {len(values)})\n"
        )


def profile(app: App) -> None:
    """The functions that take most of the processor, over every third question."""
    watch = cProfile.Profile(time.process_time, builtins=False)
    watch.enable()
    for question, turns in islice(asked(), 0, None, 3):
        app.answerer.answer(question, turns)
    watch.disable()
    pstats.Stats(watch).sort_stats("tottime").print_stats(30)


def memory(app: App, questions: int = 2000) -> None:
    """What the process holds as it goes on answering."""
    for n, (question, turns) in enumerate(islice(cycle(list(asked())), questions + 1)):
        if n % 250 == 0:
            sys.stdout.write(f"{n:,} questions: {resident()} MB\n")
        app.answerer.answer(question, turns)


def main(what: str) -> None:
    """Runs one of the three."""
    app = build_app(load_settings())
    prepare()
    app.answerer.warm()
    app.answerer.answer("What is interleukin-6?")
    {"profile": profile, "memory": memory}.get(what, times)(app)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
