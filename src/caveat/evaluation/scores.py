"""A score: a value with its reason, where "could not score" is a state of its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """A value from 0 to 1, or ``None`` for "could not score", and why; ``weight`` is how many it counts."""

    value: float | None
    explanation: str
    weight: float = 1.0
