"""The chat of an OpenAI-compatible server (OpenAI, Ollama, vLLM, llama.cpp …) as a ``ChatModel``.

Servers differ in what they understand. What a server refuses (a JSON schema, a temperature, the name of the length
limit, a system message) is left out at the next try and, once a call has succeeded without it, ever after.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from caveat.adapters.openai_reading import News, Reading, TimeLimit
from caveat.adapters.openai_server import Server, fault_of, wait
from caveat.domain.ports import Completion, Message, ModelInfo
from caveat.errors import ModelFault, ModelUnavailable

if TYPE_CHECKING:
    import openai

log = logging.getLogger(__name__)
MOST_TRIES = 7
BEAT_SECONDS = 0.5
PROBE_SECONDS = 30.0
PAUSE_SECONDS = 0.5
"""Before a request that got no answer at all is sent once more."""
CHARS_A_TOKEN = 12
"""More characters than this a token of the limit, and the server is not heeding the limit."""
_FORMATS = ("schema", "object with schema", "object", "text")
_LENGTHS = ("max_tokens", "max_completion_tokens", None)
_COMPLAINTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("temperature", ("temperature",)),
    ("usage", ("stream_options", "include_usage")),
    ("length", ("max_tokens", "max_completion_tokens")),
    ("system", ("system role", "system message", "role 'system'", "roles must alternate")),
    ("format", ("response_format", "json_schema", "json_object", "schema", "grammar")),
    ("stream", ("streaming", "'stream'", "stream is")),
)
_GIVE_UP_ORDER = ("format", "usage", "temperature", "length", "system", "stream")


@dataclass
class _Manners:
    """What this server is known not to understand."""

    format: int = 0
    length: int = 0
    temperature: bool = True
    usage: bool = True
    system: bool = True
    stream: bool = True

    def drop(self, what: str) -> bool:
        """Leaves it out, or takes its next form, from now on; False when there is nothing left to try."""
        forms = {"format": len(_FORMATS), "length": len(_LENGTHS)}.get(what)
        if forms is not None:
            form = getattr(self, what) + 1
            setattr(self, what, min(form, forms - 1))
            return bool(form < forms)
        had = bool(getattr(self, what))
        setattr(self, what, False)
        return had


class OpenAIChat:
    """Fulfils ``ChatModel``. Safe to share between threads."""

    def __init__(
        self,
        server: Server,
        model: str,
        *,
        seconds: float = 90.0,
        most_tokens: int = 1500,
        on_by_default: bool = False,
    ) -> None:
        self._server = server
        self._seconds = seconds
        self._most_tokens = most_tokens
        self._client = server.client(seconds=seconds, retries=0)
        self._manners = _Manners(length=1 if server.official else 0)
        self._info = ModelInfo(model, server.host, server.local, _notice(model, server), on_by_default)

    @property
    def info(self) -> ModelInfo:
        """Which model, where, and what to tell the reader first."""
        return self._info

    def probe(self) -> float:
        """Seconds of a call that asks for next to nothing; raises ``ModelUnavailable``."""
        asked = [Message("user", 'Answer with this JSON: {"ok": true}')]
        shape = {
            "type": "object",
            "additionalProperties": False,
            "required": ["ok"],
            "properties": {"ok": {"type": "boolean"}},
        }
        for event in self.write(asked, shape, seconds=PROBE_SECONDS):
            if isinstance(event, Completion):
                return event.seconds
        raise ModelUnavailable("The language model gave no answer.", ModelFault.UNREADABLE)

    def write(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, object] | None,
        *,
        seconds: float | None = None,
    ) -> Iterator[int | Completion]:
        """Characters so far, now and then, and last the completion; raises ``ModelUnavailable``."""
        limit = self._seconds if seconds is None else min(seconds, self._seconds)
        news: News = SimpleQueue()
        stop = threading.Event()
        started = time.monotonic()

        def work() -> None:
            try:
                news.put(self._complete(messages, schema, limit, news, stop))
            except Exception as error:  # the message of an error may hold what was sent; its type does not
                log.debug("model call failed (%s)", type(error).__name__)
                news.put(fault_of(error, self._server, limit))

        threading.Thread(target=work, name="model-call", daemon=True).start()
        chars, beat = 0, started
        try:
            while True:
                left = started + limit - time.monotonic()
                try:
                    item = news.get(timeout=max(0.0, min(left, BEAT_SECONDS)))
                except Empty:
                    if left <= 0:
                        raise fault_of(TimeLimit(), self._server, limit) from None
                else:
                    if isinstance(item, ModelUnavailable):
                        raise item
                    if isinstance(item, Completion):
                        yield item
                        return
                    chars = item
                if time.monotonic() - beat >= BEAT_SECONDS:
                    beat = time.monotonic()
                    yield chars
        finally:
            stop.set()

    def _complete(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, object] | None,
        limit: float,
        news: News,
        stop: threading.Event,
    ) -> Completion:
        import openai

        manners = _Manners(**vars(self._manners))
        started = time.monotonic()
        again = True
        for _ in range(MOST_TRIES):
            left = limit - (time.monotonic() - started)
            if left <= 0 or stop.is_set():
                raise TimeLimit
            try:
                call = self._call(messages, schema, manners, left)
                reading = Reading(self._most_tokens * CHARS_A_TOKEN)
                done = reading.stream(call, news, stop) if manners.stream else reading.whole(call)
            except (
                openai.BadRequestError,
                openai.UnprocessableEntityError,
                openai.InternalServerError,
            ) as error:
                if _adapt(manners, error):
                    continue
                again = self._once_more(again, error, stop)
                continue
            except (openai.APIConnectionError, openai.RateLimitError) as error:
                again = self._once_more(again, error, stop)
                continue
            if not done and manners.drop(
                "stream"
            ):  # the server answered in one piece, which the stream cannot read
                continue
            self._manners = manners
            return reading.completion(round(time.monotonic() - started, 3), self._server)
        raise ModelUnavailable(
            f"The language model at {self._server.host} refuses every form of request.", ModelFault.SERVER
        )

    @staticmethod
    def _once_more(again: bool, error: openai.APIError, stop: threading.Event) -> bool:
        """Waits for the one repetition there is; raises the error when it is used up, or nobody waits any more.

        The client's own repetitions would go on after the reader was told that the model is too slow.
        """
        import openai

        final = isinstance(error, openai.APITimeoutError)
        if isinstance(error, openai.APIStatusError):
            told = error.response.headers.get("x-should-retry")
            final = told == "false" or (error.status_code < 500 and error.status_code != 429)
        if final or not again or stop.wait(PAUSE_SECONDS):
            raise error
        return False

    def _call(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, object] | None,
        manners: _Manners,
        seconds: float,
    ) -> Any:
        options: dict[str, Any] = {
            "model": self._info.name,
            "messages": _as_dicts(messages, system=manners.system),
            "timeout": wait(seconds),
        }
        length = _LENGTHS[manners.length]
        if length:
            options[length] = self._most_tokens
        if manners.temperature:
            options["temperature"] = 0
        if manners.stream:
            options["stream"] = True
            if manners.usage:
                options["stream_options"] = {"include_usage": True}
        if schema is None:
            return self._client.chat.completions.create(**options)
        wanted = _FORMATS[manners.format]
        if wanted == "schema":
            shape = {"name": "reply", "strict": True, "schema": dict(schema)}
            options["response_format"] = {"type": "json_schema", "json_schema": shape}
        elif wanted == "object with schema":
            options["response_format"] = {"type": "json_object", "schema": dict(schema)}
        elif wanted == "object":
            options["response_format"] = {"type": "json_object"}
        return self._client.chat.completions.create(**options)


def _adapt(manners: _Manners, error: Any) -> bool:
    """Leaves out what the server complains of; False when there is nothing left to leave out."""
    said = f"{error.message} {error.body}".casefold()
    if "context" in said and any(w in said for w in ("length", "window", "exceed", "size")):
        raise ModelUnavailable("The passages are too long for the language model.", ModelFault.TOO_LONG)
    named = [what for what, words in _COMPLAINTS if any(w in said for w in words)]
    if error.status_code >= 500 and not named:
        return False
    return any(manners.drop(what) for what in (named or _GIVE_UP_ORDER))


def _as_dicts(messages: Sequence[Message], *, system: bool) -> list[dict[str, str]]:
    """The messages as the interface wants them; without ``system`` the first is put in front of the next."""
    if not system and len(messages) > 1 and messages[0].role == "system":
        first, second, *rest = messages
        messages = [Message(second.role, f"{first.content}\n\n{second.content}"), *rest]
    return [{"role": m.role, "content": m.content} for m in messages]


def _notice(model: str, server: Server) -> str:
    if server.local:
        return f"The model {model} runs on this machine ({server.host}): nothing you ask leaves it."
    return (
        f"With the model on, your question, the earlier questions it refers to and the passages found are sent to "
        f"{server.host} (model {model}). Personal details that are noticed are struck out first, and a message "
        "that calls for help is never sent."
    )
