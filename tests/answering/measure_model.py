"""What comes through of a language model's drafts: ``python tests/answering/measure_model.py [QUESTIONS.jsonl] [--most N]``.

Needs a model (docs/MODEL.md). Prints one JSON line a question and a summary: sentences drafted and kept, the reasons of
those removed, seconds and tokens.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from statistics import median

from caveat.domain.model import Cited
from caveat.settings import load_settings
from caveat.wiring import build_app

GOLDEN = Path(__file__).parents[1] / "evaluation" / "golden_dev.jsonl"


def say(data: dict[str, object]) -> None:
    """One JSON line at once."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def main() -> int:
    """0 when the model answered at least one question."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", nargs="?", type=Path, default=GOLDEN)
    parser.add_argument("--most", type=int, default=12)
    parser.add_argument("--texts", action="store_true", help="print the proven sentences too")
    args = parser.parse_args()
    app = build_app(load_settings())
    if app.answerer.model is None:
        sys.exit("There is no language model; see docs/MODEL.md.")
    rows = [
        json.loads(line) for line in args.questions.read_text(encoding="utf-8").splitlines() if line.strip()
    ]
    rows = rows[:: max(1, len(rows) // args.most)][: args.most]
    asked = failed = drafted = kept = 0
    reasons: Counter[str] = Counter()
    seconds: list[float] = []
    tokens: list[tuple[int, int]] = []
    for row in rows:
        answer = app.answerer.answer(row["question"], use_model=True)
        trace = answer.trace
        if trace.model is None:
            continue
        asked += 1
        fault = [c.text for c in answer.caveats if c.kind.value == "model_unavailable"]
        failed += bool(fault)
        drafted += len(trace.verdicts)
        kept += sum(v.kept for v in trace.verdicts)
        reasons.update(v.reason for v in trace.verdicts if v.reason)
        seconds.append(trace.model_seconds or 0.0)
        if trace.tokens_in is not None and trace.tokens_out is not None:
            tokens.append((trace.tokens_in, trace.tokens_out))
        out: dict[str, object] = {
            "question": row["question"],
            "drafted": len(trace.verdicts),
            "kept": sum(v.kept for v in trace.verdicts),
            "removed": [v.reason for v in trace.verdicts if v.reason],
            "seconds": trace.model_seconds,
            "tokens": [trace.tokens_in, trace.tokens_out],
            "fault": fault,
        }
        if args.texts and isinstance(answer, Cited):
            out["texts"] = [[c.text, [x.quote for x in c.citations]] for c in answer.claims if not c.verbatim]
        say(out)
    summary = {
        "model": app.answerer.model.name,
        "asked": asked,
        "failed": failed,
        "drafted": drafted,
        "kept": kept,
        "reasons": dict(reasons.most_common()),
        "median_seconds": median(seconds) if seconds else None,
        "median_tokens": [median(t[i] for t in tokens) for i in (0, 1)] if tokens else None,
    }
    say(summary)
    return 0 if asked > failed else 1


if __name__ == "__main__":
    sys.exit(main())
