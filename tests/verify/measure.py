"""Prints how often the verifier is right, by kind of claim: ``python tests/verify/measure.py [BENCH] [--wrong]``.

BENCH is a folder with ``scifact`` and ``evidence_inference``; without it those two are left out.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from score import Tally, Trial, say
from trials import (
    by_kind,
    changed_benchmark,
    changed_notes,
    changed_wording,
    evidence_inference,
    scifact,
    worded,
)


def _report(title: str, trials: Iterable[Trial], show_wrong: bool) -> None:
    prepared = list(trials)
    started = time.perf_counter()
    tally = Tally().run(prepared)
    spent = time.perf_counter() - started
    say(f"{title} ({1000 * spent / max(1, len(prepared)):.2f} ms a claim)")
    say("\n".join(tally.lines()))
    if show_wrong:
        for trial in tally.wrong:
            say(f"    {'LOST  ' if trial.true else 'PASSED'} {trial.claim}\n        <- {trial.passage}")
    say("")


def main(arguments: list[str]) -> None:
    """All sets, tuned-on and held-out apart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", nargs="?", type=Path, help="folder of the public benchmarks")
    parser.add_argument(
        "--wrong", action="store_true", help="also print each wrong verdict of the tuned-on sets"
    )
    options = parser.parse_args(arguments)
    for split in ("dev", "held-out"):
        show = options.wrong and split == "dev"
        _report(f"Notes, {split}, the sentence as quote", changed_notes(split), show)
        _report(f"Notes, {split}, with the source's facts", changed_notes(split, facts=True), show)
    for name in ("worded_dev", "worded_dev_other"):
        _report(f"Hand-written, {name} (tuned on)", worded(name), options.wrong)
        _report(f"Hand-written true claims of {name} made false", changed_wording(name), options.wrong)
    _report("Hand-written, worded_held_out (scored, never tuned on)", worded("worded_held_out"), False)
    _report(
        "Hand-written true claims of worded_held_out made false", changed_wording("worded_held_out"), False
    )
    for name in ("by_kind", "by_kind_second", "by_kind_third", "by_kind_last", "fresh_5", "fresh_6"):
        title = f"Hand-written by kind, {name} (scored once before it was tuned on)"
        _report(title, by_kind(name), options.wrong)
    if options.bench is None:
        say("SciFact and Evidence Inference left out: no folder was given.")
        return
    for split in ("dev", "held-out"):
        show = options.wrong and split == "dev"
        _report(f"Benchmark sentences, {split}", changed_benchmark(options.bench, split), show)
        for folder, read in (("scifact", scifact), ("evidence_inference", evidence_inference)):
            if not (options.bench / folder).is_dir():
                say(f"{folder} left out: {options.bench / folder} is not there.")
                continue
            _report(f"{folder}, {split}", read(options.bench / folder, split), show)
    if (options.bench / "scifact").is_dir():
        _report("scifact, dev, abstract", scifact(options.bench / "scifact", "dev", True), False)
        _report("scifact, held-out, abstract", scifact(options.bench / "scifact", "held-out", True), False)


if __name__ == "__main__":
    main(sys.argv[1:])
