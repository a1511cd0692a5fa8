"""What a work's record says that it is about, and which words a work has in all."""

from __future__ import annotations

from collections.abc import Iterable

from caveat.domain.source import Source
from caveat.domain.stems import stems
from caveat.domain.text import tokens


def record_words(source: Source) -> str:
    """Title, people, what was given and what it was compared with, in one text."""
    said = (
        source.title,
        source.population,
        source.population_short,
        source.intervention,
        source.comparator,
        *source.conditions,
    )
    return " . ".join(x for x in said if x)


def work_words(source: Source, texts: Iterable[str]) -> list[str]:
    """All words of a work, folded: those of its record, then those of the ``texts`` that may be quoted."""
    return [*tokens(record_words(source)), *(word for text in texts for word in tokens(text))]


def work_stems(source: Source, texts: Iterable[str]) -> frozenset[str]:
    """The stems of all words of a work."""
    return stems(work_words(source, texts))
