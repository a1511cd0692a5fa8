"""The verifier: hand-written claims, true and false, and true ones made false in one point."""

from __future__ import annotations

import pytest
from score import Tally, Trial
from trials import by_kind, changed_wording, worded

from caveat.domain.verify import verify


def _right(trials: list[Trial], *, true: bool) -> float:
    tally = Tally().run(t for t in trials if t.true is true)
    assert tally.sums(true)[1] >= 50
    return tally.rate(true)


def test_a_quote_that_is_not_in_its_passage_proves_nothing() -> None:
    """A claim equal to its quote is refused when no stored passage holds the quote."""
    claim = "Mood scores fell by 3 points."
    assert verify(claim, [claim], [claim]).supported
    assert not verify(claim, [claim], ["Mood scores fell by 2 points."]).supported


@pytest.mark.parametrize(("name", "floor"), [("worded_dev_other", 0.95), ("worded_held_out", 0.90)])
def test_most_false_claims_are_rejected(name: str, floor: float) -> None:
    """Wrong claims in free words are rejected at least as often as when this was measured, less a few points."""
    assert _right(list(worded(name)), true=False) >= floor


@pytest.mark.parametrize("name", ["worded_dev_other", "worded_held_out"])
def test_a_true_claim_made_false_in_one_point_is_rejected(name: str) -> None:
    """A digit, unit, direction, arm, comparator, group or negation that was changed is noticed."""
    assert _right(list(changed_wording(name)), true=False) >= 0.96


@pytest.mark.parametrize(("name", "floor"), [("worded_dev_other", 0.80), ("worded_held_out", 0.75)])
def test_true_claims_in_other_words_are_kept(name: str, floor: float) -> None:
    """A verifier that rejects everything would be safe and useless."""
    assert _right(list(worded(name)), true=True) >= floor


@pytest.mark.parametrize(
    ("name", "rejected", "kept"),
    [
        ("by_kind", 0.98, 0.93),
        ("by_kind_second", 0.96, 0.94),
        ("by_kind_third", 0.94, 0.94),
        ("fresh_5", 0.96, 0.68),
        ("fresh_6", 0.92, 0.85),
    ],
)
def test_claims_by_kind_do_not_get_worse(name: str, rejected: float, kept: float) -> None:
    """Claims false in a named way are rejected, and faithful ones of a named rewording kept, as often as when measured."""
    tally = Tally().run(by_kind(name))
    assert tally.rate(true=False) >= rejected
    assert tally.rate(true=True) >= kept
