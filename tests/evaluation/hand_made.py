"""Answers, passages and questions made by hand for the tests of the evaluation program."""

from __future__ import annotations

from collections.abc import Sequence

from caveat.domain.model import (
    Caveat,
    CaveatKind,
    Certainty,
    Citation,
    Cited,
    Claim,
    Declined,
    DeclineReason,
    Level,
    Passage,
    Passages,
    QuestionKind,
    Severity,
    Source,
    Table,
)
from caveat.domain.ports import Filters, Hit
from caveat.evaluation.questions import Question

TEXT = "Depression fell by 53.9% on the drug. It did not differ from placebo."


class SmallIndex:
    """An evidence index of given passages; its two rankings and token scores are what the test says."""

    def __init__(
        self,
        passages: Sequence[Passage],
        dense: Sequence[str] = (),
        lexical: Sequence[str] = (),
        late: dict[str, float] | None = None,
    ) -> None:
        self._passages = {p.id: p for p in passages}
        self._dense, self._lexical, self._late = list(dense), list(lexical), late or {}

    generation = "by-hand"

    @property
    def source_count(self) -> int:
        return len({p.source_id for p in self._passages.values()})

    @property
    def passage_count(self) -> int:
        return len(self._passages)

    def search_dense(self, query: str, k: int, filters: Filters | None = None) -> list[Hit]:
        return [Hit(p, 1.0 / n) for n, p in enumerate(self._dense[:k], 1)]

    def search_lexical(self, query: str, k: int, filters: Filters | None = None) -> list[Hit]:
        return [Hit(p, 1.0 / n) for n, p in enumerate(self._lexical[:k], 1)]

    def late_interaction(self, query: str, passage_ids: Sequence[str]) -> dict[str, float]:
        return {p: s for p, s in self._late.items() if p in passage_ids}

    def sentence_similarity(self, query: str, passage_ids: Sequence[str]) -> dict[str, tuple[float, ...]]:
        return {}

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        return {i: self._passages[i] for i in ids if i in self._passages}

    def source_passages(self, source_id: str) -> list[Passage]:
        return [p for p in self._passages.values() if p.source_id == source_id]

    def sources(self, ids: Sequence[str]) -> dict[str, Source]:
        return {s.id: s for s in self.all_sources() if s.id in ids}

    def all_sources(self) -> Sequence[Source]:
        return [Source(i, i) for i in sorted({p.source_id for p in self._passages.values()})]


def passage(ident: str = "a#found", source: str = "a", text: str = TEXT) -> Passage:
    """A passage of one work."""
    return Passage(ident, source, "found", text, 0, len(text))


def citation(quote: str, of: Passage, *, start: int | None = None) -> Citation:
    """A citation of a stretch of the passage, at the right place unless the test says otherwise."""
    at = of.text.index(quote) if start is None else start
    return Citation(1, of.source_id, of.id, quote, at, at + len(quote))


def cited(
    *claims: Claim,
    headline: str = "Not shown.",
    kind: QuestionKind | None = QuestionKind.EFFECT,
    caveats: Sequence[CaveatKind] = (),
    table: Table | None = None,
    certain: bool = False,
) -> Cited:
    """A cited answer."""
    return Cited(
        question="q",
        standalone_question="q",
        question_kind=kind,
        headline=headline,
        caveats=tuple(Caveat(k, Severity.WARN, k.value) for k in caveats),
        claims=claims,
        table=table,
        certainty=Certainty(Level.LOW, ("one small trial",)) if certain else None,
    )


def claim(text: str, *citations: Citation) -> Claim:
    """A claim; without citations it quotes the first sentence of the standard passage."""
    standard = passage()
    return Claim(text, citations or (citation("Depression fell by 53.9% on the drug.", standard),))


def declined(
    reason: DeclineReason = DeclineReason.NOT_IN_COLLECTION, kind: QuestionKind | None = None
) -> Declined:
    """A declined answer."""
    return Declined(
        question="q", standalone_question="q", question_kind=kind, headline="Nothing found.", reason=reason
    )


def passages_only() -> Passages:
    """An answer without written text."""
    return Passages(
        question="q",
        standalone_question="q",
        headline="No sentence passed the check.",
        reason="no sentence passed the check",
        passages=(passage(),),
    )


def question(
    *,
    ident: str = "t1",
    text: str = "Does it help?",
    history: tuple[str, ...] = (),
    kinds: tuple[QuestionKind, ...] = (QuestionKind.EFFECT,),
    sources: tuple[tuple[str, ...], ...] = (("a",),),
    facts: tuple[tuple[str, ...], ...] = (),
    caveats: tuple[tuple[CaveatKind, ...], ...] = (),
    decline: tuple[DeclineReason, ...] = (),
) -> Question:
    """A question; with reasons to decline it is one that the collection does not answer."""
    return Question(
        id=ident,
        question=text,
        history=history,
        voice="patient",
        kinds=() if decline else kinds,
        answerable=not decline,
        expect_sources=() if decline else sources,
        facts=facts,
        caveats=caveats,
        decline=decline,
        notes="by hand",
    )
