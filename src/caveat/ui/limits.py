"""How often one person may ask: a moving window of one minute, in memory, for whoever runs one process."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from math import ceil

from caveat.errors import TooManyQuestions

WINDOW = 60.0
MOST_PEOPLE = 20_000


class Limiter:
    """Counts questions by person; nought a minute means no limit."""

    def __init__(self, per_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        self._most = per_minute
        self._now = now
        self._lock = threading.Lock()
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()

    def check(self, person: str) -> None:
        """Counts one question; raises ``TooManyQuestions`` with the seconds to wait, and then does not count it."""
        if not self._most:
            return
        now = self._now()
        with self._lock:
            times = self._asked.setdefault(person, deque())
            self._asked.move_to_end(person)
            while times and now - times[0] >= WINDOW:
                times.popleft()
            if len(times) >= self._most:
                wait = ceil(WINDOW - (now - times[0]))
                raise TooManyQuestions(f"Too many questions in a minute. Please ask again in {wait} seconds.")
            times.append(now)
            while len(self._asked) > MOST_PEOPLE:
                self._asked.popitem(last=False)
