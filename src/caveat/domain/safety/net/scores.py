"""The net's weights, read from ``net.json`` and ``weights.bin``, and what they say of one message."""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from caveat.domain.safety.net.features import BITS, WINDOW, features, language_of, tokens_of, windows

HEADS = ("crisis", "serious", "urgent", "personal", "other", "others", "abuse")
"""What each row of weights speaks for: ``serious`` is a high or very high level; the last three, whom it is about."""
HINT = "hint"
"""Spoken where ``crisis`` is heard too faintly for a card: one line to those it concerns, and nothing held back."""
Embed = Callable[[str], Sequence[float]]
"""What the sentence model tells of a text (``Outliner.outline``): its unit vector and the reach of its words."""
WHOLE = 160
"""Up to so many words a message is read in one piece, as it was when the weights were learned."""
CLEAR_ABOVE = 2.0
"""So far above their limit for crisis the words are believed without the slower vector."""
_CARDS = ("crisis", "urgent", "personal")


@dataclass(frozen=True, slots=True)
class Net:
    """Learned weights; reading a message takes well under a millisecond without vectors."""

    weights: array[int]
    scale: tuple[float, ...]
    bias: tuple[float, ...]
    vector_bias: tuple[float, ...]
    vectors: tuple[tuple[float, ...], ...]
    hidden: tuple[tuple[tuple[float, ...], float, float], ...]
    """Units that bend what a vector says of ``crisis``: weights, bias, and what each adds where it is above zero."""
    model: str
    """The sentence model of the vectors; vectors of another one are of no use."""
    limits: Mapping[str, Mapping[str, float]]
    """By how the message was read (``words``, ``vector``, ``other`` languages, ``long``): from what score on each head speaks; ``open``: from where a vector is asked for."""

    def speaks(self, text: str, embed: Embed | None = None) -> frozenset[str]:
        """The heads that speak on this message as a whole, or loudly on one window of a long one.

        ``embed`` is asked only where the words alone leave the matter open.
        """
        tokens = tokens_of(text)
        heard = self._heard(tokens, text, embed) if len(tokens) <= WHOLE else set()
        if len(tokens) > WINDOW:
            for window in windows(tokens):
                heard |= self._above("long", self.scores(window))
        return frozenset(heard)

    def _heard(self, tokens: Sequence[str], text: str, embed: Embed | None) -> set[str]:
        scores = self.scores(tokens)
        if language_of(tokens) != "en":
            return self._above("other", scores)
        if embed is None or self._clear(scores):
            return self._above("words", scores)
        return self._above("vector", self.sharpened(scores, embed(text)))

    def _above(self, way: str, scores: Mapping[str, float]) -> set[str]:
        limits = self.limits[way]
        heard = {head for head, score in scores.items() if score > limits[head]}
        return heard | {HINT} if scores["crisis"] > limits[HINT] else heard

    def _clear(self, scores: Mapping[str, float]) -> bool:
        """Whether the words alone speak so clearly, for crisis or for nothing, that a vector would change nothing."""
        if scores["crisis"] > self.limits["words"]["crisis"] + CLEAR_ABOVE:
            return True
        return all(scores[head] < self.limits["open"][head] for head in _CARDS)

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
        if len(values) != len(self.vectors[0]):
            raise ValueError("this is not what the net was trained with")
        out = {
            head: scores[head] + self.vector_bias[n] + sum(map(float.__mul__, row, values))
            for n, (head, row) in enumerate(zip(HEADS, self.vectors, strict=True))
        }
        out["crisis"] += sum(
            adds * max(0.0, bias + sum(map(float.__mul__, row, values))) for row, bias, adds in self.hidden
        )
        return out


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
        hidden=tuple((tuple(map(float, row[:-2])), float(row[-2]), float(row[-1])) for row in data["hidden"]),
        model=data["model"],
        limits=data["limits"],
    )
