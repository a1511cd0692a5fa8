"""Random and mutated messages: never an exception, always a sound answer."""

from __future__ import annotations

import os
import random

import pytest
from measure import rows

from caveat.domain.model import CardKind
from caveat.domain.safety import RiskLevel, Triage, personal_identifiers, redact, triage
from caveat.domain.safety import triage as triage_function

COUNT = int(os.environ.get("CAVEAT_FUZZ", "1500"))
ALPHABET = (
    "abcdefghijklmnopqrstuvwxyz      .,!?'\"-_*@$0123456789\n\t"
    + "éñßłабвієіїأريدमरना想死\u200b\u202e\u0301\x00😂"
)


def _seeds() -> list[str]:
    names = ("crisis", "academic", "personal", "urgent")
    return [r["text"] for n in names for half in ("dev", "held") for r in rows(f"{n}.{half}")]


def _mutate(text: str, rng: random.Random) -> str:
    chars = list(text)
    for _ in range(rng.randint(1, 6)):
        place = rng.randrange(len(chars) + 1)
        kind = rng.randrange(5)
        if kind == 0 and chars:
            del chars[min(place, len(chars) - 1)]
        elif kind == 1:
            chars.insert(place, rng.choice(ALPHABET))
        elif kind == 2:
            chars[place:place] = chars[: rng.randint(0, 30)]
        elif kind == 3:
            rng.shuffle(chars)
        else:
            chars.insert(place, chr(rng.randrange(0x110000)))
    return "".join(chars)


def _sound(found: Triage) -> bool:
    if found.card is CardKind.CRISIS and found.level in (RiskLevel.VERY_HIGH, RiskLevel.HIGH):
        return found.from_history or not found.answer_evidence
    return "last-net" not in found.matched


@pytest.mark.slow
def test_fuzzed_messages_raise_nothing() -> None:
    """Random and mutated messages go through triage and the privacy check without error, and by the rules proper."""
    rng = random.Random(20)
    seeds = _seeds()
    for i in range(COUNT):
        if i % 3:
            text = _mutate(rng.choice(seeds), rng)
        else:
            text = "".join(rng.choice(ALPHABET) for _ in range(rng.randint(0, 300)))
        found = triage_function(text, [rng.choice(seeds)] if i % 7 == 0 else ())
        assert _sound(found), repr(text)
        personal_identifiers(text)
        redact(text)


def test_the_answer_is_the_same_every_time() -> None:
    """Triage is deterministic."""
    for text in _seeds()[:60]:
        assert triage(text) == triage(text)


def test_upper_case_changes_nothing() -> None:
    """Capitals never hide a crisis."""
    missed = [
        r["text"]
        for r in rows("crisis.dev")
        if r["level"] in ("very_high", "high") and triage(r["text"].upper()).card is not CardKind.CRISIS
    ]
    assert not missed
