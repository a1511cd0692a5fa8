"""The parts of a number in a text: its value, its unit, the words of comparison and the label around it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from caveat.domain.verify.number_words import (
    APPROX,
    BEFORE,
    DOSES,
    EXPONENT,
    FEWER,
    LABELS,
    MORE,
    OPENERS,
    RATES,
    SCALES,
    SKIP,
    SMALL,
    SPELLED,
    SUPER,
    TENS,
    TIME,
    UNITS,
    WORDS,
)
from caveat.domain.verify.tokens import Token

_WEIGHED_MEANS = {"standardized": "smd", "weighted": "wmd"}


def read_value(text: str) -> Decimal | None:
    """The value of a number as written: separators, powers of ten, superscripts; ``None`` when it is none."""
    body = text.replace(",", "").replace("·", ".").replace(" ", "").replace("×", "x").translate(SUPER)
    if any(c in text for c in "⁰¹²³⁴⁵⁶⁷⁸⁹") and "x" not in body:
        plain = text.rstrip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺")
        return _power(Decimal(1), plain, text[len(plain) :].translate(SUPER))
    if "^" in body and "x" not in body:
        base, _, exponent = body.partition("^")
        return _power(Decimal(1), base, exponent)
    mantissa, times, power = body.partition("x")
    try:
        number = Decimal(mantissa)
        if times:
            match = EXPONENT.search(power)
            if match:
                number = _power(number, "10", match.group(1)) or number
        return number.normalize() if number else Decimal(0)
    except (InvalidOperation, OverflowError):
        return None


def _power(factor: Decimal, base: str, exponent: str) -> Decimal | None:
    try:
        power = int(exponent)
        if abs(power) > 400:
            return None
        return (factor * Decimal(base) ** power).normalize()
    except (InvalidOperation, ValueError, OverflowError):
        return None


def word_number(tokens: Sequence[Token], i: int) -> tuple[Decimal, int] | None:
    """A number in words starting at i: its value and last token."""
    low = tokens[i].low
    if low == "half":
        return Decimal("0.5"), i
    if low == "one" and i + 2 < len(tokens) and tokens[i + 1].low == "-" and tokens[i + 2].low == "half":
        return Decimal("0.5"), i + 2
    if low not in WORDS:
        return None
    value, last = WORDS[low], i
    if last + 1 < len(tokens) and tokens[last + 1].low == "hundred":
        value, last = value * 100, last + 1
        rest = last + 2 if last + 1 < len(tokens) and tokens[last + 1].low == "and" else last + 1
        if rest < len(tokens) and tokens[rest].low in WORDS:
            tail = word_number(tokens, rest)
            if tail is not None and tail[0] < 100:
                return value + tail[0], tail[1]
    if low in TENS and i + 2 < len(tokens) and tokens[i + 1].low == "-" and tokens[i + 2].low in SMALL[1:10]:
        value, last = value + WORDS[tokens[i + 2].low], i + 2
    if last + 1 < len(tokens) and tokens[last + 1].low in SCALES:
        value, last = value * SCALES[tokens[last + 1].low], last + 1
    return Decimal(value), last


def unit_after(tokens: Sequence[Token], i: int) -> tuple[str | None, int]:
    """The unit that starts at token i, and the last token it takes."""
    n = len(tokens)
    j = i + 1 if i < n and tokens[i].low == "-" and i + 1 < n and tokens[i + 1].start == tokens[i].end else i
    if j >= n:
        return None, i - 1
    low = tokens[j].low
    if low == "%":
        return "%", j
    if low == "per" and j + 1 < n and tokens[j + 1].low == "cent":
        return "%", j + 1
    if (
        low in TIME
        and low not in ("age", "aged", "ages")
        and not (low in "dw" and tokens[j].start > tokens[j - 1].end)
    ):
        return TIME[low], j
    if low in UNITS:
        parts, last = [UNITS[low]], j
        while last + 2 < n and tokens[last + 1].low == "/" and (tokens[last + 2].kind in "wi"):
            unit = tokens[last + 2].low
            parts.append(UNITS.get(unit) or TIME.get(unit) or unit)
            last += 2
        if parts[0] in DOSES:
            last = _rate(tokens, last, parts)
        return "/".join(parts), last
    return None, i - 1


def _rate(tokens: Sequence[Token], last: int, parts: list[str]) -> int:
    """ "200 mg a day", "per week", "daily": the rate is part of the unit."""
    words = [t.low for t in tokens[last + 1 : last + 4]]
    if words and words[0] == "once":
        words, last = words[1:], last + 1
    if (
        len(words) > 1
        and words[0] in ("a", "per", "each", "every")
        and words[1] in ("day", "week", "month", "hour", "kg")
    ):
        parts.append(TIME.get(words[1]) or words[1])
        return last + 2
    if words and words[0] in RATES:
        parts.append(RATES[words[0]])
        return last + 1
    return last - (tokens[last].low == "once")


def read_comparator(tokens: Sequence[Token], first: int) -> tuple[str, int]:
    """The comparator in words or signs just before token ``first``, and how many tokens it takes."""
    if first > 1 and tokens[first - 1].low in ("a", "an", "the"):
        comparator, taken = read_comparator(tokens, first - 1)
        return (comparator, taken + 1) if comparator != "=" else ("=", 0)
    if first == 0:
        return "=", 0
    sign = tokens[first - 1].low
    if sign in OPENERS:
        if sign == "=" and first > 1 and tokens[first - 2].low in ("<", ">"):
            return tokens[first - 2].low + "=", 2
        return OPENERS[sign], 1
    for size in (3, 2, 1):
        if first >= size:
            words = tuple(t.low for t in tokens[first - size : first])
            if words in BEFORE:
                return BEFORE[words], size
    if sign == "of":
        # "above an hs-CRP of 5"
        for k in range(first - 3, max(0, first - 7), -1):
            if tokens[k].kind == "n":
                break
            if tokens[k].low in ("a", "an") and (tokens[k - 1].low,) in BEFORE:
                return BEFORE[(tokens[k - 1].low,)], first - k + 1
    return "=", 0


def read_label(tokens: Sequence[Token], first: int) -> str | None:
    """The statistic named before the number: "OR", "P", "mean difference"."""
    i, steps = first - 1, 0
    while (
        i >= 0
        and steps < 4
        and (tokens[i].low in SKIP or tokens[i].low in OPENERS or tokens[i].low in APPROX)
    ):
        i, steps = i - 1, steps + 1
    if i < 0 or tokens[i].kind == "n":
        return None
    for k in range(i, max(1, i - 8), -1):
        # "the odds ratio for response versus placebo was"
        if tokens[k].low in ("for", "of") and tokens[k - 1].low == "ratio":
            i = k - 1
            break
        if tokens[k].kind in "np" and tokens[k].low != "-":
            break
    low = tokens[i].low
    if low in ("ratio", "risk", "difference", "odds") and i > 0:
        found = SPELLED.get((tokens[i - 1].low, low))
        if found == "or" and i > 1 and tokens[i - 2].low == "reporting":
            return "ror"
        if found == "md" and i > 1 and tokens[i - 2].low in _WEIGHED_MEANS:
            return _WEIGHED_MEANS[tokens[i - 2].low]
        return found
    if low in ("d", "g", "r", "b", "t", "f", "z", "n", "p") and steps == 0 and first - i == 1:
        return "p" if low == "p" else ("n" if low == "n" else None)
    return LABELS.get(low)


def tail_comparator(tokens: Sequence[Token], last: int) -> tuple[str | None, int]:
    """ "50 or more" and the like behind a number, with the last token they take."""
    if last + 3 < len(tokens) and tokens[last + 3].kind == "n":
        return None, last
    if last + 2 < len(tokens) and tokens[last + 1].low in ("or", "and"):
        if tokens[last + 2].low in MORE:
            return ">=", last + 2
        if tokens[last + 2].low in FEWER:
            return "<=", last + 2
    return None, last
