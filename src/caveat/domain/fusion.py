"""Reciprocal rank fusion: several rankings of ids become one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def reciprocal_rank_scores(
    rankings: Mapping[str, Sequence[str]], weights: Mapping[str, float], k: float = 20
) -> dict[str, float]:
    """Sum over rankings of weight / (k + rank), rank from 1; a ranking without a weight counts 1."""
    scores: dict[str, float] = {}
    for name, ids in rankings.items():
        weight = weights.get(name, 1.0)
        for rank, item in enumerate(ids, 1):
            scores[item] = scores.get(item, 0.0) + weight / (k + rank)
    return scores


def reciprocal_rank_fusion(
    rankings: Mapping[str, Sequence[str]], weights: Mapping[str, float], k: float = 20
) -> list[str]:
    """Ids by fused score, best first; ties keep the order of the id, so that results repeat."""
    scores = reciprocal_rank_scores(rankings, weights, k)
    return sorted(scores, key=lambda item: (-scores[item], item))


def cap_per_group(ids: Sequence[str], group_of: Mapping[str, str], most: int) -> list[str]:
    """The ids in order, at most ``most`` of each group; an id without a group is its own."""
    seen: dict[str, int] = {}
    kept = []
    for item in ids:
        group = group_of.get(item, item)
        seen[group] = seen.get(group, 0) + 1
        if seen[group] <= most:
            kept.append(item)
    return kept
