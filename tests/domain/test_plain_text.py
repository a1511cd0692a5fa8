"""Folding, tokens, plurals and slips of spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caveat.domain.stems import stem
from caveat.domain.text import (
    STOP_WORDS,
    content_words,
    edit_distance,
    fold,
    nearest_word,
    singular,
    tokens,
)

WORDS = ["tocilizumab", "sarilumab", "satralizumab", "depression", "inflammation", "psychosis", "anxiety"]
few_letters = st.text(alphabet="abc", max_size=6)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Dépression", "depression"),
        ("IL-1β", "il-1beta"),
        ("TNF-α", "tnf-alpha"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_fold_drops_case_accents_and_greek(text: str, folded: str) -> None:
    """Spellings of one word meet."""
    assert fold(text) == folded


@given(st.text(max_size=60))
def test_folding_settles(text: str) -> None:
    """Tokens are runs of letters and digits, and folding them again changes nothing."""
    for token in tokens(text):
        assert token
        assert "_" not in token
        assert not any(c.isspace() for c in token)
    assert tokens(" ".join(tokens(text))) == tokens(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IL-6's role?", ["il", "6", "s", "role"]),
        ("COVID-19/long-COVID", ["covid", "19", "long", "covid"]),
        ("snake_case", ["snake", "case"]),
        ("😀 !!! …", []),
    ],
)
def test_tokens_split_at_everything_else(text: str, expected: list[str]) -> None:
    """Dashes, slashes and signs separate; emoji are no words."""
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("word", "one"),
    [
        ("statins", "statin"),
        ("studies", "study"),
        ("psychosis", "psychosis"),
        ("virus", "virus"),
        ("illness", "illness"),
        ("arthritis", "arthritis"),
        ("rats", "rat"),
        ("ties", "tie"),
        ("gas", "gas"),
    ],
)
def test_plurals_lose_their_ending_and_singulars_stay(word: str, one: str) -> None:
    """Words that only look like plurals are left alone."""
    assert singular(word) == one


def test_content_words_carry_meaning() -> None:
    """Stop words and lone letters go; numbers and names stay."""
    assert content_words("Does the drug help a person with 6 mg of X?") == [
        "drug",
        "help",
        "person",
        "6",
        "mg",
    ]
    assert content_words("") == []


@given(few_letters, few_letters)
def test_edit_distance_is_a_distance(a: str, b: str) -> None:
    """Zero only for equal words, the same both ways, never more than the longer word."""
    far = edit_distance(a, b, 10)
    assert far == edit_distance(b, a, 10)
    assert (far == 0) == (a == b)
    assert abs(len(a) - len(b)) <= far <= max(len(a), len(b))


@given(few_letters, few_letters, st.integers(0, 4))
def test_the_limit_only_cuts_off(a: str, b: str, limit: int) -> None:
    """With a limit the distance is exact up to it, and limit + 1 beyond."""
    assert edit_distance(a, b, limit) == min(edit_distance(a, b, 20), limit + 1)


def test_a_swap_counts_as_one_slip() -> None:
    """Two neighbours in the wrong order are one mistake."""
    assert edit_distance("tocilizumab", "tocliizumab", 3) == 1
    assert edit_distance("abcd", "badc", 3) == 2


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tocilizumb", "tocilizumab"),
        ("tociluzimab", "tocilizumab"),
        ("depresion", "depression"),
        ("anxeity", "anxiety"),
        ("inflamation", "inflammation"),
        ("depression", "depression"),
        ("mood", None),  # too short to guess
        ("tocilizumab2", None),  # not a plain word
        ("television", None),  # far from all
        ("epression", None),  # a slip in the first letter is not guessed
    ],
)
def test_a_slip_is_mended_only_when_it_is_clear(typed: str, meant: str | None) -> None:
    """Long words with one or two slips are recognised; short, far and odd ones are left alone."""
    assert nearest_word(typed, WORDS) == meant


def test_an_ambiguous_slip_is_left_alone() -> None:
    """A word as near to two known words as to one is not guessed."""
    assert nearest_word("sarolumab", ["sarilumab", "saralumab"]) is None


@given(st.sampled_from(WORDS), st.data())
def test_one_dropped_letter_is_mended(word: str, data: st.DataObject) -> None:
    """Any one letter but the first may be missing."""
    at = data.draw(st.integers(1, len(word) - 1))
    typed = word[:at] + word[at + 1 :]
    assert nearest_word(typed, WORDS) == word


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("signalling", "signaling"),
        ("randomised", "randomized"),
        ("depression", "depressions"),
        ("improved", "improves"),
        ("tumour", "tumor"),
        ("association", "associated"),
        ("haematopoietic", "hematopoietic"),
    ],
)
def test_forms_of_a_word_share_a_stem(a: str, b: str) -> None:
    """British and American spelling and common endings do not keep words apart."""
    assert stem(a) == stem(b)


@given(st.from_regex(r"[a-z]{1,14}", fullmatch=True))
def test_a_stem_is_never_short(word: str) -> None:
    """A stem keeps four letters, or the whole word when it is shorter."""
    assert len(stem(word)) >= min(4, len(word)) - 1
    assert stem(word)


def test_stop_words_are_as_they_are_compared() -> None:
    """Every stop word is a folded token, or it could never match."""
    assert [w for w in STOP_WORDS if tokens(w) != [w]] == []
