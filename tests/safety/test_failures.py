"""The card appears even if everything behind it throws."""

from __future__ import annotations

import pytest

from caveat.domain.model import CardKind, HelpLine
from caveat.domain.safety import RiskLevel, Triage, card_for, cards, triage
from caveat.domain.safety import rulebook as rulebook_module
from caveat.domain.safety.rulebook import build_rulebook

triage_module = __import__("caveat.domain.safety.triage", fromlist=["rulebook"])


def _broken(*_: object, **__: object) -> object:
    raise RuntimeError("broken on purpose")


@pytest.mark.parametrize("part", ["rulebook", "_read", "guess"])
def test_a_crisis_is_seen_when_the_rules_fail(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    """With the rules broken, a plain word of danger still brings the card and holds back evidence."""
    monkeypatch.setattr(triage_module, part, _broken)
    found = triage("I want to kill myself and hope this survives 🙂")
    assert found.card is CardKind.CRISIS
    assert found.level in (RiskLevel.HIGH, RiskLevel.VERY_HIGH)
    assert not found.answer_evidence


def test_a_crisis_in_the_history_is_seen_when_the_rules_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last net reads earlier turns as well."""
    monkeypatch.setattr(triage_module, "rulebook", _broken)
    assert triage("and then?", ["quiero morir"]).card is CardKind.CRISIS


def test_science_passes_when_the_rules_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the rules broken, a question without a word of danger is answered, with the footer line."""
    monkeypatch.setattr(triage_module, "rulebook", _broken)
    found = triage("Does tocilizumab lower CRP?")
    assert found.card is None
    assert found.footer


def test_the_card_is_there_when_its_texts_are_not(
    monkeypatch: pytest.MonkeyPatch, lines: tuple[HelpLine, ...]
) -> None:
    """With the card files unreadable, a plain card with the lines is still given."""
    monkeypatch.setattr(cards, "_table", _broken)
    for kind in CardKind:
        card = card_for(Triage(kind, RiskLevel.HIGH), lines, "United Kingdom")
        assert card.kind is kind
        assert len(card.text) > 80
    assert card_for(Triage(CardKind.CRISIS, RiskLevel.HIGH), lines, None).lines == lines


def test_one_broken_rule_leaves_the_others_standing() -> None:
    """A rule that cannot be read is left out and named; the rest work."""
    good = {
        "id": "en.good", "kind": "crisis", "level": "high", "patterns": ["want to die"],
        "examples": ["I want to die"], "counterexamples": ["no"],
    }  # fmt: skip
    bad = {**good, "id": "en.bad", "patterns": ["(never closed"]}
    book = build_rulebook([("en.toml", {"language": "en", "rule": [bad, good]})])
    assert [r.id for r in book.rules] == ["en.good"]
    assert any("en.bad" in fault for fault in book.faults)
    assert [h.rule.id for h in book.hits(book.read("I want to die"))] == ["en.good"]


def test_the_shipped_rules_have_no_faults() -> None:
    """Every rule that ships can be read."""
    assert rulebook_module.rulebook().faults == ()
