"""JSON Lines: one document a line, with ``text`` or ``sections`` and any field of a source."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from caveat.domain.model import Document, Section
from caveat.errors import CorpusError
from ingest.readers.fields import HALVED, halved, source_from
from ingest.readers.files import decode_line, read_lines
from ingest.readers.item import Item
from ingest.readers.json_records import reader_of
from ingest.readers.record import Record
from ingest.readers.sections import line_blocks, make_section


def read_jsonl(item: Item, fail: Callable[[CorpusError], None]) -> Iterator[Document]:
    """The documents of a file; a wrong line is handed to ``fail`` and the next one is read."""
    empty = True
    for number, raw in read_lines(item):
        if raw.strip():
            empty = False
            try:
                document = _document(decode_line(raw, item.name, number), item.name, number)
            except CorpusError as error:
                fail(error)
            else:
                yield document
    if empty:
        raise CorpusError("it has no text", path=item.name, line=1)


def _document(line: str, path: str, number: int) -> Document:
    def wrong(message: str) -> CorpusError:
        return CorpusError(message, path=path, line=number)

    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise wrong(f"it is not JSON: {error}") from error
    if not isinstance(record, dict):
        raise wrong("it is not a JSON object")
    if reader := reader_of(record):
        return _official(record, reader, path, number)
    record.pop("read_by_rule_unsure", None)  # what `ingest read` guessed is no statement of the file
    text, parts = record.pop("text", None), record.pop("sections", None)
    if isinstance(text, str) and parts is None:
        parts = [{"name": "text", "text": text}]
    if not isinstance(parts, list) or not isinstance(text, str | None):
        raise wrong("it needs a 'text', or 'sections' as a list of {'name', 'text'}")
    sections: list[Section] = []
    for part in parts:
        if not _is_section(part):
            raise wrong("a section needs 'name' and 'text', both texts, and no other field but 'quotable'")
        quotable = part.get("quotable", True)
        if halved(part):
            raise wrong(f"a section: {HALVED}")
        section = make_section(part["name"], line_blocks(part["text"]), quotable=quotable)
        if section is not None:
            sections.append(section)
    if not sections:
        raise wrong("it has no text")
    source = source_from(record, path=path, lines={}, line=number)
    return Document(source, tuple(sections), f"{path}:{number}")


def _official(record: object, reader: Callable[[object], Record], path: str, number: int) -> Document:
    """A record of an official source that was kept as it came, one a line."""
    try:
        return reader(record).document(f"{path}:{number}", path)
    except CorpusError as error:
        raise CorpusError(error.reason, path=path, line=number) from error
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise CorpusError("its fields are not as the format has them", path=path, line=number) from error


def _is_section(part: object) -> bool:
    return (
        isinstance(part, dict)
        and isinstance(part.get("name"), str)
        and isinstance(part.get("text"), str)
        and isinstance(part.get("quotable", True), bool)
        and not set(part) - {"name", "text", "quotable"}
    )
