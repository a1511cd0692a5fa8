"""What earlier refreshes found, as a build takes it in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from caveat.adapters.status_book import StatusBook
from caveat.domain.model import Document
from caveat.errors import CorpusError
from ingest.refresh.official import Official


def refreshed(home: Path) -> Callable[[Document, Callable[[CorpusError], None]], Document]:
    """Gives a document its official text where it is a note, and the standing its last check found."""
    official, book = Official(home), StatusBook(home)

    def finish(document: Document, fail: Callable[[CorpusError], None]) -> Document:
        document = official.instead(document, fail)
        return replace(document, source=book.applied([document.source])[0])

    return finish
