"""Ranking measures of retrieval, for judgements that say which documents are relevant and how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import log2


def _gain(relevance: float, position: int) -> float:
    return relevance / log2(position + 2)


def ndcg_at(ranking: Sequence[str], relevant: Mapping[str, float], k: int = 10) -> float:
    """Discounted gain of the first k over the best possible one; 0 if nothing is relevant.

    The gain is linear, as in trec_eval. A document that stands twice counts at its first place only.
    """
    ranked = list(dict.fromkeys(ranking))[:k]
    gained = sum(_gain(relevant.get(doc, 0.0), i) for i, doc in enumerate(ranked))
    ideal = sum(_gain(rel, i) for i, rel in enumerate(sorted(relevant.values(), reverse=True)[:k]))
    return gained / ideal if ideal > 0 else 0.0


def recall_at(ranking: Sequence[str], relevant: Mapping[str, float], k: int = 100) -> float:
    """Share of the relevant documents among the first k; 0 if none is relevant."""
    wanted = {doc for doc, rel in relevant.items() if rel > 0}
    if not wanted:
        return 0.0
    return len(wanted.intersection(list(dict.fromkeys(ranking))[:k])) / len(wanted)


def first_of_each(owners: Iterable[str]) -> list[str]:
    """A ranking of passages, given by their works, as a ranking of works: each at its first place."""
    return list(dict.fromkeys(owners))
