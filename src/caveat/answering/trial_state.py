"""Whether a trial is still under way or was stopped, in a question and in a work's record."""

from __future__ import annotations

import re

from caveat.domain.model import Source
from caveat.domain.words_for import PLANNED

_RUNNING = re.compile(
    r"\b(?:recruiting|ongoing|running|under\s?way|still open|planned|upcoming|join|enrol(?:l?ing)?|in progress|next (?:\w+ )?(?:trials?|stud(?:y|ies)|results)|when (?:will|are|is|do)\b.{0,30}\b(?:trials?|stud(?:y|ies)|results)|without results|no results|coming)\b",
    re.IGNORECASE,
)
_STOPPED = re.compile(r"\b(?:terminated|stopped early|abandoned|withdrawn|discontinued)\b", re.IGNORECASE)
_NOT_RUNNING = re.compile(
    r"\b(?:completed|terminated|superseded|results (?:published|posted)|closed to recruitment)\b",
    re.IGNORECASE,
)


def asks_for_running(text: str) -> bool:
    """True for a question after trials that are not over."""
    return bool(_RUNNING.search(text))


def asks_for_stopped(text: str) -> bool:
    """True for a question after trials that ended before their time."""
    return bool(_STOPPED.search(text))


def is_running(source: Source) -> bool:
    """True for a trial whose record does not say that it is over; of one with a design of its own, that it recruits."""
    status = source.trial_status or ""
    over = bool(_NOT_RUNNING.search(status))
    return not over and (source.design in PLANNED or "recruiting" in status.casefold())


def is_stopped(source: Source) -> bool:
    """True for a trial whose record says that it ended before its time."""
    return bool(_STOPPED.search(source.trial_status or ""))
