"""How hard a text is to read: the Flesch-Kincaid school grade, with syllables counted by rule."""

from __future__ import annotations

import re

_SENTENCE = re.compile(r"[.!?]+(?=[\s\"”')\]]|$)")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d[\d.,]*")
_VOWELS = re.compile(r"[aeiouy]+")


def syllables(word: str) -> int:
    """Syllables by rule: groups of vowels, a silent ending left out; a number counts as one."""
    low = word.casefold()
    if not low[:1].isalpha():
        return 1
    count = len(_VOWELS.findall(low))
    if (
        low.endswith(("es", "ed")) and not re.search(r"(?:[sxz]|ch|sh|[cg])es$|[td]ed$|[aeiouy]e[sd]$", low)
    ) or (low.endswith("e") and not re.search(r"[^aeiouy]le$|[aeiouy]e$", low)):
        count -= 1
    return max(1, count)


def grade(text: str) -> float | None:
    """School years that the text asks of its reader; None for a text without words."""
    words = _WORD.findall(text)
    if not words:
        return None
    sentences = max(1, len(_SENTENCE.findall(text)))
    return 0.39 * len(words) / sentences + 11.8 * sum(syllables(w) for w in words) / len(words) - 15.59
