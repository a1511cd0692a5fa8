"""One number of a text with what it means."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from caveat.domain.verify.number_words import DAYS, DOSES, EFFECT_SIZES


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number: value, unit (``%``, ``mg/kg``, ``w`` …), kind, comparator, label and the range or fraction it is part of."""

    value: Decimal
    text: str
    first: int
    last: int
    """Token indexes from the number's first to its last token, unit included."""
    unit: str | None = None
    kind: str = "number"
    comparator: str = "="
    label: str | None = None
    pair: tuple[Decimal, Decimal] | None = None
    pair_kind: str | None = None
    approximate: bool = False
    people: bool = False
    before: str = ""
    """The word before it, comparator apart: "by 5" is not "from 5"."""

    @property
    def is_time(self) -> bool:
        """True for a day, week, month, year of age or hour."""
        return self.unit in DAYS or self.unit == "min"

    @property
    def is_drug_dose(self) -> bool:
        """True for an amount of a drug."""
        amount, _, per = (self.unit or "").partition("/")
        return amount in DOSES and per not in ("l", "dl", "ml")

    def days(self) -> Decimal | None:
        """The time in days, where that is exact: months and years only compare with themselves."""
        return self.value * DAYS[self.unit] if self.unit in ("d", "w", "h") else None


def same_label(a: str | None, b: str | None) -> bool:
    """Two statistic labels that may stand for the same thing."""
    if "probability" in (a, b):
        return a == b
    return a is None or b is None or a == b or (a in EFFECT_SIZES and b in EFFECT_SIZES)
