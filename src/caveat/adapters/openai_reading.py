"""One reply of a chat server as it comes in, whole or streamed."""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import Any

from caveat.adapters.openai_server import Server
from caveat.domain.ports import Completion
from caveat.errors import ModelFault, ModelUnavailable

News = SimpleQueue[int | Completion | ModelUnavailable]
"""What the one who waits is told: characters so far, the completion, or why there is none."""


class TimeLimit(TimeoutError):
    """The limit set for the whole call is over."""


class Reading:
    """The text of one reply as it comes in."""

    def __init__(self, most_chars: int) -> None:
        self._most = most_chars
        self._text: list[str] = []
        self._size = 0
        self._finish: str | None = None
        self._refused = False
        self._usage: Any = None

    def stream(self, chunks: Any, news: News, stop: threading.Event) -> bool:
        """Reads a streamed reply; False when nothing came that is a part of one."""
        import openai

        seen = False
        try:
            with chunks:
                for chunk in chunks:
                    if stop.is_set():
                        raise TimeLimit
                    self._usage = getattr(chunk, "usage", None) or self._usage
                    for choice in getattr(chunk, "choices", None) or ():
                        seen = True
                        self._take(getattr(choice, "delta", None))
                        self._finish = getattr(choice, "finish_reason", None) or self._finish
                    news.put(self._size)
                    if self._size > self._most:
                        self._finish = "length"
                        break
        except openai.APIConnectionError as error:
            if not seen or isinstance(error, openai.APITimeoutError):
                raise
            self._finish = None  # it broke off: what came is no answer
        return seen

    def whole(self, reply: Any) -> bool:
        """Reads a reply that came in one piece."""
        choices = getattr(reply, "choices", None)
        if not choices:
            raise ValueError("no reply in the response")
        self._usage = getattr(reply, "usage", None)
        self._take(getattr(choices[0], "message", None))
        self._finish = getattr(choices[0], "finish_reason", None) or "stop"
        return True

    def _take(self, part: Any) -> None:
        content = getattr(part, "content", None)
        self._refused = self._refused or bool(getattr(part, "refusal", None))
        if isinstance(content, str):
            self._text.append(content)
            self._size += len(content)

    def completion(self, seconds: float, server: Server) -> Completion:
        where = f"The language model at {server.host}"
        if self._refused or self._finish == "content_filter":
            raise ModelUnavailable(f"{where} declined to write.", ModelFault.REFUSED)
        if self._finish is None:
            raise ModelUnavailable(f"{where} broke off in the middle.", ModelFault.CUT_OFF)
        return Completion(
            "".join(self._text),
            seconds,
            _count(self._usage, "prompt_tokens"),
            _count(self._usage, "completion_tokens"),
            self._finish == "length",
        )


def _count(usage: Any, name: str) -> int | None:
    value = getattr(usage, name, None)
    return value if isinstance(value, int) and value >= 0 else None
