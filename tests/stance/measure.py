"""Prints how well stance is read: ``python tests/stance/measure.py BENCH``.

BENCH is a folder with ``evidence_inference``. The annotated sentence is given; an annotation counts when its label and its
reasoning are both valid. Articles are split in two halves by a hash of their number: rules were tuned on ``tune`` only.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from caveat.domain.lanes import effect_stance
from caveat.domain.model import Design, Source, Stance
from caveat.domain.stance import Benefit, Effect, benefit_of, stance_of

LABELS = {1: Effect.INCREASED, -1: Effect.DECREASED, 0: Effect.NO_DIFFERENCE}
LANES = {
    Benefit.BETTER: Stance.SUPPORTS,
    Benefit.WORSE: Stance.OPPOSES,
    Benefit.NEITHER: Stance.NO_CLEAR_DIFFERENCE,
}
HALVES = ("tune", "untouched")
Confusion = Counter[tuple[str, str]]
"""How often each (annotated, read) pair came up."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked of one annotated sentence, and what the annotator read in it."""

    outcome: str
    intervention: str
    comparator: str
    sentence: str
    label: Effect


def half(article: str) -> str:
    """The same article always falls in the same half."""
    return HALVES[int(hashlib.sha1(article.encode()).hexdigest(), 16) % 2]


def prompts(folder: Path, part: str, *, every: bool = False) -> Iterator[Prompt]:
    """The first sound annotation of each prompt of the half, or every one."""
    with (folder / "evidence_inference" / "prompts_v2_labelled_dev.jsonl").open(encoding="utf-8") as lines:
        for prompt in map(json.loads, lines):
            if part not in ("both", half(prompt["pmcid"])):
                continue
            sound = [a for a in prompt["annotations"] if a["valid_label"] and a["valid_reasoning"]]
            for annotation in sound if every else sound[:1]:
                yield Prompt(
                    prompt["outcome"],
                    prompt["intervention"],
                    prompt["comparator"],
                    annotation["evidence"],
                    LABELS[annotation["label_code"]],
                )


def effects(asked: Iterator[Prompt]) -> Confusion:
    """Increased, decreased, no difference."""
    return Counter(
        (p.label.value, stance_of(p.sentence, p.outcome, p.intervention, p.comparator).effect.value)
        for p in asked
    )


def lanes(asked: Iterator[Prompt]) -> Confusion:
    """Better, worse, no clear difference, as an answer's claims are placed, where the outcome's words say what is wanted."""
    found: Confusion = Counter()
    for p in asked:
        wanted = benefit_of(p.label, p.outcome)
        if wanted is Benefit.UNKNOWN:
            continue
        source = Source("t", "t", design=Design.RCT, intervention=p.intervention, comparator=p.comparator)
        found[LANES[wanted].value, effect_stance(p.sentence, source, (p.outcome,)).value] += 1
    return found


def f1(confusion: Confusion, label: str) -> float:
    """F1 of one label; an unclear reading counts as a miss."""
    hits = confusion[label, label]
    read = sum(n for (_, got), n in confusion.items() if got == label)
    annotated = sum(n for (want, _), n in confusion.items() if want == label)
    return 2 * hits / (read + annotated) if read + annotated else 0.0


def macro_f1(confusion: Confusion, labels: tuple[str, ...]) -> float:
    """The mean F1 of the labels."""
    return sum(f1(confusion, label) for label in labels) / len(labels)


def show(title: str, confusion: Confusion, labels: tuple[str, ...], unclear: str) -> None:
    """The confusion matrix with F1."""
    lines = [f"{title}: {confusion.total()}, macro-F1 {macro_f1(confusion, labels):.3f}"]
    lines.append("  annotated \\ read      " + "  ".join(f"{c:>19}" for c in (*labels, unclear)))
    for label in labels:
        row = "  ".join(f"{confusion[label, c]:>19}" for c in (*labels, unclear))
        lines.append(f"  {label:<20}  {row}   F1 {f1(confusion, label):.3f}")
    sys.stdout.write("\n".join(lines) + "\n")


def main(arguments: list[str]) -> None:
    """The matrices of both halves and of the whole."""
    if len(arguments) != 1:
        raise SystemExit("Give the folder of the public benchmarks.")
    folder = Path(arguments[0])
    told = tuple(e.value for e in LABELS.values())
    for part in (*HALVES, "both"):
        show(f"effect, {part}, prompts", effects(prompts(folder, part)), told, Effect.UNCLEAR.value)
        show(
            f"effect, {part}, annotations",
            effects(prompts(folder, part, every=True)),
            told,
            Effect.UNCLEAR.value,
        )
        placed = tuple(s.value for s in LANES.values())
        show(f"lane, {part}, prompts", lanes(prompts(folder, part)), placed, Stance.CONTEXT.value)


if __name__ == "__main__":
    main(sys.argv[1:])
