"""Turns files into documents: one module a format. What a file is, is told by its content."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from caveat.domain.model import Document
from caveat.errors import CorpusError
from ingest.readers.archive import MAX_DEPTH, gunzipped, unzipped
from ingest.readers.bibtex import read_bibtex
from ingest.readers.confined import read_docx, read_html, read_pdf
from ingest.readers.detect import NOT_RECOGNISED, SUFFIXES, Format, detect, readable
from ingest.readers.endnote_xml import read_endnote_xml
from ingest.readers.europepmc import read_europepmc_xml
from ingest.readers.item import Item, Limits
from ingest.readers.jats import read_jats
from ingest.readers.json_records import read_json
from ingest.readers.jsonl import read_jsonl
from ingest.readers.markdown import read_markdown
from ingest.readers.medline import read_medline
from ingest.readers.pubmed_xml import read_pubmed_xml
from ingest.readers.ris import read_ris
from ingest.readers.table import read_table
from ingest.readers.text import read_plain
from ingest.readers.trial_xml import read_trial_xml
from ingest.readers.wos import read_wos

Reader = Callable[[Item, Callable[[CorpusError], None]], Iterator[Document]]
READERS: dict[Format, Reader] = {
    Format.PUBMED_XML: read_pubmed_xml,
    Format.MEDLINE: read_medline,
    Format.RIS: read_ris,
    Format.BIBTEX: read_bibtex,
    Format.WOS: read_wos,
    Format.TABLE: read_table,
    Format.ENDNOTE_XML: read_endnote_xml,
    Format.PDF: read_pdf,
    Format.DOCX: read_docx,
    Format.HTML: read_html,
    Format.JATS: read_jats,
    Format.TRIAL_XML: read_trial_xml,
    Format.EUROPEPMC_XML: read_europepmc_xml,
    Format.JSON: read_json,
    Format.JSON_LINES: read_jsonl,
    Format.MARKDOWN: read_markdown,
    Format.TEXT: read_plain,
}


def read_file(
    path: Path, fail: Callable[[CorpusError], None], limits: Limits | None = None
) -> Iterator[Document]:
    """Every document of a file; what cannot be read is handed to ``fail`` and the rest goes on."""
    yield from _read(Item(path, str(path), limits or Limits()), fail, 0)


def is_document(path: Path) -> bool:
    """Whether a file found in a folder is to be read: by its ending, else by what stands in it."""
    return path.suffix.lower() in SUFFIXES or readable(Item(path, str(path)))


def _read(item: Item, fail: Callable[[CorpusError], None], depth: int) -> Iterator[Document]:
    try:
        found = detect(item)
        if found in (Format.GZIP, Format.ZIP) and depth == MAX_DEPTH:
            raise item.wrong("an archive in an archive in an archive is not read; unpack it")
        if found is Format.GZIP:
            with gunzipped(item) as inside:
                yield from _read(inside, fail, depth + 1)
        elif found is Format.ZIP:
            for inside in unzipped(item, fail):
                yield from _read(inside, fail, depth + 1)
        elif found in READERS:
            yield from READERS[found](item, fail)
        else:
            raise item.wrong(NOT_RECOGNISED)
    except CorpusError as error:
        fail(error)
