"""Sections as readers make them: blocks of prose, and items that are one sentence each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from caveat.domain.model import Section, Span

_SPACES = re.compile(r"[^\S\n]+")
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class MarkedSection(Section):
    """A section that knows which stretches of its text are one sentence each, whatever stands in them."""

    whole: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or one item of a list or row of a table (``item``)."""

    text: str
    item: bool = False


def make_section(heading: str, blocks: Iterable[Block]) -> MarkedSection | None:
    """Blocks on lines of their own; ``None`` when nothing is left."""
    text = ""
    whole: list[Span] = []
    for block in blocks:
        line = one_line(block.text)
        if not line:
            continue
        text += "\n" if text else ""
        if block.item:
            whole.append(Span(len(text), len(text) + len(line)))
        text += line
    name = section_name(heading)
    return MarkedSection(name, text, not name.startswith("comment"), tuple(whole)) if text else None


def one_line(text: str) -> str:
    """Runs of white space, line ends too, become one space; control characters go."""
    text = _SPACES.sub(" ", text.replace("\r", "\n").replace("\n", " "))
    return "".join(c for c in text if c == " " or unicodedata.category(c) != "Cc").strip()


def section_name(heading: str) -> str:
    """A heading in lower case with underscores: ``What was found`` becomes ``what_was_found``."""
    return _NOT_WORD.sub("_", heading.casefold()).strip("_") or "text"


def paragraphs(text: str) -> list[Block]:
    """Blocks of plain text: blank lines part them, single line ends do not."""
    return [Block(part) for part in re.split(r"\n[^\S\n]*\n", text.replace("\r\n", "\n").replace("\r", "\n"))]
