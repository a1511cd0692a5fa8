"""The works without which a benefit may not stand: those that missed their outcome or report harm."""

from __future__ import annotations

from collections.abc import Iterable

from caveat.answering.evidence import FactsCache
from caveat.answering.many_works import works_at_hand
from caveat.answering.relevance import Relevance
from caveat.domain.model import Direction, Source
from caveat.domain.model import QuestionKind as Q
from caveat.domain.ports import EvidenceIndex
from caveat.domain.words_for import STRENGTH, has_results, is_taken_back

MOST_WORKS = 6
_ON_EFFECT = frozenset({Q.EFFECT, Q.HARM, Q.LAY_CLAIM, Q.GAP})


def counter_evidence(
    index: EvidenceIndex, relevance: Relevance, cache: FactsCache, found: Iterable[str]
) -> list[str]:
    """Ids of works on the drug and the outcome asked for that missed their main outcome or report harm.

    They are read whatever the two searches found, so that no wording of a question hides them; in a very large
    collection they are looked for among all that was ``found``.
    """
    q = relevance.question
    on_effect = q.kind in _ON_EFFECT or relevance.asks_if_it_works_too
    if not on_effect or not q.drugs:
        return []
    warning = [s for s in works_at_hand(index, found) if warns(s) and _fits(s, index, relevance, cache)]
    main = relevance.topic.main_drug

    def rank(source: Source) -> tuple[bool, int, int, str]:
        about = relevance.topic.entity_ids(f"{source.title} . {source.intervention}", nested=True)
        return (
            main not in about,
            STRENGTH[source.design] if source.design else 9,
            -(source.year or 0),
            source.id,
        )

    return [s.id for s in sorted(warning, key=rank)[:MOST_WORKS]]


def warns(source: Source) -> bool:
    """True for a work with results that missed its main outcome or reports harm, and still stands."""
    told = source.primary_outcome_met is False or source.direction is Direction.HARM
    return told and has_results(source) and not is_taken_back(source)


def _fits(source: Source, index: EvidenceIndex, relevance: Relevance, cache: FactsCache) -> bool:
    facts = cache.about(index.generation, source)
    outcomes = relevance.question.outcomes or ("mental_health",)
    return (
        relevance.on_drug(facts)
        and relevance.any_of(outcomes, facts.identity)
        and relevance.in_condition(facts)
    )
