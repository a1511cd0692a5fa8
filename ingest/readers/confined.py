"""PDF, Word and HTML: read in a process of their own, and made into a document here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from caveat.domain.model import Document
from caveat.errors import CorpusError
from ingest.readers import identifiers as ids
from ingest.readers.item import Item
from ingest.readers.record import Record, authors, from_types
from ingest.readers.sections import Block

ROOT = Path(__file__).resolve().parents[2]


def read_pdf(item: Item, fail: Callable[[CorpusError], None]) -> Iterator[Document]:
    """The one document of a PDF."""
    yield _document(item, _ask("pdf", item), fail)


def read_docx(item: Item, fail: Callable[[CorpusError], None]) -> Iterator[Document]:
    """The one document of a Word file."""
    yield _document(item, _ask("docx", item), fail)


def read_html(item: Item, fail: Callable[[CorpusError], None]) -> Iterator[Document]:
    """The main text of a web page."""
    yield _document(item, _ask("html", item), fail)


def _ask(kind: str, item: Item) -> dict[str, Any]:
    """What the other process found; raises ``CorpusError`` where it found nothing, or did not come back."""
    with item.opened():
        pass
    limits = item.limits
    command = [
        sys.executable,
        "-m",
        "ingest.sandbox",
        kind,
        str(item.path.resolve()),
        str(limits.memory_mb),
        str(limits.seconds),
    ]
    kept = {
        name: os.environ[name]
        for name in ("PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR")
        if name in os.environ
    }
    places = [str(ROOT), *(p for p in sys.path if p and Path(p).is_dir())]
    try:
        done = subprocess.run(  # noqa: S603 (our own program, on a path that was given to us)
            command,
            capture_output=True,
            timeout=limits.seconds + 5,
            env={**kept, "PYTHONPATH": os.pathsep.join(places), "PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise item.wrong(
            f"it took longer than {limits.seconds} seconds to read; set CAVEAT_DOCUMENT_SECONDS higher if you trust it"
        ) from None
    try:
        found = json.loads(done.stdout)
    except ValueError:
        why = "it took too long to read" if done.returncode in (-9, -24) else "reading it failed"
        raise item.wrong(
            f"{why} (the reader ended with code {done.returncode}); the file may be damaged"
        ) from None
    if "error" in found:
        raise item.wrong(str(found["error"]))
    return dict(found)


def _document(item: Item, found: dict[str, Any], fail: Callable[[CorpusError], None]) -> Document:
    facts: dict[str, str] = found["facts"]
    record = Record(title=facts.get("title") or item.stem, hidden=bool(found["hidden"]))
    record.facts = {
        **(from_types(facts["types"].split(";")) if "types" in facts else {}),
        "doi": ids.doi(facts.get("doi")),
        "pmid": ids.pmid(facts.get("pmid")),
        "authors": authors(found["authors"]),
        "year": ids.year(facts.get("year")),
        "journal": facts.get("journal"),
        "language": ids.language(facts.get("language")),
        "licence": facts.get("licence"),
        "url": facts.get("url"),
    }  # fmt: skip
    if not (record.facts["doi"] or record.facts["pmid"]):
        record.facts["id"] = "-".join(item.stem.split()) or None
    for heading, lines, quotable in found["sections"]:
        record.parts.append(
            (heading, [Block(text, bool(is_item)) for text, is_item in lines], bool(quotable))
        )
    document = record.document(item.name, item.name)
    if found.get("missing"):
        fail(item.wrong(f"{found['missing']}; the rest is read"))
    return document
