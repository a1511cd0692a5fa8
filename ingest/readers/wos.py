"""Web of Science's own text export (``.ciw``, plain text). One record at a time, so that memory stays flat."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import rispy

from caveat.domain.model import Document
from caveat.errors import CorpusError
from ingest.readers.item import Item
from ingest.readers.record import Record, documents_of
from ingest.readers.reference import Reference, reference_record
from ingest.readers.ris import RECORD_CHARACTERS, checked

_BEGIN = re.compile(r"PT [A-Z]\s*$")
_END = re.compile(r"ER\s*$")
_LINE = re.compile(r"(?:[A-Z][A-Z0-9]|  )(?: .*)?$")


def read_wos(item: Item, fail: Callable[[CorpusError], None]) -> Iterator[Document]:
    """Every record of a file; a broken one is handed to ``fail`` and the next one is read."""
    yield from documents_of(_records(item), _record, item.name, fail)


def _records(item: Item) -> Iterator[tuple[int, str]]:
    """The lines of each record from ``PT`` to ``ER``; nothing for one that has no end."""
    number, size = 0, 0
    lines: list[str] | None = None
    with item.text() as stream:
        for line in stream:
            text = line.lstrip("\ufeff").rstrip("\r\n")
            begins = _BEGIN.match(text)
            if lines is not None and (begins or _END.match(text)):
                number += 1
                yield number, "" if begins else "\n".join(lines)
                lines = None
            if begins:
                lines, size = [], 0
            if lines is not None and _LINE.match(text) and (size := size + len(text)) <= RECORD_CHARACTERS:
                lines.append(text)
    if lines is not None:
        yield number + 1, ""


def _record(text: str) -> Record:
    if not text:
        raise CorpusError("it is cut off: the line ER is missing")
    entries = rispy.loads(checked(text) + "\nER\n", implementation=rispy.WokParser)
    if not entries:
        raise CorpusError("it is no record")
    entry = entries[0]

    def said(name: str) -> str | None:
        value = entry.get(name)
        return " ".join(map(str, value)) if isinstance(value, list) else value

    def parted(*names: str) -> list[str]:
        return [part.strip() for name in names for part in (said(name) or "").split(";") if part.strip()]

    return reference_record(
        Reference(
            title=said("document_title"),
            abstract=said("abstract"),
            authors=entry.get("authors") or entry.get("group_authors") or (),
            year=said("publication_year") or said("early_access_year"),
            journal=said("publication_name"),
            doi=said("doi"),
            pmid=said("pubmed_id"),
            types=parted("document_type"),
            language=said("language"),
            mesh=parted("author_keywords", "keywords_plus"),
            funding=said("funding_agency_and_grant_number"),
        )
    )
