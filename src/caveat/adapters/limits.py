"""Which works and passages a filter lets through, worked out once for all the searches of a question."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from caveat.adapters.evidence_store import EvidenceStore
from caveat.adapters.status_book import StatusBook
from caveat.domain.model import Status
from caveat.domain.ports import Filters

GRAVE = (Status.RETRACTED, Status.WITHDRAWN, Status.EXPRESSION_OF_CONCERN)
REMEMBERED = 16
MOST_WORKS = 300_000
"""Filters are remembered up to so many, and as long as the works they let through are no more than these in all."""
Rows = npt.NDArray[np.int64]


class Limits:
    """Applies filters to one finished generation, by each work's status of today. May be used from several threads."""

    def __init__(self, evidence: EvidenceStore, statuses: StatusBook | None) -> None:
        self._evidence = evidence
        self._statuses = statuses
        self._lock = threading.Lock()
        self._recent: OrderedDict[tuple[Filters, object], dict[int, str]] = OrderedDict()
        self._doubted: tuple[object, dict[str, Status]] | None = None
        self._today: tuple[object, dict[Status, Rows]] | None = None

    @cached_property
    def _source_of(self) -> npt.NDArray[np.int32]:
        return self._evidence.source_rows()

    def works(self, filters: Filters) -> dict[int, str]:
        """Row numbers and ids of the works that pass."""
        by_status = self._statuses is not None and bool(filters.statuses)
        key = (filters, self._statuses.version() if self._statuses is not None and by_status else None)
        with self._lock:
            found = self._recent.get(key)
            if found is None:
                found = self._by_status(filters) if by_status else self._evidence.matching(filters)
                self._recent[key] = found
                while len(self._recent) > 1 and self._too_many():
                    self._recent.popitem(last=False)
            self._recent.move_to_end(key)
            return found

    def doubted(self) -> dict[str, Status]:
        """The works that are retracted, withdrawn or under concern today; read again when a check has been made."""
        made = None if self._statuses is None else self._statuses.stamp()
        with self._lock:
            if self._doubted is None or self._doubted[0] != made:
                found = self._evidence.with_status(GRAVE)
                # A check speaks of a work by any of its numbers: where one found such a thing, each work is held against it.
                if self._statuses is not None and self._statuses.found_any(GRAVE):
                    for _, sources in self._evidence.standings():
                        now = self._statuses.applied(sources)
                        found |= {s.id: s.status for s in now if s.status in GRAVE}
                self._doubted = (made, found)
            return self._doubted[1]

    def _too_many(self) -> bool:
        return len(self._recent) > REMEMBERED or sum(map(len, self._recent.values())) > MOST_WORKS

    def allowed(self, filters: Filters) -> npt.NDArray[np.bool_]:
        """For each passage whether its work passes."""
        works = np.zeros(self._evidence.source_count, dtype=np.bool_)
        works[np.fromiter(self.works(filters), np.int64)] = True
        return np.asarray(works[self._source_of], dtype=np.bool_)

    def _by_status(self, filters: Filters) -> dict[int, str]:
        found = self._evidence.matching(replace(filters, statuses=()))
        now = self._statuses_now()
        rows = [now[status] for status in filters.statuses if status in now]
        wanted = np.zeros(self._evidence.source_count, dtype=np.bool_)
        if rows:
            wanted[np.concatenate(rows)] = True
        return {n: i for n, i in found.items() if wanted[n]}

    def _statuses_now(self) -> dict[Status, Rows]:
        """The rows of the works of each status: read again when a check of them, or the day, has changed."""
        assert self._statuses is not None
        version = self._statuses.version()
        if self._today is None or self._today[0] != version:
            found: dict[Status, list[int]] = {}
            for rows, sources in self._evidence.standings():
                for row, source in zip(rows, self._statuses.applied(sources), strict=True):
                    found.setdefault(source.status, []).append(row)
            self._today = (version, {s: np.asarray(rows, np.int64) for s, rows in found.items()})
        return self._today[1]
