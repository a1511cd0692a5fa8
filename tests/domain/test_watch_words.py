"""Health words and names that change what a question is about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caveat.domain.generic_words import GENERIC_WORDS
from caveat.domain.text import singular, tokens
from caveat.domain.topic import Topic
from caveat.domain.watch_words import ILLNESS_WORDS, WATCH_WORDS, is_name, is_watched


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("migraine", "Does tocilizumab help migraine?"),
        ("semaglutide", "Is semaglutide better?"),
        ("glioblastoma", "Does it help with glioblastoma?"),
        ("pancreatitis", "tocilizumab and pancreatitis"),
        ("nefazodone", "How does nefazodone compare?"),
        ("diabete", "Does tocilizumab help diabetes?"),
        ("hair", "Does tocilizumab make hair fall out?"),
        ("veteran", "Does it work in veterans?"),
        ("cancer", "My mother has cancer. Does tocilizumab help depression?"),
        ("mongolia", "Was it tested in Mongolia?"),
    ],
)
def test_words_that_change_the_question_are_watched(word: str, text: str) -> None:
    """Illnesses, treatments, body parts, people and names must be found in the collection."""
    assert is_watched(word, text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("medicine", "Which medicine helps?"),
        ("guideline", "What does the guideline say?"),
        ("baseline", "What was the baseline score?"),
        ("vaccine", "Is a live vaccine fine?"),
        ("dog", "My dog died last week. Does tocilizumab help depression?"),
        ("exercise", "I exercise a lot. Does tocilizumab help depression?"),
    ],
)
def test_everyday_words_and_stories_are_not(word: str, text: str) -> None:
    """Ordinary words, and what only stands in the story before the question, are let through."""
    assert not is_watched(word, text)


@pytest.mark.parametrize(
    ("word", "text", "name"),
    [
        ("rome", "best pizza in Rome", True),
        ("rome", "Best Pizza In Rome", False),
        ("rome", "BEST PIZZA IN ROME", False),
        ("knight", "Knight found what?", False),
        ("knight", "What did Knight find?", True),
        ("knight", "So? Knight found what?", False),
        ("insight", "the INSIGHT trial", True),
        ("insight", "any insight on this?", False),
        ("absent", "the word is not here", False),
    ],
)
def test_a_name_is_written_as_one(word: str, text: str, name: bool) -> None:
    """Capitals inside a sentence make a name; at its start, or in shouting, they do not."""
    assert is_name(word, text) is name


def test_the_lists_are_as_they_are_compared() -> None:
    """Every listed word is one folded token and stands in the singular too, or it could never match."""
    assert [w for w in WATCH_WORDS if tokens(w) != [w] and w != "sjögren"] == []
    assert [w for w in WATCH_WORDS if singular(w) not in WATCH_WORDS] == []
    assert ILLNESS_WORDS <= WATCH_WORDS
    assert [w for w in GENERIC_WORDS if w != w.casefold()] == []


def test_a_watched_illness_is_not_an_everyday_word() -> None:
    """A word that is let through as everyday would never be watched."""
    assert {w for w in ILLNESS_WORDS if w in GENERIC_WORDS} == set()


def test_the_topics_own_words_are_not_needed_on_the_lists(topic: Topic) -> None:
    """What the topic knows is an entity before it is a watched word: drugs and illnesses of the topic are found."""
    for word in ("tocilizumab", "depression", "psoriasis", "lupus"):
        assert topic.entity_ids(word)
        assert tokens(word) == [word]


@given(st.from_regex(r"[a-z]{1,12}", fullmatch=True), st.text(max_size=120))
def test_any_word_in_any_text_is_judged(word: str, text: str) -> None:
    """Odd text is judged without an error."""
    assert is_watched(word, text) in {True, False}
    assert is_name(word, text) in {True, False}
