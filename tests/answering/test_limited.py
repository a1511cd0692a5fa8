"""The filter of the answering step and that of the index let the same works through."""

from __future__ import annotations

import pytest
from fake_index import FakeIndex

from caveat.answering.limited import LimitedIndex, passes
from caveat.answering.service import Answerer
from caveat.domain.model import Design, Source, Status
from caveat.domain.ports import Filters


@pytest.mark.parametrize(
    "filters",
    [
        Filters(year_from=2021),
        Filters(year_to=2012),
        Filters(year_from=2018, year_to=2019),
        Filters(designs=(Design.COHORT, Design.RCT)),
        Filters(statuses=(Status.UNKNOWN,)),
        Filters(statuses=(Status.RETRACTED,)),
        Filters(population="transplant"),
        Filters(population="Rheumatoid ARTHRITIS"),
        Filters(population="adults depression"),
        Filters(population="children"),
        Filters(source_ids=("knight-2021-tocilizumab-hct-worse-depression", "nobody")),
        Filters(designs=(Design.META_ANALYSIS,), year_from=2020, population="depression"),
    ],
    ids=str,
)
def test_both_filters_agree_on_the_starter_collection(real: Answerer, filters: Filters) -> None:
    """What the real index finds under a filter is exactly what passes it."""
    index = real.provider.current()
    hits = index.search_dense("tocilizumab depression", 5000, filters)
    found = {p.source_id for p in index.passages([h.passage_id for h in hits]).values()}
    assert found == {s.id for s in LimitedIndex(index, filters).all_sources()}


def test_a_work_that_lacks_the_limited_fact_does_not_pass() -> None:
    """Unknown is not within a limit."""
    bare = Source("a", "A")
    assert passes(bare, Filters())
    limits = [
        Filters(year_from=1900),
        Filters(year_to=2100),
        Filters(designs=(Design.RCT,)),
        Filters(statuses=(Status.CURRENT,)),
        Filters(population="adults"),
    ]
    assert not any(passes(bare, f) for f in limits)


def test_nothing_is_read_around_the_filter() -> None:
    """Searches, passages, works: all of them are limited, and the counts still tell the whole."""
    inner = FakeIndex()
    limited = LimitedIndex(inner, Filters(source_ids=("birch-2021-cohort",)))
    assert [s.id for s in limited.all_sources()] == ["birch-2021-cohort"]
    assert set(limited.sources(["birch-2021-cohort", "alder-2024-trial"])) == {"birch-2021-cohort"}
    assert limited.source_passages("alder-2024-trial") == []
    assert limited.source_passages("birch-2021-cohort")
    every = [p.id for w in inner.works for p in w.passages()]
    assert {p.source_id for p in limited.passages(every).values()} == {"birch-2021-cohort"}
    for hits in (limited.search_dense("depression", 50), limited.search_lexical("depression", 50)):
        assert hits
        assert all(h.passage_id.startswith("birch") for h in hits)
    assert limited.source_count == inner.source_count
