"""The words the page uses for the codes of an answer."""

from __future__ import annotations

from caveat.domain.model import Design, QuestionKind, Stance
from caveat.domain.words_for import DESIGN_WORDS, lane_words

ONLY_CONTEXT_HEADING = "What the sources say"
BACKGROUND = "Background"
STANCES = frozenset(Stance)

CERTAINTY = {"high": "high", "moderate": "moderate", "low": "low", "very_low": "very low"}
CERTAINTY_FOOTNOTE = "Rated by rule, in GRADE words; not a formal GRADE assessment."

SEVERITY = {"stop": "Warning", "warn": "Caution", "info": "Note"}

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


LONG_HEADLINE = 240


def first_sentence(headline: str) -> tuple[str, str]:
    """A long headline as its first sentence and the rest, so that only the first is set in large type."""
    first, _, rest = headline.partition(". ")
    if len(headline) <= LONG_HEADLINE or not rest:
        return headline, ""
    return first + ".", rest


def sentence(words: str) -> str:
    """The words beginning with a capital."""
    return words[:1].upper() + words[1:]


def design(value: str) -> str:
    """The design in a reader's words, as frames use them."""
    return sentence(DESIGN_WORDS[Design(value)] if value in set(Design) else value or "design not known")


def section(name: str) -> str:
    """A section's name as a heading: ``what_was_found`` becomes ``What was found``."""
    return sentence(name.replace("_", " ").strip())


def count(n: int, one: str, many: str) -> str:
    """``1 work``, ``2 works``, ``1,234 works``."""
    return f"{n:,} {one if n == 1 else many}"


PLANNED_DESIGNS = frozenset({"trial registration", "trial protocol"})


def size(n: int, design: str, trial_status: str) -> str:
    """How many were studied, or planned, or reported, in words."""
    if design in PLANNED_DESIGNS and "terminated" not in trial_status:
        return f"{n:,} planned"
    if design == "pharmacovigilance":
        return count(n, "report", "reports")
    return count(n, "participant", "participants")


def shortened(text: str, most: int) -> str:
    """The text, cut with an ellipsis where it is longer."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def stance_heading(stance: str, kind: str) -> str:
    """The heading of the claims with this stance in an answer to this kind of question."""
    if stance == Stance.CONTEXT:
        return BACKGROUND
    return lane_words(Stance(stance), QuestionKind(kind) if kind in frozenset(QuestionKind) else None)
