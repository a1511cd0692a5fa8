"""The passage vectors of one generation, on a server."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence

import numpy as np

from caveat.adapters.chroma_server.breaker import Breaker
from caveat.adapters.chroma_server.client import PATIENT_SECONDS, ChromaServer, Found
from caveat.adapters.chroma_server.telling import Telling
from caveat.adapters.dense import PAGE
from caveat.adapters.encoding import FloatArray
from caveat.errors import ServerFault, ServerUnavailable

FILTER_IDS = 1000
"""Up to so many works a filter is handed to the server; a wider one is applied to what it returns."""
EXACT = 500
"""Up to so many passages that pass a filter are compared one by one, here: their vectors take about 4 MB."""
WIDEST = 20_000
"""More hits are not asked for at once: it would take longer than a question waits."""
AT_ONCE = 300
MEANWHILE = "questions are answered from the search by words alone"
WARM_SECONDS = 20.0


class RemoteDense:
    """A finished collection on a server. A search is never held up for long: see ``Breaker``."""

    def __init__(
        self,
        server: ChromaServer,
        name: str,
        dimension: int,
        passages: int,
        telling: Telling | None = None,
        *,
        patient: bool = False,
    ) -> None:
        """Asks nothing yet. ``patient`` is for checks, which may wait and fail aloud.

        A collection that does not hold so many ``passages`` is not answered from: it may be half copied.
        """
        self._server, self._name, self._dimension, self.size = server, name, dimension, passages
        self._seconds = PATIENT_SECONDS if patient else server.place.seconds
        self._telling = telling or Telling()
        self._ident: str | None = None
        self._lock = threading.Lock()
        self._breaker = None if patient else Breaker(self._trial, self._told)

    def search(
        self, vector: FloatArray, k: int, source_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Up to k passage ids with their cosine, best first; of these works only, when given."""
        if k < 1 or (source_ids is not None and not source_ids):
            return []
        if self._breaker is None:
            return self._search(vector, k, source_ids)
        self._breaker.guard()
        try:
            return self._search(vector, k, source_ids)
        except ServerUnavailable as error:
            self._breaker.trip(error)
            raise

    def _search(
        self, vector: FloatArray, k: int, source_ids: Sequence[str] | None
    ) -> list[tuple[str, float]]:
        ends = self._ends()
        if source_ids is None:
            return self._query(vector, k, ends)
        if len(source_ids) <= FILTER_IDS:
            return self._among(vector, k, {"source_id": {"$in": list(source_ids)}}, ends)
        wanted, width, most = set(source_ids), k, min(self.size, WIDEST)
        while True:
            width = min(4 * width, most)
            hits = self._query(vector, width, ends)
            found = [hit for hit in hits if hit[0].rpartition("#")[0] in wanted][:k]
            if len(found) == k or width == most:
                return found

    def _among(
        self, vector: FloatArray, k: int, where: Mapping[str, object], ends: float
    ) -> list[tuple[str, float]]:
        """Of few passages every one is looked at, for a graph may miss some of them."""
        ident = self._id(ends)
        ids = self._server.matching(ident, where, EXACT + 1, seconds=self._left(ends))
        if len(ids) > EXACT:
            return self._query(vector, k, ends, where)
        if not ids:
            return []
        got = self._server.get(ident, ids, ["embeddings"], seconds=self._left(ends))
        rows = np.asarray(got.embeddings, dtype=np.float32)
        if rows.shape != (len(got.ids), self._dimension):
            raise self._server.of_another_form()
        cosines = (rows @ vector / np.linalg.norm(rows, axis=1)).tolist()
        return sorted(zip(got.ids, cosines, strict=True), key=lambda hit: (-hit[1], hit[0]))[:k]

    def _id(self, ends: float) -> str:
        """The collection's number on the server, once it is known to hold every passage."""
        if not self._lock.acquire(timeout=self._left(ends)):
            raise self._server.too_slow(self._seconds)
        try:
            if self._ident is None:
                ident = self._server.find(self._name, seconds=self._left(ends)).id
                held = self._server.count(ident, seconds=self._left(ends))
                if held != self.size:
                    raise ServerUnavailable(
                        f"The Chroma server holds {held} of {self.size} passages of the index that serves; "
                        "run `python -m ingest publish` where it was built.",
                        ServerFault.NOT_THERE,
                    )
                self._ident = ident
            return self._ident
        finally:
            self._lock.release()

    def _ends(self) -> float:
        return time.monotonic() + self._seconds

    def _left(self, ends: float) -> float:
        """What is left of the time for one search, however many requests it takes."""
        left = ends - time.monotonic()
        if left <= 0:
            raise self._server.too_slow(self._seconds)
        return left

    def _query(
        self, vector: FloatArray, k: int, ends: float, where: Mapping[str, object] | None = None
    ) -> list[tuple[str, float]]:
        got = self._ask([vector.tolist()], k, ends, where)
        distances = got.distances or []
        if [len(ids) for ids in got.ids] != [len(row) for row in distances] or len(distances) != 1:
            raise self._server.of_another_form()
        return [(i, 1.0 - d) for i, d in zip(got.ids[0], distances[0], strict=True)]

    def _ask(
        self,
        vectors: Sequence[Sequence[float]],
        k: int,
        ends: float,
        where: Mapping[str, object] | None = None,
    ) -> Found:
        try:
            ident = self._id(ends)
            return self._server.query(ident, vectors, k, where, seconds=self._left(ends))
        except ServerUnavailable as error:
            if error.fault is ServerFault.TIME_LIMIT:
                raise self._server.too_slow(self._seconds) from None  # the whole limit, not what was left
            if error.fault is ServerFault.NOT_THERE:  # it may have been made anew under another number
                with self._lock:
                    self._ident = None
            raise

    def warm(self) -> None:
        """One search that may take its time: the server reads a collection when it is first asked."""
        self._ask([self._any()], 1, time.monotonic() + WARM_SECONDS)

    def _trial(self) -> None:
        self._ask([self._any()], 1, self._ends())

    def _any(self) -> list[float]:
        return [1.0] + [0.0] * (self._dimension - 1)

    def _told(self, wrong: str | None) -> None:
        if wrong is None:
            self._telling.well(self._name)
        else:
            self._telling.trouble(self._name, wrong, MEANWHILE)

    def nearest(self, vectors: Sequence[Sequence[float]], k: int) -> list[list[str]]:
        """The k nearest ids of each of many vectors."""
        return self._ask(vectors, min(k, self.size), self._ends()).ids

    def vectors(self, ids: Sequence[str]) -> dict[str, FloatArray]:
        """The stored vectors of these passages."""
        found: dict[str, FloatArray] = {}
        for at in range(0, len(ids), AT_ONCE):
            got = self._server.get(self._id(self._ends()), ids[at : at + AT_ONCE], ["embeddings"])
            rows = got.embeddings or []
            found.update((i, np.asarray(v, np.float32)) for i, v in zip(got.ids, rows, strict=True))
        return found

    def ids(self) -> set[str]:
        """Every passage id of the collection."""
        found: set[str] = set()
        for offset in range(0, self.size, PAGE):
            found.update(self._server.ids(self._id(self._ends()), PAGE, offset))
        return found

    def close(self) -> None:
        """Ends the trials in the background; the server's connections are shared and stay."""
        if self._breaker is not None:
            self._breaker.close()
            self._telling.forget(self._name)
