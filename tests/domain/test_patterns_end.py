"""Patterns that read what others wrote end, whatever stands there."""

from __future__ import annotations

from fakes.own_process import run_apart

READ_THEM = """
from caveat.answering.strongest import asks_for_strongest
from caveat.domain.duration import longest_days
assert longest_days("0" + " " * 20_000) is None
assert longest_days("3" + " -" * 10_000 + " weeks") == 21
assert not asks_for_strongest("best" + "-" * 20_000)
assert not asks_for_strongest("best" + "-a" * 10_000)
assert asks_for_strongest("Which is the best -- well-known -- trial?")
"""


def test_long_runs_of_signs_do_not_keep_a_pattern_busy() -> None:
    """Where the same signs fit two parts of a pattern, it would try each way to share them: hours for such a text."""
    run_apart(READ_THEM)
