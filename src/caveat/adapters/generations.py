"""The generations of a collection, and the pointer that says which one serves."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import threading
import time
import weakref
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from caveat.adapters.dense_search import OpenDense
from caveat.adapters.encoding import Encoder
from caveat.adapters.generation_index import GenerationIndex
from caveat.adapters.in_use import Hold, remove_manifest
from caveat.adapters.manifest import FILE as MANIFEST_FILE
from caveat.adapters.manifest import REPAIR, Manifest, read_manifest, whole
from caveat.adapters.status_book import StatusBook
from caveat.errors import CaveatError, IndexCorrupt, IndexMissing

log = logging.getLogger(__name__)
POINTER = "current.json"
RETRY_SECONDS = 10.0
UNFINISHED = ".building-"
"""How the folder of a build that has not ended is named; nothing ever serves from it."""
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,99}")


@dataclass(frozen=True, slots=True)
class GenerationInfo:
    """One generation on disk. ``problem`` says why it cannot serve."""

    id: str
    current: bool
    manifest: Manifest | None
    problem: str | None = None


class Generations:
    """Lists, activates and prunes what stands under ``<home>/generations``."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.root = home / "generations"
        self.pointer = home / POINTER

    def folder(self, ident: str) -> Path:
        """Where a generation's files are."""
        return self.root / ident

    def current_id(self) -> str | None:
        """What the pointer names, ``None`` without one; raises ``IndexCorrupt`` when it cannot be read."""
        try:
            ident = json.loads(self.pointer.read_text(encoding="utf-8"))["current"]
            if not _ID.fullmatch(ident):
                raise ValueError("not an id")
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexCorrupt(f"The file {self.pointer} cannot be read; {REPAIR}") from error
        return str(ident)

    def ids(self) -> list[str]:
        """Finished generations, oldest first."""
        if not self.root.is_dir():
            return []
        found = (p.name for p in self.root.iterdir() if (p / MANIFEST_FILE).is_file())
        return sorted(name for name in found if _ID.fullmatch(name))

    def listing(self) -> list[GenerationInfo]:
        """Every finished generation, newest first."""
        try:
            current = self.current_id()
        except IndexCorrupt:
            current = None
        found: list[GenerationInfo] = []
        for ident in reversed(self.ids()):
            try:
                found.append(GenerationInfo(ident, ident == current, read_manifest(self.folder(ident))))
            except CaveatError as error:
                found.append(GenerationInfo(ident, ident == current, None, str(error)))
        return found

    def activate(self, ident: str) -> None:
        """Points to a generation, in one step that readers see whole or not at all."""
        if ident not in self.ids():
            raise IndexMissing(f"There is no index {ident!r}; `python -m ingest status` lists them.")
        self.checked(ident)
        part = self.pointer.with_name(f"{POINTER}.{threading.get_ident()}.{os.getpid()}.part")
        try:
            with part.open("w", encoding="utf-8") as stream:
                json.dump({"current": ident}, stream)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(part, self.pointer)
        finally:
            part.unlink(missing_ok=True)

    def checked(self, ident: str, *, vectors: bool | None = None) -> None:
        """Raises ``IndexCorrupt`` for half a copy; ``vectors`` says whether they belong in the folder, if that is known."""
        folder = self.folder(ident)
        manifest = read_manifest(folder)
        if vectors is None:
            vectors = (folder / "chroma").is_dir()
        for name in manifest.sizes:
            if vectors or not name.startswith("chroma/"):
                whole(folder, manifest, name)

    def before_current(self) -> str:
        """The newest generation older than the current one; the newest of all when the pointer is broken."""
        try:
            current = self.current_id()
        except IndexCorrupt:
            current = None
        ids = self.ids()
        older = [ident for ident in ids if current is not None and ident < current]
        if not older and current not in ids:
            older = ids
        if not older:
            raise IndexMissing("There is no earlier index to go back to; run `python -m ingest build`.")
        return older[-1]

    def rollback(self) -> str:
        """Activates the generation before the current one and returns its id."""
        target = self.before_current()
        self.activate(target)
        return target

    def prune(self, keep: int) -> list[str]:
        """Removes all but the newest ``keep`` generations, never the current one; returns what went.

        One that somebody still answers from stays until a later build.
        """
        ids, current = self.ids(), self.current_id()
        kept = {current} & set(ids)
        for ident in reversed(ids):
            if len(kept) < keep:
                kept.add(ident)
        gone = []
        for ident in (ident for ident in ids if ident not in kept):
            # The manifest goes first: a folder removed by half must not look finished.
            if remove_manifest(self.folder(ident)):
                shutil.rmtree(self.folder(ident), ignore_errors=True)
                gone.append(ident)
        return gone


