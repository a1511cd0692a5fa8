"""The collections that are open now: each person's index and whoever answers from it, a bounded number of them."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from caveat.adapters.personal.build import Builder
from caveat.adapters.personal.store import SUFFIXES, PersonalStore
from caveat.domain.personal import BuildStep, OwnFile, OwnLimits
from caveat.domain.ports import IndexProvider
from caveat.errors import UploadRefused

OPEN = 4
"""How many people's indexes are open at one time; the one unused longest is closed first."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Own(Generic[T]):
    """One person's own index and whoever answers from it."""

    provider: IndexProvider
    answerer: T


class Shelf(Generic[T]):
    """Own collections by key. One index is made at a time: it takes a core and some memory."""

    suffixes = SUFFIXES

    def __init__(
        self,
        store: PersonalStore,
        builder: Builder,
        open_index: Callable[[Path], IndexProvider],
        answers: Callable[[IndexProvider], T],
    ) -> None:
        self._store = store
        self._builder = builder
        self._open_index = open_index
        self._answers = answers
        self._lock = threading.Lock()
        self._building = threading.Lock()
        self._open: OrderedDict[Path, Own[T]] = OrderedDict()

    @property
    def limits(self) -> OwnLimits:
        """What each person may keep."""
        return self._store.limits

    def files(self, key: object) -> tuple[OwnFile, ...]:
        """The files of a key."""
        return self._store.files(key)

    def add(self, key: object, uploads: Sequence[tuple[Path, str]]) -> str:
        """Takes in files and gives the key; raises ``UploadRefused``. They are searched once ``build`` has ended."""
        return self._store.add(key, uploads)

    def remove(self, key: object, ids: Sequence[str]) -> tuple[OwnFile, ...]:
        """Deletes files with the index made of them; what is left is searched again after ``build``."""
        folder = self._store.folder(key)
        left = self._store.remove(key, ids)
        if folder is not None:
            self._let_go(folder)
        return left

    def build(self, key: object) -> Iterator[BuildStep]:
        """Makes the index of what is there; raises ``UploadRefused`` or ``BuildFailed``."""
        folder = self._store.folder(key)
        if folder is None:
            raise UploadRefused("There are no files of yours here any more. Please add them again.")
        with self._store.at_work(folder):
            while not self._building.acquire(timeout=1):
                yield BuildStep("Waiting until another reader's files are done")
            try:
                yield from self._builder.build(folder, self._store.files(key))
            finally:
                self._building.release()
        self._store.touch(folder)

    def own(self, key: object) -> Own[T] | None:
        """Whoever answers from this key's collection; None where there is none, or no index of it yet."""
        folder = self._store.folder(key)
        if folder is None or not (folder / "index" / "current.json").is_file():
            return None
        with self._lock:
            own = self._open.get(folder)
            if own is None:
                provider = self._open_index(folder / "index")
                own = self._open[folder] = Own(provider, self._answers(provider))
            self._open.move_to_end(folder)
            while len(self._open) > OPEN:
                self._open.popitem(last=False)
        self._store.touch(folder)
        return own

    def _let_go(self, folder: Path) -> None:
        with self._lock:
            self._open.pop(folder, None)


def sweeping(store: PersonalStore, every: float = 6 * 3600) -> threading.Thread:
    """A thread that removes what is unused for too long, now and every few hours; ends with the process."""

    def run() -> None:
        while True:
            store.sweep()
            time.sleep(every)

    thread = threading.Thread(target=run, name="personal-sweep", daemon=True)
    thread.start()
    return thread
