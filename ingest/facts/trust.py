"""Which facts that a rule read in text are taken as facts: those measured at a precision of 0.9 or more."""

from __future__ import annotations

from dataclasses import dataclass

from caveat.domain.model import Design, FactRead

ENOUGH = 0.9
FEWEST = 20
"""With fewer cases than this nothing is known of a rule."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Right among those read, in texts that the rules were not tuned on."""

    right: int
    read: int

    @property
    def precision(self) -> float:
        """The share that was right."""
        return self.right / self.read if self.read else 0.0

    @property
    def enough(self) -> bool:
        """Whether the fact may be used."""
        return self.read >= FEWEST and self.precision >= ENOUGH


TRUST: dict[str, Measured] = {
    "design": Measured(731, 749),
    "species": Measured(381, 384),
    "language": Measured(38, 38),
    "registry_ids": Measured(37, 37),
    "blinding": Measured(40, 40),
    "phase": Measured(29, 30),
    "n_total": Measured(39, 43),
    "n_per_arm": Measured(29, 30),
    "population": Measured(47, 50),
    "primary_outcome": Measured(36, 37),
    "duration": Measured(32, 34),
    "intervention": Measured(122, 161),
    "comparator": Measured(62, 71),
    "direction": Measured(4, 17),
    "primary_outcome_met": Measured(2, 3),
    "funding": Measured(9, 9),
    "industry_funded": Measured(1, 1),
}
"""docs/EVALUATION.md says on what, and which were judged by reading. A name that is not here is not trusted."""

DESIGNS_NOT_TRUSTED = {
    ("title", Design.COHORT): Measured(1, 5),
    ("title", Design.OPEN_LABEL): Measured(0, 2),
    ("text", Design.OPEN_LABEL): Measured(0, 2),
    ("title", Design.NARRATIVE_REVIEW): Measured(1, 2),
    ("text", Design.NARRATIVE_REVIEW): Measured(0, 0),
    ("title", Design.GUIDELINE): Measured(0, 1),
    ("title", Design.IN_VITRO): Measured(0, 1),
}
"""Designs that the rules get wrong more often, or that were hardly met; ``title`` or ``text`` is where they are read."""


def trusted(fact: FactRead) -> bool:
    """True for a fact of a field, and for one of text whose rule is right often enough."""
    if fact.start is None and fact.where != "title":
        return True
    where = "title" if fact.where == "title" else "text"
    if fact.name == "design" and (where, Design(fact.value)) in DESIGNS_NOT_TRUSTED:
        return False
    measured = TRUST.get(fact.name)
    return measured is not None and measured.enough
