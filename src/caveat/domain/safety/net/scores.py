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
Listen = Callable[[str], Sequence[float]]
"""What the sentence model that was tuned for this says of a text: log odds, in the order of ``HEADS``."""
WHOLE = 160
"""Up to so many words a message is read in one piece, as it was when the weights were learned."""
CLEAR_ABOVE = 2.0
"""So far above their limit for crisis the words are believed without the slower model."""
TONGUE = 1.5
"""So much more the words' share counts where the message is not in English, whose words alone the model knows whole."""
_CARDS = ("crisis", "urgent", "personal")


@dataclass(frozen=True, slots=True)
class Net:
    """Learned weights; reading a message takes well under a millisecond without the sentence model."""

    weights: array[int]
    scale: tuple[float, ...]
    bias: tuple[float, ...]
    share: tuple[float, ...]
    """By head: what the score of the words counts beside the odds of the sentence model."""
    limits: Mapping[str, Mapping[str, float]]
    """By how the message was read (by ``words`` alone or with the ``model``, in ``other`` languages or another ``tongue`` with the model, ``long``): from what score on each head speaks; ``open``: from where the model is asked."""

    def speaks(self, text: str, listen: Listen | None = None) -> frozenset[str]:
        """The heads that speak on this message as a whole, or loudly on one window of a long one.

        ``listen`` is asked only where the words alone leave the matter open.
        """
        tokens = tokens_of(text)
        heard = self._heard(tokens, text, listen) if len(tokens) <= WHOLE else set()
        if len(tokens) > WINDOW:
            for window in windows(tokens):
                heard |= self._above("long", self.scores(window))
        return frozenset(heard)

    def _heard(self, tokens: Sequence[str], text: str, listen: Listen | None) -> set[str]:
        scores = self.scores(tokens)
        english = language_of(tokens) == "en"
        by_words = self._above("words" if english else "other", scores)
        if listen is None or self._clear(scores):
            return by_words
        odds = listen(text)
        if english:
            return self._above("model", self.sharpened(scores, odds))
        return self._above("tongue", self.sharpened(scores, odds, TONGUE)) | (by_words & {"personal"})

    def _above(self, way: str, scores: Mapping[str, float]) -> set[str]:
        limits = self.limits[way]
        heard = {head for head, score in scores.items() if score > limits[head]}
        return heard | {HINT} if scores["crisis"] > limits[HINT] else heard

    def _clear(self, scores: Mapping[str, float]) -> bool:
        """Whether the words alone speak so clearly, for crisis or for nothing, that the sentence model would change nothing."""
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

    def sharpened(
        self, scores: Mapping[str, float], odds: Sequence[float], weight: float = 1.0
    ) -> dict[str, float]:
        """The odds of the sentence model with the words' share of ``scores``, times ``weight``, added."""
        return {
            head: value + weight * share * scores[head]
            for head, value, share in zip(HEADS, odds, self.share, strict=True)
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
        share=tuple(data["share"]),
        limits=data["limits"],
    )
