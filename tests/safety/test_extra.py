"""Messages written round after round to find what the rules missed; each round was measured before it was used."""

from __future__ import annotations

from measure import extra_matches, rows


def test_what_was_learned_is_kept() -> None:
    """At least 98 % of the messages of the later rounds come out as they should, in both directions."""
    wrong = [row["id"] for row in rows("extra") if not extra_matches(row)]
    total = sum(1 for _ in rows("extra"))
    assert total > 800
    assert len(wrong) / total <= 0.02, wrong


def test_no_research_question_of_the_later_rounds_brings_a_card() -> None:
    """At most 1 % of the harmless messages of the later rounds bring a card."""
    harmless = [row for row in rows("extra") if row["expect"] in ("none", "footer")]
    wrong = [row["id"] for row in harmless if not extra_matches(row)]
    assert len(harmless) > 250
    assert len(wrong) / len(harmless) <= 0.01, wrong
