"""PDF: the visible text, page by page. A scan has none, and says so."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    ContentStream,
    DictionaryObject,
    FloatObject,
    NameObject,
    TextStringObject,
)
from pypdf.generic._font import Font

from ingest.sandbox.found import Found, Unreadable
from ingest.sandbox.pdf_lines import page_sections
from ingest.sandbox.pdf_operators import MARK_FONT, visible_operations

MOST_PAGES = 3000
MUCH_HIDDEN = 20
"""So many unseen letters are no accident of typesetting."""
FEW = 25
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]+", re.IGNORECASE)
_SPACED_MARK = re.compile(r"(?<=[\w)]) ?\^(?=[+\-−–]?\d)")
_NO_TITLE = re.compile(
    r"untitled|microsoft word|\.(?:docx?|pdf|indd|tex|qxd|dvi)\b|^\s*$|^[\w.-]+$", re.IGNORECASE
)


def read(path: str) -> Found:
    """Everything visible; raises ``Unreadable`` for a scan, a locked file, or one that is damaged."""
    reader = PdfReader(path)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable("it is locked with a password; save it without one")
    count = len(reader.pages)
    if not count:
        raise Unreadable("it has no page")
    if count > MOST_PAGES:
        raise Unreadable(f"it has {count} pages, more than the {MOST_PAGES} that are read; part it")
    texts: list[str] = []
    empty: list[int] = []
    hidden = 0
    for number, page in enumerate(reader.pages, 1):
        try:
            text, unseen = _visible_text(page, reader)
        except (
            PyPdfError,
            ValueError,
            TypeError,
            LookupError,
            AttributeError,
            AssertionError,
            OverflowError,
        ) as error:
            raise Unreadable(
                f"page {number} is damaged ({type(error).__name__}), so that it cannot be read wholly"
            ) from error
        hidden += unseen
        texts.append(text)
        if sum(c.isalnum() for c in text) < FEW:
            empty.append(number)
    if len(empty) == count:
        layer = "; its only text is an invisible layer" if hidden >= MUCH_HIDDEN else ""
        raise Unreadable(
            f"its {count} pages have no text that can be read{layer}: it is a scan, or empty; run text recognition (OCR) over it first"
        )
    if len(empty) > count / 2:
        raise Unreadable(
            f"{len(empty)} of its {count} pages have no text: it is a scan in part; run text recognition (OCR) over it first"
        )
    found = Found(sections=page_sections(texts), hidden=hidden >= MUCH_HIDDEN)
    if empty:
        found.missing = f"page {', '.join(map(str, empty[:20]))} of it has no text (a picture or a scan?)"
    _facts(found, reader, texts)
    return found


def _visible_text(page: PageObject, reader: PdfReader) -> tuple[str, int]:
    """The page's text after its unseen text was taken out, and how many letters were."""
    contents = page.get_contents()
    if contents is None:
        return "", 0
    resources = page.get("/Resources")
    resources = resources.get_object() if resources is not None else DictionaryObject()
    box = tuple(float(v) for v in page.cropbox)
    stream = ContentStream(contents, reader)
    kept, seen = visible_operations(stream.operations, box, _decoder(resources))  # type: ignore[arg-type]
    stream.operations = [(_objects(operands), operator) for operands, operator in kept]
    page[NameObject("/Contents")] = stream
    hidden = seen.hidden + _forms(resources, reader, set(), 0)
    _add_mark_font(page, resources)
    return _SPACED_MARK.sub("^", page.extract_text()), hidden


def _objects(operands: Any) -> Any:
    """Operands as the library writes them back letter for letter; those written by us in its types."""
    return [_object(x) for x in operands] if isinstance(operands, list) else operands


def _object(x: Any) -> Any:
    if isinstance(x, TextStringObject):
        return ByteStringObject(x.original_bytes)
    if isinstance(x, ArrayObject):
        return ArrayObject([_object(y) for y in x])
    if type(x) is str:
        return NameObject(x) if x.startswith("/") else ByteStringObject(x.encode("latin-1"))
    return FloatObject(x) if type(x) is float else x


def _forms(resources: Any, reader: PdfReader, done: set[int], depth: int) -> int:
    """Takes unseen text out of the drawings (form XObjects) that a page uses; says how many letters."""
    hidden = 0
    drawings = resources.get("/XObject")
    drawings = drawings.get_object() if drawings is not None else {}
    for name in list(drawings):
        form = drawings[name].get_object()
        if depth > 8 or id(form) in done or form.get("/Subtype") != "/Form":
            continue
        done.add(id(form))
        inner = form.get("/Resources")
        inner = inner.get_object() if inner is not None else resources
        stream = ContentStream(form, reader)
        # Where a drawing is placed is not followed: its size and place count as visible.
        box = (-1e9, -1e9, 1e9, 1e9)
        kept, seen = visible_operations(stream.operations, box, _decoder(inner))
        if seen.hidden:
            stream.operations = [(_objects(operands), operator) for operands, operator in kept]
            form.set_data(stream.get_data())
            hidden += seen.hidden
        hidden += _forms(inner, reader, done, depth + 1)
    return hidden


def _add_mark_font(page: PageObject, resources: Any) -> None:
    """A font in which the mark ``^`` can be written."""
    fonts = resources.get("/Font")
    fonts = fonts.get_object() if fonts is not None else DictionaryObject()
    fonts[NameObject(MARK_FONT)] = DictionaryObject({
        NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
        NameObject("/BaseFont"): NameObject("/Helvetica"), NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
    })  # fmt: skip
    resources[NameObject("/Font")] = fonts
    page[NameObject("/Resources")] = resources


def _decoder(resources: Any) -> Any:
    """What turns a shown string into letters, for the fonts of these resources."""
    fonts = resources.get("/Font")
    fonts = fonts.get_object() if fonts is not None else {}
    made: dict[str, Font | None] = {}

    def decode(name: str, shown: str | bytes) -> str:
        if name not in made:
            try:
                made[name] = Font.from_font_resource(fonts[name].get_object())
            except Exception:  # a damaged font: its letters are then counted as they stand
                made[name] = None
        font = made[name]
        raw = (
            shown
            if isinstance(shown, bytes)
            else getattr(shown, "original_bytes", shown.encode("utf-8", "replace"))
        )
        if font is None:
            return raw.decode("latin-1")
        if isinstance(font.encoding, str):
            text = raw.decode(font.encoding, "replace")
        else:
            text = "".join(font.encoding.get(byte, chr(byte)) for byte in raw)
        return "".join(str(font.character_map.get(c, c)) for c in text)

    return decode


def _facts(found: Found, reader: PdfReader, texts: list[str]) -> None:
    """Title and DOI from the file's own fields; else a DOI that stands alone on the first page."""
    info: dict[str, Any] = dict(reader.metadata or {})
    title = str(info.get("/Title") or "").strip()
    if len(title) > 10 and not _NO_TITLE.search(title):
        found.facts["title"] = title
    fields = " ".join(str(info.get(name) or "") for name in ("/doi", "/DOI", "/WPS-ARTICLEDOI", "/Subject"))
    stated = _DOI.search(fields)
    counted = Counter(m.group().rstrip(".,;)").lower() for m in _DOI.finditer(texts[0]))
    if stated:
        found.facts["doi"] = stated.group()
    elif len(counted) == 1:
        found.facts["doi"] = next(iter(counted))
    if "title" not in found.facts:
        lines = [line.strip() for line in texts[0].splitlines() if len(line.split()) >= 3]
        if lines:
            found.facts["title"] = lines[0][:300]
