"""Sets of works: one whole number with a bit for each work, so that sets are joined and cut in microseconds."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

Bits = int
_IN_BYTE = tuple(tuple(i for i in range(8) if byte >> i & 1) for byte in range(256))


def bits_of(rows: Iterable[int], works: int) -> Bits:
    """The set of these works, of so many in all."""
    packed = bytearray((works >> 3) + 1)
    for row in rows:
        packed[row >> 3] |= 1 << (row & 7)
    return int.from_bytes(packed, "little")


def rows_of(bits: Bits) -> Iterator[int]:
    """The works of a set, in rising order."""
    for at, byte in enumerate(bits.to_bytes((bits.bit_length() + 7) >> 3, "little")):
        if byte:
            for i in _IN_BYTE[byte]:
                yield (at << 3) + i


M = TypeVar("M", bound=Hashable)


class Marks(Generic[M]):
    """Sets of works by what they have in common; each becomes a number when it is first asked for."""

    def __init__(self) -> None:
        self._rows: dict[M, array[int]] = {}
        self._bits: dict[M, Bits] = {}
        self._works = 0

    def add(self, row: int, marks: Iterable[M]) -> None:
        """Puts one work into the sets of all its marks."""
        self._works = max(self._works, row + 1)
        for mark in marks:
            rows = self._rows.get(mark)
            if rows is None:
                rows = self._rows[mark] = array("I")
            rows.append(row)

    def __iter__(self) -> Iterator[M]:
        """Every mark."""
        return iter(self._rows)

    def rows(self, mark: M) -> Sequence[int]:
        """The works that have this mark, in the order in which they were put in."""
        return self._rows.get(mark, ())

    def of(self, mark: M) -> Bits:
        """The works that have this mark."""
        found = self._bits.get(mark)
        if found is None:
            if mark not in self._rows:
                return 0
            found = self._bits[mark] = bits_of(self._rows[mark], self._works)
        return found

    def any(self, marks: Iterable[M]) -> Bits:
        """The works that have at least one of these marks."""
        found = 0
        for mark in marks:
            found |= self.of(mark)
        return found
