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
    exchange,
    figures,
    groups,
    hedges,
    homes,
    measures,
    negations,
    order,
    owners,
    pairings,
    roles,
    scope,
    shares,
    times,
    together,
)
from caveat.domain.verify.case import Case
from caveat.domain.verify.evidence import Evidence, gather, split, surrounding
from caveat.domain.verify.locate import gentle, locate
from caveat.domain.verify.parts import carried
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.verdict import Reason, ReasonKind, Verdict
from caveat.domain.verify.words import Vocabulary, default_vocabulary

MAX_CLAIM = 1200
"""Longer claims are refused unread: a claim is one sentence."""

CONTRADICTIONS = frozenset({ReasonKind.DIRECTION, ReasonKind.NEGATION, ReasonKind.SIGNIFICANCE})
"""What one cited work may hold against a claim that another one bears out."""

Located = tuple[str, tuple[str, ...], str]
"""A quote, the whole sentences it stands in, and its passage."""

MAX_QUOTE = 12_000
"""A longer stretch proves nothing in particular."""

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
    groups.check,
    shares.check,
    counts.check,
    measures.check,
    hedges.check,
    causes.check,
    agents.check,
    clauses.check,
    homes.check,
    contrasts.check,
    together.check,
    times.check,
    roles.check,
    owners.check,
    exchange.check,
    coverage.check,
)


def verify(
    claim: str,
    quotes: Sequence[str],
    passage_texts: Sequence[str],
    source: Source | Sequence[Source | None] | None = None,
    *,
    words: Vocabulary | None = None,
) -> Verdict:
    """Whether the quotes, each standing in its passage, bear out the claim; without quotes the passages are the quotes.

    ``source`` is the work all quotes come from, or one work (or None) for each quote. Quotes of one work count
    together; of several works, each statement of the claim must be borne out by one work alone and contradicted by none.
    """
    words = words or default_vocabulary()
    text = gentle(claim)
    if not any(c.isalnum() for c in text):
        return Verdict.of((Reason(ReasonKind.EMPTY, "The claim is empty."),))
    if len(text) > MAX_CLAIM:
        return Verdict.of((Reason(ReasonKind.TOO_LONG, "The claim is longer than one sentence can be."),))
    if not quotes:
        quotes = passage_texts
    missing = Reason(ReasonKind.QUOTE_NOT_IN_PASSAGE, "The quote is not in the passage.")
    sources = (source,) * len(quotes) if source is None or isinstance(source, Source) else tuple(source)
    if not quotes or not len(quotes) == len(passage_texts) == len(sources):
        return Verdict.of((missing,))
    works: dict[Source | str, list[Located]] = {}
    for quote, passage, work in zip(quotes, passage_texts, sources, strict=True):
        span = locate(quote, passage)
        if span is None:
            return Verdict.of((missing,))
        if span.end - span.start > MAX_QUOTE:
            return Verdict.of((Reason(ReasonKind.TOO_LONG, "The quote is longer than a quote can be."),))
        found = (passage[span.start : span.end], surrounding(passage, span))
        works.setdefault(work or passage, []).append((*found, passage))
    told = [_evidence(key, located, words) for key, located in works.items()]
    if len(told) == 1:
        return Verdict.of(_judge(text, *told[0], words))
    return _several(text, told, words)


def _evidence(
    key: Source | str, located: list[Located], words: Vocabulary
) -> tuple[frozenset[str], Evidence]:
    """What one work has to say, and its own sentences word for word."""
    own = frozenset(
        gentle(s).rstrip(" .") for _, sentences, _ in located for s in (*sentences, " ".join(sentences))
    )
    quotes = tuple((quote, sentences) for quote, sentences, _ in located)
    passages = tuple(dict.fromkeys(passage for *_, passage in located))
    return own, gather(quotes, passages, key if isinstance(key, Source) else None, words)


def _judge(text: str, own: frozenset[str], evidence: Evidence, words: Vocabulary) -> tuple[Reason, ...]:
    if text.rstrip(" .") in own:
        return ()
    reasons = tuple(_reasons(split(text, words), evidence, words))
    if reasons:
        # What a check would also hold against the quote itself says nothing about the claim.
        noise = _noise(evidence, words)
        reasons = tuple(r for r in reasons if r not in noise)
    return reasons


def _several(text: str, told: list[tuple[frozenset[str], Evidence]], words: Vocabulary) -> Verdict:
    """The verdict on a claim that cites several works."""

    contrary: list[Reason] = []

    def borne(part: str) -> bool:
        judged = [_judge(part, *work, words) for work in told]
        for reasons in judged:
            if reasons and all(r.kind in CONTRADICTIONS for r in reasons):
                contrary.extend(reasons)
                return False
        return not all(judged)

    if carried(text, borne):
        return Verdict(True)
    return Verdict.of(tuple(contrary) or min((_judge(text, *work, words) for work in told), key=len))


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
