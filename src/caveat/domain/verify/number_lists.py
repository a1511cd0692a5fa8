"""Joins numbers that belong together: lists that share a unit, ranges, intervals, fractions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from caveat.domain.verify.quantity import Quantity
from caveat.domain.verify.tokens import Token

_FILL_JOIN = frozenset({"and", "or", "to", "-", ",", "±", "vs", "versus", "."})
_LIST_JOIN = frozenset({"and", "or", "to", "-", ","})
_BEFORE_LISTS = frozenset(
    """at in of from to by for between after with was were than about is are and or on over within before until only averaged had
    vs versus approximately around during per be been""".split()
)
_AFTER_AGE = frozenset("and or in with was were than but as on for by had has who which the a to".split())
_OF = (["of"], ["/"], ["out", "of"], ["of", "the"], ["of", "about"])
_TO = (["to"], ["-"], ["through"], ["until"])


def joined(tokens: Sequence[Token], found: list[Quantity]) -> list[Quantity]:
    """The quantities, with units shared along lists and with the ranges, intervals and fractions they form."""
    _share_time_words(tokens, found)
    _share_ages(tokens, found)
    _share_units(tokens, found)
    _pair_neighbours(tokens, found)
    _pair_around_brackets(tokens, found)
    _of_these(tokens, found)
    return found


def _between(tokens: Sequence[Token], a: Quantity, b: Quantity) -> list[str]:
    return [t.low for t in tokens[a.last + 1 : b.first]]


def _share_time_words(tokens: Sequence[Token], found: list[Quantity]) -> None:
    """ "days 7, 14 and 28": the word before the list holds for all of it."""
    for k in range(1, len(found)):
        before, here = found[k - 1], found[k]
        joint = _between(tokens, before, here)
        listed = bool(joint) and all(j in _LIST_JOIN for j in joint)
        leading = before.is_time and before.last <= before.first + 1 and tokens[before.last].kind in "ni"
        if here.unit is None and here.kind == "number" and leading and listed:
            found[k] = replace(here, unit=before.unit, kind="time")


def _share_ages(tokens: Sequence[Token], found: list[Quantity]) -> None:
    """ "IL-6 at age 9 and depression at 18": both are ages."""
    if not any(
        q.unit == "y" and q.first and tokens[q.first - 1].low in ("age", "aged", "ages") for q in found
    ):
        return
    for k, quantity in enumerate(found):
        following = tokens[quantity.last + 1] if quantity.last + 1 < len(tokens) else None
        if following is not None and following.kind in "wi" and following.low not in _AFTER_AGE:
            continue
        bare = quantity.unit is None and quantity.kind == "number" and quantity.before == "at"
        if bare and quantity.text.isdigit() and len(quantity.text) < 3:
            found[k] = replace(quantity, unit="y", kind="time")


def _share_units(tokens: Sequence[Token], found: list[Quantity]) -> None:
    """ "12 and 24 weeks", "5.3 to 4.5 cm": the unit behind the list holds for all of it."""
    for k in range(len(found) - 2, -1, -1):
        here, after = found[k], found[k + 1]
        joint = _between(tokens, here, after)
        if here.unit is not None or here.kind not in ("number", "year") or not after.unit or not joint:
            continue
        if not all(j in _FILL_JOIN for j in joint) or (joint == [","] and not after.is_time):
            continue
        if joint not in (["to"], ["-"]) and not _opens_list(tokens, here.first):
            continue
        if not (here.kind == "year" and after.is_time):
            found[k] = replace(here, unit=after.unit, kind="percent" if after.kind == "level" else after.kind)


def _opens_list(tokens: Sequence[Token], first: int) -> bool:
    """A number that a noun owns ("codon 12 and 7.4 %") takes no unit from the next one."""
    if first == 0 or tokens[first - 1].kind != "w":
        return True
    return tokens[first - 1].low in _BEFORE_LISTS


def _pair_neighbours(tokens: Sequence[Token], found: list[Quantity]) -> None:
    k = 0
    while k + 1 < len(found):
        a, b = found[k], found[k + 1]
        kind = _pair_kind(tokens, a, b)
        if kind is None:
            k += 1
            continue
        for j, q in ((k, a), (k + 1, b)):
            found[j] = replace(
                q, pair=(a.value, b.value), pair_kind=kind, kind="ci" if kind == "ci" else q.kind
            )
        k += 2


def _pair_kind(tokens: Sequence[Token], a: Quantity, b: Quantity) -> str | None:
    """``of``, ``range`` or ``ci`` for two numbers side by side, else ``None``."""
    if a.text in ("a", "an") or b.text in ("a", "an"):
        return None
    joint = _between(tokens, a, b)
    opener = tokens[a.first - 1].low if a.first else ""
    labelled = _interval_label(tokens, a.first)
    if joint in _OF and a.unit is None and b.unit is None:
        return "of"
    if joint in _TO and a.unit == b.unit:
        return "ci" if labelled or (opener in ("(", "[") and "." in a.text) else "range"
    if joint in ([","], [";"], ["and"]) and (labelled or (opener == "[" and "." in a.text)):
        return "ci"
    return "range" if joint == ["and"] and opener == "between" else None


def _of_these(tokens: Sequence[Token], found: list[Quantity]) -> None:
    """ "Of 110 participants, 94 completed": the part follows the whole."""
    if len(found) < 2 or found[0].first > 2 or tokens[0].low not in ("of", "among"):
        return
    whole, part = found[0], found[1]
    between = [t.low for t in tokens[whole.last + 1 : part.first]]
    if (
        "," in between
        and len(between) < 9
        and whole.unit is None
        and part.unit is None
        and not whole.pair
        and not part.pair
    ):
        found[0] = replace(whole, pair=(part.value, whole.value), pair_kind="of")
        found[1] = replace(part, pair=(part.value, whole.value), pair_kind="of")


def _pair_around_brackets(tokens: Sequence[Token], found: list[Quantity]) -> None:
    """ "from 5.5 (SD 1.0) to 2.7": a range whose ends are parted by a bracket."""
    depth, depths = 0, []
    for token in tokens:
        depth += token.low in ("(", "[")
        depths.append(depth)
        depth -= token.low in (")", "]") and depth > 0
    outer = [k for k, q in enumerate(found) if depths[q.first] == 0]
    for k, after in pairwise(outer):
        a, b = found[k], found[after]
        if a.pair or b.pair or after == k + 1:
            continue
        joint = [
            t.low
            for t, d in zip(tokens[a.last + 1 : b.first], depths[a.last + 1 : b.first], strict=True)
            if d == 0
        ]
        if joint in (["of"], ["out", "of"]) and a.unit is None and b.unit is None:
            found[k] = replace(a, pair=(a.value, b.value), pair_kind="of")
            found[after] = replace(b, pair=(a.value, b.value), pair_kind="of")
        if joint == ["to"]:
            pair = (a.value, b.value)
            found[k] = replace(a, pair=pair, pair_kind="range")
            found[after] = replace(b, pair=pair, pair_kind="range")


def _interval_label(tokens: Sequence[Token], first: int) -> bool:
    for i in range(first - 1, max(-1, first - 4), -1):
        low = tokens[i].low
        if low in ("ci", "cri", "iqr", "interval", "interquartile"):
            return True
        if (
            tokens[i].kind == "n"
            or (tokens[i].kind == "w" and low not in ("range", "of", "was"))
            or low in ("(", ";")
        ):
            return False
    return False
