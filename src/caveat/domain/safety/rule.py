"""One rule: what it matches, what withdraws it, and how it is read from a ``[[rule]]`` table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from caveat.domain.safety.kinds import RiskLevel, Subject
from caveat.domain.safety.phrases import Pattern, PatternError, compile_pattern


class RuleKind(StrEnum):
    """What a match means."""

    CRISIS = "crisis"
    URGENT = "urgent"
    PERSONAL = "personal"
    MASK = "mask"
    """An idiom or a denial: its words are hidden from every other rule."""
    FLAG = "flag"
    """A fact about the message (a minor writes, a drug is named) that other rules ask for."""
    CUE = "cue"
    """A word that means little alone; different cues together are a sign of danger."""
    TOPIC = "topic"
    """The message is about suicide or self-harm, in whatever way."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule with its own proof: what it must match and what it must not."""

    id: str
    language: str
    kind: RuleKind
    patterns: tuple[Pattern, ...]
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]
    level: RiskLevel | None = None
    subject: Subject = Subject.SELF
    unless: tuple[Pattern, ...] = ()
    """Patterns that withdraw a match when they stand in the same sentence."""
    impersonal: tuple[Pattern, ...] = ()
    """The same, but only where nobody speaks of themselves in that sentence (the language's set ``first_person``)."""
    despite: tuple[Pattern, ...] = ()
    """Patterns that keep a match in spite of ``unless`` (a symptom that is plainly present now)."""
    first_person: tuple[Pattern, ...] = ()
    requires: tuple[str, ...] = ()
    forbids: tuple[str, ...] = ()
    flag: str | None = None
    weight: int = 0
    """What a cue counts."""
    anyone: bool = False
    """The words fit a third person as well; whose danger it is, other rules say."""
    unmasked: bool = False
    """Looks at the words under the masks too (a question about methods hides in no idiom)."""

    def withdrawn(self, sentence: str) -> bool:
        """Whether the sentence around a match says that it means something else."""
        if any(p.search(sentence) for p in self.impersonal) and not any(
            p.search(sentence) for p in self.first_person
        ):
            return True
        return any(p.search(sentence) for p in self.unless) and not any(
            p.search(sentence) for p in self.despite
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """One rule found in one sentence."""

    rule: Rule
    sentence: int
    start: int
    end: int


class RuleError(ValueError):
    """The rules cannot be read; the message names file and rule."""


def _patterns(raw: Iterable[str], sets: Mapping[str, Sequence[str]], where: str) -> tuple[Pattern, ...]:
    try:
        return tuple(compile_pattern(p, sets) for p in raw)
    except PatternError as error:
        raise RuleError(f"{where}: {error}") from error


def parse_rule(raw: Mapping[str, Any], language: str, sets: Mapping[str, Sequence[str]]) -> Rule:
    """One ``[[rule]]`` table as a rule; raises ``RuleError`` naming what is wrong."""
    where = str(raw.get("id", "a rule without id"))
    known = {
        "id", "kind", "level", "subject", "patterns", "unless", "impersonal", "despite", "requires", "forbids", "flag", "weight", "unmasked", "anyone",
        "examples", "counterexamples", "language",
    }  # fmt: skip
    if extra := set(raw) - known:
        raise RuleError(f"{where}: unknown field {', '.join(sorted(extra))}")
    try:
        return Rule(
            id=raw["id"],
            language=raw.get("language", language),
            kind=RuleKind(raw["kind"]),
            level=RiskLevel(raw["level"]) if "level" in raw else None,
            subject=Subject(raw.get("subject", "self")),
            patterns=_patterns(raw["patterns"], sets, where),
            unless=_patterns(raw.get("unless", ()), sets, where),
            impersonal=_patterns(raw.get("impersonal", ()), sets, where),
            despite=_patterns(raw.get("despite", ()), sets, where),
            first_person=_patterns(["{first_person}"], sets, where) if raw.get("impersonal") else (),
            requires=tuple(raw.get("requires", ())),
            forbids=tuple(raw.get("forbids", ())),
            flag=raw.get("flag"),
            weight=int(raw.get("weight", 0)),
            anyone=bool(raw.get("anyone", False)),
            unmasked=bool(raw.get("unmasked", False)),
            examples=tuple(raw.get("examples", ())),
            counterexamples=tuple(raw.get("counterexamples", ())),
        )
    except (KeyError, ValueError) as error:
        raise RuleError(f"{where}: {error}") from error
