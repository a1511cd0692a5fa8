"""Trains the second net on every labelled message and measures it with each round of messages left out.

``python tests/safety/train_net.py --measure`` leaves out one round at a time and prints what would have been found;
``--write`` trains on all of them, chooses the limits and writes ``net.json`` and ``weights.bin``. The seed is fixed.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from labelled import Labelled, labelled

from caveat.adapters.minilm import load_encoder
from caveat.domain.model import CardKind
from caveat.domain.safety import triage
from caveat.domain.safety.fold import BREAK, fold, words
from caveat.domain.safety.net.features import BITS, features, language_of
from caveat.domain.safety.net.scores import HEADS

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "src/caveat/domain/safety/net"
Floats = npt.NDArray[np.float64]
SENTENCES = 900
ROUNDS, RATE, WEIGHT_DECAY, VECTOR_DECAY, VECTOR_GAIN = 150, 0.35, 3e-5, 1e-3, 6.0
LIMITS = {
    "words": {"crisis": 1.0, "urgent": 0.4, "personal": 0.0},
    "vector": {"crisis": 0.9, "urgent": 0.1, "personal": -0.6},
}
"""From what score on each head speaks. Chosen by hand on the labelled messages and on real questions of science: see
docs/SAFETY.md for what they let through and what they cost. A head that is not named speaks from zero on."""
LONG = 2.0
"""So much louder a head must be on one window of a long message, which has many chances to be wrong."""


@dataclass
class Data:
    """All messages as sparse rows and vectors."""

    rows: list[Labelled]
    slots: npt.NDArray[np.int64]
    values: Floats
    row_of: npt.NDArray[np.int64]
    vectors: Floats
    english: npt.NDArray[np.bool_]
    """The sentence model reads English only: other messages are read by their words."""
    wanted: Floats
    group: npt.NDArray[np.str_]
    known: npt.NDArray[np.int64]
    """Slots that occur at all; ``slots`` counts in these."""
    model: str


def corpus_sentences() -> list[Labelled]:
    """Sentences of the starter collection, which call for nothing."""
    texts = [
        path.read_text(encoding="utf-8").split("---")[-1]
        for path in sorted((ROOT / "corpus").rglob("*.md"))
        if not path.name.startswith("crisis")
    ]
    sentences = [s.strip() for text in texts for s in re.split(r"(?<=[.!?])\s+|\n+", text)]
    fit = [s for s in sentences if 30 < len(s) < 400]
    step = max(1, len(fit) // SENTENCES)
    return [Labelled(s, "none", "self", "en", "corpus") for s in fit[::step]]


def wanted(row: Labelled) -> list[bool]:
    """What each head should say of the message."""
    return [
        row.crisis,
        row.label in ("very_high", "high"),
        row.label == "urgent",
        row.label == "personal",
        row.crisis and row.subject in ("other", "other_child"),
        row.crisis and row.subject == "others",
        row.crisis and row.subject == "abuse",
    ]


def load() -> Data:
    """Reads, hashes and embeds everything."""
    rows = [*labelled(), *corpus_sentences()]
    sparse = [features([w for w in words(fold(r.text)) if w != BREAK]) for r in rows]
    known, slots = np.unique(
        np.concatenate([np.fromiter(s, np.int64, len(s)) for s in sparse]), return_inverse=True
    )
    encoder = load_encoder(threads=1)
    return Data(
        rows=rows,
        slots=slots,
        values=np.concatenate([np.fromiter(s.values(), float, len(s)) for s in sparse]),
        row_of=np.repeat(np.arange(len(rows)), [len(s) for s in sparse]),
        vectors=np.array(encoder.embed([r.text for r in rows])),
        english=np.array([language_of(r.text) == "en" for r in rows]),
        wanted=np.array([wanted(r) for r in rows], float),
        group=np.array([r.group for r in rows]),
        known=known,
        model=encoder.model_id,
    )


@dataclass
class Model:
    """Weights of words and of vectors, and the two biases."""

    words: Floats
    bias: Floats
    vectors: Floats
    vector_bias: Floats


def train(data: Data, chosen: npt.NDArray[np.int64]) -> Model:
    """Logistic regression on all heads at once; English messages are seen with their vectors and without."""
    inside = np.isin(data.row_of, chosen)
    slots, values = data.slots[inside], data.values[inside]
    row_of = np.searchsorted(chosen, data.row_of[inside])
    n, heads = len(chosen), len(HEADS)
    wanted, vectors = data.wanted[chosen], data.vectors[chosen] * VECTOR_GAIN
    english = data.english[chosen][:, None]
    weight = np.where(wanted > 0, np.minimum(4, n / 2 / np.maximum(wanted.sum(0), 1)), 1.0) / n / 2
    model = Model(
        np.zeros((len(data.known), heads)), np.zeros(heads) - 1,
        np.zeros((vectors.shape[1], heads)), np.zeros(heads),
    )  # fmt: skip
    parts = [model.words, model.bias, model.vectors, model.vector_bias]
    first, second = [np.zeros_like(p) for p in parts], [np.zeros_like(p) for p in parts]
    for step in range(1, ROUNDS + 1):
        alone = np.stack(
            [np.bincount(row_of, model.words[slots, h] * values, minlength=n) for h in range(heads)], axis=1
        )
        alone += model.bias
        both = alone + vectors @ model.vectors + model.vector_bias
        off_alone = (1 / (1 + np.exp(-alone)) - wanted) * weight
        off_both = (1 / (1 + np.exp(-both)) - wanted) * weight * english
        off = off_alone + off_both
        slope = np.stack(
            [np.bincount(slots, off[row_of, h] * values, minlength=len(data.known)) for h in range(heads)],
            axis=1,
        )
        slopes = [
            slope + WEIGHT_DECAY * model.words,
            off.sum(0),
            vectors.T @ off_both + VECTOR_DECAY * model.vectors,
            off_both.sum(0),
        ]
        pace = RATE * 0.5 * (1 + np.cos(np.pi * step / ROUNDS))
        for part, s, m, v in zip(parts, slopes, first, second, strict=True):
            m += 0.1 * (s - m)
            v += 0.01 * (s * s - v)
            part -= pace * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.99**step)) + 1e-8)
    model.vectors *= VECTOR_GAIN
    return model


def score(data: Data, model: Model, chosen: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """The scores of the chosen messages by words alone, and with vectors."""
    inside = np.isin(data.row_of, chosen)
    row_of = np.searchsorted(chosen, data.row_of[inside])
    slots, values = data.slots[inside], data.values[inside]
    alone = np.stack(
        [
            np.bincount(row_of, model.words[slots, h] * values, minlength=len(chosen))
            for h in range(len(HEADS))
        ],
        axis=1,
    )
    alone += model.bias
    both = alone + data.vectors[chosen] @ model.vectors + model.vector_bias
    return alone, np.where(data.english[chosen][:, None], both, alone)


def left_out(data: Data, groups: Sequence[str]) -> dict[str, Floats]:
    """The scores of every message by a model that never saw the round it belongs to."""
    out = {mode: np.full((len(data.rows), len(HEADS)), np.nan) for mode in ("words", "vector")}
    for group in groups:
        unseen = np.flatnonzero(data.group == group)
        model = train(data, np.flatnonzero(data.group != group))
        out["words"][unseen], out["vector"][unseen] = score(data, model, unseen)
        sys.stderr.write(f"{group}: {len(unseen)} left out\n")
    return out


def harmless(data: Data) -> npt.NDArray[np.bool_]:
    """Messages that call for no card at all."""
    return np.array(
        [not r.crisis and r.label not in ("urgent", "personal") and r.group != "corpus" for r in data.rows]
    )


def limits() -> dict[str, dict[str, float]]:
    """From what score on each head speaks, by how the message is read."""
    out = {}
    for mode, chosen in LIMITS.items():
        out[mode] = {h: chosen.get(h, chosen["crisis"] - 1.7 if h == "serious" else 0.0) for h in HEADS}
    out["long"] = {h: v + (LONG if h in LIMITS["words"] else LONG / 2) for h, v in out["words"].items()}
    return out


def table(data: Data, scores: dict[str, Floats], marks: dict[str, dict[str, float]]) -> str:
    """Per round: what the rules find, what the net finds without having seen the round, and both."""
    found = [triage(r.text, net=False) for r in data.rows]
    crisis_rule = np.array([f.card is CardKind.CRISIS for f in found])
    any_rule = np.array([f.card is not None for f in found])
    by = {kind: np.array([f.card is kind for f in found]) for kind in CardKind}
    english = np.array([r.language in ("en", "") for r in data.rows])
    label = np.array([r.label for r in data.rows])
    words_only, with_vector = (np.array([marks[m][h] for h in HEADS]) for m in ("words", "vector"))
    bars = {
        "words": np.tile(words_only, (len(data.rows), 1)),
        "vector": np.where(data.english[:, None], with_vector, words_only),
    }
    lines = [
        "| round | language | what | n | rules | net (words) | net (vectors) | both (words) | both |",
        "|" + "---|" * 9,
    ]
    for group in dict.fromkeys(data.group):
        for name, tongue in (("en", english), ("other", ~english)):
            for what in ("very_high", "high", "medium", "urgent", "personal", "harmless"):
                mask = (data.group == group) & tongue & ~np.isnan(scores["words"][:, 0])
                mask &= harmless(data) if what == "harmless" else label == what
                if not mask.any():
                    continue
                heads = (0, 2, 3) if what == "harmless" else ({"urgent": 2, "personal": 3}.get(what, 0),)
                rules = {
                    "harmless": any_rule,
                    "urgent": by[CardKind.URGENT] | crisis_rule,
                    "personal": by[CardKind.PERSONAL_DECISION] | by[CardKind.URGENT],
                }.get(what, crisis_rule)
                nets = {
                    mode: np.any([scores[mode][:, h] > bars[mode][:, h] for h in heads], axis=0)
                    for mode in scores
                }
                shares = [rules, nets["words"], nets["vector"], rules | nets["words"], rules | nets["vector"]]
                cells = " | ".join(f"{s[mask].mean():.3f}" for s in shares)
                lines.append(f"| {group} | {name} | {what} | {mask.sum()} | {cells} |")
    return "\n".join(lines)


def write(data: Data, model: Model, marks: dict[str, dict[str, float]]) -> None:
    """The two files of the net: weights of words in eight bits, all else as text."""
    peak = np.abs(model.words).max(axis=0) / 127
    full = np.zeros((1 << BITS, len(HEADS)), dtype=np.int8)
    full[data.known] = np.rint(model.words / peak).astype(np.int8)
    (FOLDER / "weights.bin").write_bytes(zlib.compress(full.tobytes(), 9))

    def short(values: Any) -> Any:
        return [round(float(v), 4) for v in values]

    described = {
        "about": "Written by tests/safety/train_net.py; do not edit.",
        "trained_on": len(data.rows),
        "model": data.model,
        "heads": list(HEADS),
        "scale": [float(f"{p:.6g}") for p in peak],
        "bias": short(model.bias),
        "vector_bias": short(model.vector_bias),
        "limits": {mode: {h: round(v, 3) for h, v in row.items()} for mode, row in marks.items()},
        "vectors": [short(row) for row in model.vectors.T],
    }
    text = json.dumps(described, indent=0).replace(",\n", ", ")
    (FOLDER / "net.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Measure, write, or both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", action="store_true", help="print the table of rounds left out")
    parser.add_argument("--write", action="store_true", help="train on everything and write the net")
    parser.add_argument("--rounds", default="", help="rounds to leave out, with commas (all when empty)")
    options = parser.parse_args()
    data = load()
    groups = [g for g in dict.fromkeys(data.group) if g != "corpus"]
    chosen = options.rounds.split(",") if options.rounds else groups
    marks = limits()
    if options.measure:
        scores = left_out(data, chosen)
        sys.stdout.write(f"{json.dumps(marks)}\n{table(data, scores, marks)}\n")
    if options.write:
        write(data, train(data, np.arange(len(data.rows))), marks)


if __name__ == "__main__":
    main()
