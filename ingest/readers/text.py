"""Plain text: one document a file, paragraphs parted by blank lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from caveat.domain.model import Document
from caveat.errors import CorpusError
from ingest.readers.fields import source_from
from ingest.readers.files import read_text
from ingest.readers.item import Item
from ingest.readers.sections import make_section, wrapped_blocks


def read_plain(item: Item, fail: Callable[[CorpusError], None]) -> Iterator[Document]:
    """The one document of a file; its title is the file's name."""
    section = make_section("text", wrapped_blocks(read_text(item)))
    if section is None:
        raise CorpusError("it has no text", path=item.name, line=1)
    source = source_from({"id": item.stem.replace(" ", "-"), "title": item.stem}, path=item.name, lines={})
    yield Document(source, (section,), item.name)
