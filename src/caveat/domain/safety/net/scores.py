"""The net's weights, read from ``net.json`` and ``weights.bin``, and what they say of one message."""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from caveat.domain.safety.net.features import BITS, features, language_of, windows

HEADS = ("crisis", "serious", "urgent", "personal", "other", "others", "abuse")
"""What each row of weights speaks for: ``serious`` is a high or very high level; the last three, whom it is about."""
Embed = Callable[[str], Sequence[float]]
"""One unit vector for a text, from the sentence model the weights were trained with."""
_EMBEDDED_WINDOWS = 3
"""Longer messages are read by their words alone: a vector of each window would take too long."""


@dataclass(frozen=True, slots=True)
class Net:
    """Learned weights; reading a message takes well under a millisecond without vectors."""

    weights: array[int]
    scale: tuple[float, ...]
    bias: tuple[float, ...]
    vector_bias: tuple[float, ...]
    vectors: tuple[tuple[float, ...], ...]
    model: str
    """The sentence model of the vectors; vectors of another one are of no use."""
    limits: Mapping[str, Mapping[str, float]]
    """By how the message was read (``words``, ``vector``, ``long``): from what score on each head speaks."""

    def speaks(self, text: str, embed: Embed | None = None) -> frozenset[str]:
        """The heads that speak on this message, taking the loudest window of a long one."""
        spans = list(windows(text))
        use = embed if len(spans) <= _EMBEDDED_WINDOWS and language_of(text) == "en" else None
        best = dict.fromkeys(HEADS, float("-inf"))
        for tokens in spans:
            span = text if len(spans) == 1 else " ".join(tokens)
            scores = self.scores(tokens, None if use is None else use(span))
            best = {head: max(best[head], score) for head, score in scores.items()}
        limits = self.limits["long" if len(spans) > 1 else "vector" if use else "words"]
        return frozenset(head for head, score in best.items() if score > limits[head])

    def scores(self, tokens: Sequence[str], vector: Sequence[float] | None = None) -> dict[str, float]:
        """The score of each head on one window: the sum of its weights, as log odds."""
        size, weights = len(HEADS), self.weights
        sums = [0.0] * size
        for slot, weight in features(tokens).items():
            start = slot * size
            for n, value in enumerate(weights[start : start + size]):
                sums[n] += value * weight
        out = [s * scale + bias for s, scale, bias in zip(sums, self.scale, self.bias, strict=True)]
        if vector is not None:
            for n, row in enumerate(self.vectors):
                out[n] += self.vector_bias[n] + sum(map(float.__mul__, row, map(float, vector)))
        return dict(zip(HEADS, out, strict=True))


@lru_cache(maxsize=1)
def load_net() -> Net:
    """The weights that come with the package; raises when the files are missing or do not belong together."""
    folder = files("caveat.domain.safety") / "net"
    data = json.loads((folder / "net.json").read_text(encoding="utf-8"))
    weights = array("b", zlib.decompress((folder / "weights.bin").read_bytes()))
    if data["heads"] != list(HEADS) or len(weights) != len(HEADS) << BITS:
        raise ValueError("weights.bin does not belong to this version of the net: train it again")
    return Net(
        weights=weights,
        scale=tuple(data["scale"]),
        bias=tuple(data["bias"]),
        vector_bias=tuple(data["vector_bias"]),
        vectors=tuple(tuple(float(v) for v in row) for row in data["vectors"]),
        model=data["model"],
        limits=data["limits"],
    )
