"""What a document of no fixed fields was found to hold."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field


class Unreadable(Exception):
    """A file that is not read; the text says why, in words for the user."""


@dataclass(slots=True)
class Found:
    """Sections in order, each a heading and lines (text, whether it is an item); facts; and what was left out."""

    sections: list[tuple[str, list[tuple[str, bool]], bool]] = field(default_factory=list)
    """Heading, lines, quotable."""
    facts: dict[str, str] = field(default_factory=dict)
    authors: list[str] = field(default_factory=list)
    hidden: bool = False
    """Text that no reader sees was left out."""
    missing: str | None = None
    """What of the file could not be read, where the rest was."""

    def as_json(self) -> dict[str, object]:
        """For the process that asked."""
        return asdict(self)
