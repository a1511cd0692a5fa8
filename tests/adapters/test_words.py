"""Search terms: what finds what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caveat.adapters.words import STOP_WORDS, terms


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("IL-6", "il6", "il6"),
        ("IL-6", "il 6", "il6"),
        ("il6", "il 6", "il6"),
        ("IL-6R", "il6r", "il6r"),
        ("TNF-α", "TNF-alpha", "tnfalpha"),
        ("α-synuclein", "alpha synuclein", "alpha"),
        ("COVID-19", "covid19", "covid19"),
        ("randomised", "randomized", "random"),
        ("haematopoietic", "hematopoietic", "hematopoiet"),
        ("oedema", "edema", "edema"),
        ("Sjögren", "Sjogren", "sjogren"),
        ("IL‑6 with a no-break hyphen", "IL-6", "il6"),
    ],
)
def test_forms_of_one_name_share_a_term(one: str, other: str, shared: str) -> None:
    """Joined, split, Greek, British and accented forms of a name find each other."""
    assert shared in terms(one)
    assert shared in terms(other)


def test_single_characters_are_kept() -> None:
    """ "Vitamin D" is not just "vitamin", and a Greek letter stands beside its name."""
    assert "d" in terms("vitamin D")
    assert {"β", "beta"} <= set(terms("β-blocker"))


def test_a_number_is_found_whole() -> None:
    """0.05 does not find every 0 and 05 alike: the whole number is a term as well."""
    assert "0.05" in terms("P = 0.05")
    assert "0.05" not in terms("0.5 and 5.0")


def test_stop_words_are_no_terms() -> None:
    """A question's small words do not decide what is found."""
    assert terms("What is the and of") == []
    assert "il6" in terms("is il-6")
    assert "of30" not in terms("13 of 30")
    assert all(word == word.lower() for word in STOP_WORDS)


@given(st.text(max_size=200))
def test_any_text_gives_lower_case_terms(text: str) -> None:
    """No text breaks the tokeniser, and case never matters."""
    assert terms(text) == terms(text)
    assert all(term and " " not in term for term in terms(text))


@given(st.lists(st.sampled_from(["IL-6", "tocilizumab", "TNF-α", "0.05", "the"]), max_size=8))
def test_a_longer_text_keeps_the_terms_of_its_parts(words: list[str]) -> None:
    """What a part is found by, the whole is found by too."""
    whole = set(terms(" ".join(words)))
    for word in words:
        assert set(terms(word)) <= whole
