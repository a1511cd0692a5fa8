"""One question from the page to the answerer and back, as a stream of what the page shows."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Protocol

from caveat.answering.events import Progress, Turn
from caveat.domain.model import Answer
from caveat.domain.ports import IndexProvider
from caveat.ui.exchange import exchange
from caveat.ui.failures import plain_line
from caveat.ui.fields import texts
from caveat.ui.history import Exchange, dump, has_dropped, load
from caveat.ui.transcript import announcement, failed, spoken, transcript, working

FRESH_SECONDS = 0.5


class Answerer(Protocol):
    """Answers one question: some progress, then exactly one answer, last."""

    def ask(self, question: str, history: Sequence[Turn]) -> Iterator[Progress | Answer]:
        """The steps of answering, as they happen."""


class Phase(StrEnum):
    """Where a question stands."""

    WORKING = "working"
    ANSWERED = "answered"
    FAILED = "failed"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows at one moment; ``None`` leaves what is there."""

    phase: Phase
    current: str = ""
    """The question being worked on, or the one that failed."""
    transcript: str | None = None
    kept: dict[str, Any] | None = None
    spoken: str = ""
    follow_ups: tuple[str, ...] = ()
    question: str = ""
    fresh: bool = False
    """True while the question was asked just now, so that the box may still hold it."""


@dataclass(frozen=True, slots=True)
class Chat:
    """The conversation of one page; holds nothing about any reader."""

    answerer: Answerer
    provider: IndexProvider

    def ask(self, message: str, stored: object) -> Iterator[View]:
        """Progress while working, then the answer or one plain line that says why there is none."""
        question = message.strip()
        earlier = load(stored)
        steps: list[Progress] = []
        started = time.monotonic()
        yield View(Phase.WORKING, working(question, steps), fresh=True)
        answer: Answer | None = None
        try:
            with closing(_events(self.answerer, question, [e.as_turn() for e in earlier])) as events:
                for event in events:
                    if isinstance(event, Progress):
                        steps.append(event)
                        yield View(Phase.WORKING, working(question, steps), fresh=_fresh(started))
                    else:
                        answer = event
            if answer is None:
                raise RuntimeError("the answerer ended without an answer")
            done = exchange(question, answer, self.provider)
            shown = self._shown([*earlier, done], stored, Phase.ANSWERED, spoken=announcement(done))
            view = replace(shown, fresh=_fresh(started))
        except Exception as error:
            line = plain_line(error)
            follow = follow_ups(earlier)
            view = View(
                Phase.FAILED,
                failed(question, line),
                spoken=spoken(line),
                follow_ups=follow,
                question=question,
            )
        yield view

    def restore(self, stored: object) -> View:
        """The conversation a browser kept, as it was."""
        return self._shown(load(stored), stored, Phase.RESTORED)

    def _shown(self, exchanges: Sequence[Exchange], stored: object, phase: Phase, spoken: str = "") -> View:
        dropped = has_dropped(stored)
        return View(
            phase,
            transcript=transcript(exchanges, dropped=dropped),
            kept=dump(exchanges, dropped=dropped),
            spoken=spoken,
            follow_ups=follow_ups(exchanges),
        )


def follow_ups(exchanges: Sequence[Exchange]) -> tuple[str, ...]:
    """The questions the last answer suggests."""
    return tuple(texts(exchanges[-1].answer, "follow_ups")) if exchanges else ()


def _fresh(started: float) -> bool:
    return time.monotonic() - started < FRESH_SECONDS


def _events(
    answerer: Answerer, question: str, history: Sequence[Turn]
) -> Generator[Progress | Answer, None, None]:
    yield from answerer.ask(question, history)
