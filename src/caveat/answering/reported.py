"""Which results a question for works asks for: those that found it worse, no difference, or better."""

from __future__ import annotations

import re

from caveat.domain.model import Direction

_REPORTS = r"\b(?:that|which|to|have|has|had|with|where|ha(?:ve|s) (?:ever )?|not)?\W*(?:found|find|finding|show(?:ed|n|s|ing)?|reported|reporting|saw|got)\W+(?:[\w-]+\W+){0,3}?"
_WERE = r"|\b(?:was|were|came (?:out|back)|turned out) (?:(?:any|some|all|most|both|none)(?: of (?:them|those|these))? )?(?:\w+ )?"
_DIRECTIONS: tuple[tuple[re.Pattern[str], frozenset[Direction]], ...] = (
    (re.compile(_REPORTS + r"(?:worse|worsen\w*|harm\w*|more (?:depress\w*|anx\w*|suicid\w*)|deteriorat\w*)\b", re.IGNORECASE), frozenset({Direction.HARM})),
    (re.compile(_REPORTS + r"(?:no (?:\w+ )?(?:effect|difference|benefit|improvement|association|link)|nothing|null results?)\b", re.IGNORECASE), frozenset({Direction.NO_DIFFERENCE, Direction.NO_ASSOCIATION})),
    (re.compile(r"\b(?:negative|null|failed|unsuccessful) (?:\w+ )?(?:trials?|stud(?:y|ies)|results?)\b|\b(?:trials?|stud(?:y|ies)) (?:that |which )?(?:failed|missed)\b" + _WERE + r"(?:negative|null|unsuccessful)\b", re.IGNORECASE), frozenset({Direction.NO_DIFFERENCE, Direction.NO_ASSOCIATION, Direction.HARM})),
    (re.compile(_REPORTS + r"(?:improve\w*|better|benefi\w*|less (?:depress\w*|anx\w*)|fewer symptoms|gains?)\b|\b(?:positive|successful) (?:\w+ )?(?:trials?|stud(?:y|ies)|results?)\b" + _WERE + r"(?:positive|successful)\b", re.IGNORECASE), frozenset({Direction.BENEFIT})),
)  # fmt: skip


def wanted_directions(text: str) -> frozenset[Direction]:
    """What the works asked for reported; empty when the question leaves it open."""
    for pattern, directions in _DIRECTIONS:
        if pattern.search(text):
            return directions
    return frozenset()
