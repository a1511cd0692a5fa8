"""The works of one generation, by what questions ask of all of them: read once, so that a question reads only what it shows.

Works are numbered in the order of their ids. What a later check of a work found is not in here: see ``works``.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from enum import Enum, auto
from typing import NamedTuple

from caveat.answering.about import about_work, title_and_given
from caveat.answering.rows import Bits, Marks
from caveat.answering.trial_state import is_running, is_stopped
from caveat.domain.certainty import rate_single
from caveat.domain.model import Design, Direction, Level, Source, SourceKind
from caveat.domain.question import registry_numbers
from caveat.domain.text import fold
from caveat.domain.topic import Topic
from caveat.domain.words_for import STRENGTH, is_double_blind

MOST_PEOPLE = 10**12
"""A record that claims more is ranked as if it claimed so many."""
NO_DESIGN = 9
"""Stands in the place of the strength of a work whose design is not known."""
_LEVELS = {Level.HIGH: 0, Level.MODERATE: 1, Level.LOW: 2, Level.VERY_LOW: 3}


class Is(Enum):
    """What is true of a work or not."""

    A_WORK = auto()
    CONFERENCE_ABSTRACT = auto()
    DOUBLE_BLIND = auto()
    MET = auto()
    MISSED = auto()
    RUNNING = auto()
    STOPPED = auto()
    PAID_BY_SELLER = auto()
    PAID_BY_OTHERS = auto()
    WITH_CONFLICTS = auto()


class Linked(NamedTuple):
    """By what a work is known to report the same people as another."""

    id: str
    registry_ids: tuple[str, ...] = ()
    overlaps: tuple[str, ...] = ()


class Shelf:
    """Sets of works, and of each work the few numbers by which works are put in order."""

    def __init__(self, generation: str, works: Iterable[Source], topic: Topic) -> None:
        """``works`` come in the order of their ids."""
        self.generation = generation
        self.ids: list[str] = []
        self.years = array("i")
        self.people = array("q")
        self._strength, self._level = bytearray(), bytearray()
        self.identity, self.tested = Marks[str](), Marks[str]()
        """Works by the entities that they are about, and by those that they tested."""
        self.studied, self.titled = Marks[str](), Marks[str]()
        """Works by the entities of their people, and by those of their title and of what was given."""
        self.numbered, self.authored = Marks[str](), Marks[str]()
        """Works by the numbers that trial registers gave them, and by the first word of their first author's name, folded."""
        self._facts = Marks[Is]()
        self._designs, self._directions = Marks[Design | None](), Marks[Direction | None]()
        self._linked: dict[int, Linked] = {}
        self._payers: dict[str, int] = {}
        self._payer = array("I")
        for row, source in enumerate(works):
            self._add(row, source, topic)
        self.payers = ("", *self._payers)
        """What works' records say of their funding; ``payer`` tells which of these is a work's."""

    def _add(self, row: int, source: Source, topic: Topic) -> None:
        self.ids.append(source.id)
        self.years.append(source.year or 0)
        self.people.append(max(0, min(source.n_total or 0, MOST_PEOPLE)))
        self._strength.append(STRENGTH[source.design] if source.design else NO_DESIGN)
        self._level.append(level_of(source))
        about = about_work(source, topic)
        who = source.population_short or source.population
        for marks, found in (
            (self.identity, about.identity),
            (self.tested, about.tested),
            (self.studied, topic.entity_ids(who, nested=True) if who else ()),
            (self.titled, title_and_given(source, topic)),
            (self.numbered, set(registry_numbers(" , ".join(source.registry_ids)))),
            (self.authored, fold(" ".join(source.authors[:1])).split(",")[0].split()[:1]),
        ):
            marks.add(row, found)
        self._facts.add(row, _facts(source))
        self._designs.add(row, (source.design,))
        self._directions.add(row, (source.direction,))
        if source.registry_ids or source.overlaps:
            self._linked[row] = Linked(source.id, source.registry_ids, source.overlaps)
        funding = source.funding or ""
        self._payer.append(self._payers.setdefault(funding, len(self._payers) + 1) if funding else 0)

    def those(self, fact: Is) -> Bits:
        """The works of which this is true."""
        return self._facts.of(fact)

    def designed(self, designs: Iterable[Design | None]) -> Bits:
        """The works of these designs."""
        return self._designs.any(designs)

    def reporting(self, directions: Iterable[Direction]) -> Bits:
        """The works that report one of these."""
        return self._directions.any(directions)

    def row(self, source_id: str) -> int | None:
        """The number of a work; None where it is not of this generation."""
        at = bisect_left(self.ids, source_id)
        return at if at < len(self.ids) and self.ids[at] == source_id else None

    def strength(self, row: int) -> tuple[int, int, int]:
        """By which works are put in order: the strongest design, the newest, the first by id."""
        return self._strength[row], -self.years[row], row

    def level(self, row: int) -> int:
        """Certainty of the work's own result by what its record says, 0 for high."""
        return self._level[row]

    def linked(self, row: int) -> Linked:
        """The works and registry numbers that this one belongs with."""
        return self._linked.get(row) or Linked(self.ids[row])

    def payer(self, row: int) -> int:
        """Which of ``payers`` the work names; 0 where it names none."""
        return self._payer[row]


def level_of(source: Source) -> int:
    """Certainty of one work's own result, 0 for high."""
    return _LEVELS[rate_single(source).level]


def _facts(source: Source) -> Iterator[Is]:
    yield Is.A_WORK
    if source.kind is SourceKind.CONFERENCE_ABSTRACT:
        yield Is.CONFERENCE_ABSTRACT
    if is_double_blind(source):
        yield Is.DOUBLE_BLIND
    if source.primary_outcome_met is not None:
        yield Is.MET if source.primary_outcome_met else Is.MISSED
    if is_running(source):
        yield Is.RUNNING
    if is_stopped(source):
        yield Is.STOPPED
    if source.industry_funded is not None:
        yield Is.PAID_BY_SELLER if source.industry_funded else Is.PAID_BY_OTHERS
    if source.conflicts:
        yield Is.WITH_CONFLICTS
