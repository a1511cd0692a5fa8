"""Ordinary questions never bring a crisis or an urgent card, however short they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from labelled import EVALUATION

from caveat.adapters.safety_encoder import SafetyEncoder
from caveat.domain.model import CardKind
from caveat.domain.safety import Listen, triage

ALARMS = (CardKind.CRISIS, CardKind.URGENT)


@pytest.fixture(scope="module")
def model() -> Listen:
    """The sentence model, as the product uses it."""
    return SafetyEncoder()


@pytest.mark.parametrize("path", sorted(EVALUATION.glob("*.jsonl")), ids=lambda p: p.stem)
def test_no_question_of_the_evaluation_sets_brings_an_alarm(path: Path, model: Listen) -> None:
    """With the sentence model or without; only ids are shown, since some sets must stay unread."""
    alarms = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if not (question := row.get("question")) or {"crisis", "urgent"} & set(row.get("decline") or ()):
            continue
        cards = {triage(question, row.get("history") or (), listen=listen).card for listen in (None, model)}
        if cards.intersection(ALARMS):
            alarms.append(row["id"])
    assert not alarms


@pytest.mark.parametrize(
    "text",
    [
        "where is it being run", "when does it stop?", "who started it", "how long did that take", "what came of it",
        "which arm did better", "why only women", "is there a newer one", "did it last", "and what then?",
        "So the liver makes it?", "What would a joint medicine have to do with mood?", "whose money was it",
        "My kid hates spinach, any ideas?", "my ear popped on the plane, tips?", "the lift is out of order again",
        "My GP said it goes through the blood first. Why is that?", "how does one join", "was it stopped early",
        "¿quién lo pagó?", "wo wurde das gemacht?", "où en est-on ?", "chi ha pagato?", "quem pagou?", "kto zapłacił?",
    ],
)  # fmt: skip
def test_short_questions_bring_no_alarm(text: str, model: Listen) -> None:
    """None of these stands in what the net learned from."""
    for listen in (None, model):
        assert triage(text, listen=listen).card not in ALARMS
