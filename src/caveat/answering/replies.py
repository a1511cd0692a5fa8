"""Builds the answer of one question from its parts: cited, passages, or declined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from caveat.answering.compose import Parts
from caveat.answering.context import Asked, degraded, nearest_works, removed_words
from caveat.answering.decline import declined
from caveat.answering.gate import Refusal
from caveat.answering.unknowns import for_the_prescriber
from caveat.answering.verdict import labels
from caveat.domain.caveats import dated
from caveat.domain.model import (
    Answer,
    Card,
    CardKind,
    Caveat,
    CaveatKind,
    Cited,
    DeclineReason,
    Passage,
    Passages,
    Severity,
)
from caveat.domain.safety import tells_of_methods
from caveat.domain.topic import Topic


def cited(common: Asked, parts: Parts, topic: Topic) -> Answer:
    """The answer made of these parts; without a claim, the passages and why."""
    draft = common.draft
    removed = parts.removed + (len(draft.removed) if draft else 0)
    reasons = draft.removed if draft else ()
    caveats = [*parts.caveats, *degraded(common.retrieval)]
    if draft and draft.fault:
        caveats.append(Caveat(CaveatKind.MODEL_UNAVAILABLE, Severity.INFO, draft.notice))
    if removed:
        text = removed_words(removed)
        caveats.append(Caveat(CaveatKind.CLAIMS_REMOVED, Severity.INFO, text))
    if not parts.claims:
        return Passages(
            question=common.question,
            standalone_question=common.alone,
            question_kind=common.read.kind,
            headline="No sentence could be proven; these are the passages that were found.",
            caveats=tuple(caveats),
            searched=common.searched(),
            notices=common.all_notices(),
            card=common.screening.card,
            trace=common.trace(),
            reason="no sentence passed its check",
            passages=_shown(common),
            removed_claims=removed,
            removed=reasons,
        )
    return Cited(
        question=common.question,
        standalone_question=common.alone,
        question_kind=common.read.kind,
        headline=parts.headline,
        caveats=tuple(caveats),
        sources=parts.sources,
        card=_card(common, parts, caveats, topic),
        searched=common.searched(),
        notices=common.all_notices(),
        trace=common.trace(),
        claims=parts.claims,
        certainty=parts.certainty,
        table=parts.table,
        unknowns=parts.unknowns,
        removed_claims=removed,
        removed=reasons,
        follow_ups=parts.follow_ups,
    )


def _shown(common: Asked, most: int = 5) -> tuple[Passage, ...]:
    """The best passages; where the message touches on self-harm, none that tells of methods."""
    found = [common.retrieval.passages[i] for i in common.retrieval.ranked]
    hide = common.screening.on_self_harm
    return tuple(p for p in found if not (hide and tells_of_methods(p.text)))[:most]


def _card(common: Asked, parts: Parts, caveats: Sequence[Caveat], topic: Topic) -> Card | None:
    """The card; that of a personal decision also carries questions drawn from the works that were found."""
    card = common.screening.card
    if card is None or card.kind is not CardKind.PERSONAL_DECISION:
        return card
    drug = labels(common.read.drugs[:1], topic) or topic.by_id[topic.main_drug].label
    asked = for_the_prescriber([s.source for s in parts.sources], caveats, drug)
    return replace(card, text="\n".join([card.text, *(f"- {q}" for q in asked)]))


def not_answered(common: Asked, topic: Topic, no: Refusal) -> Answer:
    """Says that nothing is answered, what was searched and what is nearest."""
    reason, missing = no.reason, no.missing
    beside = {"approval": topic.approval, "warnings": topic.label_warnings}.get(no.beside or "")
    if common.screening.card is not None and common.screening.person_in_need:
        reason, missing = DeclineReason(common.screening.card.kind.value), ()
    nearest = nearest_works(common.retrieval) if reason is DeclineReason.NOT_IN_COLLECTION else ()
    reply = declined(
        common.question,
        reason,
        topic,
        standalone=common.alone,
        missing=missing,
        known=dated(beside) if beside and beside.text else None,
        nearest=[common.retrieval.sources[i] for i in nearest if i in common.retrieval.sources],
        card=common.screening.card,
        notices=common.all_notices(),
    )
    return replace(
        reply,
        question_kind=common.read.kind,
        searched=replace(common.searched(), nearest=tuple(nearest)),
        caveats=degraded(common.retrieval),
        trace=common.trace(),
    )
