"""One question from the page to the answerer and back, as a stream of what the page shows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from caveat.answering.events import Progress, Stage
from caveat.domain.model import Answer
from caveat.domain.ports import Filters, IndexProvider
from caveat.ui.desk import Caller, Desk
from caveat.ui.exchange import exchange
from caveat.ui.failures import plain_line
from caveat.ui.history import Exchange, dump, has_dropped, load, numbers_of
from caveat.ui.look import Look, Rewriting, as_seen
from caveat.ui.numbering import extended, renumbered
from caveat.ui.own import Own
from caveat.ui.transcript import announcement, failed, spoken, transcript, working

FRESH_SECONDS = 0.5
SHOWN_EVERY = 0.25
"""Steps that follow one another faster than a reader can see are not sent one by one: each view costs time."""
SLOW_STAGES = frozenset({Stage.SEARCH, Stage.DRAFT})
"""Steps that may take long, so that they are shown at once."""


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
    question: str = ""
    fresh: bool = False
    """True while the question was asked just now, so that the box may still hold it."""


@dataclass(frozen=True, slots=True)
class Chat:
    """The conversation of one page; holds nothing about any reader."""

    desk: Desk
    provider: IndexProvider
    rewriting: Rewriting = field(default_factory=Rewriting)

    def ask(
        self,
        message: str,
        stored: object,
        look: Look | None = None,
        caller: Caller | None = None,
        filters: Filters | None = None,
        *,
        use_model: bool = False,
        note: str = "",
        own: Callable[[], Own | None] | None = None,
    ) -> Iterator[View]:
        """Progress while working, then the answer or one plain line that says why there is none.

        ``note`` is told with an answer that a search was made for; ``own`` opens this reader's own collection.
        """
        look, caller = look or Look(), caller or Caller()
        question = message.strip()
        earlier = load(stored)
        steps: list[Progress] = []
        started = time.monotonic()
        yield View(Phase.WORKING, working(question, steps), fresh=True)
        last_shown = time.monotonic()
        answer: Answer | None = None
        try:
            turns = [e.as_turn() for e in earlier]
            mine = own() if own else None
            events = self.desk.ask(
                question,
                turns,
                caller,
                filters,
                use_model=use_model,
                answerer=mine.answerer if mine else None,
            )
            for event in events:
                if isinstance(event, Progress):
                    steps.append(event)
                    if event.stage not in SLOW_STAGES and time.monotonic() - last_shown < SHOWN_EVERY:
                        continue
                    last_shown = time.monotonic()
                    yield View(Phase.WORKING, working(question, steps), fresh=_fresh(started))
                else:
                    answer = event
            if answer is None:
                raise RuntimeError("the answerer ended without an answer")
            if note and answer.searched.queries:
                answer = replace(answer, notices=(*answer.notices, note))
            numbers = extended(numbers_of(stored), answer)
            where = (mine.provider, self.provider) if mine else (self.provider,)
            done = exchange(question, renumbered(answer, numbers), *where)
            shown = self._shown([*earlier, done], stored, look, Phase.ANSWERED, numbers)
            said = announcement(as_seen(done, look, self.rewriting))
            view = replace(shown, spoken=said, fresh=_fresh(started))
        except Exception as error:
            line = plain_line(error, caller.request)
            view = View(
                Phase.FAILED,
                failed(question, line),
                spoken=spoken(line),
                question=question,
            )
        yield view

    def restore(self, stored: object, look: Look | None = None) -> View:
        """The conversation a browser kept, as it was, or in the words and order now chosen."""
        return self._shown(load(stored), stored, look or Look(), Phase.RESTORED, numbers_of(stored))

    def _shown(
        self, exchanges: Sequence[Exchange], stored: object, look: Look, phase: Phase, numbers: dict[str, int]
    ) -> View:
        dropped = has_dropped(stored)
        seen = [as_seen(exchange, look, self.rewriting) for exchange in exchanges]
        return View(
            phase,
            transcript=transcript(seen, dropped=dropped),
            kept=dump(exchanges, dropped=dropped, numbers=numbers),
        )


def _fresh(started: float) -> bool:
    return time.monotonic() - started < FRESH_SECONDS
