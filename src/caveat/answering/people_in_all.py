"""How many people the listed works studied in all: each group of works that report the same people is counted once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from caveat.answering.verdict import counted
from caveat.domain.independent import Reports, independent_groups
from caveat.domain.model import Design
from caveat.domain.words_for import LABORATORY, PLANNED, POOLED, WITHOUT_PEOPLE

_ASKS = re.compile(
    r"\bhow many (?:people|patients|participants|adults|men|women|volunteers)\b(?!.{0,60}\b(?:got|get|respon\w*|improv\w*|remission|better|worse|have (?!been|taken)|had (?!been|taken)|died|suffer\w*)\b)",
    re.IGNORECASE,
)
_OF_SEVERAL = re.compile(
    r"\b(?:in all|in total|altogether|all together|overall|combined|all (?:of )?(?:the|these|those|them)|"
    r"(?:trials|studies|rcts|cohorts|papers|works|of (?:those|these|them)))\b",
    re.IGNORECASE,
)
NOT_COUNTED = frozenset(
    {*POOLED, *PLANNED, *WITHOUT_PEOPLE, *LABORATORY, Design.SYSTEMATIC_REVIEW, Design.NARRATIVE_REVIEW}
)
"""Designs of works that add no people of their own."""


def asks_people_in_all(text: str) -> bool:
    """True for a question how many people several works studied together."""
    return bool(_ASKS.search(text) and _OF_SEVERAL.search(text))


def people_in_all(listed: Sequence[Reports], sizes: Mapping[str, int]) -> str:
    """One sentence: the sum over independent groups of works, and for how many the size is not known (0)."""
    largest = [max(sizes[work.id] for work in group) for group in independent_groups(listed)]
    known = [n for n in largest if n]
    if not known:
        return "How many people they studied is not known here."
    text = (
        f"People in all: {sum(known):,}, in {counted(len(known), 'group')} of participants, each counted once"
    )
    unknown = len(largest) - len(known)
    return (
        f"{text}; for {counted(unknown, 'more', 'more')} the size is not known here."
        if unknown
        else f"{text}."
    )
