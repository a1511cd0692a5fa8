"""BibTeX and BibLaTeX. One entry at a time; the abbreviations (``@string``) before it are known to each."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator

import bibtexparser
from bibtexparser.middlewares import LatexDecodingMiddleware

from caveat.domain.model import Document
from caveat.errors import CorpusError
from ingest.readers.item import Item
from ingest.readers.record import Record, documents_of
from ingest.readers.reference import Reference, reference_record
from ingest.readers.ris import RECORD_CHARACTERS, checked

_ENTRY = re.compile(r"\s*@\s*([A-Za-z]+)\s*[{(]")
_SUBSCRIPT = re.compile(r"(?<=[A-Za-z)])_(?=\d)")
_MOST_STRINGS = 200_000
# Its warnings would name places in a text that the user never sees.
logging.getLogger("bibtexparser").setLevel(logging.ERROR)


def read_bibtex(item: Item, fail: Callable[[CorpusError], None]) -> Iterator[Document]:
    """Every entry of a file; a broken one is handed to ``fail`` and the next one is read."""
    yield from documents_of(_entries(item), _record, item.name, fail)


def _entries(item: Item) -> Iterator[tuple[int, str]]:
    number, strings = 0, ""
    kind: str | None = None
    lines: list[str] = []
    size = 0
    with item.text() as stream:
        for line in stream:
            begin = _ENTRY.match(line)
            if begin:
                if kind == "string" and len(strings) < _MOST_STRINGS:
                    strings += "".join(lines)
                elif kind not in (None, "string", "comment", "preamble"):
                    number += 1
                    yield number, strings + "".join(lines)
                kind, lines, size = begin.group(1).lower(), [], 0
            size += len(line)
            if kind is not None and size <= RECORD_CHARACTERS:
                lines.append(line)
    if kind not in (None, "string", "comment", "preamble"):
        yield number + 1, strings + "".join(lines)


def _record(text: str) -> Record:
    library = bibtexparser.parse_string(
        checked(text), append_middleware=[LatexDecodingMiddleware(keep_math_mode=False)]
    )
    if not library.entries:
        raise CorpusError("it is not BibTeX that can be read; look for a missing brace, quote or comma")
    entry = library.entries[-1]
    fields = {field.key.lower(): _SUBSCRIPT.sub("", str(field.value)) for field in entry.fields}
    note = [
        fields[name]
        for name in ("note", "annote", "url", "howpublished", "eprint", "extra")
        if name in fields
    ]
    return reference_record(
        Reference(
            title=" ".join(filter(None, (fields.get("title"), fields.get("subtitle")))),
            abstract=fields.get("abstract"),
            authors=re.split(r"\s+and\s+", fields.get("author", "")),
            year=fields.get("year") or fields.get("date"),
            journal=fields.get("journal") or fields.get("journaltitle") or fields.get("booktitle") or fields.get("publisher"),
            doi=fields.get("doi"),
            pmid=fields.get("pmid") or (fields.get("eprint") if fields.get("eprinttype") == "pubmed" else None),
            pmcid=fields.get("pmcid") or fields.get("pmc"),
            types=[entry.entry_type, *filter(None, (fields.get("type"), fields.get("document_type")))],
            language=fields.get("language") or fields.get("langid"),
            mesh=re.split(r"\s*[;,]\s*", fields.get("keywords", "")),
            funding=fields.get("funding"),
            licence=fields.get("copyright") or fields.get("license"),
            url=fields.get("url"),
            elsewhere=note,
        )
    )  # fmt: skip
