"""The words the page uses for the codes of an answer."""

from __future__ import annotations

from caveat.domain.model import Design
from caveat.domain.words_for import DESIGN_WORDS

STANCE_HEADINGS = {
    "supports": "Points to better",
    "opposes": "Points to worse",
    "no_clear_difference": "No clear difference",
    "context": "Background",
}
ONLY_CONTEXT_HEADING = "What the sources say"

CERTAINTY = {"high": "high", "moderate": "moderate", "low": "low", "very_low": "very low"}
CERTAINTY_FOOTNOTE = "Rated by rule, in GRADE words; not a formal GRADE assessment."

SEVERITY = {"stop": "Warning", "warn": "Caution", "info": "Note"}
SEVERITY_ORDER = ("stop", "warn", "info")

DIRECTION = {
    "benefit": "reports benefit",
    "harm": "reports harm",
    "no difference": "reports no difference",
    "mixed": "reports mixed results",
    "association": "reports an association",
    "no association": "reports no association",
}

STATUS = {
    "current": "No retraction or correction found",
    "retracted": "Retracted",
    "expression of concern": "Expression of concern",
    "corrected": "Corrected after publication",
    "withdrawn": "Withdrawn",
}
STATUS_NOT_CHECKED = "Retraction status not checked"
SERIOUS_STATUS = frozenset({"retracted", "expression of concern", "withdrawn"})

CARD_TITLES = {
    "crisis": "Help is there, right now",
    "urgent": "This may need medical help now",
    "personal_decision": "A decision to take with someone who knows you",
}

NOTE_NOT_ORIGINAL = "Note by Caveat, not the original abstract"


def design(value: str) -> str:
    """The design in a reader's words, as frames use them."""
    words = DESIGN_WORDS[Design(value)] if value in set(Design) else value or "design not known"
    return words[:1].upper() + words[1:]


def section(name: str) -> str:
    """A section's name as a heading: ``what_was_found`` becomes ``What was found``."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def count(n: int, one: str, many: str) -> str:
    """``1 work``, ``2 works``, ``1,234 works``."""
    return f"{n:,} {one if n == 1 else many}"
