"""A crude stem for comparing words of a question with words of a passage; not for show."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

_ENDINGS = (
    "isations", "izations", "isation", "ization", "ations", "ation", "ating", "ated", "ates", "ators", "ator", "ate", "ingly", "ities", "ions", "ising", "izing", "ments", "ment", "ness", "ised",
    "ized", "ings", "edly", "ical", "able", "ible", "ance", "ence", "ally", "ies", "ing", "ion", "ers", "ive",
    "ity", "ant", "ent", "ous", "ed", "er", "es", "ly", "al", "ic", "y", "s", "e",
)  # fmt: skip
_SPELLING = (("tumor", "tumour"), ("signaling", "signalling"), ("randomiz", "randomis"), ("haem", "hem"))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The folded word without common endings, never shorter than four letters; one spelling for British and
    American."""
    for a, b in _SPELLING:
        word = word.replace(a, b)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def stems(words: Iterable[str]) -> frozenset[str]:
    """The stems of these words."""
    return frozenset(map(stem, set(words)))
