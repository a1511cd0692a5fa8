"""What a lay reader is not shown: doses, and passages that tell how people harm themselves."""

from __future__ import annotations

import re

_UNIT = r"(?:mg|milligrams?|mcg|µg|μg|micrograms?|g|grams?|ml|mL|millilit(?:er|re)s?|IU|MIU|million (?:international )?units?|international units?|units?)"
_PER = r"(?:\s?(?:/|per)\s?(?:kg|kilograms?|day|d|week|wk|month|m2|m²|dose|h|hour|infusion)(?:\s?(?:/|per|a)\s?(?:day|week|month))?)"
_AMOUNT = r"\d+(?:[.,]\d+)*(?:\s?(?:-|–|to|or|and|versus|vs)\s?\d+(?:[.,]\d+)*)?"
_CONCENTRATION = r"(?!\s?(?:/|per)\s?(?:l|L|dl|dL|ml|mL|lit(?:er|re))\b)(?!\w)"
DOSE = re.compile(
    rf"\b{_AMOUNT}[\s-]?{_UNIT}{_CONCENTRATION}{_PER}?(?:\s(?:once|twice|three times)? ?(?:daily|weekly|monthly|a day|a week))?"
)
"""An amount of a drug; a concentration in blood ("3 mg/L") is none."""
_EVERY = re.compile(
    r"(?:\s?,)?\s?(?:up to )?\bevery \d+(?: or \d+)? (?:days|weeks|months)(?: for \d+ doses)?\b"
)
_TELLS_DOSE = re.compile(
    r"\b(?:on|of|from|to|with|or|and|than|versus|for|at|eligible for \w+)\s$|\bdose\b", re.IGNORECASE
)


def has_dose(text: str) -> bool:
    """True when an amount of a drug stands in the text."""
    return DOSE.search(text) is not None


def without_doses(text: str) -> str:
    """The text with amounts of drugs left out."""
    if not has_dose(text):
        return text
    out = re.sub(rf"\s*\([^()]*{DOSE.pattern}[^()]*\)", "", text)
    out = _EVERY.sub("", DOSE.sub("", out))
    out = re.sub(r"\s+([,.;)])", r"\1", re.sub(r"\(\s*", "(", re.sub(r"\s{2,}", " ", out)))
    return re.sub(r"\(\)|,(?=\s*[,.;])", "", out).strip(" ,")


def without_one_dose(text: str) -> str:
    """The text without its one dose where that follows the drug's name; unchanged where doses are what it tells."""
    found = list(DOSE.finditer(text))
    if len(found) != 1 or _TELLS_DOSE.search(text[: found[0].start()]):
        return text
    return without_doses(text)
