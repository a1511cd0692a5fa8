"""Trains the words of the second net on every labelled message and measures it with rounds of messages left out.

``python tests/safety/train_net.py --measure`` leaves out one round (or one group of writers) at a time and prints what would
have been found; ``--write`` trains on all of them and writes ``net.json`` and ``weights.bin``. Nothing is random. The sentence
model is tuned by ``tune_encoder.py``, which also says what it tells of messages left out (``--odds``).
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from labelled import LEFT_OUT, TRUSTED, Labelled, corpus_sentences, labelled, wanted

from caveat.domain.model import CardKind
from caveat.domain.safety import triage
from caveat.domain.safety.net.features import BITS, features, language_of, tokens_of
from caveat.domain.safety.net.scores import HEADS, HINT, TONGUE

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "src/caveat/domain/safety/net"
Floats = npt.NDArray[np.float64]
WORD_ROUNDS, WORD_RATE = 120, 0.35
WORD_DECAY = 0.25
"""What a squared weight costs, against the summed loss of all messages: the higher, the smaller the weights."""
SHARE = dict.fromkeys(HEADS, 0.8) | dict.fromkeys(("other", "others", "abuse"), 0.4)
"""What the words count beside the sentence model: they know rare spellings that it does not."""
TRUST = 5.0
"""How many messages by the net's author one of a trusted round counts for: see docs/SAFETY.md for what it gains."""
LIMITS = {
    "words": {"crisis": 1.4, "hint": 0.0, "serious": -1.0, "urgent": 0.5, "personal": 2.0},
    "model": {"crisis": 1.0, "hint": -2.0, "serious": -3.0, "urgent": 1.0, "personal": -1.0},
    "other": {"crisis": 0.9, "hint": -0.3, "serious": -1.0, "urgent": -0.6, "personal": -0.4},
    "tongue": {"crisis": 2.0, "hint": 0.0, "serious": -3.0, "urgent": -1.0, "personal": 99.0},
    "open": {"crisis": -4.0, "hint": -4.0, "serious": 0.0, "urgent": -4.0, "personal": -4.0},
}
"""From what score on each head speaks. Chosen by hand on the labelled messages and on real questions of science: see
docs/SAFETY.md for what they let through and what they cost. A head that is not named speaks from zero on."""
LONG = 2.0
"""So much louder a head must be on one window of a long message, which has many chances to be wrong."""


@dataclass
class Data:
    """All messages as sparse rows."""

    rows: list[Labelled]
    slots: npt.NDArray[np.int64]
    values: Floats
    row_of: npt.NDArray[np.int64]
    english: npt.NDArray[np.bool_]
    """Other messages have limits of their own."""
    wanted: Floats
    group: npt.NDArray[np.str_]
    known: npt.NDArray[np.int64]
    """Slots that occur at all; ``slots`` counts in these."""


def load() -> Data:
    """Reads and hashes everything."""
    rows = [*labelled(), *corpus_sentences()]
    sparse = [features(tokens_of(r.text)) for r in rows]
    known, slots = np.unique(
        np.concatenate([np.fromiter(s, np.int64, len(s)) for s in sparse]), return_inverse=True
    )
    return Data(
        rows=rows,
        slots=slots,
        values=np.concatenate([np.fromiter(s.values(), float, len(s)) for s in sparse]),
        row_of=np.repeat(np.arange(len(rows)), [len(s) for s in sparse]),
        english=np.array([language_of(tokens_of(r.text)) == "en" for r in rows]),
        wanted=np.array([wanted(r) for r in rows], float),
        group=np.array([r.group for r in rows]),
        known=known,
    )


@dataclass
class Model:
    """Weights of words, and a bias for each head: log odds."""

    words: Floats
    bias: Floats


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
    """Logistic regression of the words on all heads."""
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
    return Model(words, bias)


def score(data: Data, model: Model, chosen: npt.NDArray[np.int64]) -> Floats:
    """The scores of the chosen messages by their words."""
    inside = np.isin(data.row_of, chosen)
    row_of = np.searchsorted(chosen, data.row_of[inside])
    slots, values = data.slots[inside], data.values[inside]
    sums = [
        np.bincount(row_of, model.words[slots, h] * values, minlength=len(chosen)) for h in range(len(HEADS))
    ]
    return np.asarray(np.stack(sums, axis=1) + model.bias)


def left_out(data: Data, groups: Sequence[Sequence[str]], odds: dict[str, list[float]]) -> dict[str, Floats]:
    """The scores of every message by a net that never saw the rounds it was left out with."""
    words = np.full((len(data.rows), len(HEADS)), np.nan)
    for group in groups:
        unseen = np.isin(data.group, group)
        words[unseen] = score(data, train(data, np.flatnonzero(~unseen)), np.flatnonzero(unseen))
        sys.stderr.write(f"{', '.join(group)}: {unseen.sum()} left out\n")
    if not odds:
        return {"words": words}
    none = [np.nan] * len(HEADS)
    more = np.where(data.english, 1.0, TONGUE)[:, None] * np.array([SHARE[h] for h in HEADS])
    said = np.array([odds.get(r.text, none) for r in data.rows]) + words * more
    return {"words": words, "model": np.where(np.isnan(said), words, said)}


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
    limit = {way: np.array([marks[way][h] for h in HEADS]) for way in marks}
    mine = data.english[:, None]
    bars = {
        "words": np.where(mine, limit["words"], limit["other"]),
        "model": np.where(mine, limit["model"], limit["tongue"]),
    }
    lines = [
        "| round | language | what | n | rules | net (words) | net | both (words) | both |",
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
                nets.setdefault("model", nets["words"])
                shares = [rules, nets["words"], nets["model"], rules | nets["words"], rules | nets["model"]]
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
        "heads": list(HEADS),
        "scale": [float(f"{p:.6g}") for p in peak],
        "bias": short(model.bias),
        "share": [SHARE[h] for h in HEADS],
        "limits": {mode: {h: round(v, 3) for h, v in row.items()} for mode, row in marks.items()},
    }
    text = json.dumps(described, indent=0).replace(",\n", ", ")
    (FOLDER / "net.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Measure, write, or both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", action="store_true", help="print the table of rounds left out")
    parser.add_argument("--write", action="store_true", help="train on everything and write the net")
    parser.add_argument(
        "--rounds", default="", help="rounds to leave out, with commas (groups of writers when empty)"
    )
    parser.add_argument("--odds", type=Path, help="what the sentence model says of messages left out")
    options = parser.parse_args()
    data = load()
    rounds = options.rounds.split(",") if options.rounds else ()
    marks = limits()
    if options.measure:
        odds = json.loads(options.odds.read_text(encoding="utf-8")) if options.odds else {}
        scores = left_out(data, [[r] for r in rounds] or LEFT_OUT, odds)
        sys.stdout.write(f"{json.dumps(marks)}\n{table(data, scores, marks)}\n")
    if options.write:
        write(data, train(data, np.arange(len(data.rows))), marks)


if __name__ == "__main__":
    main()
