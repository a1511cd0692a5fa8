"""The text of JATS: each section under its headings, lists and table rows as lines, references taken out."""

from __future__ import annotations

import re

from lxml import etree

from ingest.readers.markup import local, text_of
from ingest.readers.record import Record
from ingest.readers.sections import Block

LEFT_OUT = frozenset({
    "tex-math", "graphic", "inline-graphic", "media", "object-id", "fn", "xref-bibr", "xref-fn", "xref-aff",
    "xref-table-fn", "xref-corresp", "index-term", "supplementary-material", "inline-supplementary-material",
})  # fmt: skip
_APART = frozenset(
    {
        "list",
        "def-list",
        "table-wrap",
        "table-wrap-group",
        "fig",
        "fig-group",
        "disp-quote",
        "boxed-text",
        "sec",
        "p",
        "statement",
    }
)
_BLOCKS = frozenset({"p", "break", "list-item", "def-item", "term", "def", "title", "label", "disp-formula"})
# What is left of "[1, 2]" once the references are gone.
_EMPTY = re.compile(r"\s*[\[(]\s*(?:(?:[,;–—-]|and|see|e\.g\.|ref\.?|refs\.?)\s*)*[\])]")
_SPACE_BEFORE = re.compile(r"\s+(?=[.,;:)\]](?:\s|$))")
_DEEPEST = 12
_NUMBER = re.compile(r"^(?:\d+(?:\.\d+)*\.?|[IVX]+\.)\s+(?=\S)")
_ASIDE = re.compile(
    r"(?:authors?.{0,3} contributions?|acknowledge?ments?|abbreviations|supporting information|supplementa\w+ \w+|"
    r"pre-publication history|ethic\w+ \w+(?: \w+){0,4}|consent(?: \w+){0,3}|data availability\w*|publisher.s note)\W*",
    re.IGNORECASE,
)
"""Headings of what is no finding of the work: it may be shown, never quoted."""


def clean(text: str | None) -> str | None:
    """The text without the brackets that its references leave empty."""
    return _SPACE_BEFORE.sub("", _EMPTY.sub("", text)).strip() or None if text else None


def sections_of(element: etree._Element | None, record: Record, name: str = "", depth: int = 0) -> None:
    """Adds an element's own text as a section, then each section in it under its heading and this name."""
    if element is None or depth > _DEEPEST:
        return
    blocks: list[Block] = []
    inner: list[etree._Element] = []
    for child in element:
        kind = local(child)
        if kind == "sec":
            inner.append(child)
        elif kind in ("table-wrap-group", "fig-group"):
            inner += [n for n in child if local(n) in ("table-wrap", "fig")]
        elif kind in ("table-wrap", "fig"):
            inner.append(child)
        elif kind not in ("title", "label", "sec-meta"):
            _blocks(child, blocks, inner)
    if blocks:
        record.parts.append((name or "text", blocks, not _ASIDE.fullmatch(name)))
    for child in inner:
        kind = local(child)
        if kind == "sec":
            title = _NUMBER.sub("", clean(text_of(child.find("title"), LEFT_OUT)) or "text")
            sections_of(child, record, f"{name} {title}".strip() if name else title, depth + 1)
        else:
            _float(child, record, kind)


def _blocks(element: etree._Element, blocks: list[Block], inner: list[etree._Element]) -> None:
    """Lines of a paragraph, a list or whatever else stands in a section."""
    kind = local(element)
    if kind in ("table-wrap", "fig", "sec"):
        inner.append(element)
    elif kind in ("list", "def-list"):
        for item in element:
            if local(item) in ("list-item", "def-item"):
                _item(item, blocks, inner)
    elif kind in ("boxed-text", "disp-quote", "statement"):
        for child in element:
            if local(child) != "label":
                _blocks(child, blocks, inner)
    elif kind:
        later = [n for n in element.iter() if n is not element and local(n) in _APART]
        later = [n for n in later if not any(local(a) in _APART for a in _between(n, element))]
        for nested in later:
            _cut(nested)
        line = clean(text_of(element, LEFT_OUT, _BLOCKS))
        if line:
            blocks.append(Block(line))
        for nested in later:
            _blocks(nested, blocks, inner)


def _item(item: etree._Element, blocks: list[Block], inner: list[etree._Element]) -> None:
    later: list[etree._Element] = []
    for nested in [n for n in item.iter() if local(n) in ("list", "def-list", "table-wrap", "fig")]:
        if not any(local(a) in ("list", "def-list") for a in _between(nested, item)):
            later.append(nested)
            _cut(nested)
    line = clean(text_of(item, LEFT_OUT | {"label"}, _BLOCKS))
    if line:
        blocks.append(Block(line, item=True))
    for nested in later:
        _blocks(nested, blocks, inner)


def _between(inside: etree._Element, outside: etree._Element) -> list[etree._Element]:
    found = []
    node = inside.getparent()
    while node is not None and node is not outside:
        found.append(node)
        node = node.getparent()
    return found


def _cut(element: etree._Element) -> None:
    """Takes an element out of its parent and leaves the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    tail = " " + (element.tail or "")
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)


def _float(element: etree._Element, record: Record, kind: str) -> None:
    """A table or figure: its caption, and each row of a table as a line."""
    label = clean(text_of(element.find("label"))) or ("table" if kind == "table-wrap" else "figure")
    caption = clean(text_of(element.find("caption"), LEFT_OUT, _BLOCKS))
    blocks = (
        [Block(f"{label}. {caption}" if not label.endswith((".", ":")) else f"{label} {caption}")]
        if caption
        else []
    )
    for row in element.iter("tr"):
        cells = [clean(text_of(cell, LEFT_OUT, _BLOCKS)) or "" for cell in row if local(cell) in ("td", "th")]
        if any(cells):
            blocks.append(Block(" | ".join(cells), item=True))
    notes = clean(
        " ".join(
            filter(None, (text_of(n, LEFT_OUT - {"fn"}, _BLOCKS) for n in element.findall("table-wrap-foot")))
        )
    )
    if notes:
        blocks.append(Block(notes))
    if blocks:
        record.parts.append((label, blocks, True))
