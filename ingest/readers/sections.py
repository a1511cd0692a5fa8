"""Sections as readers make them: lines of prose, and lines that are one sentence each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from caveat.domain.model import Section, Span

_SPACES = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_NOT_WORD = re.compile(r"[\W_]+")
_BLANK = re.compile(r"\n\s*\n")
_ITEM = re.compile(r"\s*[-*•–]\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class MarkedSection(Section):
    """A section that knows which stretches of its text are one sentence each, whatever stands in them."""

    whole: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or (``item``) one item of a list or one row of a table."""

    text: str
    item: bool = False


def make_section(heading: str, blocks: Iterable[Block], *, quotable: bool = True) -> MarkedSection | None:
    """Each block on a line of its own; ``None`` when nothing is left. A comment is never quotable."""
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
    ours = name.split("_")[0] in ("comment", "comments")
    return MarkedSection(name, text, quotable and not ours, tuple(whole)) if text else None


def one_line(text: str) -> str:
    """Runs of white space, line ends too, become one space; control characters go."""
    return _SPACES.sub(" ", _CONTROL.sub(" ", text)).strip()


def section_name(heading: str) -> str:
    """A heading in lower case with underscores: ``What was found`` becomes ``what_was_found``."""
    return _NOT_WORD.sub("_", heading.casefold()).strip("_")[:80] or "text"


def wrapped_blocks(text: str) -> list[Block]:
    """Blocks of plain text: blank lines and list marks part them, other line ends do not."""
    blocks: list[Block] = []
    for paragraph in _BLANK.split(text):
        lines: list[Block] = []
        for line in paragraph.split("\n"):
            if mark := _ITEM.match(line):
                lines.append(Block(line[mark.end() :], item=True))
            elif lines:
                lines[-1] = Block(f"{lines[-1].text} {line.strip()}", lines[-1].item)
            else:
                lines.append(Block(line))
        blocks += lines
    return blocks


def line_blocks(text: str) -> list[Block]:
    """Blocks of a text whose every line end counts."""
    marks = ((line, _ITEM.match(line)) for line in text.split("\n"))
    return [Block(line[mark.end() :], item=True) if mark else Block(line) for line, mark in marks]
