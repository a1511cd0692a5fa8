"""One claim with its evidence: what every check is given."""

from __future__ import annotations

from dataclasses import dataclass

from caveat.domain.verify.evidence import Evidence
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.units import Event, Unit
from caveat.domain.verify.words import Vocabulary


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One claim, read, with its evidence."""

    claim: tuple[Reading, ...]
    evidence: Evidence
    words: Vocabulary
    concepts: frozenset[str]
    """All concepts of the claim."""
    tags: frozenset[str]

    def in_quote(self, unit: Unit) -> bool:
        """Is the word, or a synonym, in a quote?"""
        return not self.evidence.concepts.isdisjoint(unit.concepts)

    def in_facts(self, unit: Unit) -> bool:
        """Is the word, or a synonym, among the source's facts?"""
        return not self.evidence.facts.concepts.isdisjoint(unit.concepts)

    def told(self, reading: Reading, segment: int, least: float = 0.3) -> bool:
        """Does the claim repeat (part of) this clause of the quote?"""
        content = [u for u in reading.units if u.content and u.segment == segment and "soft" not in u.tags]
        elsewhere = frozenset(c for u in reading.units if u.segment != segment for c in u.concepts)
        content = [u for u in content if u.concepts.isdisjoint(elsewhere)] or content
        return bool(content) and sum(self.kept(u) for u in content) >= least * len(content)

    def kept(self, unit: Unit) -> bool:
        """Does the claim keep this word of a quote?"""
        return not self.concepts.isdisjoint(unit.concepts)


def overlap(a: dict[str, float], b: dict[str, float]) -> float:
    """How much two contexts share, 0 when nothing."""
    if len(b) < len(a):
        a, b = b, a
    total = 0.0
    for concept, weight in a.items():
        other = b.get(concept)
        if other is not None:
            total += min(other, weight)
    return total


def word_at(reading: Reading, event: Event) -> str:
    """The word at which an event stands, as the text has it."""
    unit = reading.units[event.at]
    return reading.text[unit.start : unit.end]


def signed(reading: Reading, event: Event) -> str:
    """The event's word with its denial, for a message."""
    word = word_at(reading, event)
    return f"not {word}" if event.negated and not word.lower().startswith(("un", "non", "miss")) else word
