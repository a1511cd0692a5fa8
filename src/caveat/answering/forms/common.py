"""What all forms share: ranking sentences, taking the best, keeping those of one work together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from caveat.answering.evidence import Candidate, Evidence
from caveat.answering.relevance import Relevance
from caveat.domain.model import Source, Stance
from caveat.domain.words_for import STRENGTH


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence that will be shown, with its lane."""

    candidate: Candidate
    stance: Stance
    score: float

    @property
    def source(self) -> Source:
        """The work it comes from."""
        return self.candidate.source


def ranked(candidates: Iterable[Candidate], evidence: Evidence, relevance: Relevance) -> list[Chosen]:
    scored = [Chosen(c, Stance.CONTEXT, relevance.score(c, evidence)) for c in candidates]
    return sorted(scored, key=lambda c: (-c.score, c.candidate.passage.id, c.candidate.sentence_index))


def take(ranked: Iterable[Chosen], most: int, per_source: int, *, floor: float = 0.0) -> list[Chosen]:
    """The best, at most ``per_source`` a work, none below ``floor`` times the best score, no near-repeats.

    No more of ``ranked`` is read than is needed.
    """
    count: dict[str, int] = {}
    kept: list[Chosen] = []
    limit: float | None = None
    for item in ranked:
        limit = item.score * floor if limit is None else limit
        if item.score < limit:
            break
        if count.get(item.source.id, 0) >= per_source or any(_repeats(item, k) for k in kept):
            continue
        count[item.source.id] = count.get(item.source.id, 0) + 1
        kept.append(item)
        if len(kept) >= most:
            break
    return kept


def _repeats(a: Chosen, b: Chosen) -> bool:
    x, y = a.candidate.stems, b.candidate.stems
    return len(x & y) > 0.85 * min(len(x), len(y)) and len(x) > 6


def grouped(chosen: Sequence[Chosen], key: Callable[[Chosen], tuple[object, ...]]) -> list[Chosen]:
    """In the order of ``key`` of each work's first sentence, the sentences of one work together."""
    lanes: dict[tuple[Stance, str], list[Chosen]] = {}
    for item in chosen:
        lanes.setdefault((item.stance, item.source.id), []).append(item)
    blocks = sorted(lanes.values(), key=lambda block: key(block[0]))
    return [item for block in blocks for item in sorted(block, key=text_order)]


def merged(chosen: list[Chosen], extra: list[Chosen]) -> list[Chosen]:
    """Puts each extra sentence behind those of its lane and work, or at the end of its lane."""
    out = list(chosen)
    for item in extra:
        same = [i for i, c in enumerate(out) if c.stance is item.stance and c.source.id == item.source.id]
        lane = [i for i, c in enumerate(out) if c.stance is item.stance]
        place = same or lane
        out.insert(place[-1] + 1 if place else len(out), item)
    return out


def text_order(item: Chosen) -> tuple[str, int]:
    order = {"what_was_found": "0", "what_was_done": "1", "limits": "2"}
    return (order.get(item.candidate.section, item.candidate.section), item.candidate.sentence_index)


def strength(source: Source) -> int:
    return STRENGTH[source.design] if source.design else 9
