"""Reads how long people were followed from the words of a source's facts."""

from __future__ import annotations

import re

_UNIT = r"(hour|day|week|month|year)s?\b"
ONE_TO_TWELVE = "one two three four five six seven eight nine ten eleven twelve".split()
_NUMBER = r"(\d+(?:\.\d+)?|" + "|".join(ONE_TO_TWELVE) + ")"
_SPAN = re.compile(rf"\b{_NUMBER}\s*+(?:-|to|–)?\s*+{_NUMBER}?[\s-]*+{_UNIT}", re.IGNORECASE)
_POINTS = re.compile(
    rf"\b{_UNIT}\s+(\d{{1,3}}(?:[\s,]*(?:,|and|to|or|-|–)\s*\d{{1,3}})*)\b(?!\s*(?:hour|day|week|month|year))",
    re.IGNORECASE,
)
_DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.4, "year": 365.25}
SINGLE_DOSE = re.compile(
    r"\b(?:single|one)[\s-](?:(?!(?:to|or|of|and|daily|weekly|monthly)\b)[\w./%-]+\s){0,4}?(?:dose|infusion|injection)\b"
    r"(?!.{0,24}\b(?:every|each|per|weekly|monthly|daily)\b)",
    re.IGNORECASE,
)


def longest_days(text: str | None) -> float | None:
    """The longest stretch or latest point of time named ("12 weeks", "days 7 and 28"), in days; None when none is."""
    if not text:
        return None
    found = [number(m.group(2) or m.group(1)) * _DAYS[m.group(3).casefold()] for m in _SPAN.finditer(text)]
    for match in _POINTS.finditer(text):
        points = [float(n) for n in re.findall(r"\d+", match.group(2))]
        found.append(max(points) * _DAYS[match.group(1).casefold()])
    return max(found, default=None)


def number(text: str) -> float:
    """A number in digits or as a word up to twelve; "a" is one."""
    word = text.casefold()
    if word == "a":
        return 1.0
    return ONE_TO_TWELVE.index(word) + 1.0 if word in ONE_TO_TWELVE else float(word)


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
