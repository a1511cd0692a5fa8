"""Ctrl-C and the system's request to end: heeded between two steps, where nothing is half done."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from ingest.events import Event, Listener


class Stop:
    """Remembers that a stop was asked for; whoever asks twice is not made to wait."""

    def __init__(self) -> None:
        self._asked = False

    def ask(self, *_: object) -> None:
        """A signal's handler. An exception raised here at once could end in a destructor, and be lost."""
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True

    def heeding(self, listen: Listener) -> Listener:
        """A listener that stops the build at its next event once that was asked for."""

        def heed(event: Event) -> None:
            if self._asked:
                raise KeyboardInterrupt
            listen(event)

        return heed


@contextmanager
def stoppable() -> Iterator[Stop]:
    """While it lasts, both signals ask to stop; afterwards they do what they did before."""
    stop = Stop()
    before = {sent: signal.signal(sent, stop.ask) for sent in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for sent, handler in before.items():
            signal.signal(sent, handler)
