"""The rules are sound, and the lint finds what is not."""

from __future__ import annotations

from typing import Any

import pytest

from caveat.domain.safety import lint
from caveat.domain.safety.lint import overlaps
from caveat.domain.safety.rulebook import build_rulebook, rulebook

GOOD: dict[str, Any] = {
    "id": "en.a", "kind": "crisis", "level": "high", "patterns": ["want to die"],
    "examples": ["I want to die"], "counterexamples": ["I want to read"],
}  # fmt: skip


def faults(*rules: dict[str, Any], **table: Any) -> list[str]:
    """What the lint says about a rule book of these rules alone."""
    return lint(build_rulebook([("en.toml", {"language": "en", "rule": list(rules), **table})]))


def test_the_shipped_rules_are_sound() -> None:
    """No dead rule, no double, no missing proof, no slow pattern in what ships."""
    assert lint() == []


def test_a_sound_rule_passes() -> None:
    """The lint is silent where nothing is wrong."""
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"examples": ["I like to swim"]}, "dead"),
        ({"counterexamples": ["they said I want to die"]}, "counterexample"),
        ({"examples": []}, "no example"),
        ({"counterexamples": []}, "no counterexample"),
        ({"level": None}, "needs a level"),
        ({"patterns": []}, "no pattern"),
        ({"patterns": ["(want|wish"]}, "en.a"),
        ({"patterns": ["{nowhere} die"]}, "nowhere"),
        ({"patterns": ["w+ die"]}, "pattern language"),
        ({"patterns": [".. .. .. .. .. die"], "examples": ["die"]}, "gaps"),
        ({"patterns": ["*die"], "examples": ["die"]}, "no fixed word"),
        ({"kind": "flag", "level": None}, "flag"),
        ({"kind": "nonsense"}, "nonsense"),
        ({"colour": "red"}, "colour"),
        ({"patterns": ["do not die"], "examples": ["I do not die"]}, "rewritten"),
        ({"unless": ["i want"]}, "dead"),
        ({"requires": ["somebody"]}, "dead"),
    ],
)
def test_each_fault_is_found(change: dict[str, Any], word: str) -> None:
    """Dead rules, missing proofs, unreadable or slow patterns and unknown fields are each reported."""
    rule = {k: v for k, v in {**GOOD, **change}.items() if v is not None}
    table = {"rewrites": {"do not": "dont"}} if "rewritten" in word else {}
    assert any(word in line for line in faults(rule, **table))


def test_doubles_are_found() -> None:
    """The same pattern in two rules, and the same id twice, are reported."""
    assert any("stands in en.a too" in line for line in faults(GOOD, {**GOOD, "id": "en.b"}))
    assert any("same id" in line for line in faults(GOOD, GOOD))


def test_overlaps_are_found() -> None:
    """A rule whose every example another rule of its kind matches is named as a candidate for merging."""
    wide = {**GOOD, "id": "en.wide", "patterns": ["die"]}
    book = build_rulebook([("en.toml", {"language": "en", "rule": [GOOD, wide]})])
    assert "en.a: en.wide matches each of its examples too" in overlaps(book)
    assert set(overlaps(book)) <= set(lint(book))


def test_every_rule_has_the_promised_fields() -> None:
    """Each rule has an id that starts with its language or file, a language, patterns, examples, counterexamples."""
    for rule in rulebook().rules:
        assert rule.id.split(".")[0] in (rule.language, "more"), rule.id
        assert rule.patterns, rule.id
        assert rule.examples, rule.id
        assert rule.counterexamples, rule.id
