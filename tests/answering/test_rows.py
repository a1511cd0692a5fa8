"""Sets of works as whole numbers."""

from __future__ import annotations

import random

from caveat.answering.rows import Marks, bits_of, rows_of
from caveat.answering.shelf import MOST_PEOPLE, Shelf
from caveat.domain.model import Source
from caveat.domain.topic import Topic


def test_a_set_gives_back_what_was_put_in() -> None:
    """The works of a set come out in rising order, each once, wherever in a byte they stand."""
    chance = random.Random(7)
    for works in (0, 1, 7, 8, 9, 63, 64, 65, 1000):
        rows = sorted(chance.sample(range(works), works // 3))
        bits = bits_of(rows[::-1], works)
        assert list(rows_of(bits)) == rows
        assert bits.bit_count() == len(rows)


def test_works_with_any_of_the_marks() -> None:
    """A mark that no work has is an empty set; several marks are joined; a work that comes later counts."""
    marks = Marks()
    for row, given in enumerate([("a", "b"), ("b",), (), ("c",)]):
        marks.add(row, given)
    assert list(rows_of(marks.any(["a", "c", "none"]))) == [0, 3]
    assert list(rows_of(marks.of("b"))) == [0, 1]
    assert marks.of("none") == 0


def test_a_number_beyond_reason_stops_no_answer(topic: Topic) -> None:
    """A work that claims more people than there are numbers for is ranked with the largest; no works make a shelf too."""
    works = [
        Source("a", "A", n_total=10**30),
        Source("b", "B", n_total=-(10**30)),
        Source("c", "C", n_total=7),
    ]
    assert list(Shelf("g", works, topic).people) == [MOST_PEOPLE, 0, 7]
    assert Shelf("g", [], topic).ids == []
