"""Asking a live source: its pace, tries again after a failure, limits of size and time, no other host."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import TypeVar

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

from caveat.errors import ConfigError, RequestRefused, SourceUnavailable

T = TypeVar("T")
Params = Mapping[str, str | int]

ATTEMPTS = 5
LONGEST_WAIT = 120.0
"""A source that asks for a longer pause (seconds) is asked again another day."""
MAX_BYTES = 64_000_000
MAX_SECONDS = 180.0
REDIRECTS = 3
_TRY_AGAIN = {408, 425, 429, 500, 502, 503, 504}
_back_off = wait_exponential_jitter(initial=1, max=30)

# httpx logs whole addresses, and an address may hold a key.
logging.getLogger("httpx").setLevel(logging.WARNING)


class _Again(Exception):
    """This try failed in a way that may pass. ``after``: seconds the source asks to wait."""

    def __init__(self, why: str, after: float | None = None) -> None:
        super().__init__(why)
        self.after = after


class Web:
    """One source's address. Every request waits its turn; ``pause`` is how it waits."""

    def __init__(
        self,
        base: str,
        label: str,
        *,
        contact: str = "",
        pace: float = 0.0,
        pause: Callable[[float], None] = time.sleep,
        max_bytes: int = MAX_BYTES,
        max_seconds: float = MAX_SECONDS,
        timeout: float = 30.0,
    ) -> None:
        """``pace`` is the least time between two requests, in seconds; raises ``ConfigError``."""
        url = httpx.URL(base.rstrip("/") + "/")
        if url.scheme not in ("http", "https") or not url.host:
            raise ConfigError(f"The address of {label} must begin with http:// or https://, not {base!r}.")
        self.label = label
        self._base, self._pace, self._pause = url, pace, pause
        self._max_bytes, self._max_seconds = max_bytes, max_seconds
        self._next = 0.0
        self._client = httpx.Client(
            headers={"User-Agent": _agent(contact)},
            timeout=httpx.Timeout(timeout, connect=15.0),
            follow_redirects=False,
        )

    def __enter__(self) -> Web:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def get(self, path: str, params: Params, parse: Callable[[bytes], T]) -> T:
        """The parsed answer. What ``parse`` refuses with ``ValueError`` counts as a failed try."""
        return self._ask("GET", path, params, parse)

    def post(self, path: str, form: Params, parse: Callable[[bytes], T]) -> T:
        """As ``get``, for what is too long for an address."""
        return self._ask("POST", path, form, parse)

    def _ask(self, method: str, path: str, values: Params, parse: Callable[[bytes], T]) -> T:
        retrying = Retrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=_wait,
            retry=retry_if_exception_type(_Again),
            sleep=self._pause,
            reraise=True,
        )
        try:
            answer: T = retrying(self._once, method, path, values, parse)
        except _Again as error:
            raise SourceUnavailable(
                f"{self.label} {error}; what was fetched is kept. Try again later."
            ) from error
        return answer

    def _once(self, method: str, path: str, values: Params, parse: Callable[[bytes], T]) -> T:
        self._turn()
        try:
            raw = self._read(method, path, values)
        except httpx.TimeoutException as error:
            raise _Again("did not answer in time") from error
        except httpx.ConnectError as error:
            raise _Again("cannot be reached (is there a network?)") from error
        except httpx.HTTPError as error:
            raise _Again(f"broke the connection off ({type(error).__name__})") from error
        try:
            return parse(raw)
        except ValueError as error:
            raise _Again("sent an answer that cannot be read") from error

    def _turn(self) -> None:
        wait = self._next - time.monotonic()
        if wait > 0:
            self._pause(wait)
        self._next = time.monotonic() + self._pace

    def _read(self, method: str, path: str, values: Params) -> bytes:
        url = self._base.join(path) if path else httpx.URL(str(self._base).rstrip("/"))
        query, form = (values, None) if method == "GET" else (None, values)
        for _ in range(REDIRECTS + 1):
            with self._client.stream(method, url, params=query, data=form) as reply:
                if reply.is_redirect:
                    url = self._same_host(url, reply.headers.get("location", ""))
                    query = None
                    continue
                self._judge(reply)
                return self._body(reply)
        raise RequestRefused(f"{self.label} sends from one address to the next without end.")

    def _same_host(self, url: httpx.URL, location: str) -> httpx.URL:
        target = url.join(location)
        # httpx gives no port where it is the usual one of the scheme.
        if target.scheme not in ("http", "https") or (target.host, target.port) != (url.host, url.port):
            raise RequestRefused(f"{self.label} sends to another host, which is not followed.")
        if (url.scheme, target.scheme) == ("https", "http"):
            raise RequestRefused(f"{self.label} sends to an unprotected address, which is not followed.")
        return target

    def _judge(self, reply: httpx.Response) -> None:
        code = reply.status_code
        if code in _TRY_AGAIN:
            after = _retry_after(reply.headers.get("retry-after"))
            if after is not None and after > LONGEST_WAIT:
                raise SourceUnavailable(
                    f"{self.label} asks to wait {after:,.0f} seconds; what was fetched is kept. Try again then."
                )
            busy = "is asked too often" if code == 429 else f"fails (HTTP {code})"
            raise _Again(busy, after)
        if code != 200:
            raise RequestRefused(f"{self.label} refused the request (HTTP {code}); check the query.", code)

    def _body(self, reply: httpx.Response) -> bytes:
        until = time.monotonic() + self._max_seconds
        parts: list[bytes] = []
        size = 0
        for part in reply.iter_bytes():
            size += len(part)
            if size > self._max_bytes:
                raise RequestRefused(
                    f"{self.label} sent more than {self._max_bytes // 1_000_000} MB at once."
                )
            if time.monotonic() > until:
                raise _Again("answers too slowly")
            parts.append(part)
        return b"".join(parts)


def _wait(state: RetryCallState) -> float:
    """What the source asked for, or twice as long each time."""
    error = state.outcome.exception() if state.outcome else None
    after = error.after if isinstance(error, _Again) else None
    return after if after is not None else float(_back_off(state))


def _retry_after(value: str | None) -> float | None:
    """Seconds of a ``Retry-After`` header, which holds seconds or a date."""
    if not value:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def _agent(contact: str) -> str:
    try:
        number = version("caveat")
    except PackageNotFoundError:
        number = "0"
    return f"caveat/{number} (mailto:{contact})" if contact else f"caveat/{number}"
