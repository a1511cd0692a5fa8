"""Spin: a title or conclusion that says more than the work's main outcome shows."""

from __future__ import annotations

import re

from caveat.domain.model import Direction, Source
from caveat.domain.words_for import has_results

_CLAIMS = re.compile(
    r"\b(?:(?:reduc|improv|attenuat|alleviat|reliev|eas|lower|treat|revers|prevent|protect)(?:e?s|ed|es)\b(?! (?:by|for|with|in patients|people))"
    r"|(?:is|are|was|were) (?:an? )?(?:effective|efficacious|beneficial|superior|promising)\b|efficacious\b|effective (?:treatment|therapy|in|for)\b"
    r"|antidepressant (?:effects?|efficacy|activity) of\b|benefits? (?:of|from)\b|success(?:ful(?:ly)?)?\b|superior(?:ity)? (?:of|to)\b|promising\b|breakthrough\b)",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\?|\b(?:whether|trial of|effects? of|impact of|does|do|can|may|might|could|versus|compared|protocol|no (?:effect|evidence|benefit)"
    r"|not|fails?|failed|lack of|without|non-?inferior\w*|role of|evaluat\w+|assess\w+|investigat\w+|to (?:reduce|improve|treat|prevent))\b",
    re.IGNORECASE,
)
_SHORT_OF_IT = frozenset({Direction.NO_DIFFERENCE, Direction.HARM, Direction.MIXED})


def claims_benefit(words: str) -> bool:
    """True for a title or conclusion that states a benefit as a fact; a question or a plain label states none."""
    return bool(_CLAIMS.search(words)) and not _OPEN.search(words)


def is_spun(source: Source, conclusion: str | None = None) -> bool:
    """True when the title (or the conclusion) states a benefit that the recorded main outcome or direction does not bear out."""
    if not has_results(source):
        return False
    short = source.primary_outcome_met is False or (
        source.primary_outcome_met is not True and source.direction in _SHORT_OF_IT
    )
    return short and any(claims_benefit(words) for words in (source.title, conclusion or ""))
