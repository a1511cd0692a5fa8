"""Every work that a question may look at: the works on the shelf, less what a filter leaves out, by their standing of today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice

from caveat.answering.limited import LimitedIndex, passes
from caveat.answering.rows import Bits, bits_of, rows_of
from caveat.answering.shelf import Is, Shelf, level_of
from caveat.answering.words_only import WordsOnly
from caveat.domain.model import Direction, Source, Status
from caveat.domain.ports import EvidenceIndex, Filters, TellsOfEveryWork
from caveat.domain.words_for import PLANNED

AT_ONCE = 200
DOUBTED = frozenset({Status.RETRACTED, Status.WITHDRAWN, Status.EXPRESSION_OF_CONCERN})


class Works:
    """The works of one index as one question sees them. Sets are whole numbers (``rows``)."""

    def __init__(self, index: EvidenceIndex, shelf: Shelf) -> None:
        self.index, self.shelf = index, shelf
        self.stored, self._filters = stored_index(index)

    @cached_property
    def taken_back(self) -> Bits:
        """The works that are retracted or withdrawn today."""
        gone = (i for i, status in self._doubted.items() if status is not Status.EXPRESSION_OF_CONCERN)
        return bits_of((row for row in map(self.shelf.row, gone) if row is not None), len(self.shelf.ids))

    @cached_property
    def _doubted(self) -> Mapping[str, Status]:
        if isinstance(self.stored, TellsOfEveryWork):
            return self.stored.doubted()
        return {s.id: s.status for s in self.stored.all_sources() if s.status in DOUBTED}

    def with_results(self) -> Bits:
        """The works that are more than a plan and still stand."""
        shelf = self.shelf
        return shelf.those(Is.A_WORK) & ~shelf.designed(PLANNED) & ~self.taken_back

    def warning(self) -> Bits:
        """The works with results that missed their main outcome or report harm, and still stand."""
        told = self.shelf.those(Is.MISSED) | self.shelf.reporting({Direction.HARM})
        return told & self.with_results()

    def allowed(self, rows: Bits) -> Bits:
        """Those that a filter on the question lets through."""
        limits = self._filters
        if limits is None or not rows:
            return rows
        if limits.designs:
            rows &= self.shelf.designed(limits.designs)
        if limits.source_ids:
            known = (row for row in map(self.shelf.row, limits.source_ids) if row is not None)
            rows &= bits_of(known, len(self.shelf.ids))
        left = [row for row in rows_of(rows) if self._in_years(row, limits)]
        if limits.statuses or limits.population:
            passing = {s.id for s in self._read(left) if passes(s, limits)}
            left = [row for row in left if self.shelf.ids[row] in passing]
        return bits_of(left, len(self.shelf.ids))

    def _in_years(self, row: int, limits: Filters) -> bool:
        year = self.shelf.years[row]
        return (limits.year_from is None or year >= limits.year_from) and (
            limits.year_to is None or 0 < year <= limits.year_to
        )

    def with_words(self, stems: Iterable[str]) -> Bits | None:
        """The works that have all of these stems among their words; None where the index does not know without reading."""
        known = self.stored.works_with(stems) if isinstance(self.stored, TellsOfEveryWork) else None
        return None if known is None else bits_of(known, len(self.shelf.ids))

    def level(self, row: int) -> int:
        """Certainty of the work's own result today, 0 for high."""
        if self._doubted.get(self.shelf.ids[row]) is Status.EXPRESSION_OF_CONCERN:
            return level_of(next(self._read([row])))
        return self.shelf.level(row)

    def sources(self, rows: Iterable[int]) -> list[Source]:
        """The works themselves, in this order."""
        return list(self._read(rows))

    def in_order(self, rows: Bits) -> list[int]:
        """They, the strongest first, then the newest."""
        return sorted(rows_of(rows), key=self.shelf.strength)

    def _read(self, rows: Iterable[int]) -> Iterator[Source]:
        waiting = iter(rows)
        while part := [self.shelf.ids[row] for row in islice(waiting, AT_ONCE)]:
            yield from self.stored.sources(part).values()


def stored_index(index: EvidenceIndex) -> tuple[EvidenceIndex, Filters | None]:
    """The index that holds the whole collection, and the filter that the question came with."""
    filters = None
    while isinstance(index, LimitedIndex | WordsOnly):
        if isinstance(index, LimitedIndex):
            filters = index.filters
        index = index.everything
    return index, filters


def every_work(index: EvidenceIndex) -> Iterable[Source]:
    """All works of an index that holds the whole collection, by id, as they were when it was built."""
    if isinstance(index, TellsOfEveryWork):
        return index.each_source()
    return sorted(index.all_sources(), key=lambda s: s.id)
