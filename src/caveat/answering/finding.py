"""Finds what the collection holds on one question: the ranked passages, and every sentence of the works behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from caveat.answering.both_sides import counter_evidence
from caveat.answering.evidence import Evidence, FactsCache, gather
from caveat.answering.relevance import Relevance
from caveat.answering.retrieve import Retrieval, Retriever
from caveat.answering.rows import rows_of
from caveat.domain.model import Design
from caveat.domain.model import QuestionKind as Q
from caveat.domain.ports import EvidenceIndex
from caveat.domain.topic import Topic

MOST_EXPERIMENTS = 12
MOST_NAMED = 4
_ON_EFFECT = frozenset({Q.EFFECT, Q.HARM, Q.LAY_CLAIM, Q.COMPARISON, Q.ASSOCIATION})


@dataclass(frozen=True, slots=True)
class Finding:
    """The searches of one index, with what is remembered of its works."""

    index: EvidenceIndex
    topic: Topic
    cache: FactsCache
    rerank: bool
    hide_methods: bool = False
    """Leave out passages that tell how people harm themselves."""

    def search(self, relevance: Relevance) -> Retrieval:
        """The ranked passages, those of the opposite finding too where the question is on an effect."""
        opposite = relevance.question.kind in _ON_EFFECT
        named = relevance.named_ids[:MOST_NAMED]
        retriever = Retriever(self.topic, self.rerank)
        return retriever.search(self.index, relevance.question, opposite=opposite, named_sources=named)

    def read(self, relevance: Relevance, retrieval: Retrieval) -> Evidence:
        """The sentences of the works found, of those named, and of those that this kind of question cannot do without."""
        extra = [
            *relevance.named_ids,
            *self._always(relevance),
            *counter_evidence(self.cache.works(self.index), relevance),
        ]
        question = relevance.question
        return gather(self.index, question, retrieval, self.cache, extra, hide_methods=self.hide_methods)

    def _always(self, relevance: Relevance) -> Sequence[str]:
        """Works whose facts a kind of question cannot do without."""
        if relevance.question.kind is Q.APPROVAL:
            return self.topic.approval.source_ids
        if relevance.question.kind is Q.SAFETY:
            return self.topic.label_warnings.source_ids
        if relevance.asks_of_giving:
            works = self.cache.works(self.index)
            experiments = works.allowed(works.shelf.designed({Design.EXPERIMENTAL_HUMAN}))
            return [works.shelf.ids[row] for row in islice(rows_of(experiments), MOST_EXPERIMENTS)]
        return ()
