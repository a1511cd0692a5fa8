"""The rules as data: read from ``rules/*.toml``, checked, and indexed by the words they need."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

from caveat.domain.safety.fold import fold_words
from caveat.domain.safety.kinds import RiskLevel, Subject
from caveat.domain.safety.phrases import Pattern, PatternError, compile_pattern
from caveat.domain.safety.reading import Reader, Sentence, typo_table


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


@dataclass(frozen=True, slots=True)
class Index:
    """Patterns by the words that must stand in a sentence for them to match."""

    exact: Mapping[str, tuple[tuple[int, int], ...]]
    prefix: Mapping[str, tuple[tuple[int, int], ...]]
    lengths: tuple[int, ...]
    always: tuple[tuple[int, int], ...]

    def candidates(self, tokens: Iterable[str]) -> set[tuple[int, int]]:
        """(rule, pattern) pairs worth trying on a sentence of these words."""
        found = set(self.always)
        for token in tokens:
            if token in self.exact:
                found.update(self.exact[token])
            for n in self.lengths:
                if n > len(token):
                    break
                if (key := token[:n]) in self.prefix:
                    found.update(self.prefix[key])
        return found


def build_index(rules: Sequence[Rule]) -> Index:
    """An index over the rules, by position."""
    exact: dict[str, list[tuple[int, int]]] = {}
    prefix: dict[str, list[tuple[int, int]]] = {}
    always: list[tuple[int, int]] = []
    for r, rule in enumerate(rules):
        for p, pattern in enumerate(rule.patterns):
            if not pattern.anchors:
                always.append((r, p))
            for anchor in pattern.anchors:
                (prefix if anchor.prefix else exact).setdefault(anchor.word, []).append((r, p))
    return Index(
        {k: tuple(v) for k, v in exact.items()},
        {k: tuple(v) for k, v in prefix.items()},
        tuple(sorted({len(k) for k in prefix})),
        tuple(always),
    )


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules, ready to be matched. English rules see the English view of a sentence, others the plain one."""

    rules: tuple[Rule, ...]
    reader: Reader
    english: Index
    other: Index
    faults: tuple[str, ...] = ()
    """Rules that could not be read and are left out; ``lint`` reports them."""

    def read(self, text: str) -> list[Sentence]:
        """The message as sentences."""
        return self.reader.read(text)

    def hits(self, sentences: Sequence[Sentence]) -> list[Hit]:
        """Every rule that matches somewhere, masks applied first, flags not yet asked for."""
        out: list[Hit] = []
        for number, sentence in enumerate(sentences):
            for index, view in ((self.other, sentence.base), (self.english, sentence.english)):
                out.extend(self._match(index, view, number))
        return out

    def _match(self, index: Index, view: str, number: int) -> Iterable[Hit]:
        found = sorted(index.candidates(set(view.split())))
        masked = view
        for r, p in found:
            rule = self.rules[r]
            if rule.kind is RuleKind.MASK and (m := rule.patterns[p].search(masked)):
                if rule.withdrawn(view):
                    continue
                yield Hit(rule, number, m.start(), m.end())
                pattern = rule.patterns[p].regex
                masked = pattern.sub(lambda m: " _" * m.group().count(" "), masked)
        done: set[int] = set()
        for r, p in found:
            rule = self.rules[r]
            if r in done or rule.kind is RuleKind.MASK:
                continue
            text = view if rule.unmasked or rule.kind is RuleKind.TOPIC else masked
            if (m := rule.patterns[p].search(text)) and not rule.withdrawn(view):
                done.add(r)
                yield Hit(rule, number, m.start(), m.end())


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


def _tables() -> list[tuple[str, dict[str, Any]]]:
    folder = files("caveat.domain.safety") / "rules"
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".toml"))
    return [(n, tomllib.loads((folder / n).read_text(encoding="utf-8"))) for n in names]


def build_rulebook(tables: Sequence[tuple[str, Mapping[str, Any]]]) -> RuleBook:
    """A rule book from parsed TOML tables. Sets are shared among the files of one language; a rule that cannot be
    read is left out and named in ``faults``, so that one slip never switches off the others."""
    faults: list[str] = []
    sets: dict[str, dict[str, list[str]]] = {}
    for name, table in tables:
        language = str(table.get("language", name[:2]))
        for key, phrases in table.get("sets", {}).items():
            if key in sets.setdefault(language, {}):
                faults.append(f"{name}: set {key} is defined twice")
            sets[language][key] = phrases
    rules: list[Rule] = []
    for name, table in tables:
        language = str(table.get("language", name[:2]))
        for raw in table.get("rule", ()):
            try:
                rules.append(parse_rule(raw, language, sets.get(language, {})))
            except RuleError as error:
                faults.append(f"{name}: {error}")
    ids = Counter(r.id for r in rules)
    faults += [f"{i}: the same id {n} times" for i, n in ids.items() if n > 1]
    vocabulary = frozenset(
        w for r in rules for p in (*r.patterns, *r.unless, *r.impersonal, *r.despite) for w in p.literals
    )
    rewrites: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    typos: dict[str, str] = {}
    fixed: dict[str, str] = {}
    for _, table in tables:
        for source, target in table.get("rewrites", {}).items():
            key = tuple(fold_words(source))
            rewrites.setdefault(key[0], []).append((key, tuple(fold_words(target))))
        if "typos" in table:
            known = vocabulary | frozenset(table["typos"]["real_words"])
            typos |= typo_table(table["typos"]["words"], known)
            fixed = table["typos"].get("fixed", {})
            typos |= fixed
    for options in rewrites.values():
        options.sort(key=lambda o: -len(o[0]))
    vocabulary |= frozenset(w for w in fixed if len(w) > 2)
    vocabulary |= frozenset(w for options in rewrites.values() for source, _ in options for w in source)
    return RuleBook(
        tuple(rules),
        Reader(vocabulary, rewrites, typos),
        _indexed(rules, english=True),
        _indexed(rules, english=False),
        tuple(faults),
    )


def _indexed(rules: Sequence[Rule], *, english: bool) -> Index:
    index = build_index(rules)

    def keep(pairs: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
        return tuple(p for p in pairs if (rules[p[0]].language == "en") is english)

    exact = {k: v for k, pairs in index.exact.items() if (v := keep(pairs))}
    prefix = {k: v for k, pairs in index.prefix.items() if (v := keep(pairs))}
    return Index(exact, prefix, tuple(sorted({len(k) for k in prefix})), keep(index.always))


@lru_cache(maxsize=1)
def rulebook() -> RuleBook:
    """The rules that come with Caveat, read once."""
    return build_rulebook(_tables())


def prepare() -> int:
    """Read the rules and compile every pattern now rather than at the first message; returns how many."""
    patterns = [
        p
        for r in rulebook().rules
        for p in (*r.patterns, *r.unless, *r.impersonal, *r.despite, *r.first_person)
    ]
    return sum(p.regex is not None for p in patterns)
