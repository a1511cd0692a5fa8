"""The rules as data: read from ``rules/*.toml``, checked, and indexed by the words they need."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from caveat.domain.safety.fold import fold_words
from caveat.domain.safety.reading import Reader, Sentence, Typos
from caveat.domain.safety.rule import Hit, Rule, RuleError, RuleKind, parse_rule

_LONG, _LONG_OTHER = 5, 6
"""Words of so many letters are recognised with one slip; shorter ones have too many neighbours."""


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
    return RuleBook(
        tuple(rules),
        _reader(rules, tables),
        _indexed(rules, english=True),
        _indexed(rules, english=False),
        tuple(faults),
    )


def _literals(rules: Iterable[Rule], *, english: bool) -> frozenset[str]:
    return frozenset(
        word
        for rule in rules
        if (rule.language == "en") is english
        for pattern in (*rule.patterns, *rule.unless, *rule.impersonal, *rule.despite)
        for word in pattern.literals
    )


def _reader(rules: Sequence[Rule], tables: Sequence[tuple[str, Mapping[str, Any]]]) -> Reader:
    rewrites: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    short: set[str] = set()
    ordinary: set[str] = set()
    fixed: dict[str, str] = {}
    for _, table in tables:
        for source, target in table.get("rewrites", {}).items():
            key = tuple(fold_words(source))
            rewrites.setdefault(key[0], []).append((key, tuple(fold_words(target))))
        typos = table.get("typos", {})
        short.update(typos.get("short_words", ()))
        ordinary.update(w for line in typos.get("ordinary", ()) for w in line.split())
        fixed |= typos.get("fixed", {})
    for options in rewrites.values():
        options.sort(key=lambda o: -len(o[0]))
    own, foreign = _literals(rules, english=True), _literals(rules, english=False)
    rewritten = frozenset(w for options in rewrites.values() for source, _ in options for w in source)
    known = own | foreign | rewritten | frozenset(w for w in fixed if len(w) > 2)
    return Reader(
        known,
        rewrites,
        Typos({w for w in own if len(w) >= _LONG and w.isalpha()} | short, known | ordinary, fixed),
        Typos({w for w in foreign if len(w) >= _LONG_OTHER and w.isalpha()}, known | ordinary, {}),
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
