"""Plain text: one document a file, paragraphs parted by blank lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from caveat.domain.model import Document
from caveat.errors import CorpusError
from ingest.readers.fields import source_from
from ingest.readers.files import read_text
from ingest.readers.sections import make_section, wrapped_blocks


def read_plain(path: Path) -> Iterator[Document]:
    """The one document of a file; its title is the file's name."""
    name = str(path)
    section = make_section("text", wrapped_blocks(read_text(path)))
    if section is None:
        raise CorpusError("it has no text", path=name, line=1)
    source = source_from({"id": path.stem.replace(" ", "-"), "title": path.stem}, path=name, lines={})
    yield Document(source, (section,), name)
