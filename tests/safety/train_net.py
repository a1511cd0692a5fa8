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
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from labelled import TRUSTED, Labelled, labelled

from caveat.adapters.minilm import OnnxEncoder, load_encoder
from caveat.domain.model import CardKind
from caveat.domain.safety import triage
from caveat.domain.safety.net.features import BITS, features, language_of, tokens_of
from caveat.domain.safety.net.scores import HEADS, HINT

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "src/caveat/domain/safety/net"
Floats = npt.NDArray[np.float64]
SENTENCES = 900
WORD_ROUNDS, WORD_RATE = 120, 0.35
VECTOR_ROUNDS, VECTOR_RATE = 300, 0.08
WORD_DECAY, VECTOR_DECAY = 0.25, 200.0
"""What a squared weight costs, against the summed loss of all messages: the higher, the smaller the weights."""
GAIN = np.repeat([20.0, 4.0, 4.0], 384)
"""Brings the mean vector and the reach of the token vectors to one scale while training."""
UNITS, EPOCHS, BATCH, HIDDEN_RATE, HIDDEN_DECAY, SHARE = 16, 30, 256, 1e-3, 1.0, 0.5
"""The small layer that reads vectors for ``crisis``: with a writer left out it finds more than a straight line does."""
TRUST = 5.0
"""How many messages by the net's author one of a trusted round counts for: see docs/SAFETY.md for what it gains."""
LIMITS = {
    "words": {"crisis": 1.4, "hint": 0.1, "serious": 0.0, "urgent": 0.7, "personal": 2.4},
    "vector": {"crisis": 1.1, "hint": -0.2, "serious": 0.0, "urgent": 1.3, "personal": 0.9},
    "other": {"crisis": 1.1, "hint": -0.1, "serious": 0.0, "urgent": -0.6, "personal": -0.4},
    "open": {"crisis": -2.2, "hint": -2.2, "serious": 0.0, "urgent": -2.5, "personal": -2.8},
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
    longer = [" ".join(fit[i : i + 4]) for i in range(0, len(fit) - 4, 6 * step)]
    return [Labelled(s, "none", "self", "en", "corpus") for s in (*fit[::step], *longer)]


def wanted(row: Labelled) -> list[float]:
    """What each head should say of the message; not a number where nobody noted whom it is about."""
    unknown = row.crisis and row.subject == "unknown"
    return [
        row.crisis,
        row.label in ("very_high", "high"),
        row.label == "urgent",
        row.label == "personal",
        np.nan if unknown else row.crisis and row.subject in ("other", "other_child"),
        np.nan if unknown else row.crisis and row.subject == "others",
        np.nan if unknown else row.crisis and row.subject == "abuse",
    ]


def outlines(encoder: OnnxEncoder, texts: Sequence[str], kept: Path | None) -> Floats:
    """What the sentence model tells of each text; read from ``kept`` where it is there, and kept there."""
    known: dict[str, Any] = {}
    if kept and kept.exists():
        with np.load(kept) as old:
            known = dict(zip(json.loads(str(old["texts"])), old["rows"], strict=True))
    missing = [t for t in dict.fromkeys(texts) if t not in known]
    for text in missing:
        known[text] = np.array(encoder.outline(text), np.float32)
    if kept and missing:
        np.savez(kept, texts=np.array(json.dumps(list(known))), rows=np.array(list(known.values())))
    return np.array([known[t] for t in texts], float)


def load(kept: Path | None = None) -> Data:
    """Reads, hashes and embeds everything."""
    rows = [*labelled(), *corpus_sentences()]
    sparse = [features(tokens_of(r.text)) for r in rows]
    known, slots = np.unique(
        np.concatenate([np.fromiter(s, np.int64, len(s)) for s in sparse]), return_inverse=True
    )
    encoder = load_encoder(threads=1)
    return Data(
        rows=rows,
        slots=slots,
        values=np.concatenate([np.fromiter(s.values(), float, len(s)) for s in sparse]),
        row_of=np.repeat(np.arange(len(rows)), [len(s) for s in sparse]),
        vectors=outlines(encoder, [r.text for r in rows], kept),
        english=np.array([language_of(tokens_of(r.text)) == "en" for r in rows]),
        wanted=np.array([wanted(r) for r in rows], float),
        group=np.array([r.group for r in rows]),
        known=known,
        model=encoder.model_id,
    )


@dataclass
class Model:
    """Weights of words and of vectors, each with its bias; both are log odds and are added."""

    words: Floats
    bias: Floats
    vectors: Floats
    vector_bias: Floats
    hidden: Floats
    """A row for each unit: its weights on the vector, its bias, and what it adds to ``crisis``."""


def descend(parts: list[Floats], rounds: int, rate: float, slopes: Callable[[], list[Floats]]) -> None:
    """Adam with a falling pace, on all messages at once: no random numbers, the same weights every time."""
    first, second = [np.zeros_like(p) for p in parts], [np.zeros_like(p) for p in parts]
    for step in range(1, rounds + 1):
        pace = rate * 0.5 * (1 + np.cos(np.pi * step / rounds))
        for part, s, m, v in zip(parts, slopes(), first, second, strict=True):
            m += 0.1 * (s - m)
            v += 0.01 * (s * s - v)
            part -= pace * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.99**step)) + 1e-8)


