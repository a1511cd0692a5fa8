"""What every live source has in common: a query in, pages of raw records out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from ingest.sources.identifiers import Identifier, Kind

State = dict[str, object]
"""Where a source stands in its pages; JSON-able, so that it can be taken up again."""
Have = Callable[[str], bool]
"""Whether a record with this id is on disk already."""


@dataclass(frozen=True, slots=True)
class Query:
    """What to fetch: a text in the source's own search language, or certain records."""

    text: str = ""
    since: date | None = None
    most: int = 1000
    ids: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """One record as the source sent it. ``id`` is the source's own and names its file."""

    id: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """Some records, how many match in all (where known), and what was asked for but is not there."""

    records: tuple[Record, ...]
    total: int | None = None
    known: int = 0
    missing: tuple[str, ...] = field(default=())
    notice: str | None = None


class LiveSource(Protocol):
    """A literature source with a search of its own."""

    @property
    def name(self) -> str:
        """As it is typed; also the name of its folder."""

    @property
    def label(self) -> str:
        """As people call it."""

    @property
    def suffix(self) -> str:
        """How the files of its records end."""

    @property
    def takes(self) -> frozenset[Kind]:
        """The identifiers it can look up."""

    def pages(self, query: Query, state: State, have: Have) -> Iterator[Page]:
        """Pages from where ``state`` stands; it is moved on before each page is handed over."""


def parse_json(raw: bytes) -> dict[str, object]:
    """A JSON object; anything else is a ``ValueError``. Stray control characters are let through."""
    try:
        value = json.loads(raw.decode("utf-8"), strict=False)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(value, dict):
        raise ValueError("no JSON object")
    return value


def dump(value: object) -> bytes:
    """A record as the file that is kept."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")


def number(value: object) -> int:
    """A count that is sent as a number or as text; ``ValueError`` for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("no number")
    return int(value)


def parts(values: tuple[str, ...] | list[str], size: int) -> Iterator[list[str]]:
    """The values in stretches of at most ``size``."""
    for start in range(0, len(values), size):
        yield list(values[start : start + size])
