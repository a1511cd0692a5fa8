"""The forms of answers on one work: a figure from it, or what it did and found."""

from __future__ import annotations

from caveat.answering.evidence import Evidence
from caveat.answering.forms.common import Chosen, ranked, take, text_order
from caveat.answering.relevance import Relevance
from caveat.domain.kinds import asks_how_given
from caveat.domain.model import Source
from caveat.domain.text import tokens
from caveat.domain.topic import Topic
from caveat.domain.words_for import has_results


def figure(evidence: Evidence, relevance: Relevance, topic: Topic) -> list[Chosen]:
    """The sentence with the figure, from the work asked about."""
    pool = evidence.candidates
    if relevance.named_ids:
        pool = evidence.of(relevance.named_ids)
        pool = [c for c in pool if has_results(c.source)] or pool
    if asks_how_given(relevance.question.text):
        fitting = [c for c in pool if not relevance.missing_groups(evidence.facts[c.source.id])]
        return take(ranked(fitting or pool, evidence, relevance), 5, 2, floor=0.7)
    rows = ranked(pool, evidence, relevance)
    figures = [r for r in rows if r.candidate.has_number]
    return take(figures, 4, 3, floor=0.8)


def study(evidence: Evidence, relevance: Relevance, topic: Topic) -> list[Chosen]:
    """One work: what it found, what was done, its limits; then what else reports the same people."""
    ids = [i for i in relevance.named_ids if i in evidence.sources]
    if not ids:
        best = ranked(evidence.candidates, evidence, relevance)[:1]
        ids = [b.source.id for b in best]
    words = relevance.names
    ids.sort(
        key=lambda i: (
            not (words & set(tokens(evidence.sources[i].title)))
            and not _numbered(evidence.sources[i], relevance),
            not has_results(evidence.sources[i]),
        )
    )
    ids = ids[:1] + [i for i in ids[1:] if words & set(tokens(evidence.sources[i].title))]
    out: list[Chosen] = []
    for n, source_id in enumerate(ids[:3]):
        rows = ranked(evidence.of([source_id]), evidence, relevance)
        found = [r for r in rows if r.candidate.section not in {"what_was_done", "limits"}]
        found.sort(
            key=lambda r: ("primary outcome" not in r.candidate.text.casefold(), r.candidate.sentence_index)
        )
        done = [r for r in rows if r.candidate.section == "what_was_done"]
        limits = [r for r in rows if r.candidate.section == "limits"]
        first = n == 0
        block = (
            found[: 6 if first else 2]
            + sorted(done[: 3 if first else 1], key=text_order)
            + limits[: 2 * first]
        )
        out.extend(block)
    return out


def _numbered(source: Source, relevance: Relevance) -> bool:
    return any(n in source.registry_ids for n in relevance.question.registry_ids)
