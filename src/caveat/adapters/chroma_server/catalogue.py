"""What stands on the server, by the names of its collections, and the pointer that every replica follows.

Of a generation there are three collections: ``<name>-<id>-vectors``, ``-files``, and ``-ready``, which is made last and says
that the other two are whole and checked. The pointer is a row of empty collections ``<name>-pointer-<number>``; the highest
number counts. A server makes a collection of a name once, so that of two builders who flip at the same time one alone
gets the number, and the other sees it. No clock of any machine has a part in this.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from caveat.adapters.chroma_server.client import ChromaServer, Collection
from caveat.errors import IndexMissing, ServerFault, ServerUnavailable

PARTS = ("vectors", "files", "ready")
LEFT_FOR_DEAD = 10
"""What nobody has finished while the pointer moved so many times is what a killed builder left."""
IDENT = r"\d{8}T\d{9}-[0-9a-f]{4}"
TRIES = 50
TRIES_OF_A_FAULT = 3


@dataclass(frozen=True, slots=True)
class Flip:
    """One position of the pointer: which generation serves, and which book of retractions belongs to it."""

    number: int
    generation: str
    status: str | None = None
    by: str = ""
    """A mark of whoever set it, to know one's own again."""


@dataclass(frozen=True, slots=True)
class State:
    """What stood on the server at one look."""

    flips: tuple[Flip, ...] = ()
    """By number."""
    generations: dict[str, dict[str, Collection]] = field(default_factory=dict)
    """Collections of each generation by ``vectors``, ``files`` and ``ready``, finished or not."""
    statuses: dict[str, Collection] = field(default_factory=dict)

    @property
    def newest(self) -> Flip | None:
        """Where the pointer stands."""
        return self.flips[-1] if self.flips else None

    @property
    def current(self) -> str | None:
        """The generation that serves."""
        return self.flips[-1].generation if self.flips else None

    def finished(self, ident: str) -> bool:
        """True when all of a generation is there, and was checked."""
        return set(self.generations.get(ident, ())) == set(PARTS)

    def order(self) -> list[str]:
        """Finished generations in the order in which they first served."""
        return [i for i in dict.fromkeys(f.generation for f in self.flips) if self.finished(i)]

    def before_current(self) -> str:
        """The generation that first served before the current one did; raises ``IndexMissing``."""
        order = list(dict.fromkeys(f.generation for f in self.flips))
        older = order[: order.index(self.current)] if self.current in order else order
        kept = [ident for ident in older if self.finished(ident)]
        if not kept:
            raise IndexMissing("The Chroma server holds no earlier index to go back to.")
        return kept[-1]


