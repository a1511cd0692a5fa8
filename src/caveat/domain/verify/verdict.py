"""What the verifier says: supported or not, and each reason by name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ReasonKind(StrEnum):
    """Every ground on which a claim is refused."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    QUOTE_NOT_IN_PASSAGE = "quote_not_in_passage"
    NUMBER = "number"
    UNIT = "unit"
    COMPARATOR_SIGN = "comparator_sign"
    NUMBER_BINDING = "number_binding"
    DIRECTION = "direction"
    NEGATION = "negation"
    SIGNIFICANCE = "significance"
    DRUG = "drug"
    TARGET = "target"
    POPULATION = "population"
    SUBGROUP = "subgroup"
    TIME = "time"
    SPECIES = "species"
    HEDGE_DROPPED = "hedge_dropped"
    CAUSATION = "causation"
    ARM_SWAPPED = "arm_swapped"
    ROLE_SWAPPED = "role_swapped"
    OVERSTATED = "overstated"
    NOT_IN_QUOTE = "not_in_quote"


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground for refusal; ``detail`` is one plain line that is safe to show."""

    kind: ReasonKind
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """``supported`` is True exactly when no reason was found."""

    supported: bool
    reasons: tuple[Reason, ...] = ()

    @classmethod
    def of(cls, reasons: tuple[Reason, ...]) -> Verdict:
        """The verdict these reasons make, each named once."""
        unique = tuple(dict.fromkeys(reasons))
        return cls(not unique, unique)
