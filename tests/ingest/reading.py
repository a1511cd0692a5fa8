"""Reading files in tests: documents and the messages of what could not be read."""

from __future__ import annotations

from pathlib import Path

from caveat.domain.model import Document
from caveat.errors import CorpusError
from ingest.readers import read_file
from ingest.readers.item import Limits

SAMPLES = Path(__file__).parent / "samples"


def read(path: Path, limits: Limits | None = None) -> tuple[list[Document], list[str]]:
    """What is read of a file, and the messages without its path."""
    errors: list[CorpusError] = []
    found = list(read_file(path, errors.append, limits))
    messages = [str(e) for e in errors]
    for message in messages:
        assert message.startswith(str(path))
        assert "\n" not in message
    return found, [m.removeprefix(str(path)).lstrip(": ") for m in messages]


def sample(name: str) -> list[Document]:
    """The documents of one of our own samples, which holds no fault."""
    found, errors = read(SAMPLES / name)
    assert errors == []
    return found


def sections(document: Document) -> dict[str, str]:
    """A document's sections by name."""
    return {s.name: s.text for s in document.sections}
