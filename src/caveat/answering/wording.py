"""The first words of an answer never sound surer than its certainty."""

from __future__ import annotations

import re

from caveat.domain.model import Level

# First words that say how things stand, with what they become at low and at very low certainty.
_VERDICTS: tuple[tuple[str, str, str], ...] = (
    ("Some support.", "Limited support.", "Very uncertain."),
    ("Mixed.", "Mixed, with low certainty.", "Very uncertain."),
    ("Partly borne out:", "Partly borne out, with low certainty:", "Very uncertain:"),
    ("Mixed:", "Mixed:", "Very uncertain:"),
)
# First words that claim nothing, however little is known.
_CLAIMS_NOTHING = re.compile(
    r"(?:Not shown|None of|No (?:trial|figure|study)|The claim goes further|This collection does not|The closest|What this collection"
    r"|There are reports|Very uncertain)\b"
)


def within(level: Level | None, text: str) -> str:
    """The headline with its verdict brought down to the level; unchanged at moderate or high, or without a level."""
    if level not in {Level.LOW, Level.VERY_LOW}:
        return text
    for verdict, low, very_low in _VERDICTS:
        if text.startswith(verdict):
            return (low if level is Level.LOW else very_low) + text[len(verdict) :]
    if level is Level.LOW or _CLAIMS_NOTHING.match(text):
        return text
    first = text.split(" ", 1)[0]
    return f"Very uncertain: {text if _keeps_capital(first) else text[0].lower() + text[1:]}"


def _keeps_capital(word: str) -> bool:
    """A name such as "IL-6" or "CRP" stays as it is."""
    return any(c.isdigit() for c in word) or word[1:2].isupper()