class GenerationProvider:
    """An ``IndexProvider``: opens the current generation once, and again when the pointer has moved.

    Without an encoder (``None``) only the search by words works. ``statuses`` tells what checks for retraction found;
    without them works stand as they were indexed. ``from_copy`` opens each generation in a temporary folder, for a home
    that cannot be written: Chroma opens its database for writing. ``open_dense`` is for vectors that are elsewhere.
    """

    def __init__(
        self,
        home: Path,
        encoder: Encoder | None,
        statuses: StatusBook | None = None,
        *,
        from_copy: bool = False,
        open_dense: OpenDense | None = None,
    ) -> None:
        self._from_copy = from_copy
        self._open_dense = open_dense
        self._generations = Generations(home)
        self._encoder = encoder
        self._statuses = statuses
        self._lock = threading.Lock()
        self._index: GenerationIndex | None = None
        self._seen: tuple[int, int, int] | None = None
        self._refused: tuple[object, float] | None = None

    def current(self) -> GenerationIndex:
        """The generation the pointer names; the one before stays open for whoever still holds it.

        Where that one cannot be opened, the one that was open goes on answering, with a line in the log. While one
        question opens a large index, the others are answered from the one before.
        """
        index = self._index
        if index is None:
            with self._lock:
                return self._index or self._newest(None)
        if self._stamp() != self._seen and self._lock.acquire(blocking=False):
            try:
                return self._newest(index)
            finally:
                self._lock.release()
        return self._index or index

    def _newest(self, index: GenerationIndex | None) -> GenerationIndex:
        """What the pointer names, opened; ``index`` when that cannot be opened."""
        seen = self._stamp()
        if index is not None and self._refused and self._refused[0] == seen and self._waits(self._refused[1]):
            return index
        try:
            opened = self._open()
        except CaveatError as error:
            if index is None:
                raise
            if self._refused is None or self._refused[0] != seen:
                log.warning("%s Index %s goes on answering.", error, index.generation)
            self._refused = (seen, time.monotonic())
            return index
        self._index, self._seen, self._refused = opened, seen, None
        return opened

    def _waits(self, since: float) -> bool:
        """Whether it is too soon to try again: a copy may be under way."""
        return time.monotonic() - since < RETRY_SECONDS

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            stat = self._generations.pointer.stat()
        except OSError:
            return None
        return stat.st_ino, stat.st_mtime_ns, stat.st_size

    def _open(self) -> GenerationIndex:
        ident = self._generations.current_id()
        if ident is None:
            raise IndexMissing("There is no index yet; run `python -m ingest build`.")
        if self._index is not None and self._index.generation == ident:
            return self._index
        folder = self._generations.folder(ident)
        if not folder.is_dir():
            raise IndexMissing(f"The current index {ident} is not on disk any more; {REPAIR}")
        if self._index is not None:
            # There is one that answers: half a copy does not take its place, not even for the half that is there.
            self._generations.checked(ident, vectors=self._open_dense is None)
        hold = self._hold(folder)
        copy = None
        try:
            if self._from_copy:
                copy = TemporaryDirectory(prefix="caveat-", ignore_cleanup_errors=True)
                folder = _copied(folder, Path(copy.name) / ident)
            index = GenerationIndex(folder, self._encoder, self._statuses, open_dense=self._open_dense)
        except BaseException:
            _close(hold, copy)
            raise
        weakref.finalize(index, _close, *index.handles(), hold, copy).atexit = copy is not None
        return index

    def _hold(self, folder: Path) -> Hold | None:
        """A mark against pruning; without one (no manifest, no permission) opening the index says what is wrong."""
        try:
            return Hold(folder)
        except OSError:
            return None


def _copied(folder: Path, to: Path) -> Path:
    """A copy that can be written, whatever the original's rights are."""
    shutil.copytree(folder, to, copy_function=shutil.copyfile)
    for inner in (to, *(p for p in to.rglob("*") if p.is_dir())):
        inner.chmod(0o700)
    return to


def _close(*handles: object) -> None:
    for handle in handles:
        close = getattr(handle, "cleanup" if isinstance(handle, TemporaryDirectory) else "close", None)
        if close is not None:
            close()
