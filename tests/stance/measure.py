"""Prints how well stance is read: ``python tests/verify/measure_stance.py BENCH``.

BENCH is a folder with ``evidence_inference``. The annotated sentence is given; annotations count when their
label and reasoning are both valid. Articles are split in two halves: rules were tuned on ``tune`` only.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import sys as _s; _s.path.insert(0,"tests/verify")
from notes import half
from score import say

from caveat.domain.stance import Effect, stance_of

LABELS = {1: Effect.INCREASED, -1: Effect.DECREASED, 0: Effect.NO_DIFFERENCE}
Confusion = Counter[tuple[Effect, Effect]]
"""How often each (annotated, read) pair came up."""


def prompts(folder: Path, part: str, every: bool = False) -> Iterator[tuple[Effect, Effect]]:
    """The annotated effect and the one read from the annotated evidence; the first sound annotation, or every one."""
    wanted = "dev" if part == "tune" else "held-out"
    with (folder / "evidence_inference" / "prompts_v2_labelled_dev.jsonl").open(encoding="utf-8") as lines:
        for prompt in map(json.loads, lines):
            if half(prompt["pmcid"]) != wanted:
                continue
            sound = [a for a in prompt["annotations"] if a["valid_label"] and a["valid_reasoning"]]
            for annotation in sound if every else sound[:1]:
                read = stance_of(
                    annotation["evidence"], prompt["outcome"], prompt["intervention"], prompt["comparator"]
                )
                yield LABELS[annotation["label_code"]], read.effect


def f1(confusion: Confusion, label: Effect) -> float:
    """F1 of one label; an unclear reading counts as a miss."""
    hits = confusion[label, label]
    read = sum(n for (_, got), n in confusion.items() if got is label)
    annotated = sum(n for (want, _), n in confusion.items() if want is label)
    return 2 * hits / (read + annotated) if read + annotated else 0.0


def macro_f1(confusion: Confusion) -> float:
    """The mean F1 of the three labels."""
    return sum(f1(confusion, label) for label in LABELS.values()) / len(LABELS)


def main(arguments: list[str]) -> None:
    """The confusion matrix and F1 of both halves."""
    if len(arguments) != 1:
        raise SystemExit("Give the folder of the public benchmarks.")
    for part, every in (("tune", False), ("report", False), ("tune", True), ("report", True)):
        confusion: Confusion = Counter(prompts(Path(arguments[0]), part, every))
        unit = "annotations" if every else "prompts"
        say(f"{part}: {confusion.total()} {unit}, macro-F1 {macro_f1(confusion):.3f}")
        say("  annotated \\ read   " + "  ".join(f"{e.value:>13}" for e in Effect))
        for label in LABELS.values():
            row = "  ".join(f"{confusion[label, e]:>13}" for e in Effect)
            say(f"  {label.value:<17}  {row}   F1 {f1(confusion, label):.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