def weights_of(data: Data, chosen: npt.NDArray[np.int64]) -> Floats:
    """What each message counts for each head: as many wanted as unwanted in sum, and trusted rounds more."""
    wanted = data.wanted[chosen]
    trust = np.where(np.isin(data.group[chosen], TRUSTED), TRUST, 1.0)[:, None]
    yes, no = (np.asarray(wanted == x, float) for x in (1, 0))
    half = (yes + no).sum(0) / 2
    return np.asarray(trust * (yes * half / np.maximum(yes.sum(0), 1) + no * half / np.maximum(no.sum(0), 1)))


def train(data: Data, chosen: npt.NDArray[np.int64]) -> Model:
    """Logistic regression on all heads: of the words on every message, of the vectors on the English ones."""
    inside = np.isin(data.row_of, chosen)
    slots, values = data.slots[inside], data.values[inside]
    row_of = np.searchsorted(chosen, data.row_of[inside])
    starts = np.flatnonzero(np.r_[True, row_of[1:] != row_of[:-1]])
    n, heads = len(chosen), len(HEADS)
    weight, wanted = weights_of(data, chosen), np.nan_to_num(data.wanted[chosen])
    words, bias = np.zeros((len(data.known), heads)), np.zeros(heads)
    full = row_of[starts]

    def of_words() -> list[Floats]:
        total = np.zeros((n, heads))
        for h in range(heads):
            total[full, h] = np.add.reduceat(words[slots, h] * values, starts)
        off = (1 / (1 + np.exp(-total - bias)) - wanted) * weight / n
        slope = np.stack(
            [np.bincount(slots, off[row_of, h] * values, minlength=len(data.known)) for h in range(heads)],
            axis=1,
        )
        return [slope + WORD_DECAY / n * words, off.sum(0)]

    descend([words, bias], WORD_ROUNDS, WORD_RATE, of_words)
    english = chosen[data.english[chosen]]
    seen = data.vectors[english] * GAIN
    middle = seen.mean(0)
    seen -= middle
    weight, wanted = weights_of(data, english), np.nan_to_num(data.wanted[english])
    vectors, vector_bias = np.zeros((seen.shape[1], heads)), np.zeros(heads)

    def of_vectors() -> list[Floats]:
        off = (1 / (1 + np.exp(-(seen @ vectors) - vector_bias)) - wanted) * weight / len(english)
        return [seen.T @ off + VECTOR_DECAY / len(english) * vectors, off.sum(0)]

    descend([vectors, vector_bias], VECTOR_ROUNDS, VECTOR_RATE, of_vectors)
    vectors, vector_bias = vectors * GAIN[:, None], vector_bias - middle @ vectors
    hidden, vector_bias[0] = bend(data.vectors[english], wanted[:, 0], weight[:, 0])
    vectors[:, 0] = 0.0
    return Model(words, bias, vectors, vector_bias, hidden)


def bend(vectors: Floats, wanted: Floats, weight: Floats) -> tuple[Floats, float]:
    """Units that say together how much of ``crisis`` a vector holds, and the bias of their sum; the seed is fixed."""
    middle, spread = vectors.mean(0), vectors.std(0) + 1e-9
    seen, weight = (vectors - middle) / spread, weight / weight.mean()
    rng = np.random.default_rng(0)
    reach = np.sqrt(2 / (seen.shape[1] + UNITS))
    parts = [
        rng.uniform(-reach, reach, (seen.shape[1], UNITS)), np.zeros(UNITS),
        rng.uniform(-0.3, 0.3, UNITS), np.zeros(1),
    ]  # fmt: skip
    first, second = [np.zeros_like(p) for p in parts], [np.zeros_like(p) for p in parts]
    step = 0
    for _ in range(EPOCHS):
        order = rng.permutation(len(seen))
        for start in range(0, len(seen), BATCH):
            some = order[start : start + BATCH]
            step += 1
            before = seen[some] @ parts[0] + parts[1]
            units = np.maximum(before, 0.0)
            off = (
                weight[some]
                * (1 / (1 + np.exp(-(units @ parts[2]) - parts[3][0])) - wanted[some])
                / len(some)
            )
            back = np.outer(off, parts[2]) * (before > 0)
            decay = HIDDEN_DECAY / len(some)
            slopes = [
                seen[some].T @ back + decay * parts[0], back.sum(0),
                off @ units + decay * parts[2], off.sum(keepdims=True),
            ]  # fmt: skip
            for part, slope, m, v in zip(parts, slopes, first, second, strict=True):
                m += 0.1 * (slope - m)
                v += 0.001 * (slope * slope - v)
                part -= HIDDEN_RATE * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
    weights = parts[0] / spread[:, None]
    return np.column_stack([weights.T, parts[1] - middle @ weights, SHARE * parts[2]]), SHARE * float(
        parts[3][0]
    )


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
    seen = data.vectors[chosen]
    both = alone + seen @ model.vectors + model.vector_bias
    both[:, 0] += np.maximum(seen @ model.hidden[:, :-2].T + model.hidden[:, -2], 0.0) @ model.hidden[:, -1]
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
    names = (*HEADS, HINT)
    out = {mode: {h: chosen.get(h, 0.0) for h in names} for mode, chosen in LIMITS.items()}
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
        "hidden": [short(row) for row in model.hidden],
    }
    text = json.dumps(described, indent=0).replace(",\n", ", ")
    (FOLDER / "net.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Measure, write, or both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", action="store_true", help="print the table of rounds left out")
    parser.add_argument("--write", action="store_true", help="train on everything and write the net")
    parser.add_argument("--rounds", default="", help="rounds to leave out, with commas (all when empty)")
    parser.add_argument(
        "--kept", type=Path, help="a file to keep the sentence model's vectors in between runs"
    )
    options = parser.parse_args()
    data = load(options.kept)
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
