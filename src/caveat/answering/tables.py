"""What answers with a table share: the works as rows, a quoted sentence a row, caveats, and the other side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from caveat.answering.beside import said_beside, with_the_other_side
from caveat.answering.compose import Parts, drug_discussed, number_sources, shared_people, to_claim
from caveat.answering.corrections import corrected, put_first
from caveat.answering.evidence import Candidate, Evidence, FactsCache
from caveat.answering.forms.common import Chosen
from caveat.answering.relevance import Relevance
from caveat.answering.shown_by import Correction
from caveat.answering.works import Works
from caveat.domain.caveats import Situation, caveats_for
from caveat.domain.hostile import talks_to_the_machine
from caveat.domain.model import NumberedSource, Passage, Source, Stance, Table
from caveat.domain.ports import EvidenceIndex
from caveat.domain.topic import Topic

MOST_ROWS = 12
Fits = Callable[[str, str], bool]
"""Says of a section and a sentence of it whether it is the one to quote."""


@dataclass(frozen=True, slots=True)
class TableAsked:
    """What an answer with a table is made from."""

    index: EvidenceIndex
    relevance: Relevance
    evidence: Evidence
    topic: Topic
    cache: FactsCache
    today: date
    status_max_age_days: int
    wrong: Sequence[Correction] = ()

    @property
    def works(self) -> Works:
        """Every work of the collection that the question may look at."""
        return self.cache.works(self.index)

    def stems(self, source: Source) -> frozenset[str]:
        """The stems of all words of the work: its passages are read for them."""
        return self.cache.facts_of(self.index, source).stems

    def quoted(self, source: Source, fits: Fits) -> Chosen | None:
        """The first sentence that fits, else the first that may be quoted, what was done before what was found."""
        passages = self.index.source_passages(source.id)
        place = _first(passages, fits) or first_quotable(passages)
        if place is None:
            return None
        passage, i = place
        candidate = Candidate(source, passage, i, passage.sentence(i), frozenset(), frozenset(), 0.0, 0.0)
        return Chosen(candidate, Stance.CONTEXT, 0.0)


def _first(passages: Sequence[Passage], fits: Fits) -> tuple[Passage, int] | None:
    for passage in passages:
        for i in range(len(passage.sentences) if passage.quotable else 0):
            text = passage.sentence(i)
            if fits(passage.section, text) and not talks_to_the_machine(text):
                return passage, i
    return None


def first_quotable(passages: Sequence[Passage]) -> tuple[Passage, int] | None:
    """The first sentence of a work that may be quoted, what was done before what was found."""
    return _first(passages, lambda section, _: section == "what_was_done") or _first(
        passages, lambda *_: True
    )


def tabled(
    at: TableAsked,
    chosen: Sequence[Chosen],
    headline: str,
    columns: tuple[str, ...],
    row: Callable[[Source], tuple[str, ...]],
    *,
    listed: Sequence[Source],
    unknowns: tuple[str, ...],
) -> Parts:
    """The answer: a row for each listed work, the sentences chosen, and what a benefit may not stand without."""
    chosen = list(put_first(tuple(chosen), at.wrong))
    chosen, beside = with_the_other_side(chosen, at.index, at.relevance, at.cache)
    cited = list({c.source.id: c.source for c in chosen}.values())
    numbers = number_sources(chosen)
    situation = Situation(
        numbers=numbers,
        today=at.today,
        drug_discussed=drug_discussed(at.relevance, cited, at.topic),
        on_association=not at.relevance.question.drugs,
        status_max_age_days=at.status_max_age_days,
    )
    caveats = caveats_for(cited, situation, at.topic.approval, at.topic.label_warnings)
    shared = shared_people(cited, numbers)
    parts = Parts(
        headline=f"{headline}{said_beside(s for s in cited if s.id in beside)}",
        claims=tuple(claim for x in chosen if (claim := to_claim(x, numbers[x.source.id]))),
        sources=tuple(NumberedSource(numbers[s.id], s) for s in cited),
        caveats=(*caveats, shared) if shared else caveats,
        certainty=None,
        unknowns=unknowns,
        follow_ups=(),
        removed=0,
        table=Table(columns, tuple(row(s) for s in listed), tuple(s.id for s in listed)),
    )
    return corrected(parts, at.wrong)
