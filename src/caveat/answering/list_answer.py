"""The answer to a question that asks for a list: a table, a quoted sentence a row, and the closest sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from caveat.answering.beside import said_beside, with_the_other_side
from caveat.answering.compose import Parts, drug_discussed, number_sources, shared_people, to_claim
from caveat.answering.corrections import corrected, put_first
from caveat.answering.evidence import Candidate, Evidence, FactsCache
from caveat.answering.forms.common import Chosen
from caveat.answering.listing import COLUMNS, MOST_ROWS, first_quotable, matching, row
from caveat.answering.relevance import Relevance
from caveat.answering.select import with_closest
from caveat.answering.shown_by import Correction
from caveat.domain.caveats import Situation, caveats_for
from caveat.domain.model import NumberedSource, Source, Stance, Table
from caveat.domain.ports import EvidenceIndex
from caveat.domain.topic import Topic

CLOSE = 2.0
"""Score above which a sentence outside the table is shown beside it."""


def list_parts(
    index: EvidenceIndex,
    relevance: Relevance,
    evidence: Evidence,
    topic: Topic,
    cache: FactsCache,
    today: date,
    status_max_age_days: int,
    wrong: Sequence[Correction] = (),
) -> Parts | None:
    """Table, claims and caveats; None when no work fits the question."""
    found = matching(index, relevance, cache, list(evidence.sources))
    if not found:
        return None
    chosen = [c for s in found[:MOST_ROWS] if (c := _first_sentence(index, s))]
    listed = [c.source for c in chosen]
    closest = [c for c in with_closest([], evidence, relevance, topic) if c.score > CLOSE]
    chosen += [c for c in closest if c.source.id not in {s.id for s in listed}]
    chosen = list(put_first(chosen, wrong))
    chosen, beside = with_the_other_side(chosen, index, relevance, cache)
    cited = list({c.source.id: c.source for c in chosen}.values())
    numbers = number_sources(chosen)
    situation = Situation(
        numbers=numbers,
        today=today,
        drug_discussed=drug_discussed(relevance, cited, topic),
        on_association=not relevance.question.drugs,
        status_max_age_days=status_max_age_days,
    )
    caveats = caveats_for(cited, situation, topic.approval, topic.label_warnings)
    shared = shared_people(cited, numbers)
    more = f" The first {len(listed)} are shown." if len(found) > len(listed) else ""
    fits = (
        "1 work in this collection fits" if len(found) == 1 else f"{len(found)} works in this collection fit"
    )
    parts = Parts(
        headline=f"{fits} the question; others may exist outside it.{more}{said_beside(s for s in cited if s.id in beside)}",
        claims=tuple(claim for x in chosen if (claim := to_claim(x, numbers[x.source.id]))),
        sources=tuple(NumberedSource(numbers[s.id], s) for s in cited),
        caveats=(*caveats, shared) if shared else caveats,
        certainty=None,
        unknowns=("what has been registered or published since the collection was made",),
        follow_ups=(),
        removed=0,
        table=Table(COLUMNS, tuple(row(s) for s in listed), tuple(s.id for s in listed)),
    )
    return corrected(parts, wrong)


def _first_sentence(index: EvidenceIndex, source: Source) -> Chosen | None:
    place = first_quotable(index.source_passages(source.id))
    if place is None:
        return None
    passage, i = place
    candidate = Candidate(source, passage, i, passage.sentence(i), frozenset(), frozenset(), 0.0, 0.0)
    return Chosen(candidate, Stance.CONTEXT, 0.0)
