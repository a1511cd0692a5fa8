"""nDCG and recall against examples computed by hand, and the ways of searching that they measure."""

from __future__ import annotations

import pytest
from hand_made import SmallIndex, passage

from caveat.evaluation import retrieval
from caveat.evaluation.ranking import first_of_each, ndcg_at, recall_at
from caveat.evaluation.retrieval import measure, rankings
from caveat.evaluation.scifact import Query


def test_ndcg_of_a_graded_ranking_computed_by_hand() -> None:
    """Grades 3, 2, 0, 1 in ranks 1 to 4 of which the ideal order is 3, 2, 2, 1.

    DCG  = 3/1 + 2/1.58496 + 0 + 1/2.32193          = 4.69253
    IDCG = 3/1 + 2/1.58496 + 2/2 + 1/2.32193        = 5.69253
    """
    relevant = {"a": 3.0, "b": 2.0, "d": 1.0, "e": 2.0}
    assert ndcg_at(["a", "b", "c", "d"], relevant, 10) == pytest.approx(4.69253 / 5.69253, abs=1e-5)


def test_ndcg_of_one_relevant_document_is_the_discount_of_its_rank() -> None:
    """Rank 1 gives 1, rank 2 gives 1/log2(3), rank 11 gives nothing at a depth of ten."""
    assert ndcg_at(["a", "b"], {"a": 1.0}) == 1.0
    assert ndcg_at(["b", "a"], {"a": 1.0}) == pytest.approx(0.63093, abs=1e-5)
    assert ndcg_at([*"bcdefghijk", "a"], {"a": 1.0}) == 0.0


def test_the_ideal_is_cut_at_the_same_depth() -> None:
    """Ten relevant documents in the first ten ranks are perfect, however many more there are."""
    relevant = {str(i): 1.0 for i in range(20)}
    assert ndcg_at([str(i) for i in range(10)], relevant, 10) == pytest.approx(1.0)


def test_a_repeated_document_counts_once() -> None:
    """A second copy neither gains nor takes a rank."""
    assert ndcg_at(["a", "a", "b"], {"a": 1.0, "b": 1.0}) == pytest.approx(1.0)
    assert recall_at(["a", "a", "b"], {"a": 1.0, "b": 1.0}, 2) == 1.0


def test_recall_is_the_share_of_the_relevant_within_the_depth() -> None:
    """Grade 0 is not relevant; nothing relevant gives 0."""
    assert recall_at(["x", "a", "y", "b"], {"a": 1.0, "b": 1.0, "c": 1.0, "x": 0.0}, 3) == pytest.approx(
        1 / 3
    )
    assert recall_at(["a"], {}, 10) == ndcg_at(["a"], {}, 10) == 0.0


def test_a_ranking_of_passages_becomes_one_of_works() -> None:
    """Each work stands where its first passage stands."""
    assert first_of_each(["b", "a", "b", "c", "a"]) == ["b", "a", "c"]


WORKS = [passage(f"{w}#{n}", w, f"text {n} of {w}") for w in "abc" for n in (1, 2)]


def test_hybrid_and_reranking_fuse_by_rank_as_answering_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both searches agree on b, so hybrid puts it first; token scores then lift c above it."""
    monkeypatch.setattr(retrieval, "WEIGHTS", {"lexical": 1.0, "dense": 0.7})
    monkeypatch.setattr(retrieval, "K_FUSION", 20.0)
    monkeypatch.setattr(retrieval, "RERANK_WEIGHT", 2.0)
    index = SmallIndex(
        WORKS,
        dense=["a#1", "b#1"],
        lexical=["b#1", "c#1"],
        late={"c#1": 0.9, "a#1": 0.2, "b#1": 0.1},
    )
    found = rankings(index, "q")
    assert [found[m][0] for m in ("vector", "lexical")] == [["a#1", "b#1"], ["b#1", "c#1"]]
    # k = 20: b = 1/21 + 0.7/22 = 0.0794, c = 1/22 = 0.0455, a = 0.7/21 = 0.0333
    assert found["hybrid"][0] == ["b#1", "c#1", "a#1"]
    # then first 1, late 2: b = 1/21 + 2/23 = 0.1346, c = 1/22 + 2/21 = 0.1407, a = 1/23 + 2/22 = 0.1344
    assert found["hybrid + late interaction"][0] == ["c#1", "b#1", "a#1"]


def test_without_token_vectors_the_ranking_stays() -> None:
    """Late interaction that is not available changes nothing."""
    index = SmallIndex(WORKS, dense=["a#1"], lexical=["b#1"])
    found = rankings(index, "q")
    assert found["hybrid + late interaction"][0] == found["hybrid"][0] == ["b#1", "a#1"]


def test_the_benchmark_measures_every_way_of_searching() -> None:
    """Lexical finds the relevant work first, vector second: 1 against 1/log2(3), compared query by query."""
    index = SmallIndex(WORKS, dense=["a#1", "a#2", "b#1"], lexical=["b#2"])
    report = measure(index, [Query("1", "q", {"b": 1.0})])
    value = {row.method: row.ndcg.value for row in report.rows}
    assert value["vector"] == pytest.approx(0.63093, abs=1e-5)
    assert value["lexical"] == value["hybrid"] == 1.0
    assert {row.recall.value for row in report.rows} == {1.0}
    gain = next(d for d in report.differences if d.over == "vector")
    assert gain.ndcg.value == pytest.approx(1 - 0.63093, abs=1e-5)
    assert (report.queries, report.works, report.passages) == (1, 3, 6)
