"""Which lines an answer has when a model wrote some: proven sentences in front, and no finding lost by them."""

from __future__ import annotations

from collections.abc import Sequence

from caveat.answering.forms.common import Chosen
from caveat.answering.model_claims import Drafted
from caveat.domain.model import Stance

ALWAYS = 2
"""So many of the best-scored quotes stay unless a proven sentence quotes them, whatever lane they are in."""
ENOUGH_CONTEXT = 3

Line = Chosen | Drafted


def merge(chosen: Sequence[Chosen], drafted: Sequence[Drafted]) -> list[Line]:
    """The lanes in the order of the quotes; in each the drafted sentences, then the quotes they do not cover.

    A quote that tells a result (better, worse, no difference) is left out only where a proven sentence of the same
    lane quotes that very sentence: the other side of a question cannot be written away.
    """
    if not drafted:
        return list(chosen)
    best = sorted(chosen, key=lambda c: -c.score)[:ALWAYS]
    rest = [c for c in chosen if _stays(c, drafted, c in best)]
    lanes = list(dict.fromkeys([*(c.stance for c in chosen), *(d.stance for d in drafted)]))
    lanes.sort(key=lambda s: s is Stance.CONTEXT)
    out: list[Line] = []
    for lane in lanes:
        out.extend(d for d in drafted if d.stance is lane)
        out.extend(c for c in rest if c.stance is lane)
    return out


def _stays(item: Chosen, drafted: Sequence[Drafted], best: bool) -> bool:
    if any(d.quotes(item) and d.stance is item.stance for d in drafted):
        return False
    if item.stance is not Stance.CONTEXT or best:
        return True
    if any(d.quotes(item) for d in drafted) or any(
        s.id == item.source.id for d in drafted for s in d.sources
    ):
        return False
    return sum(d.stance is Stance.CONTEXT for d in drafted) < ENOUGH_CONTEXT
