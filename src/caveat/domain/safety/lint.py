"""Checks on the rules: dead ones, doubles, overlaps, missing proofs, and patterns that could run long."""

from __future__ import annotations

import re
from collections.abc import Iterable

from caveat.domain.safety.rule import Rule, RuleKind
from caveat.domain.safety.rulebook import RuleBook, rulebook

MAX_GAPS = 4
_NESTED = re.compile(r"\((?:[^()\\]|\\.)*[*+](?:[^()\\]|\\.)*\)[*+]")
_GAP = re.compile(r"(?<!\S)\.{2,3}(?!\S)")


def lint(book: RuleBook | None = None) -> list[str]:
    """Every fault of the rules as one line each; an empty list when they are sound."""
    book = book or rulebook()
    out: list[str] = list(book.faults)
    for rule in book.rules:
        out.extend(_proofs(rule))
        out.extend(_slow(rule))
        out.extend(_behaviour(rule, book))
        out.extend(_unreachable_words(rule, book))
    out.extend(_doubles(book.rules))
    out.extend(overlaps(book))
    return out


def _proofs(rule: Rule) -> Iterable[str]:
    if not rule.examples:
        yield f"{rule.id}: no example"
    if not rule.counterexamples:
        yield f"{rule.id}: no counterexample"
    if rule.kind is RuleKind.CRISIS and rule.level is None:
        yield f"{rule.id}: a crisis rule needs a level"
    if (rule.kind is RuleKind.FLAG) != (rule.flag is not None):
        yield f"{rule.id}: `flag` belongs to the kind flag, and to no other"
    if (rule.kind is RuleKind.CUE) != (rule.weight > 0):
        yield f"{rule.id}: `weight` belongs to the kind cue, and to no other"
    if not rule.patterns:
        yield f"{rule.id}: no pattern"


def _slow(rule: Rule) -> Iterable[str]:
    for pattern in (*rule.patterns, *rule.unless, *rule.impersonal, *rule.despite):
        if _NESTED.search(pattern.expression):
            yield f"{rule.id}: nested repetition in {pattern.source!r}"
        if len(_GAP.findall(pattern.source)) > MAX_GAPS:
            yield f"{rule.id}: more than {MAX_GAPS} gaps in {pattern.source!r}"
    for pattern in rule.patterns:
        if not pattern.anchors:
            yield f"{rule.id}: {pattern.source!r} has no fixed word, so it is tried on every sentence"


def _behaviour(rule: Rule, book: RuleBook) -> Iterable[str]:
    live: set[str] = set()
    for example in rule.examples:
        found = _matching(rule, example, book)
        live |= found
        if not found:
            yield f"{rule.id}: dead for its example {example!r}"
    for counter in rule.counterexamples:
        if found := _matching(rule, counter, book):
            yield f"{rule.id}: matches its counterexample {counter!r} by {min(found)!r}"


def _matching(rule: Rule, text: str, book: RuleBook) -> set[str]:
    sentences = book.read(text)
    hits = book.hits(sentences)
    if not any(h.rule is rule for h in hits):
        return set()
    flags = {h.rule.flag for h in hits if h.rule.kind is RuleKind.FLAG}
    if not flags.issuperset(rule.requires) or flags & set(rule.forbids):
        return set()
    return {p.source for p in rule.patterns for s in sentences for view in s.views if p.search(view)} or {
        "(masked)"
    }


def _unreachable_words(rule: Rule, book: RuleBook) -> Iterable[str]:
    """English phrases that the rewriting of contractions, slang and fillers would never leave as written."""
    if rule.language != "en":
        return
    for pattern in (*rule.patterns, *rule.unless, *rule.impersonal, *rule.despite):
        for phrase in re.findall(r"[^()\[\]{}|^$]+", pattern.source):
            words = [w for w in phrase.split() if w.isalpha()]
            if words and words == phrase.split() and book.reader.english(words) != words:
                yield f"{rule.id}: {phrase.strip()!r} is rewritten to {' '.join(book.reader.english(words))!r} first"


def _doubles(rules: Iterable[Rule]) -> Iterable[str]:
    seen: dict[tuple[str, str, str], str] = {}
    for rule in rules:
        for pattern in rule.patterns if rule.kind is not RuleKind.CUE else ():
            key = (rule.language if rule.language == "en" else "other", rule.kind, pattern.expression)
            if key in seen and rule.kind is not RuleKind.FLAG:
                yield f"{rule.id}: {pattern.source!r} stands in {seen[key]} too"
            seen.setdefault(key, rule.id)


def overlaps(book: RuleBook | None = None) -> list[str]:
    """Rules whose every example another rule of the same kind, level and subject matches too: they could be one."""
    book = book or rulebook()
    rules = [r for r in book.rules if r.kind not in (RuleKind.FLAG, RuleKind.CUE) and r.examples]
    fired = {r.id: set.intersection(*(_fired(e, book) for e in r.examples)) for r in rules}
    return [
        f"{rule.id}: {other.id} matches each of its examples too"
        for rule in rules
        for other in rules
        if rule is not other and other.id in fired[rule.id] and _place(rule) == _place(other)
    ]


def _place(rule: Rule) -> tuple[object, ...]:
    return rule.kind, rule.level, rule.subject, rule.language


def _fired(text: str, book: RuleBook) -> set[str]:
    hits = book.hits(book.read(text))
    flags = {h.rule.flag for h in hits if h.rule.kind is RuleKind.FLAG}
    return {
        h.rule.id
        for h in hits
        if flags.issuperset(h.rule.requires) and not flags.intersection(h.rule.forbids)
    }
