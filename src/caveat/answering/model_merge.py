"""Which lines an answer has when a model wrote some: each in the place of what it tells, and no finding lost."""

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
    """The lines in the order of the quotes (strongest first), a drafted sentence where the first quote it covers stood.

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
        places: list[tuple[int, int, Line]] = [(_place(d, chosen), 0, d) for d in drafted if d.stance is lane]
        places += [(chosen.index(c), 1, c) for c in rest if c.stance is lane]
        out.extend(line for _, _, line in sorted(places, key=lambda p: p[:2]))
    return out


def _place(line: Drafted, chosen: Sequence[Chosen]) -> int:
    """Where the first quote of its lane stood that it covers; else the first of its work; else the end."""
    lane = [(i, c) for i, c in enumerate(chosen) if c.stance is line.stance]
    ids = {s.id for s in line.sources}
    covered = [i for i, c in lane if line.quotes(c)] or [i for i, c in lane if c.source.id in ids]
    return min(covered, default=len(chosen))


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
