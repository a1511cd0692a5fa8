"""The pattern language, sign by sign."""

from __future__ import annotations

import pytest

from caveat.domain.safety.phrases import PatternError, compile_pattern

SETS = {"die": ["die", "be dead"], "want": ["want to", "wish i could"], "both": ["{want} {die}"]}


@pytest.mark.parametrize(
    ("pattern", "sentence", "found"),
    [
        ("want to die", "i want to die now", True),
        ("want to die", "i want to diet", False),
        ("suicid*", "a suicidal thought", True),
        ("*mab", "tocilizumab helps", True),
        ("(die|be gone)", "let me be gone", True),
        ("want [so|very] much", "i want so much", True),
        ("want [so|very] much", "i want much", True),
        ("want .. die", "want to just die", True),
        ("want .. die", "want a b c d die", False),
        ("want ... die", "want a b c d e f die", True),
        ("want .. die", "want . die", False),
        ("take # pills", "take 30 pills", True),
        ("take # pills", "take many pills", False),
        ("a _ c", "a b c", True),
        ("a _ c", "a c", False),
        ("^ bye", "bye now", True),
        ("^ bye", "now bye", False),
        ("bye $", "now bye", True),
        ("bye $", "bye now", False),
        ("{want} {die}", "i wish i could be dead", True),
        ("{both} soon", "want to die soon", True),
        ("(i (want|wish) to|let me) die", "i wish to die", True),
        ("Müde Café", "mude cafe", True),
    ],
)
def test_each_sign_means_what_the_guide_says(pattern: str, sentence: str, found: bool) -> None:
    """Words, stars, groups, options, gaps, numbers, ends and sets match as documented."""
    assert bool(compile_pattern(pattern, SETS).search(f" {sentence} ")) is found


@pytest.mark.parametrize(
    "pattern", ["", "..", "(a|b", "[a", "{none}", "a+", "(a|)", "[a (b|c)]", "(a [b] c)", "\\w"]
)
def test_what_is_not_in_the_language_is_refused(pattern: str) -> None:
    """A pattern that cannot be read raises, and says so at the lint rather than at a user's message."""
    with pytest.raises(PatternError):
        compile_pattern(pattern, SETS)


def test_circular_sets_are_refused() -> None:
    """A set that holds itself is an error, not an endless loop."""
    with pytest.raises(PatternError, match="circular"):
        compile_pattern("{a}", {"a": ["{b}"], "b": ["{a}"]})


def test_anchors_are_words_that_must_stand() -> None:
    """A pattern is only tried where one of its anchors stands, and the rarest element is chosen."""
    pattern = compile_pattern("i want to (drown|hang) myself", SETS)
    assert {a.word for a in pattern.anchors} == {"myself"}
