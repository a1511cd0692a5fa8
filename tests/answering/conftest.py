"""Answerers over the small index in memory, and over the starter collection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import pytest
from fake_index import FakeIndex, FakeProvider, FixedClock

from caveat.answering.context import Screening
from caveat.answering.service import Answerer
from caveat.domain.model import Answer
from caveat.domain.topic import Topic
from caveat.wiring import App


def let_through(text: str, history: Sequence[str]) -> Screening:
    """A screen that finds nothing."""
    return Screening()


@pytest.fixture
def make(topic: Topic) -> Callable[..., Answerer]:
    """Builds an answerer over an index (the small one unless given), with any other part replaced."""

    def build(index: FakeIndex | None = None, **parts: object) -> Answerer:
        provider = FakeProvider(index or FakeIndex())
        known: dict[str, object] = {
            "provider": provider,
            "topic": topic,
            "clock": FixedClock(),
            "screen": let_through,
        }
        return Answerer(**{**known, **parts})  # type: ignore[arg-type]

    return build


@pytest.fixture
def small(make: Callable[..., Answerer]) -> Answerer:
    """An answerer over the small index."""
    return make()


@pytest.fixture(scope="session")
def real(starter: App) -> Answerer:
    """An answerer over the starter collection, with the real searches and the real model."""
    return starter.answerer


@pytest.fixture(scope="session")
def once(real: Answerer) -> Callable[[str], Answer]:
    """Answers of the starter collection, each question asked once however many tests look at its answer."""
    return cache(real.answer)
