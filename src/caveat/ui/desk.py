"""Where every question comes in, from the page and from programs: the limit, the request's id, one line of log."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Protocol

from caveat.answering.context import Screen
from caveat.answering.events import Progress, Turn
from caveat.domain.model import Answer, Declined, DeclineReason
from caveat.domain.ports import Filters
from caveat.errors import TooManyQuestions
from caveat.ui.limits import Limiter

log = logging.getLogger(__name__)


class Answerer(Protocol):
    """Answers one question: some progress, then exactly one answer, last."""

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        *,
        use_model: bool = False,
    ) -> Iterator[Progress | Answer]:
        """The steps of answering, as they happen."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as far as the limit needs it, and from where."""

    person: str = ""
    surface: str = "page"
    request: str = ""
    """The web request's id, where there is one; the log's line carries it."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Takes a question to the answerer. Holds nothing about any reader but how often they asked in this minute."""

    answerer: Answerer
    screen: Screen | None = None
    limiter: Limiter = field(default_factory=lambda: Limiter(0))

    def ask(
        self,
        question: str,
        history: Sequence[Turn],
        caller: Caller,
        filters: Filters | None = None,
        *,
        use_model: bool = False,
        answerer: Answerer | None = None,
    ) -> Iterator[Progress | Answer]:
        """Progress, then one answer, from ``answerer`` where this reader has one of their own; a card for a person in need is never held back by the limit."""
        started = time.monotonic()
        request_id = caller.request or secrets.token_hex(4)
        try:
            self.limiter.check(caller.person)
        except TooManyQuestions as error:
            card = self._help_only(question, history, str(error))
            _note(request_id, caller, started, outcome="limited")
            if card is None:
                raise
            yield card
            return
        outcome, answer = "stopped", None
        try:
            with closing(
                _generator(answerer or self.answerer, question, history, filters, use_model)
            ) as events:
                for event in events:
                    if not isinstance(event, Progress):
                        answer = event
                    yield event
            if answer is None:
                raise RuntimeError("the answerer ended without an answer")
            outcome = "answered"
        except Exception as error:
            outcome = f"failed:{type(error).__name__}"
            raise
        finally:
            _note(request_id, caller, started, outcome, answer)

    def _help_only(self, question: str, history: Sequence[Turn], why: str) -> Declined | None:
        if self.screen is None:
            return None
        screening = self.screen(question, [turn.question for turn in history])
        if screening.card is None or not screening.person_in_need:
            return None
        asked = screening.clean_text if screening.clean_text is not None else question
        return Declined(
            question=asked,
            standalone_question=asked,
            headline=why,
            reason=DeclineReason(screening.card.kind.value),
            card=screening.card,
            notices=screening.all_notices(),
        )


def _generator(
    answerer: Answerer, question: str, history: Sequence[Turn], filters: Filters | None, use_model: bool
) -> Generator[Progress | Answer, None, None]:
    yield from answerer.ask(question, history, filters, use_model=use_model)


def _note(
    request_id: str, caller: Caller, started: float, outcome: str, answer: Answer | None = None
) -> None:
    """One line a question: never its words, never who asked."""
    facts: Mapping[str, object] = {
        "request": request_id,
        "surface": caller.surface,
        "outcome": outcome,
        "answer": type(answer).__name__.lower() if answer is not None else None,
        "reason": answer.reason.value if isinstance(answer, Declined) else None,
        "ms": round((time.monotonic() - started) * 1000),
        "generation": answer.trace.generation if answer is not None else None,
    }
    log.info("asked", extra={"facts": {k: v for k, v in facts.items() if v is not None}})
