"""Finds the abbreviations that a passage defines itself: "brown adipose tissue (BAT)"."""

from __future__ import annotations

import re
from functools import lru_cache

_DEFINITION = re.compile(r"\(([A-Za-z][A-Za-z0-9-]{1,9})\)")
_WORD = re.compile(r"[^\s()\[\],;]+")
_MOST_BEFORE = 120


@lru_cache(maxsize=512)
def defined(passage: str) -> tuple[tuple[str, str], ...]:
    """Pairs of abbreviation and long form, as the passage has them."""
    found: list[tuple[str, str]] = []
    for match in _DEFINITION.finditer(passage):
        short = match.group(1)
        if sum(c.isupper() for c in short) < 2:
            continue
        before = passage[max(0, match.start() - _MOST_BEFORE) : match.start()].rstrip()
        words = _WORD.findall(before)[-(len(short) + 4) :]
        long_form = _long_form(short, words)
        if long_form:
            found.append((short, long_form))
    return tuple(dict.fromkeys(found))


def _long_form(short: str, words: list[str]) -> str | None:
    """The fewest last words whose letters spell the abbreviation, its first letter opening the first word."""
    letters = [c.lower() for c in short if c.isalnum()]
    text = " ".join(words).lower()
    at = len(text) - 1
    for k in range(len(letters) - 1, -1, -1):
        while at >= 0 and not (text[at] == letters[k] and (k > 0 or at == 0 or not text[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return None
        at -= 1
    long_form = " ".join(words)[at + 1 :]
    return long_form if 1 < len(long_form.split()) <= len(letters) + 3 or "-" in long_form else None
