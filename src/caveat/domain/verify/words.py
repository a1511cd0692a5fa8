"""The vocabulary: what each word means to the checks. Read once from the tables in ``lexicon/``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from caveat.domain.verify.stems import spelling, stem
from caveat.domain.verify.tokens import tokenise

DIRECTIONS = ("up", "down", "good", "bad", "gain", "lose")
RELATIONS = ("differ", "effect", "change", "associate", "predict", "met")
HEDGES = ("possible", "trend", "exploratory", "planned", "weak_evidence")

Phrase = tuple[str, ...]


def _split(text: str) -> list[str]:
    return text.split()


def phrase_key(text: str) -> Phrase:
    """The form in which a name of one or more words is looked up: lower case, stems, no hyphens."""
    return tuple(token.stem for token in tokenise(text.replace("_", " ")) if token.kind != "p")


@dataclass(frozen=True, slots=True)
class Entity:
    """A named thing that must agree: its kind (drug, class, target) and its one name."""

    kind: str
    name: str


@dataclass(frozen=True)
class Vocabulary:
    """All word lists, indexed for look-up. ``with_drugs`` returns a larger one; nothing is changed in place."""

    tags: Mapping[str, frozenset[str]]
    """Lower-case word (American spelling) -> what it signals, e.g. ``up``, ``not``, ``hedge:possible``."""
    groups: Mapping[str, frozenset[str]]
    """Stem -> the synonym groups it belongs to."""
    phrases: Mapping[str, tuple[tuple[Phrase, str], ...]]
    """First stem -> phrases (longest first) and the word or entity they stand for."""
    entities: Mapping[str, Entity]
    """Key of a one-word entity -> entity; phrases point here too."""
    members: Mapping[str, frozenset[str]]
    """Drug -> its classes."""
    prefixed: Mapping[str, str]
    """Word that hides a negation -> what it denies."""
    drug_suffixes: tuple[str, ...]
    opposites: Mapping[str, frozenset[str]]
    """Word -> the words that must not stand for it."""
    version: int = field(default=0, compare=True)

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def with_drugs(self, drugs: Mapping[str, Iterable[str]]) -> Vocabulary:
        """This vocabulary plus drugs: each name with its other spellings."""
        entities = dict(self.entities)
        phrases = {key: list(value) for key, value in self.phrases.items()}
        for name, aliases in drugs.items():
            for alias in (name, *aliases):
                _add_entity(entities, phrases, alias, Entity("drug", name.lower()))
        return Vocabulary(
            self.tags, self.groups, _ordered(phrases), entities, self.members, self.prefixed, self.drug_suffixes,
            self.opposites,
        )  # fmt: skip


def _add_entity(
    entities: dict[str, Entity], phrases: dict[str, list[tuple[Phrase, str]]], alias: str, entity: Entity
) -> None:
    key = phrase_key(alias)
    joined = " ".join(key)
    entities[joined] = entity
    if len(key) > 1:
        phrases.setdefault(key[0], []).append((key, joined))


def _ordered(phrases: Mapping[str, list[tuple[Phrase, str]]]) -> dict[str, tuple[tuple[Phrase, str], ...]]:
    return {key: tuple(sorted(set(value), key=lambda p: (-len(p[0]), p))) for key, value in phrases.items()}


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(
        (files("caveat.domain.verify") / "lexicon" / f"{name}.toml").read_text(encoding="utf-8")
    )


class _Builder:
    def __init__(self) -> None:
        self.tags: dict[str, set[str]] = {}
        self.groups: dict[str, set[str]] = {}
        self.phrases: dict[str, list[tuple[Phrase, str]]] = {}
        self.entities: dict[str, Entity] = {}

    def tag(self, words: str, tag: str) -> None:
        """Gives each of the words a signal; "_" joins words to a phrase."""
        for word in _split(words):
            if "_" in word:
                key = phrase_key(word)
                self.phrases.setdefault(key[0], []).append((key, "+" + tag))
            else:
                self.tags.setdefault(spelling(word.lower()), set()).add(tag)

    def group(self, words: str) -> None:
        """Makes the words synonyms of each other."""
        members = _split(words)
        name = "~" + members[0]
        for word in members:
            key = phrase_key(word) if "_" in word or "-" in word else (stem(word),)
            if len(key) > 1:
                self.phrases.setdefault(key[0], []).append((key, "=" + word))
                self.groups.setdefault(word, set()).add(name)
            else:
                self.groups.setdefault(key[0], set()).add(name)


@cache
def default_vocabulary() -> Vocabulary:
    """The vocabulary that ships with Caveat."""
    build = _Builder()
    signals, general, names = _table("signals"), _table("general"), _table("entities")
    for direction in DIRECTIONS:
        build.tag(signals["direction"][direction], direction)
    for cue, tag in (("cues", "not"), ("failing", "failing"), ("null", "null"), ("little", "little")):
        build.tag(signals["negation"][cue], tag)
    for relation in (*RELATIONS, "respond"):
        build.tag(signals["relation"][relation], relation)
    build.tag(signals["cause"]["words"], "cause")
    build.tag(signals["cause"]["acting"], "acting")
    for hedge in HEDGES:
        build.tag(signals["hedge"][hedge], "hedge:" + hedge)
    build.tag(signals["strength"]["absolute"], "absolute")
    build.tag(signals["restrict"]["words"], "restrict")
    build.tag(signals["animal"]["words"], "animal")
    build.tag(signals["human"]["words"], "human")
    build.tag(signals["human"]["healthy"], "healthy")
    build.tag(general["stop"], "stop")
    build.tag(general["soft"], "soft")
    build.tag(general["anchor"], "anchor")
    build.tag(names["conditions"]["names"], "condition")
    outcomes = _table("outcomes")
    build.tag(outcomes["good"], "wanted")
    build.tag(outcomes["bad"], "unwanted")
    for group in _table("synonyms")["groups"]:
        build.group(group)
    for kind, table in (("drug", "drugs"), ("class", "classes"), ("target", "targets")):
        for name, aliases in names[table].items():
            for alias in (name, *aliases):
                _add_entity(build.entities, build.phrases, alias, Entity(kind, name))
    for alias, meaning in names["aliases"].items():
        key = phrase_key(alias)
        build.phrases.setdefault(key[0], []).append((key, f">{alias}>{meaning}"))
    members: dict[str, set[str]] = {}
    for drug_class, drugs in names["members"].items():
        for drug in drugs:
            members.setdefault(drug, set()).add(drug_class)
    prefixed = {}
    for pair in _split(signals["negation"]["prefixed"]):
        word, base = pair.split("=")
        prefixed[spelling(word)] = spelling(base)
    opposites: dict[str, set[str]] = {}
    for pair in _split(signals["opposites"]["pairs"]):
        one, other = (spelling(w) for w in pair.split("/"))
        opposites.setdefault(one, set()).add(other)
        opposites.setdefault(other, set()).add(one)
    return Vocabulary(
        tags={word: frozenset(tags) for word, tags in build.tags.items()},
        groups={key: frozenset(value) for key, value in build.groups.items()},
        phrases=_ordered(build.phrases),
        entities=build.entities,
        members={key: frozenset(value) for key, value in members.items()},
        prefixed=prefixed,
        drug_suffixes=tuple(names["suffixes"]["drug"]),
        opposites={word: frozenset(others) for word, others in opposites.items()},
    )
