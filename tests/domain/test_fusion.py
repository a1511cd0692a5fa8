"""Reciprocal rank fusion, by hand and by its properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caveat.domain.fusion import cap_per_group, reciprocal_rank_fusion, reciprocal_rank_scores

rankings = st.dictionaries(
    st.sampled_from(["dense", "lexical", "opposite"]),
    st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8),
)


def test_scores_are_those_of_the_formula() -> None:
    """weight / (k + rank), summed over the rankings that hold the id."""
    scores = reciprocal_rank_scores({"lexical": ["a", "b"], "dense": ["b", "c"]}, {"dense": 0.7}, k=20)
    assert scores == pytest.approx({"a": 1 / 21, "b": 1 / 22 + 0.7 / 21, "c": 0.7 / 22})


def test_two_middling_places_beat_one_first_place() -> None:
    """What both searches find comes before what only one finds."""
    both = {"lexical": ["x", "b"], "dense": ["y", "b"]}
    assert reciprocal_rank_fusion(both, {}, k=20)[0] == "b"


def test_ties_keep_the_order_of_the_id() -> None:
    """Equal scores never depend on which search came first."""
    assert reciprocal_rank_fusion({"one": ["z"], "two": ["a"]}, {}) == ["a", "z"]
    assert reciprocal_rank_fusion({"two": ["a"], "one": ["z"]}, {}) == ["a", "z"]


def test_nothing_fuses_to_nothing() -> None:
    """No ranking, or empty ones, give no result."""
    assert reciprocal_rank_fusion({}, {}) == []
    assert reciprocal_rank_fusion({"dense": []}, {}) == []


@given(rankings)
def test_fusion_loses_and_invents_nothing(ranked: dict[str, list[str]]) -> None:
    """Each id of each ranking comes out exactly once."""
    fused = reciprocal_rank_fusion(ranked, {})
    assert sorted(fused) == sorted({i for ids in ranked.values() for i in ids})


@given(st.lists(st.sampled_from("abcdefgh"), unique=True), st.floats(0.1, 5))
def test_one_ranking_keeps_its_order(ids: list[str], weight: float) -> None:
    """A single ranking is returned as it is, whatever its weight."""
    assert reciprocal_rank_fusion({"only": ids}, {"only": weight}) == ids


@given(rankings, st.sampled_from("abcdefgh"))
def test_being_found_once_more_never_hurts(ranked: dict[str, list[str]], item: str) -> None:
    """An additional ranking with the id first raises its score."""
    before = reciprocal_rank_scores(ranked, {}).get(item, 0.0)
    after = reciprocal_rank_scores({**ranked, "extra": [item]}, {})[item]
    assert after > before


@given(st.lists(st.sampled_from("abcdefgh"), unique=True), st.integers(0, 4))
def test_the_cap_keeps_the_best_of_each_group(ids: list[str], most: int) -> None:
    """At most so many of a group, the order unchanged, and no group loses a better one to a worse one."""
    group = {i: "vowel" if i in "ae" else "consonant" for i in "abcdefgh"}
    kept = cap_per_group(ids, group, most)
    assert kept == [i for i in ids if i in kept]
    for name in ("vowel", "consonant"):
        assert [i for i in kept if group[i] == name] == [i for i in ids if group[i] == name][:most]


def test_an_id_without_a_group_stands_alone() -> None:
    """Unknown groups are not thrown together."""
    assert cap_per_group(["a", "b", "c"], {}, 1) == ["a", "b", "c"]
