"""Quotes that show how something is: the first sentence of a work that says it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from caveat.answering.evidence import Candidate, FactsCache, SourceFacts
from caveat.answering.forms.common import Chosen
from caveat.domain.hostile import talks_to_the_machine
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
        return self.cache.facts(self.index.generation, source, self.index.source_passages(source.id))

    def made(self, text: str, source: Source, shows: Callable[[str], bool]) -> Correction | None:
        """The correction with the first sentence of the work that shows it; None when there is none to quote."""
        if is_taken_back(source):
            return None
        passages = [p for p in self.index.source_passages(source.id) if p.quotable]
        for passage in passages:
            rows = self.cache.sentences(self.index.generation, passage)
            for i, (entities, stems) in enumerate(rows):
                sentence = passage.sentence(i)
                if shows(sentence) and not talks_to_the_machine(sentence):
                    candidate = Candidate(source, passage, i, sentence, entities, stems, 0.0, 0.0)
                    return Correction(text, Chosen(candidate, Stance.CONTEXT, 0.0))
        return None
