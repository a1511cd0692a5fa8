"""What the net sees of a message: hashed words, pieces of words and meanings, each with a weight."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import sqrt

from caveat.domain.safety.fold import BREAK, fold, words
from caveat.domain.safety.net.glossary import meanings

BITS = 17
_MASK = (1 << BITS) - 1
WINDOW = 40
"""Words read at once; a longer message is read in overlapping windows."""
_STEP = 30
_MOST_MEANINGS = 14


def _slot(kind: str, text: str) -> int:
    return zlib.crc32((kind + text).encode("utf-8", "surrogatepass")) & _MASK


def tokens_of(text: str) -> list[str]:
    """The message's words in plain spelling, without sentence ends."""
    return [w for w in words(fold(text)) if w != BREAK]


def windows(tokens: list[str]) -> Iterator[list[str]]:
    """A message's words, whole when they are few, and in overlapping windows when they are many."""
    if len(tokens) <= WINDOW:
        yield tokens
        return
    for start in range(0, len(tokens) - (WINDOW - _STEP), _STEP):
        yield tokens[start : start + WINDOW]


def features(tokens: Sequence[str]) -> dict[int, float]:
    """Slots and weights of one window; the length of the window does not change their sum of squares much."""
    edged = ["^", *tokens, "$"]
    phrases = {_slot("1", w) for w in tokens}
    phrases |= {_slot("2", f"{a} {b}") for a, b in pairwise(edged)}
    phrases |= {_slot("3", f"{a} {b} {c}") for a, b, c in zip(edged, edged[1:], edged[2:], strict=False)}
    pieces = {
        _slot("c", word[i : i + n])
        for word in {f"_{t}_" for t in tokens}
        for n in (3, 4, 5)
        for i in range(len(word) - n + 1)
    }
    known = list(dict.fromkeys(meanings(tokens)[1]))[:_MOST_MEANINGS]
    ideas = {_slot("m", m) for m in known}
    ideas |= {_slot("p", "+".join(sorted((a, b)))) for i, a in enumerate(known) for b in known[i + 1 :]}
    out: dict[int, float] = {}
    for group in (phrases, pieces, ideas):
        weight = 1 / sqrt(len(group) or 1)
        for slot in group:
            out[slot] = out.get(slot, 0.0) + weight
    return out


def language_of(tokens: Sequence[str]) -> str:
    """The language most of the listed words belong to; ``en`` when in doubt."""
    return meanings(tokens[: 2 * WINDOW])[0]
