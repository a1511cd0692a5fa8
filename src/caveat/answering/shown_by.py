"""Quotes that show how something is: the first sentence of a work that says it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from caveat.answering.evidence import Candidate, FactsCache, SourceFacts
from caveat.answering.forms.common import Chosen
from caveat.domain.model import Source, Stance
from caveat.domain.ports import EvidenceIndex
from caveat.domain.words_for import is_taken_back


@dataclass(frozen=True, slots=True)
class Correction:
    """What is wrong in the question, in one sentence, and the quote that shows it."""

    text: str
    shown_by: Chosen


@dataclass(frozen=True, slots=True)
class Quotes:
    """The sentences of one generation."""

    index: EvidenceIndex
    cache: FactsCache

    def facts(self, source: Source) -> SourceFacts:
        """What the work is about."""
        return self.cache.facts_of(self.index, source)

    def made(self, text: str, source: Source, shows: Callable[[str], bool]) -> Correction | None:
        """The correction with the first sentence of the work that shows it; None when there is none to quote."""
        if is_taken_back(source):
            return None
        passages = [p for p in self.index.source_passages(source.id) if p.quotable]
        for passage in passages:
            for i, row in enumerate(self.cache.sentences(self.index.generation, passage)):
                if not row.to_the_machine and shows(row.text):
                    candidate = Candidate(source, passage, i, row.text, row.entities, row.stems, 0.0, 0.0)
                    return Correction(text, Chosen(candidate, Stance.CONTEXT, 0.0))
        return None
