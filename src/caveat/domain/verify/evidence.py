"""What a claim is checked against: its quotes, the sentences they were cut from, and the source's facts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from caveat.domain.model import Source, Span
from caveat.domain.verify.abbreviations import defined
from caveat.domain.verify.locate import gentle
from caveat.domain.verify.quantity import Quantity
from caveat.domain.verify.reading import Reading, read
from caveat.domain.verify.tokens import sentence_spans
from caveat.domain.verify.words import Vocabulary

_WHOLE_NUMBER_FACTS = frozenset({"year", "time", "number", "dose"})


@dataclass(frozen=True, slots=True)
class Facts:
    """What the source's own record says, for words and whole numbers a quote need not repeat."""

    concepts: frozenset[str]
    drugs: frozenset[str]
    quantities: tuple[Quantity, ...]
    design: str | None
    denied: frozenset[str]
    """What the record says the study did not have, e.g. a control group."""


NO_FACTS = Facts(frozenset(), frozenset(), (), None, frozenset())


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Readings of the quotes as cut (``inside``) and of the whole sentences they stand in (``whole``)."""

    inside: tuple[Reading, ...]
    whole: tuple[Reading, ...]
    facts: Facts
    concepts: frozenset[str]
    tags: frozenset[str]
    words: frozenset[str]
    """Every word of the whole sentences, in lower case."""


MAX_SENTENCE, MAX_NUMBERS = 1500, 60
"""Longer sentences (tables, text without stops) are read in pieces, so that no text takes long."""
_NUMBER = re.compile(r"\d+")


@lru_cache(maxsize=1024)
def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(piece for span in sentence_spans(text) for piece in _pieces(text, *span))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while True:
        numbers = list(itertools.islice(_NUMBER.finditer(text, start, end), MAX_NUMBERS + 1))
        stop = numbers[-1].start() if len(numbers) > MAX_NUMBERS else end
        if stop - start > MAX_SENTENCE:
            space = text.rfind(" ", start + 1, start + MAX_SENTENCE)
            stop = space if space > 0 else start + MAX_SENTENCE
        yield start, stop
        if stop == end:
            return
        start = stop


def split(text: str, words: Vocabulary) -> tuple[Reading, ...]:
    """The readings of all sentences of a text."""
    return tuple(read(text[a:b], words) for a, b in _sentences(text)) or (read(text, words),)


def surrounding(passage: str, span: Span) -> tuple[str, ...]:
    """The whole sentences of the passage that the span touches."""
    return tuple(passage[a:b] for a, b in _sentences(passage) if a < span.end and b > span.start)


@lru_cache(maxsize=1024)
def gather(
    quotes: tuple[tuple[str, tuple[str, ...]], ...],
    passages: tuple[str, ...],
    source: Source | None,
    words: Vocabulary,
) -> Evidence:
    """The evidence of located quotes, each with the sentences around it."""
    inside: list[Reading] = []
    whole: list[Reading] = []
    for quote, sentences in quotes:
        inside.extend(split(quote, words))
        whole.extend(read(s, words) for s in sentences)
    unique_inside, unique_whole = tuple(dict.fromkeys(inside)), tuple(dict.fromkeys(whole))
    concepts = _with_abbreviations(frozenset(c for r in unique_inside for c in r.concepts), passages, words)
    tags = frozenset(t for r in unique_inside for t in r.tags)
    said = frozenset(u.low for r in unique_whole for u in r.units)
    return Evidence(
        unique_inside, unique_whole, facts_of(source, words) if source else NO_FACTS, concepts, tags, said
    )


def _with_abbreviations(
    concepts: frozenset[str], passages: tuple[str, ...], words: Vocabulary
) -> frozenset[str]:
    """The concepts plus those of each abbreviation, or long form, that a passage defines for them."""
    more: set[str] = set()
    for short, long_form in {pair for passage in passages for pair in defined(passage)}:
        brief = read(short, words).concepts
        full = [u for u in read(long_form, words).units if u.content]
        if not concepts.isdisjoint(brief):
            more.update(c for u in full for c in u.concepts if not c.startswith("@"))
        elif full and all(not concepts.isdisjoint(u.concepts) for u in full):
            more.update(c for c in brief if not c.startswith("@"))
    return concepts | more


@lru_cache(maxsize=1024)
def facts_of(source: Source, words: Vocabulary) -> Facts:
    """The facts of a source's record that a claim about it may use."""
    facts = [
        source.population, source.population_short, *source.conditions,
        source.title, source.journal, source.intervention, source.comparator, source.duration, source.primary_outcome,
        source.design.value if source.design else None, source.blinding, source.n_per_arm, " ".join(source.authors),
        " ".join(source.registry_ids), str(source.year) if source.year else None,
        f"n = {source.n_total} people" if source.n_total else None, source.kind.value.replace("_", " "),
        "single case" if source.n_total == 1 else None,
    ]  # fmt: skip
    everything = [read(gentle(t), words) for t in facts if t]
    alone = (source.comparator or "").strip().lower().startswith(("none", "no "))
    drugs = frozenset(
        u.entity.name for r in everything for u in r.units if u.entity and u.entity.kind != "target"
    )
    quantities = tuple(q for r in everything for q in r.quantities if q.kind in _WHOLE_NUMBER_FACTS)
    return Facts(
        frozenset(c for r in everything for c in r.concepts if not c.startswith("@")),
        drugs,
        quantities,
        source.design.value if source.design else None,
        frozenset({"~control", "control", "compar", "~compare"}) if alone else frozenset(),
    )