class Catalogue:
    """Reads and moves the pointer; names and removes what belongs to a generation."""

    def __init__(self, server: ChromaServer) -> None:
        self.server = server
        self._name = server.place.name
        # Ids as builds give them: another Caveat's name that begins with this one's is no id.
        self._part = re.compile(rf"{re.escape(self._name)}-({IDENT})-({'|'.join(PARTS)})")
        self._flip = re.compile(rf"{re.escape(self._name)}-pointer-(\d{{8}})")
        self._status = re.compile(rf"{re.escape(self._name)}-status-([0-9a-f]{{16}})")

    def name(self, ident: str, part: str) -> str:
        """The name of a collection of a generation."""
        return f"{self._name}-{ident}-{part}"

    def status_name(self, ident: str) -> str:
        """The name of a book of retractions."""
        return f"{self._name}-status-{ident}"

    def _flip_name(self, number: int) -> str:
        return f"{self._name}-pointer-{number:08}"

    def look(self) -> State:
        """What is there now."""
        flips: list[Flip] = []
        state = State()
        for collection in self.server.collections():
            about = collection.metadata or {}
            if found := self._flip.fullmatch(collection.name):
                if generation := about.get("generation"):
                    status = about.get("status")
                    flips.append(
                        Flip(
                            int(found[1]),
                            str(generation),
                            str(status) if status else None,
                            str(about.get("by") or ""),
                        )
                    )
            elif found := self._status.fullmatch(collection.name):
                state.statuses[found[1]] = collection
            elif found := self._part.fullmatch(collection.name):
                state.generations.setdefault(found[1], {})[found[2]] = collection
        return replace(state, flips=tuple(sorted(flips, key=lambda f: f.number)))

    def flip(self, *, generation: str | None = None, status: str | None = None) -> Flip:
        """Moves the pointer, in one step that every reader sees whole or not at all; what is not given stays.

        Whoever else moves it at the same time is not lost: the later step builds on the earlier. Raises ``IndexMissing``
        for a generation that is not finished: the pointer never names one.
        """
        mine, faults = secrets.token_hex(8), 0
        for _ in range(TRIES):
            state = self.look()
            before = state.newest
            if (own := next((f for f in state.flips if f.by == mine), None)) is not None:
                return own  # it was made although the reply was lost
            target = generation or (before.generation if before else None)
            if target is None or not state.finished(target):
                raise IndexMissing(
                    f"The Chroma server does not hold the whole index {target!r}; `python -m ingest status` lists what it has."
                )
            book = status or (before.status if before else None)
            made = Flip(before.number + 1 if before else 1, target, book, mine)
            try:
                self.server.create(
                    self._flip_name(made.number),
                    {"generation": target, "by": mine, **({"status": book} if book else {})},
                )
            except ServerUnavailable as error:
                if error.fault is not ServerFault.TAKEN:
                    faults += 1
                    if faults > TRIES_OF_A_FAULT:
                        raise
                continue
            return made
        raise ServerUnavailable(
            "Others keep moving the pointer on the Chroma server; try again.", ServerFault.TAKEN
        )

    def remove(self, ident: str) -> None:
        """Takes a generation away; the mark that it is finished goes first."""
        for part in reversed(PARTS):
            self.server.delete(self.name(ident, part))

    def prune(self, keep: int) -> list[str]:
        """Removes all but the ``keep`` newest finished generations, never the one that serves; returns what went.

        With them go flips and books that nothing needs, and what a killed builder left long ago.
        """
        state = self.look()
        if state.newest is None:
            return []
        order = state.order()
        kept = {state.newest.generation}
        for ident in reversed(order):
            if len(kept) < keep:
                kept.add(ident)
        done = {*order, *kept}
        dead = [i for i, c in state.generations.items() if i not in done and _dead(c.values(), state)]
        gone = [i for i in order if i not in kept]
        for ident in gone + dead:
            self.remove(ident)
        self._prune_flips(state, kept)
        return gone

    def _prune_flips(self, state: State, kept: set[str]) -> None:
        """Each generation that stays keeps the flip with which it first served."""
        first: dict[str, int] = {}
        for flip in state.flips:
            first.setdefault(flip.generation, flip.number)
        needed = {number for ident, number in first.items() if ident in kept}
        latest = state.flips[-LEFT_FOR_DEAD:]  # a builder that is flipping now may be about to look at these
        for flip in state.flips:
            if flip.number not in needed and flip not in latest:
                self.server.delete(self._flip_name(flip.number))
        used = {f.status for f in state.flips if f.number in needed or f in latest}
        for ident, collection in state.statuses.items():
            if ident not in used and _dead([collection], state):
                self.server.delete(collection.name)

    def begun(self) -> dict[str, int]:
        """What a new collection says of itself: where the pointer stood when it was begun."""
        newest = self.look().newest
        return {"after": newest.number if newest else 0}


def _dead(collections: Iterable[Collection], state: State) -> bool:
    newest = state.newest
    begun = [(c.metadata or {}).get("after") for c in collections]
    numbers = [n for n in begun if isinstance(n, int)]
    return newest is not None and bool(numbers) and max(numbers) + LEFT_FOR_DEAD < newest.number
