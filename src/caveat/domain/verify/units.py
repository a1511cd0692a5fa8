"""What a sentence is made of once it is read: words with their meaning, and what is stated at them."""

from __future__ import annotations

from dataclasses import dataclass

from caveat.domain.verify.words import DIRECTIONS, Entity

NONE: frozenset[str] = frozenset()

BREAKS = frozenset("while whereas although though but however whilst".split())


@dataclass(frozen=True, slots=True)
class Unit:
    """One word or name: its concepts (what it may be matched by), its tags (what it signals) and whether it is denied."""

    low: str
    stem: str
    kind: str
    concepts: frozenset[str]
    tags: frozenset[str]
    entity: Entity | None
    start: int
    end: int
    segment: int
    cost: float
    depth: int = 0
    """How many brackets the word stands in."""
    negated: bool = False
    head: bool = False
    """True for the first word a negation denies."""
    proper: bool = False
    touched: bool = False
    """True for the subject of what is denied."""

    @property
    def content(self) -> bool:
        """True for a word that carries meaning of its own."""
        return self.kind in "wi" and "stop" not in self.tags and bool(self.concepts)


@dataclass(frozen=True, slots=True)
class Event:
    """What the sentence states at one word: a direction, a difference, none, a relation; ``negated`` applied."""

    kind: str
    sign: str
    negated: bool
    at: int


class Draft:
    """A unit while its sentence is still being read."""

    __slots__ = (
        "concepts",
        "cost",
        "depth",
        "end",
        "entity",
        "head",
        "kind",
        "low",
        "negated",
        "proper",
        "segment",
        "start",
        "stem",
        "tags",
        "token",
        "touched",
    )  # fmt: skip

    def __init__(
        self, token: int, low: str, stem: str, kind: str, concepts: frozenset[str], tags: frozenset[str],
        entity: Entity | None, start: int, end: int, proper: bool,
    ) -> None:  # fmt: skip
        self.token, self.low, self.stem, self.kind = token, low, stem, kind
        self.concepts, self.tags, self.entity = concepts, tags, entity
        self.start, self.end, self.proper = start, end, proper
        self.segment, self.cost, self.depth, self.negated, self.head = 0, 0.0, 0, False, False
        self.touched = False

    def freeze(self) -> Unit:
        """The finished unit."""
        return Unit(
            self.low, self.stem, self.kind, self.concepts, self.tags, self.entity, self.start, self.end,
            self.segment, self.cost, self.depth, self.negated, self.head, self.proper, self.touched,
        )  # fmt: skip


EVENT_TAGS = frozenset({*DIRECTIONS, "differ", "effect", "change", "associate", "predict", "met"})

AUXILIARIES = frozenset("did does do was were is are had has have".split())

BE = frozenset("is are was were be been being".split())
