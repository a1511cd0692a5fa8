"""CSV and TSV as databases and reference managers export them: one reference a row, columns told by their names."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator

from caveat.domain.model import Document
from caveat.errors import CorpusError
from ingest.readers.item import Item
from ingest.readers.record import Record, documents_of
from ingest.readers.reference import Reference, reference_record, split_names
from ingest.readers.ris import RECORD_CHARACTERS, checked
from ingest.readers.table_columns import FIELD_OF, RANK, delimiter_of, folded, is_header

HEADER_LINES = 5
_TRUE = {"true", "1", "yes"}


def read_table(item: Item, fail: Callable[[CorpusError], None]) -> Iterator[Document]:
    """Every row of a table as a document; a broken row is handed to ``fail`` and the next one is read."""
    yield from documents_of(_rows(item), _record, item.name, fail)


def _rows(item: Item) -> Iterator[tuple[int, dict[str, list[str]]]]:
    """The rows under the header, by field; raises ``CorpusError`` where no row names columns."""
    csv.field_size_limit(RECORD_CHARACTERS)
    with item.text() as stream:
        lines = [stream.readline() for _ in range(HEADER_LINES)]
        delimiter = delimiter_of([line.rstrip("\r\n") for line in lines])
        if delimiter is None:
            raise item.wrong(
                "no row of it names columns; the first row must name a title and one more known column"
            )
        stream.seek(0)
        columns: list[str | None] = []
        number = 0
        try:
            for row in csv.reader(stream, delimiter=delimiter):
                if not columns:
                    columns = _columns(row) if is_header(row) else []
                elif any(cell.strip() for cell in row):
                    number += 1
                    yield number, _fields(columns, row)
        except csv.Error as error:
            raise item.wrong(f"row {number + 1} is not CSV ({error}); the rows before it are read") from error


def _columns(header: list[str]) -> list[str | None]:
    """The name of each column that is kept."""
    names = [folded(cell) for cell in header]
    return [name if name in FIELD_OF else None for name in names]


def _fields(columns: list[str | None], row: list[str]) -> dict[str, list[str]]:
    """The row's cells by field, the best column first; a cell without a column is left out."""
    cells = [(name, cell.strip()) for name, cell in zip(columns, row, strict=False) if name and cell.strip()]
    found: dict[str, list[str]] = {"cells": [str(len(row)), str(len(columns))]}
    if len(row) < len(columns) and row[-1].count("\n") > 1:
        found["unclosed"] = ["yes"]
    for name, cell in sorted(cells, key=lambda pair: RANK[pair[0]]):
        found.setdefault(FIELD_OF[name], []).append(cell)
    return found


def _record(row: dict[str, list[str]]) -> Record:
    def first(name: str) -> str | None:
        values = row.get(name)
        return checked(values[0]) if values else None

    has, wanted = (int(n) for n in row["cells"])
    if "unclosed" in row:
        raise CorpusError("a quotation mark in the row is not closed; the rows after it are part of it")
    if not first("title") and not first("abstract"):
        short = f"; it has {has} cells where the header names {wanted}" if has != wanted else ""
        raise CorpusError(f"the row has no title{short}")
    return reference_record(
        Reference(
            title=first("title"),
            abstract=first("abstract"),
            authors=split_names(first("authors")),
            year=next((y for y in row.get("year", ()) if any(c.isdigit() for c in y)), None),
            journal=first("journal"),
            doi=first("doi"),
            pmid=first("pmid"),
            pmcid=first("pmcid"),
            types=[t.strip() for cell in row.get("types", ()) for t in cell.split(";")],
            language=first("language"),
            mesh=(first("mesh") or first("keywords") or "").split(";"),
            funding=first("funding"),
            licence=first("licence"),
            url=first("url"),
            registry=first("registry"),
            retracted=(first("retracted") or "").casefold() in _TRUE,
            elsewhere=row.get("url", []),
        )
    )
