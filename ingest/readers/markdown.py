"""Markdown with YAML front matter: headings part the text, bullets are one sentence each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from caveat.domain.model import Document, Section
from caveat.errors import CorpusError
from ingest.readers.fields import source_from
from ingest.readers.files import read_text
from ingest.readers.sections import Block, make_section, one_line

FIRST_SECTION = "text"
_FENCE = re.compile(r"---[^\S\n]*")
_TAG = re.compile(r"</?(?:a|b|br|div|em|i|p|small|span|strong|sub|sup|u)\b[^>]*>|<!--.*?-->", re.I | re.S)
_parser = MarkdownIt("commonmark").disable(["code", "html_block", "lheading"]).enable("table")


class _Loader(yaml.SafeLoader):
    """YAML whose scalars are text, ``true``, ``false`` or nothing: dates and numbers are checked by their field."""


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|false|False)$"), list("tTfF")
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|)$"), ["~", "n", "N", ""]
)


def read_markdown(path: Path) -> Iterator[Document]:
    """The one document of a file; raises ``CorpusError`` with file and line."""
    name = str(path)
    facts, lines, body, first_line = _front_matter(read_text(path), name)
    heading, sections = _sections(body)
    if not sections:
        raise CorpusError("it has no text", path=name, line=first_line)
    facts.setdefault("id", path.stem)
    if not facts.get("title"):
        facts["title"] = heading or path.stem
    yield Document(source_from(facts, path=name, lines=lines), sections, name)


def _front_matter(text: str, path: str) -> tuple[dict[str, object], dict[str, int], str, int]:
    """Facts, the line of each, the text below, and the line it starts on."""
    rows = text.split("\n")
    if not _FENCE.fullmatch(rows[0]):
        return {}, {}, text, 1
    end = next((i for i, row in enumerate(rows[1:], 1) if _FENCE.fullmatch(row)), None)
    if end is None:
        raise CorpusError("the front matter is not closed with a line '---'", path=path, line=1)
    head = "\n".join(rows[1:end])
    try:
        node = yaml.compose(head, _Loader)
        facts = yaml.load(head, _Loader)  # noqa: S506 (a SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it is not YAML"
        raise CorpusError(
            f"the front matter is not valid YAML: {problem}", path=path, line=mark.line + 2 if mark else 1
        ) from error
    if facts is None:
        facts, node = {}, None
    if not isinstance(facts, dict) or not all(isinstance(key, str) for key in facts):
        raise CorpusError("the front matter is not a list of 'name: value' lines", path=path, line=2)
    lines: dict[str, int] = {}
    for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
        if key.value in lines:
            raise CorpusError(
                f"the field {key.value!r} stands twice", path=path, line=key.start_mark.line + 2
            )
        lines[key.value] = key.start_mark.line + 2
    return facts, lines, "\n".join(rows[end + 1 :]), end + 2


def _sections(body: str) -> tuple[str | None, tuple[Section, ...]]:
    """The first heading of the top level, and the sections that hold text."""
    title: str | None = None
    parts: list[tuple[str, list[Block]]] = [(FIRST_SECTION, [])]
    tokens = _parser.parse(body)
    lists = 0
    row: list[str] = []
    for i, token in enumerate(tokens):
        if token.type == "list_item_open":
            lists += 1
        elif token.type == "list_item_close":
            lists -= 1
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            parts[-1][1].append(Block(" | ".join(row), item=True))
        elif token.type == "fence":
            parts[-1][1].append(Block(token.content))
        elif token.type == "inline":
            text = one_line(_inline(token))
            opener = tokens[i - 1]
            if opener.type == "heading_open" and opener.tag == "h1" and title is None:
                title = text
            elif opener.type == "heading_open":
                parts.append((text, []))
            elif opener.type in ("td_open", "th_open"):
                row.append(text)
            else:
                parts[-1][1].append(Block(text, item=lists > 0))
    made = [make_section(name, blocks) for name, blocks in parts]
    return title, tuple(section for section in made if section)


def _inline(token: Token) -> str:
    """The words of a stretch of Markdown; known tags go, a superscript keeps its sense."""
    out: list[str] = []
    for child in token.children or []:
        if child.type == "html_inline":
            out.append(_TAG.sub(lambda m: _tag(m.group()), child.content))
        elif child.type in ("softbreak", "hardbreak"):
            out.append(" ")
        elif child.type == "image":
            out.append(child.content)
        else:
            out.append(child.content)
    return "".join(out)


def _tag(tag: str) -> str:
    return "^" if tag.lower().startswith("<sup") else " " if tag.lower().startswith("<br") else ""
