"""One question from the page to the answerer and back, as a stream of what the page shows."""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Protocol

from caveat.answering.events import Progress, Turn
from caveat.domain.model import Answer
from caveat.domain.ports import IndexProvider
from caveat.errors import CaveatError
from caveat.ui.exchange import exchange
from caveat.ui.fields import texts
from caveat.ui.history import Exchange, dump, load
from caveat.ui.transcript import announcement, failed, transcript, working

log = logging.getLogger(__name__)


class Answerer(Protocol):
    """Answers one question: some progress, then exactly one answer, last."""

    def ask(self, question: str, history: Sequence[Turn]) -> Iterator[Progress | Answer]:
        """The steps of answering, as they happen."""


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows at one moment. ``kept`` is ``None`` while nothing is to be stored."""

    transcript: str
    kept: dict[str, Any] | None = None
    spoken: str = ""
    follow_ups: tuple[str, ...] = ()
    done: bool = False


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
        yield View(transcript(earlier, working(question, steps)))
        answer: Answer | None = None
        try:
            with closing(_events(self.answerer, question, [e.as_turn() for e in earlier])) as events:
                for event in events:
                    if isinstance(event, Progress):
                        steps.append(event)
                        yield View(transcript(earlier, working(question, steps)))
                    else:
                        answer = event
            if answer is None:
                raise RuntimeError("the answerer ended without an answer")
            done = exchange(question, answer, self.provider)
            shown = [*earlier, done]
            view = View(
                transcript(shown),
                kept=dump(shown),
                spoken=announcement(done),
                follow_ups=follow_ups(shown),
                done=True,
            )
        except Exception as error:
            message = plain_line(error)
            view = View(
                transcript(earlier, failed(question, message)),
                spoken=message,
                follow_ups=follow_ups(earlier),
                done=True,
            )
        yield view

    def restore(self, stored: object) -> View:
        """The conversation a browser kept, as it was."""
        earlier = load(stored)
        return View(transcript(earlier), follow_ups=follow_ups(earlier), done=True)


def follow_ups(exchanges: Sequence[Exchange]) -> tuple[str, ...]:
    """The questions the last answer suggests."""
    return tuple(texts(exchanges[-1].answer, "follow_ups")) if exchanges else ()


def plain_line(error: Exception) -> str:
    """What a reader is told; the log gets the place of an unexpected error, never its words."""
    if isinstance(error, CaveatError):
        return str(error)
    request_id = secrets.token_hex(4)
    places = " < ".join(
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}"
        for frame in reversed(traceback.extract_tb(error.__traceback__))
    )
    log.error("request %s failed: %s at %s", request_id, type(error).__name__, places)
    return f"Something went wrong on our side, and it was logged as {request_id}. Please try again."


def _events(
    answerer: Answerer, question: str, history: Sequence[Turn]
) -> Generator[Progress | Answer, None, None]:
    yield from answerer.ask(question, history)
