"""One candidate in a process of its own: ``python candidate.py ingest|serve NAME FOLDER TASK.json STARTED``.

Prints one JSON object. ``ingest`` indexes the works into an empty folder, then once more without a change and with one
work changed; ``serve`` opens what is there, searches and answers.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from works import Task, read_queries

CANDIDATES = {
    "caveat": ("caveat_side", "Caveat"),
    "starter": ("starter_side", "Starter"),
    "starter-passages": ("starter_side", "StarterOnPassages"),
    "starter-torch": ("starter_side", "StarterWithTorch"),
    "citations": ("starter_side", "Citations"),
    "bm25s": ("words_side", "Words"),
}
"""Where each stands; a process imports only its own."""


def peak_bytes() -> int:
    """The most memory this process held; where the kernel tells it, without what its parent held when it was started."""
    status = Path("/proc/self/status")
    for line in status.read_text().splitlines() if status.exists() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def timed(step: Callable[[], Any]) -> tuple[float | None, float | None, Any]:
    """Seconds on the clock and of the processor, and the result; None where the candidate has no such step."""
    clock, processor = time.perf_counter(), time.process_time()
    try:
        result = step()
    except NotImplementedError:
        return None, None, None
    return time.perf_counter() - clock, time.process_time() - processor, result


def ingest(candidate: Any) -> dict[str, Any]:
    """Figures of indexing. The step itself is timed, not the start of Python and its imports."""
    seconds, processor, made = timed(candidate.ingest)
    peak, disk = peak_bytes(), candidate.disk()
    rebuild, _, _ = timed(candidate.rebuild)
    change, _, _ = timed(candidate.change)
    return {
        **made,
        "ingest_seconds": seconds,
        "ingest_processor_seconds": processor,
        "ingest_peak": peak,
        "disk": disk,
        "rebuild_seconds": rebuild,
        "change_seconds": change,
    }


def serve(candidate: Any, task: Task, started: float, answers: int) -> dict[str, Any]:
    """Figures of searching and answering, one question after the other."""
    candidate.open()
    queries = read_queries(task.queries)
    candidate.search(queries[0].text)
    start_up = time.time() - started
    searches = [timed(lambda q=q: candidate.search(q.text))[0] for q in queries]
    judged = [q for q in queries if q.relevant]
    rankings = [candidate.ranking(q.text) for q in judged]
    asked = [q.text for q in queries[:answers]]
    replies = [timed(lambda q=q: candidate.answer(q)) for q in asked]
    done = [(seconds, said) for seconds, _, said in replies if seconds is not None]
    return {
        "start_up_seconds": start_up,
        "search_seconds": searches,
        "answer_seconds": [seconds for seconds, _ in done],
        "answered": sum(bool(said) for _, said in done),
        "ndcg": [ndcg(r, q.relevant) for r, q in zip(rankings, judged, strict=True)],
        "recall": [recall(r, q.relevant) for r, q in zip(rankings, judged, strict=True)],
        "serve_peak": peak_bytes(),
    }


def ndcg(ranking: list[str], relevant: Any) -> float:
    """nDCG at 10, by the evaluation's own measure."""
    from caveat.evaluation.ranking import ndcg_at

    return ndcg_at(ranking, relevant, 10)


def recall(ranking: list[str], relevant: Any) -> float:
    """Recall at 100, by the evaluation's own measure."""
    from caveat.evaluation.ranking import recall_at

    return recall_at(ranking, relevant, 100)


def main(step: str, name: str, folder: str, task_file: str, started: str, answers: str) -> None:
    """Runs one step and prints its figures."""
    logging.disable(logging.WARNING)
    task = Task(
        **{k: v if k == "changed_id" else Path(v) for k, v in json.loads(Path(task_file).read_text()).items()}
    )
    module, kind = CANDIDATES[name]
    candidate = getattr(import_module(module), kind)(Path(folder), task)
    figures = ingest(candidate) if step == "ingest" else serve(candidate, task, float(started), int(answers))
    sys.stdout.write("\n" + json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
