"""The answers keep their quality: the figures of both halves stay where docs/EVALUATION.md says they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from caveat.answering.events import Turn
from caveat.domain.model import Answer
from caveat.evaluation.evaluate import run
from caveat.evaluation.questions import load_set
from caveat.wiring import App

HERE = Path(__file__).parent
# The unseen half may lose a few questions before this fails, so that nobody tunes on it.
FLOORS = {
    "golden_dev.jsonl": {"sources_all": 0.90, "facts": 0.85, "caveats": 0.95, "quotes": 1.0},
    "golden_heldout.jsonl": {"sources_all": 0.87, "facts": 0.79, "caveats": 0.93, "quotes": 1.0},
    "golden_tuning.jsonl": {"sources_all": 0.87, "facts": 0.85, "caveats": 0.95, "quotes": 1.0},
    "critic.jsonl": {"sources_all": 0.95, "facts": 0.95, "caveats": 0.95, "quotes": 1.0},
    "first_contact.jsonl": {"sources_all": 0.80, "facts": 0.95, "quotes": 1.0},
    "second_contact.jsonl": {"sources_all": 0.90, "facts": 0.90, "quotes": 1.0},
}
CEILINGS = {
    "golden_dev.jsonl": {"wrong_decline": 0.10, "wrong_answer": 0.10},
    "golden_heldout.jsonl": {"wrong_decline": 0.10, "wrong_answer": 0.15},
    "golden_tuning.jsonl": {"wrong_decline": 0.10, "wrong_answer": 0.15},
    "critic.jsonl": {"wrong_decline": 0.05, "wrong_answer": 0.05},
    "first_contact.jsonl": {"wrong_decline": 0.05, "wrong_answer": 0.14},
    "second_contact.jsonl": {"wrong_decline": 0.05, "wrong_answer": 0.12},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FLOORS)
def test_the_figures_of_a_set_stay_where_they_are(name: str, starter: App) -> None:
    """Works, facts, caveats and quotes do not fall below their floor, nor wrong replies rise above their ceiling."""

    def ask(question: str, history: Sequence[str]) -> Answer:
        return starter.answerer.answer(question, [Turn(text) for text in history])

    held_out = "heldout" in name
    report = run(ask, starter.provider.current(), [load_set(HERE / name, name, held_out=held_out)])
    figures = report.sets[0]
    assert figures.errors == 0
    low = {n: v for n, v in FLOORS[name].items() if (figures.metric(n).estimate.value or 0.0) < v}
    high = {n: v for n, v in CEILINGS[name].items() if (figures.metric(n).estimate.value or 0.0) > v}
    assert not low, f"below the floor: {low}"
    assert not high, f"above the ceiling: {high}"
