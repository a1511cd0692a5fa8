"""A work whose record is the same as in the index that serves is not cut and read again: its rows are copied.

Any doubt costs only time. Rows are copied from a store whose checksum is right, for a record that is equal to the last
character, by a program, Python and libraries that are the same; in every other case the work is made anew.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import TypeAdapter

from caveat.adapters.earlier_store import EarlierStore, FinishedWork
from caveat.adapters.generations import Generations
from caveat.adapters.manifest import read_manifest
from caveat.adapters.model_files import sha256
from caveat.domain.model import Document, Section, Source
from caveat.errors import CaveatError
from ingest.dedupe.spool import packed
from ingest.readers.sections import MarkedSection
from ingest.split import VERSION

log = logging.getLogger(__name__)
STORE = "evidence.sqlite"
LIBRARIES = ("llama-index-core", "nltk", "tiktoken", "regex", "pydantic", "pydantic-core")
"""What cuts texts and writes facts besides the program itself."""
_source = TypeAdapter(Source)


class Earlier:
    """The finished works of the index that serves, as far as they can be trusted."""

    def __init__(self, store: EarlierStore | None) -> None:
        self._store = store

    def work(self, document: Document, digest: str | None) -> FinishedWork | None:
        """The rows that this document would give, or ``None`` when they must be made."""
        if self._store is None or digest is None:
            return None
        try:
            return self._store.work(document.source.id, digest)
        except sqlite3.Error:
            log.debug("a work could not be taken over", exc_info=True)
            return None


@contextmanager
def earlier(generations: Generations) -> Iterator[Earlier]:
    """Opens the store of the generation that serves, when it is the one that was written."""
    store = _open(generations)
    try:
        yield Earlier(store)
    finally:
        if store is not None:
            store.close()


def _open(generations: Generations) -> EarlierStore | None:
    try:
        current = generations.current_id()
        if current is None:
            return None
        folder = generations.folder(current)
        if sha256(folder / STORE) != read_manifest(folder).checksums.get(STORE):
            return None
        return EarlierStore(folder / STORE)
    except (CaveatError, OSError, sqlite3.Error):
        log.debug("no work can be taken over", exc_info=True)
        return None


def digest_of(document: Document) -> str | None:
    """A checksum of all that a work's rows depend on but where it was read; ``None`` when that cannot be told."""
    if PROGRAM is None or any(type(s) not in (Section, MarkedSection) for s in document.sections):
        return None
    made = hashlib.sha256(f"{PROGRAM}\0{VERSION}\0".encode())
    made.update(json.dumps(packed(document.sections)).encode())
    made.update(b"\0" + _source.dump_json(document.source))
    return made.hexdigest()


def _program() -> str | None:
    """A checksum of this program as it was loaded, with Python and the libraries that cut; ``None`` without its files."""
    total = hashlib.sha256(sys.version.encode())
    for name in LIBRARIES:
        found = "none"
        with suppress(PackageNotFoundError):
            found = version(name)
        total.update(f"{name} {found}\0".encode())
    for name in ("ingest", "caveat"):
        start = getattr(sys.modules[name], "__file__", None)
        folder = Path(start).parent if start else None
        files = sorted(folder.rglob("*.py")) if folder else []
        if folder is None or not files:
            return None
        try:
            for path in files:
                total.update(f"{name}/{path.relative_to(folder).as_posix()}\0{sha256(path)}\0".encode())
        except OSError:
            return None
    return total.hexdigest()


PROGRAM = _program()
"""Taken when the program is loaded: files that change under a running one are not what it does."""
