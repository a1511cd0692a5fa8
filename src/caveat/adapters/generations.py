"""The generations of a collection, and the pointer that says which one serves."""

from __future__ import annotations

import json
import os
import shutil
import threading
import weakref
from dataclasses import dataclass
from pathlib import Path

from caveat.adapters.encoding import Encoder
from caveat.adapters.generation_index import GenerationIndex
from caveat.adapters.manifest import FILE as MANIFEST_FILE
from caveat.adapters.manifest import Manifest, read_manifest
from caveat.errors import CaveatError, IndexCorrupt, IndexMissing

POINTER = "current.json"


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
        """What the pointer names; ``None`` without a pointer; raises ``IndexCorrupt`` for an unreadable one."""
        return self._pointed()[0]

    def _pointed(self) -> tuple[str | None, str | None]:
        try:
            raw = json.loads(self.pointer.read_text(encoding="utf-8"))
            current, previous = raw["current"], raw.get("previous")
        except FileNotFoundError:
            return None, None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise IndexCorrupt(
                f"The pointer {self.pointer} cannot be read; run `python -m ingest activate ID` "
                "(`python -m ingest status` lists the ids) or `python -m ingest build`."
            ) from error
        return str(current), None if previous is None else str(previous)

    def ids(self) -> list[str]:
        """Finished generations, oldest first."""
        if not self.root.is_dir():
            return []
        return sorted(p.name for p in self.root.iterdir() if (p / MANIFEST_FILE).is_file())

    def list(self) -> list[GenerationInfo]:
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
            raise IndexMissing(f"There is no generation {ident!r}; `python -m ingest status` lists them.")
        read_manifest(self.folder(ident))
        try:
            before = self.current_id()
        except IndexCorrupt:
            before = None
        previous = before if before != ident else self._pointed()[1]
        part = self.pointer.with_name(f"{POINTER}.{os.getpid()}.part")
        with part.open("w", encoding="utf-8") as stream:
            json.dump({"current": ident, "previous": previous}, stream)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(self.pointer)

    def rollback(self) -> str:
        """Activates the generation before the current one and returns its id."""
        ids = self.ids()
        try:
            current, previous = self._pointed()
        except IndexCorrupt:
            current, previous = None, None
        older = [i for i in ids if current is None or i < current]
        target = previous if previous in ids else (older[-1] if older else None)
        if target is None or target == current:
            raise IndexMissing("There is no earlier generation to go back to; run `python -m ingest build`.")
        self.activate(target)
        return target

    def prune(self, keep: int) -> list[str]:
        """Removes all but the newest ``keep`` generations (never the current one) and returns what went."""
        current, previous = self._pointed()
        ids = self.ids()
        kept = {i for i in (current, previous) if i in ids}
        for ident in reversed(ids):
            if len(kept) < keep:
                kept.add(ident)
        gone = [i for i in ids if i not in kept]
        for ident in gone:
            # The manifest goes first: a half-removed folder must not look finished.
            (self.folder(ident) / MANIFEST_FILE).unlink(missing_ok=True)
            shutil.rmtree(self.folder(ident), ignore_errors=True)
        return gone


class GenerationProvider:
    """An ``IndexProvider``: opens the current generation once, and again when the pointer has moved."""

    def __init__(self, home: Path, encoder: Encoder | None) -> None:
        self._generations = Generations(home)
        self._encoder = encoder
        self._lock = threading.Lock()
        self._index: GenerationIndex | None = None
        self._seen: tuple[int, int, int] | None = None

    def current(self) -> GenerationIndex:
        """The generation the pointer names; an older one stays open for whoever still holds it."""
        with self._lock:
            seen = self._stamp()
            if self._index is None or seen != self._seen:
                self._index = self._open()
                self._seen = seen
            return self._index

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
            raise IndexMissing(
                f"The current index {ident} is not on disk any more; "
                "run `python -m ingest rollback` or `python -m ingest build`."
            )
        index = GenerationIndex(folder, self._encoder)
        weakref.finalize(index, _close, *index.handles())
        return index


def _close(*handles: object) -> None:
    for handle in handles:
        close = getattr(handle, "close", None)
        if close is not None:
            close()
