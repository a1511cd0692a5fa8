"""A stop that was asked for happens between two steps of a build."""

from __future__ import annotations

import os
import signal

import pytest

from ingest.events import Event, Progress, Stage
from ingest.stop import stoppable

STEP = Progress(Stage.READ, 1)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_at_the_next_step(sent: signal.Signals) -> None:
    """The first signal breaks nothing off half done; the build's next event stops it."""
    heard: list[Event] = []
    with stoppable() as stop:
        listen = stop.heeding(heard.append)
        listen(STEP)
        os.kill(os.getpid(), sent)
        with pytest.raises(KeyboardInterrupt):
            listen(STEP)
    assert heard == [STEP]


def test_a_second_signal_stops_at_once() -> None:
    """Whoever presses Ctrl-C twice does not wait for a step that hangs."""
    with stoppable():
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_afterwards_signals_do_what_they_did_before() -> None:
    """A test runner, or the chat, keeps its own way of stopping."""
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with stoppable():
        assert signal.getsignal(signal.SIGTERM) != before[1]
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
