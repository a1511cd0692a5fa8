"""What one question carries along while it is answered, and what the safety step says of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from caveat.answering.model_call import Use
from caveat.answering.model_claims import DraftResult
from caveat.answering.retrieve import Retrieval
from caveat.domain.model import Card, CardKind, Caveat, CaveatKind, Searched, Severity, Trace
from caveat.domain.ports import EvidenceIndex
from caveat.domain.question import Question


@dataclass(frozen=True, slots=True)
class Screening:
    """What the safety rules say of a message."""

    card: Card | None = None
    answer_evidence: bool = True
    footer: str | None = None
    notices: tuple[str, ...] = ()
    clean_text: str | None = None
    """The message without the personal details that were noticed in it; nothing else of it is used or repeated."""
    language_notice: str | None = None
    """Set when the question is in another language: one line, in that language."""

    @property
    def person_in_need(self) -> bool:
        """True when somebody needs help first: nothing is read into the message that it does not ask."""
        return self.card is not None and self.card.kind in {CardKind.CRISIS, CardKind.URGENT}

    @property
    def on_self_harm(self) -> bool:
        """True when the message touches on suicide or self-harm: passages that tell of methods are then withheld."""
        return self.footer is not None or (self.card is not None and self.card.kind is CardKind.CRISIS)

    def all_notices(self) -> tuple[str, ...]:
        """What is told beside any answer, the footer last."""
        return (*self.notices, *((self.footer,) if self.footer else ()))


class Screen(Protocol):
    """Reads the raw message before anything else; never raises."""

    def __call__(self, text: str, history: Sequence[str]) -> Screening:
        """The card and notices for this message, given the earlier ones."""


@dataclass(frozen=True, slots=True)
class Asked:
    question: str
    alone: str
    read: Question
    index: EvidenceIndex
    retrieval: Retrieval
    screening: Screening
    notices: tuple[str, ...]
    timings: dict[str, float]
    started: float
    use: Use | None = None
    draft: DraftResult | None = None

    def searched(self) -> Searched:
        return Searched(self.retrieval.queries, self.index.source_count, self.retrieval.considered)

    def trace(self) -> Trace:
        self.timings["total"] = round((time.perf_counter() - self.started) * 1000, 1)
        trace = Trace(self.retrieval.trace, dict(self.timings), None, self.index.generation)
        use = self.use
        if use is None or not use.sent:
            return trace
        return replace(
            trace,
            model=use.chat.info.name,
            prompt_hash=use.prompt_hash,
            tokens_in=use.cost.tokens_in,
            tokens_out=use.cost.tokens_out,
            model_seconds=use.cost.seconds,
            verdicts=self.draft.verdicts if self.draft else (),
        )

    def all_notices(self) -> tuple[str, ...]:
        drafted = (self.draft.notice,) if self.draft and not self.draft.fault else ()
        return (*self.notices, *drafted, *self.screening.all_notices())


def known_word(index: EvidenceIndex, word: str) -> bool:
    try:
        return bool(index.search_lexical(word, 1))
    except Exception:  # a search that fails here is reported by the real search
        return False


def lap(timings: dict[str, float], name: str, since: float) -> float:
    now = time.perf_counter()
    timings[name] = round((now - since) * 1000, 1)
    return now


def nearest_works(retrieval: Retrieval, most: int = 3) -> tuple[str, ...]:
    return tuple(dict.fromkeys(retrieval.passages[i].source_id for i in retrieval.ranked))[:most]


def degraded(retrieval: Retrieval) -> tuple[Caveat, ...]:
    out = []
    if "dense" in retrieval.missing:
        text = "Searched by words only: the search by meaning could not be run."
        out.append(Caveat(CaveatKind.LEXICAL_ONLY, Severity.WARN, text))
    if "lexical" in retrieval.missing:
        text = "Searched by meaning only: the search by words could not be run."
        out.append(Caveat(CaveatKind.DENSE_ONLY, Severity.WARN, text))
    return tuple(out)


def removed_words(n: int) -> str:
    """ "1 draft sentence was removed: no passage supported it." """
    what, it = ("1 draft sentence was", "it") if n == 1 else (f"{n} draft sentences were", "them")
    return f"{what} removed: no passage supported {it}."
