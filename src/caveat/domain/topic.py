"""The topic as data: its entities and their words, what must always be said, help lines and examples."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from caveat.domain.model import HelpLine
from caveat.domain.premises import PremiseRule
from caveat.domain.text import STOP_WORDS, nearest_word, singular, tokens

_RUN = re.compile(r"[^\W_]+")
Group = Literal["drug", "drug_class", "marker", "outcome", "condition", "concept", "study"]


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing the topic knows by several words. ``worse_when`` says which way an outcome is bad."""

    id: str
    group: Group
    label: str
    words: tuple[str, ...]
    parent: str | None = None
    worse_when: Literal["higher", "lower"] | None = None
    background: bool = False
    """A treatment that works of this collection give to everyone: they do not test it."""
    symptom: bool = False
    """An outcome that people with any illness may have, so that no illness is the one asked about."""


@dataclass(frozen=True, slots=True)
class Mention:
    """An entity found in a text, as the tokens ``[start, end)`` of it."""

    entity_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A fact that is always shown, with the sources of the collection that show it."""

    text: str
    source_ids: tuple[str, ...]
    checked_on: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A good first question for one kind of reader."""

    reader: str
    question: str


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question whose works are known: an index that does not find one of them is not sound."""

    question: str
    finds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """Words for one thing and what they mean to a lay reader, with the sources of the collection that show it."""

    words: tuple[str, ...]
    meaning: str
    source_ids: tuple[str, ...]


class _Reach(dict[str, int]):
    """For each token the length of the longest phrase that it may begin, 0 for most; what was asked is kept."""

    MOST = 50_000

    def __init__(self, longest: Mapping[str, int]) -> None:
        super().__init__()
        self._longest = longest

    def __missing__(self, token: str) -> int:
        if len(self) >= self.MOST:
            self.clear()
        self[token] = found = self._longest.get(singular(token), 0)
        return found


@dataclass(frozen=True)
class Topic:
    """Everything that makes the program about this topic and no other."""

    name: str
    short: str
    entities: tuple[Entity, ...]
    main_drug: str
    main_outcome: str
    approval: Statement
    label_warnings: Statement
    help_lines: tuple[HelpLine, ...] = ()
    examples: tuple[Example, ...] = ()
    known_questions: tuple[KnownQuestion, ...] = ()
    glossary: tuple[Explained, ...] = ()
    premises: tuple[PremiseRule, ...] = ()
    by_id: Mapping[str, Entity] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {e.id: e for e in self.entities})

    @cached_property
    def _phrases(self) -> dict[tuple[str, ...], str]:
        table: dict[tuple[str, ...], str] = {}
        for entity in self.entities:
            for word in (*entity.words, entity.label):
                parts = tuple(singular(t) for t in tokens(word))
                table.setdefault(parts, entity.id)
                table.setdefault(_joined(parts), entity.id)
        return table

    @cached_property
    def _longest(self) -> dict[str, int]:
        """For each word that a phrase begins with the length of the longest such phrase: most words begin none."""
        longest: dict[str, int] = {}
        for phrase in filter(None, self._phrases):
            longest[phrase[0]] = max(len(phrase), longest.get(phrase[0], 0))
        return longest

    @cached_property
    def _reach(self) -> _Reach:
        return _Reach(self._longest)

    @property
    def outcome_word(self) -> str:
        """The main outcome as people speak of it: ``mood`` where it is depression, else its label."""
        return "mood" if self.main_outcome == "depression" else self.by_id[self.main_outcome].label

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every single word the topic knows, folded and singular."""
        return frozenset(t for phrase in self._phrases for t in phrase)

    def mentions(self, text: str) -> list[Mention]:
        """Entities named in the text, longest phrase first, without overlaps, in order."""
        words = tokens(text)
        reach, free = self._reach, 0
        found: list[Mention] = []
        for i, word in enumerate(words):
            if i < free or not reach[word]:
                continue
            phrase = tuple(singular(w) for w in words[i : i + reach[word]])
            for length in range(len(phrase), 0, -1):
                entity = self._phrases.get(phrase[:length])
                if entity:
                    found.append(Mention(entity, i, i + length))
                    free = i + length
                    break
        return found

    def entity_ids(self, text: str, *, nested: bool = False) -> frozenset[str]:
        """Ids of the entities named in the text; ``nested`` also counts "IL-6" inside "IL-6 blocker"."""
        if not nested:
            return frozenset(m.entity_id for m in self.mentions(text))
        return self.entities_among(tokens(text))

    def entities_among(self, words: Sequence[str]) -> frozenset[str]:
        """Ids of the entities that these tokens of a text name, those inside the names of others too."""
        reach = self._reach
        found: set[str] = set()
        for i in [i for i, word in enumerate(words) if reach[word]]:
            phrase = tuple(singular(w) for w in words[i : i + reach[words[i]]])
            for length in range(1, len(phrase) + 1):
                entity = self._phrases.get(phrase[:length])
                if entity:
                    found.add(entity)
        return frozenset(found)

    def ancestors(self, entity_id: str) -> list[str]:
        """The entity's wider entities, nearest first."""
        chain: list[str] = []
        current = self.by_id.get(entity_id)
        while current and current.parent and current.parent not in chain:
            chain.append(current.parent)
            current = self.by_id.get(current.parent)
        return chain

    @property
    def own_class(self) -> str:
        """The class that the main drug belongs to; the drug itself where it has none."""
        return (self.ancestors(self.main_drug) or [self.main_drug])[0]

    @cached_property
    def _families(self) -> dict[str, frozenset[str]]:
        members: dict[str, set[str]] = {e.id: {e.id} for e in self.entities}
        for entity in self.entities:
            for wider in self.ancestors(entity.id):
                members[wider].add(entity.id)
        return {k: frozenset(v) for k, v in members.items()}

    def family(self, entity_id: str) -> frozenset[str]:
        """The entity and its narrower ones, at any depth: what a source on it may be about."""
        return self._families.get(entity_id, frozenset({entity_id}))

    def expansions(self, entity_ids: Iterable[str], limit: int = 6) -> list[str]:
        """Synonyms for the lexical search: the first words of each entity."""
        out: list[str] = []
        for entity_id in entity_ids:
            entity = self.by_id.get(entity_id)
            if entity:
                out.extend(w for w in (entity.label, *entity.words)[:limit] if w not in out)
        return out

    def repair_spelling(self, text: str, known: frozenset[str] = frozenset()) -> tuple[str, dict[str, str]]:
        """The text with slips of topic words mended, and what was changed; ``known`` words are left alone."""
        better: dict[str, str] = {}
        for token in dict.fromkeys(tokens(text)):
            word = singular(token)
            if token in STOP_WORDS or word in self.vocabulary or token in known or word in known:
                continue
            meant = nearest_word(word, self.vocabulary)
            if meant:
                better[token] = meant
        changed: dict[str, str] = {}

        def mend(run: re.Match[str]) -> str:
            key = "".join(tokens(run.group()))
            if key not in better:
                return run.group()
            changed[key] = better[key]
            return better[key]

        mended = _RUN.sub(mend, unicodedata.normalize("NFC", text)) if better else text
        return (mended, changed) if changed else (text, {})


def _joined(parts: tuple[str, ...]) -> tuple[str, ...]:
    """The phrase with a number written onto the letters before it: ("il", "6") as ("il6",)."""
    out: list[str] = []
    for part in parts:
        if out and part[0].isdigit() and out[-1].isalpha():
            out[-1] += part
        else:
            out.append(part)
    return tuple(out)
