"""What the use case reports while it works. Unverified text is never part of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """The steps of answering, in order."""

    TRIAGE = "triage"
    FOLLOW_UP = "follow_up"
    SEARCH = "search"
    READ = "read"
    DRAFT = "draft"
    CHECK = "check"
    WEIGH = "weigh"


@dataclass(frozen=True, slots=True)
class Progress:
    """One step begun: words searched, passages read, claims checked."""

    stage: Stage
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of this conversation, as typed and as it was understood."""

    question: str
    standalone_question: str | None = None
    source_ids: tuple[str, ...] = ()
