"""What the program does before the first question."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import replace

import pytest

from caveat.answering import evidence, service
from caveat.domain.model import Cited
from caveat.wiring import OLDEST, App, warm


@pytest.fixture
def thresholds() -> Iterator[None]:
    """The collector as it was, for other tests."""
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("thresholds")
def test_the_first_question_finds_everything_read(starter: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the program is ready, no question reads all works or all names, and what was read is not gone over again."""
    app = replace(starter, answerer=replace(starter.answerer))
    warm(app)
    assert gc.get_freeze_count() > 1000
    assert gc.get_threshold()[2] == OLDEST

    def refuse(*_: object) -> None:
        raise AssertionError("every work was read")

    monkeypatch.setattr(service, "NameIndex", refuse)
    monkeypatch.setattr(evidence, "Shelf", refuse)
    assert isinstance(app.answerer.answer("Does sirukumab help depression?"), Cited)
