"""Turns files into documents: one module a format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from caveat.domain.model import Document
from caveat.errors import CorpusError
from ingest.readers.jsonl import read_jsonl
from ingest.readers.markdown import read_markdown
from ingest.readers.text import read_plain

MARKDOWN = (".md", ".markdown")
JSON_LINES = (".jsonl", ".ndjson")
TEXT = (".txt", ".text")
SUFFIXES = MARKDOWN + JSON_LINES + TEXT


def read_file(path: Path, fail: Callable[[CorpusError], None]) -> Iterator[Document]:
    """Every document of a file; what cannot be read is handed to ``fail`` and the rest goes on."""
    suffix = path.suffix.lower()
    try:
        if suffix in MARKDOWN:
            yield from read_markdown(path)
        elif suffix in JSON_LINES:
            yield from read_jsonl(path, fail)
        elif suffix in TEXT:
            yield from read_plain(path)
        else:
            raise CorpusError(f"this kind of file is not read; {' '.join(SUFFIXES)} are", path=str(path))
    except CorpusError as error:
        fail(error)
