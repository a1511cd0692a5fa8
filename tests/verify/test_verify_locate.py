"""A quote stands in its passage letter for letter, after gentle normalisation only."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caveat.domain.model import Span
from caveat.domain.verify import locate

PASSAGE = "In all, CRP rose to 10⁶ units – “a lot” – in naïve\u00a0mice (n = 1,250).\nThe P value was -0.03, not 0.3."


def found(quote: str, passage: str = PASSAGE) -> str | None:
    """The stretch of the passage that the quote was found at."""
    span = locate(quote, passage)
    return passage[span.start : span.end] if span else None


@pytest.mark.parametrize(
    ("quote", "stretch"),
    [
        ("CRP rose", "CRP rose"),
        ("units - \"a lot\" - in", "units – “a lot” – in"),
        ("in naïve mice", "in naïve\u00a0mice"),
        (unicodedata.normalize("NFD", "naïve mice"), "naïve\u00a0mice"),
        ("(n = 1,250).  The P", "(n = 1,250).\nThe P"),
        ("rose to 10⁶ units", "rose to 10⁶ units"),
    ],
)  # fmt: skip
def test_spaces_dashes_and_quotation_marks_may_differ(quote: str, stretch: str) -> None:
    """The span covers the stored text exactly as it stands, whatever signs the quote used."""
    assert found(quote) == stretch


@pytest.mark.parametrize(
    "quote",
    ["crp rose", "10^6 units", "106 units", "rose to 10 units", "rose to 10", "CRP ros", "250)", "0.03, not 0", "03, not", "0.03, not 0.3",
     "P value was 0.03", "naive mice", "CRP fell", "CRP rose ... units", "", "   "],
)  # fmt: skip
def test_nothing_else_may_differ(quote: str) -> None:
    """Case, powers, accents, halves of words and numbers, lost signs, left-out words: not the same text."""
    assert locate(quote, PASSAGE) is None


def test_decomposed_passage_keeps_its_own_offsets() -> None:
    """Offsets are those of the stored text, even where it has combining marks."""
    passage = unicodedata.normalize("NFD", "Zoë and naïve mice")
    assert found("naïve", passage) == unicodedata.normalize("NFD", "naïve")


def test_first_whole_match_wins() -> None:
    """A stretch inside a longer word is passed over for a later whole one."""
    assert locate("rose", "prose rose") == Span(6, 10)


@given(st.text(max_size=80), st.text(max_size=20))
def test_any_text_is_found_in_itself(before: str, word: str) -> None:
    """A sentence set off by spaces is found, and the span holds what was asked for."""
    passage = f"{before} x{word}x end"
    span = locate(f"x{word}x", passage)
    assert span is not None
    assert locate(f"x{word}x", passage[span.start : span.end]) is not None
