"""The answer for programs: the same JSON as everywhere else, under the name ``ask``."""

from __future__ import annotations

from typing import Any

import gradio as gr

from caveat.answering.events import Progress, Turn
from caveat.answering.serialize import answer_to_dict
from caveat.ui.chat import Answerer
from caveat.ui.failures import plain_line

DESCRIPTION = (
    "Answers one question from the collection. `message` is the question; `history` may hold the earlier "
    "questions "
    "of the conversation, oldest first. Returns the answer as JSON."
)


class AskApi:
    """``ask(message, history)`` as an endpoint of the page."""

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer

    def ask(self, message: str, history: list[str] | None = None) -> dict[str, Any]:
        """The answer as JSON; an error reaches the caller as one plain line."""
        turns = [Turn(question=question) for question in history or [] if isinstance(question, str)]
        try:
            for event in self._answerer.ask(message.strip(), turns):
                if not isinstance(event, Progress):
                    return dict(answer_to_dict(event))
            raise RuntimeError("the answerer ended without an answer")
        except Exception as error:
            raise gr.Error(plain_line(error), print_exception=False) from None
