"""The places whose rules a text speaks of: what one regulator allows says nothing of the next."""

from __future__ import annotations

import re

_PLACES: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "the EU": r"\b(?:EU|europe(?:an)?|EMA|CHMP|roactemra|european commission)\b",
        "the US": r"\b(?:(?-i:US|USA|U\.S\.)|united states|america(?:ns?)?|FDA)(?!\w)",
        "the UK": r"\b(?:(?-i:UK)|united kingdom|britain|british|england|scotland|wales|MHRA|(?-i:NICE)|NHS)\b",
        "Canada": r"\b(?:canada|canadian|CANMAT|health canada)\b",
        "Australia and New Zealand": r"\b(?:australian?s?|new zealand|TGA|RANZCP|medsafe)\b",
        "Japan": r"\b(?:japan(?:ese)?|PMDA)\b",
        "India": r"\b(?:india(?:n)?|CDSCO)\b",
        "China": r"\b(?:china|chinese|NMPA)\b",
        "Switzerland": r"\b(?:switzerland|swiss|swissmedic)\b",
        "Brazil": r"\b(?:brazil(?:ian)?|ANVISA)\b",
    }.items()
}


def places(text: str) -> frozenset[str]:
    """Names of the places whose regulators, products or people the text speaks of."""
    return frozenset(name for name, pattern in _PLACES.items() if pattern.search(text))
