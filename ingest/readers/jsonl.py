"""JSON Lines: one document a line, with ``text`` or ``sections`` and any field of a source."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from caveat.domain.model import Document, Section
from caveat.errors import CorpusError
from ingest.readers.fields import source_from
from ingest.readers.files import read_text
from ingest.readers.sections import make_section, paragraphs


def read_jsonl(path: Path, fail: Callable[[CorpusError], None]) -> Iterator[Document]:
    """The documents of a file; a wrong line is handed to ``fail`` and the next one is read."""
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if line.strip():
            try:
                yield _document(line, str(path), number)
            except CorpusError as error:
                fail(error)


def _document(line: str, path: str, number: int) -> Document:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CorpusError(f"it is not JSON: {error}", path=path, line=number) from error
    if not isinstance(record, dict):
        raise CorpusError("it is not a JSON object", path=path, line=number)
    text, parts = record.pop("text", None), record.pop("sections", None)
    if isinstance(text, str) and parts is None:
        parts = [{"name": "text", "text": text}]
    if not isinstance(parts, list):
        raise CorpusError("it needs 'text', or 'sections' as a list of name and text", path=path, line=number)
    sections = tuple(s for s in (_section(part, path, number) for part in parts) if s is not None)
    if not sections:
        raise CorpusError("it has no text", path=path, line=number)
    return Document(source_from(record, path=path, lines={}, line=number), sections, f"{path}:{number}")


def _section(part: object, path: str, number: int) -> Section | None:
    if not isinstance(part, dict) or not isinstance(part.get("text"), str) or set(part) - {"name", "text"}:
        raise CorpusError("a section is not {'name': …, 'text': …}", path=path, line=number)
    return make_section(str(part.get("name", "text")), paragraphs(part["text"]))
