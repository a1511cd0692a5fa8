"""The verifier's word on each claim of an answer, against the passages as they stand in an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from caveat.domain.ports import EvidenceIndex
from caveat.domain.verify import verify


@dataclass(frozen=True, slots=True)
class Cite:
    """A quote where it is said to stand."""

    source_id: str
    passage_id: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """Whether a claim is borne out, and in a word why not."""

    supported: bool
    reasons: tuple[str, ...] = ()


def verdict_on(text: str, cites: Sequence[Cite], index: EvidenceIndex) -> ClaimVerdict:
    """Supported when each quote stands at its place, letter for letter, and together they bear the claim out."""
    passages = index.passages([c.passage_id for c in cites])
    if any(c.passage_id not in passages for c in cites):
        return ClaimVerdict(False, ("passage_missing",))
    if any(passages[c.passage_id].text[c.start : c.end] != c.quote for c in cites):
        return ClaimVerdict(False, ("quote_not_in_passage",))
    ids = {c.source_id for c in cites}
    source = index.sources(list(ids)).get(next(iter(ids))) if len(ids) == 1 else None
    found = verify(text, [c.quote for c in cites], [passages[c.passage_id].text for c in cites], source)
    return ClaimVerdict(found.supported, tuple(dict.fromkeys(r.kind.value for r in found.reasons)))
