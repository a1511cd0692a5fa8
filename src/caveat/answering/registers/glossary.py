"""Words of a plain answer that a lay reader may not know, with what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from caveat.answering.registers.wording import table
from caveat.domain.model import Term
from caveat.domain.topic import Topic

MOST = 8


def explained(texts: Iterable[str], topic: Topic) -> tuple[Term, ...]:
    """The terms that stand in the texts, in the order in which they first appear; at most eight."""
    whole = "\n".join(texts)
    found: dict[str, tuple[int, Term]] = {}
    for words, meaning in _entries(topic):
        places = [m for word in words if (m := _pattern(word).search(whole))]
        if places:
            first = min(places, key=lambda m: m.start())
            found.setdefault(meaning, (first.start(), Term(first.group(), meaning)))
    return tuple(term for _, term in sorted(found.values(), key=lambda x: x[0]))[:MOST]


def _entries(topic: Topic) -> Iterator[tuple[tuple[str, ...], str]]:
    for entry in topic.glossary:
        yield entry.words, entry.meaning
    for words, meaning in table("glossary").items():
        yield tuple(w.strip() for w in words.split("|")), meaning


@lru_cache(maxsize=512)
def _pattern(word: str) -> re.Pattern[str]:
    """A word as it stands alone; one with capitals in it is an abbreviation and keeps them."""
    flags = re.NOFLAG if any(c.isupper() for c in word) else re.IGNORECASE
    return re.compile(rf"(?<![\w-]){re.escape(word)}(?:s|es)?(?![\w-])", flags)
