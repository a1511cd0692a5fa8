"""Known questions must find their known works, by the two searches fused as the chat fuses them."""

from __future__ import annotations

from collections.abc import Sequence

from caveat.domain.fusion import reciprocal_rank_fusion
from caveat.domain.ports import EvidenceIndex
from caveat.domain.topic import KnownQuestion

DEPTH = 50
TOP_WORKS = 10
WEIGHTS = {"lexical": 1.0, "dense": 0.7}


def not_found(index: EvidenceIndex, questions: Sequence[KnownQuestion]) -> list[str]:
    """The questions that miss all their works among the best ten; those whose works are not indexed do not count."""
    missed = []
    for known in questions:
        wanted = set(index.sources(known.finds))
        if not wanted:
            continue
        rankings = {
            "dense": [hit.passage_id for hit in index.search_dense(known.question, DEPTH)],
            "lexical": [hit.passage_id for hit in index.search_lexical(known.question, DEPTH)],
        }
        ranked = reciprocal_rank_fusion(rankings, WEIGHTS)
        passages = index.passages(ranked)
        works = list(dict.fromkeys(passages[i].source_id for i in ranked if i in passages))
        if not wanted & set(works[:TOP_WORKS]):
            missed.append(known.question)
    return missed
