"""Which facts that a rule read in text are taken as facts: those measured at a precision of 0.9 or more."""

from __future__ import annotations

from dataclasses import dataclass

from caveat.domain.model import FactRead

ENOUGH = 0.9


@dataclass(frozen=True, slots=True)
class Measured:
    """Right among those read, on texts that the rules were not tuned on."""

    right: int
    read: int

    @property
    def precision(self) -> float:
        """The share that was right."""
        return self.right / self.read if self.read else 0.0


TRUST: dict[str, Measured] = {}
"""Measured by tests/ingest/measure_facts.py; docs/EVALUATION.md says on what. A name that is not here is not trusted."""


def trusted(fact: FactRead) -> bool:
    """True for a fact of a field, and for one of text whose rule is right often enough."""
    if fact.start is None and fact.where != "title":
        return True
    measured = TRUST.get(fact.name)
    return measured is not None and measured.precision >= ENOUGH
