"""A replica's own copy of what it needs of a generation: everything but the passage vectors.

A copy is put together beside the one that serves, each file checked, and takes its place in one step, like a build.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from caveat.adapters.chroma_server.catalogue import Catalogue, State
from caveat.adapters.chroma_server.parts import (
    FileFacts,
    Listing,
    facts_of,
    fetch_bytes,
    fetch_file,
    packed_listing,
    read_listing,
)
from caveat.adapters.chroma_server.publish import LIST
from caveat.adapters.disk import flush
from caveat.adapters.generations import UNFINISHED, Generations
from caveat.adapters.manifest import FILE as MANIFEST_FILE
from caveat.adapters.model_files import sha256
from caveat.adapters.status_book import FILE as STATUS_FILE
from caveat.errors import BuildLocked, IndexMissing, ServerFault, ServerUnavailable

FOLDER = "replica"
FETCHED = MANIFEST_FILE + ".files"
"""In a copy's folder: what must be in it."""
LOCK = "fetch.lock"
Told = Callable[[int, int], None]


class Mirror:
    """Copies under one home; ``elsewhere`` names folders with generations whose equal files are taken first."""

    def __init__(self, home: Path, elsewhere: Sequence[Path] = ()) -> None:
        self.home = home
        self.copies = Generations(home)
        self._elsewhere = [Generations(place) for place in elsewhere]

    def whole(self, ident: str) -> bool:
        """True when a copy has every file at its full length."""
        folder = self.copies.folder(ident)
        try:
            listing = read_listing((folder / FETCHED).read_bytes())
            return all((folder / n).stat().st_size == f.size for n, f in listing.items())
        except (OSError, ServerUnavailable):
            return False

    def ensure(
        self, catalogue: Catalogue, state: State, ident: str, told: Told = lambda _done, _total: None
    ) -> Path:
        """The folder of a whole copy, fetched if need be; raises ``ServerUnavailable`` or ``IndexMissing``.

        A fetch that was stopped goes on with the files that it had.
        """
        if self.whole(ident):
            return self.copies.folder(ident)
        if not state.finished(ident):
            raise IndexMissing(
                f"The Chroma server does not hold the whole index {ident}; run `python -m ingest publish` where it was "
                "built, or `python -m ingest rollback`."
            )
        with self._alone():
            self._fetch(catalogue, state, ident, told)
        return self.copies.folder(ident)

    def _fetch(self, catalogue: Catalogue, state: State, ident: str, told: Told) -> None:
        parts = state.generations[ident]
        listing = _listing(catalogue, parts["files"].id, parts["ready"].metadata or {})
        work, final = self.copies.root / (UNFINISHED + ident), self.copies.folder(ident)
        for old in self.copies.root.glob(UNFINISHED + "*"):
            if old != work:
                shutil.rmtree(old, ignore_errors=True)
        work.mkdir(parents=True, exist_ok=True)
        total, done = sum(f.size for f in listing.values()), 0
        _room(work, total)
        for name, facts in listing.items():
            if not self._at_hand(work, ident, name, facts):
                start = done

                def more(size: int, start: int = start) -> None:
                    nonlocal done
                    done += size
                    told(min(done, start + facts.size), total)  # noqa: B023 (called within this turn)

                fetch_file(catalogue.server, parts["files"].id, name, facts, work / name, more)
                done = start
            done += facts.size
            told(done, total)
        (work / FETCHED).write_bytes(packed_listing(listing))
        flush(work)
        shutil.rmtree(final, ignore_errors=True)  # no whole copy, or we would not be here
        os.replace(work, final)

    def _at_hand(self, work: Path, ident: str, name: str, facts: FileFacts) -> bool:
        """True when the file is there already, or an equal one could be copied from this machine's disk."""
        if _is(work / name, facts):
            return True
        places = [
            g.folder(i) for g in (*self._elsewhere, self.copies) for i in dict.fromkeys((ident, *g.ids()))
        ]
        for place in places:
            if _is(place / name, facts):
                (work / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(place / name, work / name)
                if _is(work / name, facts):
                    return True
        return False

    def take_status(self, catalogue: Catalogue, state: State) -> None:
        """Makes the book of retractions the one that belongs to the pointer."""
        wanted = state.newest.status if state.newest else None
        if wanted is None:
            return
        book = state.statuses.get(wanted)
        if book is None:
            raise ServerUnavailable(
                "The Chroma server does not have what checks for retraction found; run `python -m ingest refresh` "
                "where the index was built.",
                ServerFault.DAMAGED,
            )
        facts = facts_of(book.metadata or {})
        path = self.home / STATUS_FILE
        if _is(path, facts):
            return
        data = fetch_bytes(catalogue.server, book.id, STATUS_FILE, facts)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{STATUS_FILE}.{os.getpid()}.part")
        part.write_bytes(data)
        os.replace(part, path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Two processes that share a home do not fetch at once."""
        self.home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.home / LOCK, blocking=False)
        try:
            lock.acquire()
        except Timeout:
            raise BuildLocked("Another process fetches the index into the same CAVEAT_HOME.") from None
        try:
            yield
        finally:
            lock.release()


def _listing(catalogue: Catalogue, files: str, about: object) -> Listing:
    found = read_listing(fetch_bytes(catalogue.server, files, LIST, facts_of(about)))
    if MANIFEST_FILE not in found:
        raise ServerUnavailable(
            "The index on the Chroma server has no manifest; run `python -m ingest publish`.",
            ServerFault.DAMAGED,
        )
    return found


def _is(path: Path, facts: FileFacts) -> bool:
    try:
        return path.stat().st_size == facts.size and sha256(path) == facts.sha256
    except OSError:
        return False


def _room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise IndexMissing(
            f"The new index takes {needed / 1e6:,.0f} MB and {free / 1e6:,.0f} MB are free: make room where CAVEAT_HOME is."
        )
