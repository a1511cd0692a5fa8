"""Reads the numbers of a sentence with what they mean: unit, comparator, label, pair, kind."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from caveat.domain.verify.number_lists import joined
from caveat.domain.verify.number_parts import (
    read_comparator,
    read_label,
    read_value,
    tail_comparator,
    unit_after,
    word_number,
)
from caveat.domain.verify.number_words import APPROX, DAYS, PEOPLE, SCALES, TIME, UNITS
from caveat.domain.verify.quantity import Quantity
from caveat.domain.verify.tokens import Token


def _read_one(tokens: Sequence[Token], i: int) -> Quantity | None:
    token = tokens[i]
    if token.kind == "n":
        value, last = read_value(token.text), i
        if value is not None and last + 1 < len(tokens) and tokens[last + 1].low in SCALES:
            value, last = value * SCALES[tokens[last + 1].low], last + 1
    elif token.kind == "w":
        if (
            token.low in ("a", "an")
            and i + 1 < len(tokens)
            and tokens[i + 1].low in ("hour", "day", "week", "month", "year")
        ):
            if (i and tokens[i - 1].low in UNITS) or (i + 2 < len(tokens) and tokens[i + 2].low == "-"):
                return None
            return Quantity(Decimal(1), token.text, i, i + 1, TIME[tokens[i + 1].low], "time")
        found = word_number(tokens, i)
        if found is None:
            return None
        value, last = found
        unit, _ = unit_after(tokens, last + 1)
        if token.low in ("one", "zero") and unit is None and last == i:
            return None
    else:
        return None
    if value is None:
        return None
    first = i
    if (
        first > 0
        and tokens[first - 1].low == "-"
        and tokens[first - 1].end == token.start
        and token.kind == "n"
    ):
        before = tokens[first - 2] if first > 1 else None
        if (
            before is None
            or before.end < tokens[first - 1].start
            or before.low in ("(", "[", "=", "/", ",", ":")
        ):
            value, first = -value, first - 1
    start = first
    comparator, taken = read_comparator(tokens, first)
    label = read_label(tokens, first - taken if taken and comparator != "=" else first)
    if label is None and taken:
        label = read_label(tokens, first - taken)
    unit, last_unit = unit_after(tokens, last + 1)
    last = max(last, last_unit)
    tail, last = tail_comparator(tokens, last)
    if tail:
        comparator = tail
    if unit == "%" and any(
        t.low in ("probability", "chance", "likelihood") for t in tokens[last + 1 : last + 2]
    ):
        label = "probability"
    k = first - taken - 1
    approximate = k >= 0 and tokens[k].low in APPROX
    if value == Decimal("0.5") and token.kind == "w":
        unit, value = "%", Decimal(50)
    previous = tokens[start - 1].low if start else ""
    if (
        unit is None
        and previous in ("of", "was", "is", "were", "=", ":")
        and start > 1
        and tokens[start - 2].low in ("age", "ages", "aged")
    ):
        unit = "y"
    if (
        unit is None
        and previous in TIME
        and tokens[start - 1].kind == "w"
        and previous not in ("d", "w", "min", "hr")
    ):
        unit = TIME[previous]
        if comparator != "=" and not tail:
            comparator = "="
    if unit in DAYS and comparator == ">" and any(t.low == "over" for t in tokens[first - taken : first]):
        comparator = "="
    people = False
    year_like = (
        token.kind == "n"
        and len(token.text) == 4
        and token.text.isdigit()
        and 1900 <= int(token.text) <= 2100
    )
    named = year_like and i > 0 and tokens[i - 1].kind == "w" and tokens[i - 1].text[0].isupper()
    for t in () if named else tokens[last + 1 : last + (2 if year_like else 4)]:
        if t.low in PEOPLE:
            people = True
        if t.kind != "w" or t.low in ("for", "in", "of", "and", "with", "on", "to", "the", "after"):
            break
    kind = "number"
    if label == "p":
        kind = "p"
    elif unit == "%":
        kind = "percent"
        following = [t.low for t in tokens[last + 1 : last + 3]]
        if following and following[0] in ("ci", "confidence", "credible", "cri", "interval"):
            kind = "level"
    elif unit in DAYS or unit == "min":
        kind = "time"
    elif unit:
        kind = "dose"
    elif (
        year_like and label is None and comparator == "=" and not people
    ):  # fmt: skip
        kind = "year"
    return Quantity(
        value,
        token.text,
        first,
        last,
        unit,
        kind,
        comparator,
        label,
        None,
        None,
        approximate,
        people,
        tokens[k].low if k >= 0 else "",
    )


def read_quantities(tokens: Sequence[Token], taken: frozenset[int] = frozenset()) -> tuple[Quantity, ...]:
    """All quantities of the tokens in order; token indexes in ``taken`` belong to names and are passed over."""
    found: list[Quantity] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if i in taken or token.kind == "p":
            i += 1
            continue
        if (
            token.kind == "i"
            and len(token.low) > 1
            and token.low[0] in "dw"
            and token.low[1:].isdigit()
            and len(token.low) < 5
        ):
            unit = token.low[0]
            found.append(Quantity(Decimal(token.low[1:]), token.text, i, i, unit, "time"))
            i += 1
            continue
        quantity = _read_one(tokens, i)
        if quantity is not None:
            found.append(quantity)
            i = max(i, quantity.last) + 1
        else:
            i += 1
    return tuple(joined(tokens, found))
