"""RIS, as reference managers and databases write it. One record at a time, so that memory stays flat."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import rispy

from caveat.domain.model import Document
from caveat.errors import CorpusError
from ingest.readers.item import Item
from ingest.readers.record import Record, documents_of
from ingest.readers.reference import Reference, reference_record

RECORD_CHARACTERS = 5_000_000
HALF = re.compile(r"[\ud800-\udfff]")
"""What a byte becomes that is no text in the file's encoding."""
_BEGIN = re.compile(r"\s{0,4}TY {1,3}-")
_END = re.compile(r"\s{0,4}ER {1,3}-")
_TAG = re.compile(r"\s{0,4}([A-Z][A-Z0-9]) {1,3}-(?: (.*)|)$")
_TITLES = ("title", "primary_title", "translated_title", "short_title")
_JOURNALS = ("alternate_title3", "journal_name", "secondary_title", "alternate_title2", "alternate_title1")


def read_ris(item: Item, fail: Callable[[CorpusError], None]) -> Iterator[Document]:
    """Every reference of a file; a broken one is handed to ``fail`` and the next one is read."""
    yield from documents_of(ris_records(item), _record, item.name, fail)


def ris_records(item: Item) -> Iterator[tuple[int, str]]:
    """The lines of each reference, from ``TY`` to ``ER``; what stands between two references is no part of one."""
    number, size, ends = 0, 0, 0
    lines: list[str] | None = None
    with item.text() as stream:
        for line in stream:
            if _BEGIN.match(line):
                if lines is not None:
                    number += 1
                    yield number, "".join(lines)
                lines, size = [], 0
            if lines is None:
                continue
            if _END.match(line):
                number, ends = number + 1, ends + 1
                yield number, "".join(lines)
                lines = None
                continue
            size += len(line)
            if size <= RECORD_CHARACTERS:
                lines.append(line)
    if lines is not None:
        # Some programs never write ER; where the others have one, the last without it is cut off.
        yield number + 1, "" if ends else "".join(lines)


def _record(text: str) -> Record:
    if not text:
        raise CorpusError("it is cut off: the line ER is missing")
    checked(text)
    tidy = "".join(
        f"{m.group(1)}  - {m.group(2) or ''}\n" if (m := _TAG.match(line)) else line + "\n"
        for line in text.splitlines()
    )
    entries = rispy.loads(tidy + "ER  - \n")
    if not entries:
        raise CorpusError("it is no reference")
    return reference_record(_reference(entries[0]))


def _reference(entry: dict[str, Any]) -> Reference:
    notes = [
        *_list(entry, "notes"),
        *_list(entry, "urls"),
        *_list(entry, "note"),
        *_list(entry, "accession_number"),
    ]
    base = _text(entry, "name_of_database") or ""
    number = (
        _text(entry, "accession_number")
        if "medline" in base.casefold() or "pubmed" in base.casefold()
        else None
    )
    abstracts = [_text(entry, "abstract"), _text(entry, "notes_abstract")]
    return Reference(
        title=next((t for name in _TITLES if (t := _text(entry, name))), None),
        abstract=max((a for a in abstracts if a), key=len, default=None),
        authors=[*_list(entry, "authors"), *_list(entry, "first_authors")],
        year=_text(entry, "year") or _text(entry, "publication_year") or _text(entry, "date"),
        journal=next((j for name in _JOURNALS if (j := _text(entry, name))), None),
        doi=_text(entry, "doi"),
        pmid=number,
        pmcid=next(
            (x for x in (*_list(entry, "custom2"), *_list(entry, "custom7")) if "PMC" in x.upper()), None
        ),
        types=[*_list(entry, "type_of_work"), *_list(entry, "type_of_reference")],
        language=_text(entry, "language"),
        mesh=_list(entry, "keywords"),
        url=next(iter(_list(entry, "urls")), None),
        elsewhere=notes,
    )


def _list(entry: dict[str, Any], name: str) -> list[str]:
    value = entry.get(name)
    return [str(v) for v in value if v] if isinstance(value, list) else [str(value)] if value else []


def _text(entry: dict[str, Any], name: str) -> str | None:
    return next(iter(_list(entry, name)), None)


def checked(text: str) -> str:
    """The text, where all of it was text in the file's encoding; raises ``CorpusError``."""
    if HALF.search(text):
        raise CorpusError("it is not text in the encoding of the file; save the file as UTF-8")
    return text
