"""A replica: answers from its own copy, and follows the pointer on the server in the background."""

from __future__ import annotations

import logging
import sqlite3
import threading
import weakref
from pathlib import Path

from caveat.adapters.chroma_server.catalogue import Catalogue, State
from caveat.adapters.chroma_server.client import ChromaServer
from caveat.adapters.chroma_server.mirror import Mirror
from caveat.adapters.chroma_server.remote_dense import MEANWHILE, RemoteDense
from caveat.adapters.chroma_server.telling import Telling
from caveat.adapters.dense_search import DenseSearch
from caveat.adapters.encoding import Encoder
from caveat.adapters.generation_index import GenerationIndex, check_model
from caveat.adapters.generations import GenerationProvider
from caveat.adapters.manifest import Manifest, read_manifest
from caveat.adapters.status_book import StatusBook
from caveat.errors import BuildLocked, CaveatError, IndexMissing, ServerFault, ServerUnavailable

log = logging.getLogger(__name__)
EVERY = 5.0
"""Seconds between two looks at the pointer."""
KEPT = 2
POINTER = "pointer"
STILL = "no new index is taken up"
OUT = (
    ServerFault.UNREACHABLE,
    ServerFault.CERTIFICATE,
    ServerFault.TIME_LIMIT,
    ServerFault.TOKEN,
    ServerFault.VERSION,
)
"""With these faults no search by meaning is possible either."""


