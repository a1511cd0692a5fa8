"""The verifier: is this claim borne out by these quotes? Deterministic; what cannot be shown is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from caveat.domain.model import Source
from caveat.domain.verify import (
    agents,
    alignment,
    bindings,
    causes,
    clauses,
    contrasts,
    counts,
    coverage,
    directions,
    entities,
    figures,
    hedges,
    measures,
    negations,
    order,
    pairings,
    scope,
    shares,
)
from caveat.domain.verify.case import Case
from caveat.domain.verify.evidence import Evidence, gather, split, surrounding
from caveat.domain.verify.locate import gentle, locate
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.verdict import Reason, ReasonKind, Verdict
from caveat.domain.verify.words import Vocabulary, default_vocabulary

MAX_CLAIM = 1200
"""Longer claims are refused unread: a claim is one sentence."""

Check = Callable[[Case], Iterator[Reason]]
CHECKS: tuple[Check, ...] = (
    figures.check,
    entities.check,
    directions.check,
    negations.check,
    bindings.check,
    pairings.check,
    order.check,
    alignment.check,
    scope.check,
    shares.check,
    counts.check,
    measures.check,
    hedges.check,
    causes.check,
    agents.check,
    clauses.check,
    contrasts.check,
    coverage.check,
)


def verify(
    claim: str,
    quotes: Sequence[str],
    passage_texts: Sequence[str],
    source: Source | None = None,
    *,
    words: Vocabulary | None = None,
) -> Verdict:
    """Whether the quotes, each standing in its passage, bear out the claim; without quotes the passages are the quotes."""
    words = words or default_vocabulary()
    text = gentle(claim)
    if not any(c.isalnum() for c in text):
        return Verdict.of((Reason(ReasonKind.EMPTY, "The claim is empty."),))
    if len(text) > MAX_CLAIM:
        return Verdict.of((Reason(ReasonKind.TOO_LONG, "The claim is longer than one sentence can be."),))
    if not quotes:
        quotes = passage_texts
    missing = Reason(ReasonKind.QUOTE_NOT_IN_PASSAGE, "The quote is not in the passage.")
    if not quotes or len(quotes) != len(passage_texts):
        return Verdict.of((missing,))
    located: list[tuple[str, tuple[str, ...]]] = []
    for quote, passage in zip(quotes, passage_texts, strict=True):
        span = locate(quote, passage)
        if span is None:
            return Verdict.of((missing,))
        located.append((passage[span.start : span.end], surrounding(passage, span)))
    plain = text.rstrip(" .")
    if any(
        plain == gentle(s).rstrip(" .") for _, sentences in located for s in (*sentences, " ".join(sentences))
    ):
        return Verdict(True)
    evidence = gather(tuple(located), tuple(passage_texts), source, words)
    reasons = tuple(_reasons(split(text, words), evidence, words))
    if reasons:
        # What a check would also hold against the quote itself says nothing about the claim.
        noise = _noise(evidence, words)
        reasons = tuple(r for r in reasons if r not in noise)
    return Verdict.of(reasons)


def _reasons(readings: tuple[Reading, ...], evidence: Evidence, words: Vocabulary) -> Iterator[Reason]:
    case = Case(
        readings,
        evidence,
        words,
        frozenset(c for r in readings for c in r.concepts),
        frozenset(t for r in readings for t in r.tags),
    )
    for check in CHECKS:
        yield from check(case)


@lru_cache(maxsize=1024)
def _noise(evidence: Evidence, words: Vocabulary) -> frozenset[Reason]:
    return frozenset(_reasons(evidence.whole, evidence, words))
