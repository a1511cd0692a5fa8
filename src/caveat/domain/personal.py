"""Files of a reader's own: what the page knows of them, whoever keeps them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OwnLimits:
    """What whoever runs Caveat allows each person."""

    file_mb: int = 20
    files: int = 20
    unused_days: int = 30
    """A collection that nobody has used for so many days is removed."""
    people: int = 50
    """How many people can have a collection at one time."""


@dataclass(frozen=True, slots=True)
class OwnFile:
    """One file: the name that is shown is the reader's, ``id`` is how it is kept."""

    id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class BuildStep:
    """A moment of indexing; ``share`` is how much of this step is done, ``None`` while that is not known."""

    text: str
    share: float | None = None
    problem: bool = False
    """True when ``text`` says what could not be indexed."""