class Replica:
    """An ``IndexProvider`` whose generations come from a server. Its copies are in one home of its own."""

    def __init__(
        self,
        server: ChromaServer,
        mirror: Mirror,
        encoder: Encoder | None,
        statuses: StatusBook | None = None,
        *,
        patience: float | None = None,
        every: float = EVERY,
    ) -> None:
        """``patience``: how long the first question waits for the first look at the server; ``None`` means to its end."""
        self._catalogue, self._mirror, self._encoder = Catalogue(server), mirror, encoder
        self._patience, self._every = patience, every
        self._telling = Telling()
        self._provider = GenerationProvider(mirror.home, encoder, statuses, open_dense=self._dense)
        self._begin = threading.Lock()
        self._thread: threading.Thread | None = None
        self._looked, self._ended = threading.Event(), threading.Event()
        self._warmed: dict[str, RemoteDense] = {}
        self._failed = 0
        self._wrong: CaveatError | None = None
        self._fetching: tuple[int, int] | None = None

    def current(self) -> GenerationIndex:
        """The newest generation of which a copy is here; raises ``IndexMissing`` when there is none yet."""
        self._start()
        if not self._looked.is_set() and not self._looked.wait(self._patience):
            self._patience = 0.0  # nobody else waits for the same thing
        try:
            return self._provider.current()
        except IndexMissing:
            raise IndexMissing(self._why()) from None

    @property
    def trouble(self) -> CaveatError | None:
        """What the last look at the pointer met with."""
        return self._wrong

    def _why(self) -> str:
        if self._fetching is not None:
            done, total = self._fetching
            return (
                f"The index is being copied from the Chroma server ({done / 1e6:,.0f} of {total / 1e6:,.0f} MB); "
                "ask again in a moment."
            )
        if self._wrong is not None:
            return str(self._wrong)
        return "The index is being looked for on the Chroma server; ask again in a moment."

    def _start(self) -> None:
        with self._begin:
            if self._thread is None and not self._ended.is_set():
                self._drop_broken()
                self._thread = threading.Thread(
                    target=_follow,
                    args=(weakref.ref(self), self._ended),
                    name="chroma-follow",
                    daemon=True,
                )
                self._thread.start()

    def _drop_broken(self) -> None:
        """A copy that lacks files is not answered from: it is fetched anew."""
        copies = self._mirror.copies
        try:
            ident = copies.current_id()
        except CaveatError:
            ident = None
        if ident is None or not self._mirror.whole(ident):
            copies.pointer.unlink(missing_ok=True)

    def step(self) -> None:
        """One look, whose faults are told and not raised."""
        try:
            self.look()
        except BuildLocked:
            self._failed = 0
            log.debug("another process fetches", exc_info=True)
        except Exception as error:  # whatever it is: the copy that serves goes on serving
            self._wrong = error if isinstance(error, CaveatError) else IndexMissing(_plain(error))
            log.debug("following failed", exc_info=True)
            out = isinstance(error, ServerUnavailable) and error.fault in OUT
            self._telling.trouble(POINTER, str(self._wrong), MEANWHILE if out else STILL)
        else:
            self._wrong = None
            self._telling.well(POINTER)
        finally:
            self._fetching = None
            self._looked.set()

    def look(self) -> None:
        """One look at the pointer; takes up what is new. Raises a ``CaveatError`` and changes nothing when it cannot."""
        state = self._catalogue.look()
        if state.newest is None:
            raise IndexMissing(
                "No index is on the Chroma server yet; run `python -m ingest build` with this CAVEAT_CHROMA_URL."
            )
        book = self._take_book(state)
        self._take_newest(state, state.newest.generation)
        if book is not None:
            raise book

    def _take_book(self, state: State) -> CaveatError | None:
        """What checks for retraction found comes first; that it cannot be had does not hold a new index up."""
        try:
            self._mirror.take_status(self._catalogue, state)
        except CaveatError as error:
            return error
        return None

    def _take_newest(self, state: State, newest: str) -> None:
        serving = self._mirror.copies.current_id()
        if serving is not None and serving == newest and self._mirror.whole(serving):
            self._failed = 0
            return
        self._failed += 1  # until it has succeeded
        try:
            self._take(state, newest)
        except CaveatError:
            if serving is None:
                self._take_an_older(state)
            raise
        self._failed = 0

    @property
    def pause(self) -> float:
        """Seconds to the next look; longer after an index could not be taken up, for trying reads much again."""
        return self._every * min(12.0, 2.0 ** max(0, self._failed - 1))

    def _take_an_older(self, state: State) -> None:
        """A new replica would rather answer from an earlier index than not at all."""
        for ident in reversed([i for i in state.order() if i != state.current]):
            try:
                return self._take(state, ident)
            except CaveatError:
                log.debug("index %s cannot be taken either", ident, exc_info=True)
        return None

    def _take(self, state: State, ident: str) -> None:
        def told(done: int, total: int) -> None:
            self._fetching = done, total
            if self._ended.is_set():
                raise IndexMissing("Stopped.")

        folder = self._mirror.ensure(self._catalogue, state, ident, told)
        manifest = read_manifest(folder)
        if self._encoder is not None:
            check_model(manifest, self._encoder)
            warmed = self._remote(manifest)
            try:
                warmed.warm()
                self._warmed = {ident: warmed}
            except ServerUnavailable:
                log.debug("the new index's vectors could not be tried", exc_info=True)
        self._mirror.copies.activate(ident)
        self._mirror.copies.prune(KEPT)

    def _dense(self, folder: Path) -> DenseSearch:
        return self._warmed.pop(folder.name, None) or self._remote(read_manifest(folder))

    def _remote(self, made: Manifest) -> RemoteDense:
        catalogue = self._catalogue
        name = catalogue.name(made.id, "vectors")
        return RemoteDense(catalogue.server, name, made.dimension, made.passages, self._telling)

    def close(self) -> None:
        """Ends following; what is open stays open."""
        self._ended.set()


def _follow(replica: weakref.ref[Replica], ended: threading.Event) -> None:
    """Looks again and again until the replica is closed, or nobody has it any more."""
    while not ended.is_set():
        following = replica()
        if following is None:
            return
        following.step()
        pause = following.pause
        del following
        ended.wait(pause)


def _plain(error: Exception) -> str:
    if isinstance(error, (OSError, sqlite3.Error)):
        why = getattr(error, "strerror", None) or type(error).__name__
        return f"The copy of the index cannot be written ({why}); look at the disk where CAVEAT_HOME is."
    return f"The index on the Chroma server cannot be taken up ({type(error).__name__})."
