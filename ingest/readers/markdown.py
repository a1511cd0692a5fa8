"""Markdown: the document is its front matter and the sections its headings make."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from caveat.domain.model import Document, Section
from caveat.errors import CorpusError
from ingest.readers.fields import source_from
from ingest.readers.files import read_text
from ingest.readers.front_matter import front_matter
from ingest.readers.item import Item
from ingest.readers.sections import Block, make_section, one_line

UNNAMED = "text"
"""The section of what stands before the first heading."""
_TAG = re.compile(
    r"</?(?:a|b|br|div|em|i|p|small|span|strong|sub|sup|u)\b[^>]*>|<!--.*?-->", re.IGNORECASE | re.DOTALL
)
# A star inside a word is part of a name (CYP2C19*2), never the mark of a slanted stretch.
_STAR = re.compile(r"(?<=\w)\*(?=\w)")
_STAR_KEPT = "\ue000"
# Indented text is prose here, not code, and HTML blocks are read like the text around them.
_parser = MarkdownIt("commonmark").disable(["code", "html_block"]).enable("table")


def read_markdown(item: Item, fail: Callable[[CorpusError], None]) -> Iterator[Document]:
    """The one document of a file; raises ``CorpusError`` with file and line."""
    name = item.name
    head = front_matter(read_text(item), name)
    heading, sections = _sections(head.body)
    if not sections:
        raise CorpusError("it has no text", path=name, line=head.body_line)
    facts = dict(head.facts)
    facts.setdefault("id", item.stem.replace(" ", "-"))
    if not facts.get("title"):
        facts["title"] = heading or item.stem
    yield Document(source_from(facts, path=name, lines=head.lines), sections, name)


def _sections(body: str) -> tuple[str | None, tuple[Section, ...]]:
    """The first heading of the top level, and the sections that hold text."""
    title: str | None = None
    parts: list[tuple[str, list[Block]]] = [(UNNAMED, [])]
    row: list[str] = []
    lists = 0
    opener = ""
    for token in _parser.parse(_STAR.sub(_STAR_KEPT, body)):
        if token.type == "inline":
            text = one_line(_words(token))
            if opener == "h1" and title is None:
                title = text
            elif opener in ("h1", "h2", "h3", "h4", "h5", "h6"):
                parts.append((text, []))
            elif opener in ("td", "th"):
                row.append(text)
            else:
                parts[-1][1].append(Block(text, item=lists > 0))
        elif token.type == "fence":
            parts[-1][1].append(Block(token.content.replace(_STAR_KEPT, "*")))
        elif token.type == "tr_close":
            parts[-1][1].append(Block(" | ".join(row), item=True))
            row = []
        elif token.tag == "li":
            lists += token.nesting
        opener = token.tag if token.nesting == 1 else ""
    made = [make_section(name, blocks) for name, blocks in parts]
    return title, tuple(section for section in made if section)


def _words(token: Token) -> str:
    """The words of a stretch of Markdown; known tags go, but a superscript keeps its sense (10^6)."""
    out: list[str] = []
    for child in token.children or []:
        if child.type == "html_inline":
            out.append(_TAG.sub(lambda match: _tag(match.group()), child.content))
        elif child.type in ("softbreak", "hardbreak"):
            out.append(" ")
        else:
            out.append(child.content)
    return "".join(out).replace(_STAR_KEPT, "*")


def _tag(tag: str) -> str:
    name = tag.lower()
    return "^" if name.startswith("<sup") else " " if name.startswith("<br") else ""
