"""What was read lately is not read again, and no more than so much of it is kept."""

from __future__ import annotations

from collections.abc import Sequence

from caveat.adapters.recent import Recent


def test_a_value_is_read_once_while_it_is_kept_and_an_unknown_key_is_left_out() -> None:
    """Values come in the order asked, each read once; what the store does not know is asked for again."""
    asked: list[list[str]] = []

    def read(keys: Sequence[str]) -> dict[str, str]:
        asked.append(list(keys))
        return {key: key.upper() for key in keys if key != "nobody"}

    recent: Recent[str, str] = Recent(10)
    assert list(recent.get(["b", "a", "b"], read).items()) == [("b", "B"), ("a", "A")]
    assert list(recent.get(["a", "nobody", "c"], read).items()) == [("a", "A"), ("c", "C")]
    assert recent.get(["nobody"], read) == {}
    assert asked == [["b", "a"], ["nobody", "c"], ["nobody"]]


def test_what_was_not_used_for_longest_goes() -> None:
    """More keys than there is room for are all answered; later only the newest are still at hand."""
    reads: list[int] = []

    def read(keys: Sequence[int]) -> dict[int, int]:
        reads.extend(keys)
        return {key: key * key for key in keys}

    recent: Recent[int, int] = Recent(3)
    assert recent.get(range(5), read) == {0: 0, 1: 1, 2: 4, 3: 9, 4: 16}
    recent.get([2], read)  # used again: 3 is now the oldest
    recent.get([9], read)
    reads.clear()
    recent.get([2, 4, 9], read)
    assert reads == []
    recent.get([3], read)
    assert reads == [3]
