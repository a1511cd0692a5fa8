"""Word (.docx): headings, paragraphs, lists and tables; hidden and deleted text is left out."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.exceptions import OpcError, PackageNotFoundError
from docx.oxml.ns import qn

from ingest.sandbox.found import Found, Unreadable

MOST_BYTES = 300_000_000
"""Of the parts of a file, unpacked."""
MUCH_HIDDEN = 20
TINY = 4
"""Half points."""
_WHITE = {"FFFFFF", "FEFEFE", "FDFDFD", "FCFCFC", "FBFBFB", "FAFAFA"}


def read(path: str) -> Found:
    """Everything visible; raises ``Unreadable``."""
    _check_size(path)
    try:
        document = docx.Document(path)
    except (PackageNotFoundError, OpcError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise Unreadable("it is damaged, or no Word file") from error
    walker = _Walker(document)
    found = Found(sections=walker.sections(), hidden=walker.hidden >= MUCH_HIDDEN)
    title = (document.core_properties.title or "").strip() or walker.title
    if title:
        found.facts["title"] = title
    if not any(lines for _, lines, _ in found.sections):
        raise Unreadable("it has no text")
    return found


def _check_size(path: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
            for member in archive.infolist():
                # The size in the list may lie: what is really there is counted.
                if member.filename.endswith((".xml", ".rels")):
                    with archive.open(member) as stream:
                        done = 0
                        while block := stream.read(1 << 20):
                            done += len(block)
                            if done > MOST_BYTES:
                                raise Unreadable("it unpacks to more than can be read")
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise Unreadable("it is damaged or cut off") from error
    if size > MOST_BYTES:
        raise Unreadable("it unpacks to more than can be read")


class _Walker:
    """Goes through the body once, in order."""

    def __init__(self, document: Any) -> None:
        self._body = document.element.body
        self._styles = {s.style_id: s for s in document.styles if s.style_id}
        self.title: str | None = None
        self.hidden = 0

    def sections(self) -> list[tuple[str, list[tuple[str, bool]], bool]]:
        parts: list[tuple[str, list[tuple[str, bool]], bool]] = [("text", [], True)]
        for block in self._blocks(self._body):
            if block.tag == qn("w:tbl"):
                parts[-1][1].extend((row, True) for row in self._rows(block))
                continue
            text = self._text(block)
            if not text:
                continue
            style = self._style(block)
            if style == "title" and self.title is None:
                self.title = text
            elif style.startswith("heading"):
                if self.title is None and style == "heading 1" and not any(lines for _, lines, _ in parts):
                    self.title = text
                parts.append((text, [], True))
            else:
                listed = block.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None or style.startswith("list")
                parts[-1][1].append((text, listed))
        return [part for part in parts if part[1]]

    def _blocks(self, parent: Any) -> Iterator[Any]:
        for child in parent:
            if child.tag in (qn("w:p"), qn("w:tbl")):
                yield child
            elif child.tag in (
                qn("w:sdt"),
                qn("w:sdtContent"),
                qn("w:ins"),
                qn("w:customXml"),
                qn("w:smartTag"),
            ):
                yield from self._blocks(child)

    def _rows(self, table: Any) -> Iterator[str]:
        for row in table.iter(qn("w:tr")):
            cells = [
                " ".join(filter(None, (self._text(p, cell) for p in cell.iter(qn("w:p")))))
                for cell in row.iter(qn("w:tc"))
            ]
            if any(cells):
                yield " | ".join(cells)

    def _style(self, paragraph: Any) -> str:
        properties = paragraph.find(qn("w:pPr"))
        named = properties.find(qn("w:pStyle")) if properties is not None else None
        style = self._styles.get(named.get(qn("w:val"))) if named is not None else None
        name = (style.name or "").lower() if style is not None else ""
        level = properties.find(qn("w:outlineLvl")) if properties is not None else None
        return (
            f"heading {int(level.get(qn('w:val'), '0')) + 1}"
            if level is not None and not name.startswith("heading")
            else name
        )

    def _text(self, paragraph: Any, cell: Any = None) -> str:
        """The visible text of a paragraph; a raised number is written ``^6``."""
        shaded = _shaded(paragraph.find(qn("w:pPr"))) or (
            cell is not None and _shaded(cell.find(qn("w:tcPr")))
        )
        parts: list[str] = []
        for node in paragraph.iter(qn("w:r")):
            if _deleted(node, paragraph):
                continue
            properties = node.find(qn("w:rPr"))
            text = "".join(_letters(child) for child in node)
            if _unseen(properties, shaded):
                self.hidden += sum(c.isalpha() for c in text)
                continue
            raised = properties is not None and properties.find(qn("w:vertAlign")) is not None
            if raised and properties.find(qn("w:vertAlign")).get(qn("w:val")) == "superscript":
                before = "".join(parts)[-1:]
                digits = text.strip().lstrip("+-−–").isdigit()
                parts.append("^" + text.strip() if digits and before.isalnum() else text)
            else:
                parts.append(text)
        return " ".join("".join(parts).split())


def _letters(node: Any) -> str:
    if node.tag == qn("w:t"):
        return node.text or ""
    if node.tag in (qn("w:tab"), qn("w:br"), qn("w:cr")):
        return " "
    return "-" if node.tag == qn("w:noBreakHyphen") else ""


def _deleted(run: Any, paragraph: Any) -> bool:
    """Whether a run was deleted or moved away, or stands in another paragraph (of a text box) of its own."""
    node = run.getparent()
    while node is not None and node is not paragraph:
        if node.tag in (qn("w:del"), qn("w:moveFrom"), qn("w:p")) or node.tag.endswith("}Fallback"):
            return True
        node = node.getparent()
    return False


def _unseen(properties: Any, shaded: bool) -> bool:
    if properties is None:
        return False
    if _on(properties.find(qn("w:vanish"))) or _on(properties.find(qn("w:webHidden"))):
        return True
    size = properties.find(qn("w:sz"))
    if size is not None and (size.get(qn("w:val")) or "").isdigit() and int(size.get(qn("w:val"))) <= TINY:
        return True
    colour = properties.find(qn("w:color"))
    white = colour is not None and (colour.get(qn("w:val")) or "").upper() in _WHITE
    return white and not shaded and not _shaded(properties) and properties.find(qn("w:highlight")) is None


def _on(node: Any) -> bool:
    return node is not None and (node.get(qn("w:val")) or "true") not in ("0", "false", "off")


def _shaded(properties: Any) -> bool:
    shade = properties.find(qn("w:shd")) if properties is not None else None
    return shade is not None and (shade.get(qn("w:fill")) or "auto").upper() not in ("AUTO", *_WHITE)
