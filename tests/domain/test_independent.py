"""Works that report the same people are counted once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from caveat.domain.independent import independent_groups
from caveat.domain.model import Source


def _ids(sources: list[Source]) -> list[list[str]]:
    return [[s.id for s in group] for group in independent_groups(sources)]


def work(ident: str, *overlaps: str, registered: tuple[str, ...] = ()) -> Source:
    return Source(ident, ident, overlaps=overlaps, registry_ids=registered)


def test_works_without_ties_are_independent() -> None:
    """Each stands alone, in the order given."""
    assert _ids([work("b"), work("a")]) == [["b"], ["a"]]
    assert _ids([]) == []


def test_an_overlap_named_on_one_side_is_enough() -> None:
    """A pooled analysis and its trial are one group, whichever of them names the other, in either order."""
    assert _ids([work("pool", "trial"), work("trial")]) == [["pool", "trial"]]
    assert _ids([work("trial"), work("pool", "trial")]) == [["trial", "pool"]]


def test_overlaps_chain() -> None:
    """Two trials of one pooled analysis are one group even where neither names the other."""
    assert _ids([work("a"), work("x"), work("b"), work("pool", "a", "b")]) == [["a", "b", "pool"], ["x"]]


def test_one_registry_number_is_one_trial() -> None:
    """Protocol, abstract and paper of one registered trial are one group."""
    number = ("ISRCTN16942542",)
    sources = [
        work("protocol", registered=number),
        work("other"),
        work("paper", registered=("NCT1", *number)),
    ]
    assert _ids(sources) == [["protocol", "paper"], ["other"]]


def test_an_overlap_with_a_work_that_is_not_shown_ties_nothing() -> None:
    """Only the works at hand count; naming oneself changes nothing."""
    assert _ids([work("a", "gone"), work("b", "gone"), work("c", "c")]) == [["a"], ["b"], ["c"]]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=10))
def test_groups_are_a_partition_that_joins_every_tie(ties: list[tuple[int, int]]) -> None:
    """Each work is in one group, and no tie crosses two groups."""
    sources = [work(str(i), *(str(b) for a, b in ties if a == i)) for i in range(7)]
    groups = _ids(sources)
    assert sorted(i for g in groups for i in g) == [str(i) for i in range(7)]
    place = {i: n for n, g in enumerate(groups) for i in g}
    assert all(place[str(a)] == place[str(b)] for a, b in ties)
