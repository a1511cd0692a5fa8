"""The word index."""

from __future__ import annotations

import numpy as np
import pytest

from caveat.adapters.lexical import LexicalIndex, write_lexical

TEXTS = [
    "Tocilizumab and depression in transplant patients",
    "Vitamin D and mood",
    "Vitamin C and mood",
    "IL-6 crosses into the brain",
    "Tocilizumab tocilizumab tocilizumab",
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    folder = tmp_path_factory.mktemp("lexical")
    assert write_lexical(folder, TEXTS) == len(TEXTS)
    return LexicalIndex(folder)


def test_only_passages_that_share_a_word_are_found(index: LexicalIndex) -> None:
    """k is a limit, not a wish: nothing with a score of zero is returned."""
    hits = index.search("tocilizumab depression", 100)
    assert {row for row, _ in hits} == {0, 4}
    assert all(score > 0 for _, score in hits)
    assert hits == sorted(hits, key=lambda hit: -hit[1])


@pytest.mark.parametrize("query", ["", "   ", "the of and", "zzzqqq", "🙂"])
def test_a_query_without_a_known_word_finds_nothing(index: LexicalIndex, query: str) -> None:
    """No known word, no hit."""
    assert index.search(query, 10) == []


def test_a_single_letter_decides(index: LexicalIndex) -> None:
    """Vitamin D comes before vitamin C when D was asked for."""
    assert [row for row, _ in index.search("vitamin D", 2)] == [1, 2]


def test_joined_spelling_finds_split_spelling(index: LexicalIndex) -> None:
    """il6 finds IL-6."""
    assert [row for row, _ in index.search("il6", 5)] == [3]


def test_rows_that_are_not_allowed_are_not_found(index: LexicalIndex) -> None:
    """A filter leaves out rows and returns all the others that match."""
    allowed = np.array([False, True, True, True, True])
    assert [row for row, _ in index.search("tocilizumab mood", 10, allowed)] == [4, 1, 2]


def test_equal_scores_keep_the_order_of_rows(index: LexicalIndex) -> None:
    """The same question gives the same ranking, ties included."""
    assert [row for row, _ in index.search("mood", 1)] == [1]
    assert index.search("mood", 0) == []
