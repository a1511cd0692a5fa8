"""What a build says while it works, and what it did in the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class Stage(StrEnum):
    """The steps of a build, in order."""

    READ = "read"
    WORKS = "works"
    EMBED = "embed"
    WRITE = "write"
    CHECK = "check"
    ACTIVATE = "activate"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step is; ``total`` is ``None`` where that is not known yet."""

    stage: Stage
    done: int
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, or a record of it, that is not indexed, and why."""

    message: str
    path: str | None = None
    line: int | None = None


Event = Progress | Problem
Listener = Callable[[Event], None]


def silent(_: Event) -> None:
    """Listens to nothing."""


@dataclass(slots=True)
class Report:
    """What a build did. Works are counted against the generation that served before."""

    generation: str | None = None
    works: int = 0
    records: int = 0
    """Records read; several may tell of one work."""
    merged: int = 0
    """Works made of more than one record."""
    kept_apart: int = 0
    """Pairs of records that look like one work and have identifiers that conflict."""
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    passages: int = 0
    sentences: int = 0
    passages_embedded: int = 0
    passages_reused: int = 0
    vectors_dropped: int = 0
    """Cached vectors that no index needed any more."""
    errors: list[Problem] = field(default_factory=list)
    ignored: dict[str, int] = field(default_factory=dict)
    """How many files were passed over, by reason."""
    pruned: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    seconds: float = 0.0
