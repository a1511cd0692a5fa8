"""After a failure nobody waits for the server again until it has answered a trial in the background."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from caveat.errors import SearchUnavailable, ServerUnavailable

log = logging.getLogger(__name__)
TRY_EVERY = 3.0
"""Seconds between two trials."""


class Breaker:
    """Closed while all is well. ``trial`` raises ``ServerUnavailable`` as long as it is not."""

    def __init__(
        self,
        trial: Callable[[], None],
        tell: Callable[[str | None], None],
        *,
        every: float | None = None,
    ) -> None:
        """``tell`` gets the line on what is wrong, and ``None`` when it is over."""
        self._trial, self._tell = trial, tell
        self._every = TRY_EVERY if every is None else every
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._wrong: str | None = None

    def guard(self) -> None:
        """Raises ``SearchUnavailable`` at once while the server is known to fail."""
        wrong = self._wrong
        if wrong is not None:
            raise SearchUnavailable(wrong)

    def trip(self, error: ServerUnavailable) -> None:
        """The server failed: from now on it is tried in the background alone."""
        with self._lock:
            if self._wrong is not None or self._ended.is_set():
                return
            self._wrong = str(error)
        self._tell(str(error))
        threading.Thread(target=self._mend, name="chroma-trial", daemon=True).start()

    def _mend(self) -> None:
        while not self._ended.wait(self._every):
            try:
                self._trial()
            except ServerUnavailable:
                continue
            except Exception:  # a trial must not end the trials
                log.debug("a trial failed", exc_info=True)
                continue
            with self._lock:
                self._wrong = None
            break
        self._tell(None)

    def close(self) -> None:
        """Ends the trials."""
        self._ended.set()
