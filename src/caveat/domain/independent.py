"""Counts works that do not share participants: a pooled analysis and its trials are one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar


class Reports(Protocol):
    """A work, as far as it tells whose participants it reports."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def registry_ids(self) -> tuple[str, ...]:
        """The numbers of the trials that it reports."""

    @property
    def overlaps(self) -> tuple[str, ...]:
        """Ids of works that report (part of) the same participants."""


Work = TypeVar("Work", bound=Reports)


def independent_groups(sources: Sequence[Work]) -> list[list[Work]]:
    """The sources in groups that report (part of) the same participants, in order of first member."""
    parent = {s.id: s.id for s in sources}

    def root(i: str) -> str:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    registered: dict[str, str] = {}
    for source in sources:
        for other in source.overlaps:
            if other in parent:
                parent[root(other)] = root(source.id)
        for number in source.registry_ids:
            if number in registered:
                parent[root(source.id)] = root(registered[number])
            registered.setdefault(number, source.id)
    groups: dict[str, list[Work]] = {}
    for source in sources:
        groups.setdefault(root(source.id), []).append(source)
    return list(groups.values())
