"""Asks a receipt's question again and says what is the same: the collection, its passages, the ranking, the verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from caveat.answering.events import Turn
from caveat.answering.receipt.hashing import collection_hash, text_hash
from caveat.answering.receipt.stored import Receipt, StoredFilters
from caveat.answering.receipt.verdicts import Cite, verdict_on
from caveat.answering.serialize import answer_to_dict, source_to_dict
from caveat.domain.model import Answer
from caveat.domain.ports import EvidenceIndex, Filters

_WATCHED = (
    "status design n_total primary_outcome_met direction trial_status note_not_original abstract_only preprint title notices"
).split()


class Answers(Protocol):
    """Whatever answers questions."""

    def answer(self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None) -> Answer:
        """The answer alone, without a language model."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was. ``about`` names a passage, a work or a claim."""

    what: str
    about: str
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a replay found. ``checked`` counts what was compared, by name."""

    intact: bool
    same_generation: bool
    same_collection: bool | None
    checked: dict[str, int]
    differences: tuple[Difference, ...]

    @property
    def same(self) -> bool:
        """True when nothing that was compared differs and the receipt is as it was written."""
        return self.intact and not self.differences


def replay(receipt: Receipt, index: EvidenceIndex, answerer: Answers) -> Outcome:
    """Compares the receipt with the index and with the answer of today.

    Passages, facts of the cited works and verdicts are compared as the receipt has them; ranking, kind, headline,
    certainty and claims with what the question gives now. What a language model wrote is not written again: its claims
    are verified again instead.
    """
    limits = _filters(receipt.question.filters)
    if receipt.model.name is None:
        now = answerer.answer(
            receipt.question.text, [Turn(text) for text in receipt.question.history], limits
        )
    else:  # a model may have worded the follow-up: what it made of it is asked
        now = answerer.answer(receipt.answer.standalone_question, (), limits)
    differences = [
        *_passages(receipt, index),
        *_works(receipt, index),
        *_verdicts(receipt, index),
        *_ranking(receipt, now),
        *_answer(receipt, now),
    ]
    stored = receipt.collection
    known = stored.sha256 if stored else None
    return Outcome(
        receipt.intact,
        stored is None or stored.generation == index.generation,
        None if known is None else known == collection_hash(index),
        {
            "passages": len(receipt.passages),
            "works": len(receipt.answer.sources),
            "verdicts": len(receipt.verdicts),
            "ranks": sum(p.rank is not None for p in receipt.passages),
        },
        tuple(differences),
    )


def _passages(receipt: Receipt, index: EvidenceIndex) -> Iterator[Difference]:
    found = index.passages([p.passage_id for p in receipt.passages])
    for p in receipt.passages:
        role = "cited passage" if p.cited else "passage"
        if p.passage_id not in found:
            yield Difference(f"{role} vanished", p.passage_id, p.sha256[:12], None)
        elif (now := text_hash(found[p.passage_id].text)) != p.sha256:
            yield Difference(f"{role} changed", p.passage_id, p.sha256[:12], now[:12])


def _works(receipt: Receipt, index: EvidenceIndex) -> Iterator[Difference]:
    cited = {c.source_id for claim in receipt.answer.claims for c in claim.citations}
    found = index.sources(sorted({p.source_id for p in receipt.passages} | cited))
    for source_id in sorted(cited - found.keys()):
        yield Difference("cited work vanished", source_id, "in the collection", None)
    status = {p.source_id: p.status for p in receipt.passages if p.status}
    for source_id, was in sorted(status.items()):
        if source_id in found and (now := found[source_id].status.value) != was:
            yield Difference("status changed", source_id, was, now)
    for old in receipt.answer.sources:
        source = found.get(str(old.get("id")))
        facts = source_to_dict(source) if source else {}
        for name in _WATCHED[1:]:
            if source and name in old and old[name] != facts[name]:
                yield Difference(f"{name} changed", source.id, _word(old[name]), _word(facts[name]))


def _verdicts(receipt: Receipt, index: EvidenceIndex) -> Iterator[Difference]:
    for verdict in receipt.verdicts:
        if not 1 <= verdict.claim <= len(receipt.answer.claims):
            yield Difference("verdict without a claim", f"claim {verdict.claim}", None, None)
            continue
        claim = receipt.answer.claims[verdict.claim - 1]
        cites = [Cite(c.source_id, c.passage_id, c.quote, c.start, c.end) for c in claim.citations]
        now = verdict_on(claim.text, cites, index)
        if now.supported != verdict.supported:
            words = {True: "supported", False: "not supported"}
            why = f" ({', '.join(now.reasons)})" if now.reasons else ""
            yield Difference(
                "verdict changed",
                f"claim {verdict.claim}",
                words[verdict.supported],
                words[now.supported] + why,
            )


def _ranking(receipt: Receipt, now: Answer) -> Iterator[Difference]:
    was = {p.passage_id: p.rank for p in receipt.passages if p.rank is not None}
    ranks = {r.passage_id: r.rank for r in now.trace.retrieved}
    for passage_id in sorted(was.keys() | ranks.keys(), key=lambda i: was.get(i) or ranks.get(i) or 0):
        before, after = was.get(passage_id), ranks.get(passage_id)
        if before != after:
            yield Difference("rank changed", passage_id, _word(before), _word(after))


def _answer(receipt: Receipt, now: Answer) -> Iterator[Difference]:
    data = answer_to_dict(now)
    old = receipt.answer
    if old.kind != data["kind"] or old.reason != data["reason"]:
        yield Difference(
            "kind of answer changed",
            "answer",
            _kind(old.kind, old.reason),
            _kind(data["kind"], data["reason"]),
        )
    if receipt.model.name is not None:
        return
    if old.headline != data["headline"]:
        yield Difference("headline changed", "answer", old.headline, str(data["headline"]))
    certainty = data["certainty"]
    level = certainty["level"] if isinstance(certainty, dict) else None
    if (old.certainty.level if old.certainty else None) != level:
        yield Difference("certainty changed", "answer", old.certainty.level if old.certainty else None, level)
    claims = data["claims"] if isinstance(data["claims"], list) else []
    was, told = {c.text: c.stance for c in old.claims}, {str(c["text"]): str(c["stance"]) for c in claims}
    for text in [*was, *(t for t in told if t not in was)]:
        if was.get(text) != told.get(text):
            what = "claim gone" if text not in told else "claim new" if text not in was else "stance changed"
            yield Difference(what, text, was.get(text), told.get(text))


def _kind(kind: object, reason: object) -> str:
    return f"{kind}: {reason}" if reason else str(kind)


def _word(value: object) -> str | None:
    return None if value is None else str(value)


def _filters(stored: StoredFilters | None) -> Filters | None:
    if stored is None:
        return None
    return Filters(
        stored.year_from,
        stored.year_to,
        stored.designs,
        stored.statuses,
        stored.population,
        stored.source_ids,
    )
