"""Finding an expected fact in a text, whatever dashes, spaces and quotation marks it was written with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

_DASHES = re.compile("[\u2010-\u2015\u2212]")
_SINGLE_QUOTES = re.compile("[\u2018\u2019]")
_DOUBLE_QUOTES = re.compile("[\u201c\u201d]")
_SPACES = re.compile(r"\s+")


def plain(text: str) -> str:
    """The text with one kind of dash, quotation mark and space, so that "−0.8" and "-0.8" are the same."""
    text = _DASHES.sub("-", text)
    text = _SINGLE_QUOTES.sub("'", text)
    text = _DOUBLE_QUOTES.sub('"', text)
    return _SPACES.sub(" ", text).strip()


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def stands_in(alternatives: Sequence[str], texts: Iterable[str]) -> bool:
    """True when one of the patterns is found in one of the texts, without regard to case."""
    prepared = [plain(t) for t in texts]
    return any(_compiled(a).search(t) for a in alternatives for t in prepared)
