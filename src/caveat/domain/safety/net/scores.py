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


CLEAR_BELOW, CLEAR_ABOVE = 2.5, 2.0
"""So far from its limits the words must stand to be believed without the slower vector (docs/SAFETY.md, what it costs)."""
_CARDS = ("crisis", "urgent", "personal")


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
        """The heads that speak on this message, taking the loudest window of a long one.

        ``embed`` is asked only where the words alone leave the matter open.
        """
        spans = list(windows(text))
        use = embed if len(spans) <= _EMBEDDED_WINDOWS and language_of(text) == "en" else None
        best = dict.fromkeys(HEADS, float("-inf"))
        way = "long" if len(spans) > 1 else "words"
        for tokens in spans:
            scores = self.scores(tokens)
            if use is not None and not self._clear(scores):
                scores = self.sharpened(scores, use(text if len(spans) == 1 else " ".join(tokens)))
                way = "long" if len(spans) > 1 else "vector"
            best = {head: max(best[head], score) for head, score in scores.items()}
        limits = self.limits[way]
        return frozenset(head for head, score in best.items() if score > limits[head])

    def _clear(self, scores: Mapping[str, float]) -> bool:
        """Whether the words alone are so far below every limit, or above that of crisis, that a vector changes nothing."""
        limits = self.limits["words"]
        if scores["crisis"] > limits["crisis"] + CLEAR_ABOVE:
            return True
        return all(scores[head] < limits[head] - CLEAR_BELOW for head in _CARDS)

    def scores(self, tokens: Sequence[str]) -> dict[str, float]:
        """The score of each head on the words of one window: the sum of its weights, as log odds."""
        size, weights = len(HEADS), self.weights
        sums = [0.0] * size
        for slot, weight in features(tokens).items():
            start = slot * size
            for n, value in enumerate(weights[start : start + size]):
                sums[n] += value * weight
        out = [s * scale + bias for s, scale, bias in zip(sums, self.scale, self.bias, strict=True)]
        return dict(zip(HEADS, out, strict=True))

    def sharpened(self, scores: Mapping[str, float], vector: Sequence[float]) -> dict[str, float]:
        """``scores`` with what the vector of the same words adds."""
        values = [float(v) for v in vector]
        return {
            head: scores[head] + self.vector_bias[n] + sum(map(float.__mul__, row, values))
            for n, (head, row) in enumerate(zip(HEADS, self.vectors, strict=True))
        }


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
