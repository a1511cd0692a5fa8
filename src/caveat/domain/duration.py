"""Reads how long people were followed from the words of a source's facts."""

from __future__ import annotations

import re

_SPAN = re.compile(
    r"(\d+(?:\.\d+)?)\s*(?:-|to|–)?\s*(\d+(?:\.\d+)?)?\s*(hour|day|week|month|year)s?", re.IGNORECASE
)
_IN_WORDS = re.compile(r"\b(?:day|week|month|year)s?\s+(\d+)", re.IGNORECASE)
_DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.4, "year": 365.25}
SINGLE_DOSE = re.compile(
    r"\b(?:single|one)[\s-](?:dose|\w*\s?infusion|\w*\s?injection|intravenous)|\bone dose\b", re.IGNORECASE
)


def longest_days(text: str | None) -> float | None:
    """The longest stretch of time named, in days; None when none is named."""
    if not text:
        return None
    found = []
    for match in _SPAN.finditer(text):
        number = match.group(2) or match.group(1)
        found.append(float(number) * _DAYS[match.group(3).casefold()])
    return max(found, default=None)


def is_single_dose(intervention: str | None) -> bool:
    """True when the source's facts say that one dose was given."""
    return bool(intervention and SINGLE_DOSE.search(intervention))


def in_words(days: float) -> str:
    """Days as a reader says them: "28 days", "12 weeks", "6 months", "2 years"."""
    if days < 1:
        return "one day"
    if days <= 31:
        return f"{days:.0f} day" + ("" if round(days) == 1 else "s")
    if days <= 200:
        return f"{days / 7:.0f} weeks"
    if days < 700:
        return f"{days / 30.4:.0f} months"
    return f"{days / 365.25:.0f} years"
