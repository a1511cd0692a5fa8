"""Reads the numbers of a sentence with what they mean: unit, comparator, label, pair, kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from caveat.domain.verify.tokens import Token

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
_SMALL += "seventeen eighteen nineteen".split()
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
_WORDS = {word: value for value, word in enumerate(_SMALL)} | _TENS | {"dozen": 12}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")

_TIME = {
    "h": "h", "hour": "h", "hours": "h", "hr": "h", "hrs": "h", "hourly": "h", "minute": "min", "minutes": "min", "min": "min",
    "day": "d", "days": "d", "daily": "d", "week": "w", "weeks": "w", "wk": "w", "wks": "w", "weekly": "w",
    "month": "mo", "months": "mo", "monthly": "mo", "year": "y", "years": "y", "yr": "y", "yrs": "y", "yearly": "y",
    "age": "y", "aged": "y", "ages": "y", "d": "d", "w": "w",
}  # fmt: skip
_DAYS = {"d": Decimal(1), "w": Decimal(7), "h": Decimal(1) / 24, "mo": Decimal(30), "y": Decimal(365)}
_UNITS = {
    "mg": "mg", "milligram": "mg", "milligrams": "mg", "g": "g", "gram": "g", "grams": "g", "kg": "kg", "ug": "ug",
    "mcg": "ug", "mug": "ug", "ng": "ng", "pg": "pg", "ml": "ml", "l": "l", "dl": "dl", "litre": "l", "liter": "l",
    "mm": "mm", "cm": "cm", "m": "m", "mmol": "mmol", "mumol": "umol", "umol": "umol", "nmol": "nmol", "pmol": "pmol",
    "mol": "mol", "iu": "iu", "u": "u", "units": "u", "unit": "u", "kcal": "kcal", "mmhg": "mmhg", "hz": "hz",
    "fold": "fold", "times": "fold", "point": "point", "points": "point", "percent": "%", "percentage": "%", "pct": "%",
    "kpa": "kpa", "ms": "ms", "mv": "mv", "bpm": "bpm", "cells": "cells", "c": "c", "micro": "ug", "micrograms": "ug",
    "microgram": "ug", "mc": "ug",
}  # fmt: skip
_LABELS = {
    "p": "p", "n": "n", "odds_ratio": "or", "rr": "rr", "hr": "hr", "ror": "ror", "smd": "smd", "wmd": "wmd", "md": "md",
    "d": "d", "g": "g", "r": "r", "beta": "beta", "b": "beta", "es": "es", "mean": "mean", "median": "median", "sd": "sd",
    "se": "se", "i2": "i2", "nnt": "nnt", "nnh": "nnh", "auc": "auc", "r2": "r2", "aor": "or", "ahr": "hr", "irr": "irr",
    "averaged": "mean", "average": "mean", "t": "t", "f": "f", "z": "z",
}  # fmt: skip
_SPELLED = {("odds", "ratio"): "or", ("hazard", "ratio"): "hr", ("relative", "risk"): "rr", ("risk", "ratio"): "rr",
            ("mean", "difference"): "md", ("reporting", "odds"): "ror", ("rate", "ratio"): "irr"}  # fmt: skip
_EFFECT_SIZES = frozenset({"d", "g", "smd", "es"})
_SKIP = frozenset({"=", ":", "of", "was", "is", "were", "value", "values", "score", "at", "a", "the", "and", "has", "had"})
_OPENERS = {"<": "<", ">": ">", "≤": "<=", "≥": ">=", "=": "="}
_BEFORE = {
    ("less", "than"): "<", ("fewer", "than"): "<", ("lower", "than"): "<", ("smaller", "than"): "<", ("more", "than"): ">",
    ("greater", "than"): ">", ("higher", "than"): ">", ("larger", "than"): ">", ("at", "least"): ">=", ("at", "most"): "<=",
    ("up", "to"): "<=", ("no", "more", "than"): "<=", ("not", "more", "than"): "<=", ("no", "less", "than"): ">=",
    ("no", "fewer", "than"): ">=", ("minimum", "of"): ">=", ("maximum", "of"): "<=", ("below",): "<", ("under",): "<",
    ("above",): ">", ("over",): ">", ("exceeding",): ">", ("exceeded",): ">", ("exceeds",): ">", ("older", "than"): ">",
    ("younger", "than"): "<", ("maximum",): "<=", ("minimum",): ">=", ("beyond",): ">",
}  # fmt: skip
_MORE = frozenset("more higher greater over above older longer".split())
_FEWER = frozenset("less lower fewer below under younger shorter".split())
_APPROX = frozenset("about approximately around roughly nearly almost circa ca near some ~ ≈".split())
_PEOPLE = frozenset(
    """people persons person patients patient participants participant adults adult women men woman man children child subjects
    subject individuals volunteers controls cases survivors infants attempters students respondents members completers""".split()
)
_EXPONENT = re.compile(r"10\^?\(?([-+]?\d+)\)?$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number: value, unit (``%``, ``mg/kg``, ``w`` …), kind, comparator, label and the range or fraction it is part of."""

    value: Decimal
    text: str
    first: int
    last: int
    """Token indexes from the number's first to its last token, unit included."""
    unit: str | None = None
    kind: str = "number"
    comparator: str = "="
    label: str | None = None
    pair: tuple[Decimal, Decimal] | None = None
    pair_kind: str | None = None
    approximate: bool = False
    people: bool = False
    before: str = ""
    """The word before it, comparator apart: "by 5" is not "from 5"."""

    @property
    def is_time(self) -> bool:
        """True for a day, week, month, year of age or hour."""
        return self.unit in _DAYS or self.unit == "min"

    @property
    def is_drug_dose(self) -> bool:
        """True for an amount of a drug."""
        return self.unit is not None and self.unit.split("/")[0] in _DOSES

    def days(self) -> Decimal | None:
        """The time in days, where that is exact: months and years only compare with themselves."""
        return self.value * _DAYS[self.unit] if self.unit in ("d", "w", "h") else None


def _value(text: str) -> Decimal | None:
    body = text.replace(",", "").replace("·", ".").replace(" ", "").replace("×", "x").translate(_SUPER)
    if any(c in text for c in "⁰¹²³⁴⁵⁶⁷⁸⁹") and "x" not in body:
        plain = text.rstrip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺")
        return _power(Decimal(1), plain, text[len(plain) :].translate(_SUPER))
    mantissa, times, power = body.partition("x")
    try:
        number = Decimal(mantissa)
        if times:
            match = _EXPONENT.search(power)
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


def _word_number(tokens: Sequence[Token], i: int) -> tuple[Decimal, int] | None:
    """A number in words starting at i: its value and last token."""
    low = tokens[i].low
    if low == "half":
        return Decimal("0.5"), i
    if low == "one" and i + 2 < len(tokens) and tokens[i + 1].low == "-" and tokens[i + 2].low == "half":
        return Decimal("0.5"), i + 2
    if low not in _WORDS:
        return None
    value, last = _WORDS[low], i
    if last + 1 < len(tokens) and tokens[last + 1].low == "hundred":
        value, last = value * 100, last + 1
        rest = last + 2 if last + 1 < len(tokens) and tokens[last + 1].low == "and" else last + 1
        if rest < len(tokens) and tokens[rest].low in _WORDS:
            tail = _word_number(tokens, rest)
            if tail is not None and tail[0] < 100:
                return value + tail[0], tail[1]
    if low in _TENS and i + 2 < len(tokens) and tokens[i + 1].low == "-" and tokens[i + 2].low in _SMALL[1:10]:
        value, last = value + _WORDS[tokens[i + 2].low], i + 2
    if last + 1 < len(tokens) and tokens[last + 1].low in _SCALES:
        value, last = value * _SCALES[tokens[last + 1].low], last + 1
    return Decimal(value), last


def _unit_after(tokens: Sequence[Token], i: int) -> tuple[str | None, int]:
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
    if low in _TIME and low not in ("age", "aged", "ages") and not (low in "dw" and tokens[j].start > tokens[j - 1].end):
        return _TIME[low], j
    if low in _UNITS:
        parts, last = [_UNITS[low]], j
        while last + 2 < n and tokens[last + 1].low == "/" and (tokens[last + 2].kind in "wi"):
            unit = tokens[last + 2].low
            parts.append(_UNITS.get(unit) or _TIME.get(unit) or unit)
            last += 2
        if parts[0] in _DOSES:
            last = _rate(tokens, last, parts)
        return "/".join(parts), last
    return None, i - 1


_DOSES = frozenset({"mg", "g", "ug", "ng", "ml", "iu", "u"})
_RATES = {"daily": "d", "weekly": "w", "monthly": "mo", "qd": "d"}


def _rate(tokens: Sequence[Token], last: int, parts: list[str]) -> int:
    """ "200 mg a day", "per week", "daily": the rate is part of the unit."""
    words = [t.low for t in tokens[last + 1 : last + 4]]
    if words and words[0] == "once":
        words, last = words[1:], last + 1
    if len(words) > 1 and words[0] in ("a", "per", "each", "every") and words[1] in ("day", "week", "month", "hour", "kg"):
        parts.append(_TIME.get(words[1]) or words[1])
        return last + 2
    if words and words[0] in _RATES:
        parts.append(_RATES[words[0]])
        return last + 1
    return last - (tokens[last].low == "once")


def _comparator(tokens: Sequence[Token], first: int) -> tuple[str, int]:
    """The comparator in words or signs just before token ``first``, and how many tokens it takes."""
    if first > 1 and tokens[first - 1].low in ("a", "an", "the"):
        comparator, taken = _comparator(tokens, first - 1)
        return (comparator, taken + 1) if comparator != "=" else ("=", 0)
    if first == 0:
        return "=", 0
    sign = tokens[first - 1].low
    if sign in _OPENERS:
        if sign == "=" and first > 1 and tokens[first - 2].low in ("<", ">"):
            return tokens[first - 2].low + "=", 2
        return _OPENERS[sign], 1
    for size in (3, 2, 1):
        if first >= size:
            words = tuple(t.low for t in tokens[first - size : first])
            if words in _BEFORE:
                return _BEFORE[words], size
    return "=", 0


def _label(tokens: Sequence[Token], first: int) -> str | None:
    i, steps = first - 1, 0
    while i >= 0 and steps < 4 and (tokens[i].low in _SKIP or tokens[i].low in _OPENERS or tokens[i].low in _APPROX):
        i, steps = i - 1, steps + 1
    if i < 0 or tokens[i].kind == "n":
        return None
    low = tokens[i].low
    if low in ("ratio", "risk", "difference", "odds") and i > 0:
        found = _SPELLED.get((tokens[i - 1].low, low))
        if found == "or" and i > 1 and tokens[i - 2].low == "reporting":
            return "ror"
        return found
    if low in ("d", "g", "r", "b", "t", "f", "z", "n", "p") and steps == 0 and first - i == 1:
        return "p" if low == "p" else ("n" if low == "n" else None)
    return _LABELS.get(low)


def _tail_comparator(tokens: Sequence[Token], last: int) -> tuple[str | None, int]:
    if last + 2 < len(tokens) and tokens[last + 1].low == "or":
        if tokens[last + 2].low in _MORE:
            return ">=", last + 2
        if tokens[last + 2].low in _FEWER:
            return "<=", last + 2
    return None, last


def _read_one(tokens: Sequence[Token], i: int) -> Quantity | None:
    token = tokens[i]
    if token.kind == "n":
        value, last = _value(token.text), i
        if value is not None and last + 1 < len(tokens) and tokens[last + 1].low in _SCALES:
            value, last = value * _SCALES[tokens[last + 1].low], last + 1
    elif token.kind == "w":
        if token.low in ("a", "an") and i + 1 < len(tokens) and tokens[i + 1].low in ("hour", "day", "week", "month", "year"):
            if (i and tokens[i - 1].low in _UNITS) or (i + 2 < len(tokens) and tokens[i + 2].low == "-"):
                return None
            return Quantity(Decimal(1), token.text, i, i + 1, _TIME[tokens[i + 1].low], "time")
        found = _word_number(tokens, i)
        if found is None:
            return None
        value, last = found
        unit, _ = _unit_after(tokens, last + 1)
        if token.low in ("one", "zero") and unit is None and last == i:
            return None
    else:
        return None
    if value is None:
        return None
    first = i
    if first > 0 and tokens[first - 1].low == "-" and tokens[first - 1].end == token.start and token.kind == "n":
        before = tokens[first - 2] if first > 1 else None
        if before is None or before.end < tokens[first - 1].start or before.low in ("(", "[", "=", "/", ",", ":"):
            value, first = -value, first - 1
    start = first
    comparator, taken = _comparator(tokens, first)
    label = _label(tokens, first - taken if taken and comparator != "=" else first)
    if label is None and taken:
        label = _label(tokens, first - taken)
    unit, last_unit = _unit_after(tokens, last + 1)
    last = max(last, last_unit)
    tail, last = _tail_comparator(tokens, last)
    if tail:
        comparator = tail
    if unit == "%" and any(t.low in ("probability", "chance", "likelihood") for t in tokens[last + 1 : last + 2]):
        label = "probability"
    k = first - taken - 1
    approximate = k >= 0 and tokens[k].low in _APPROX
    if value == Decimal("0.5") and token.kind == "w":
        unit, value = "%", Decimal(50)
    previous = tokens[start - 1].low if start else ""
    if unit is None and previous in ("of", "was", "is", "were", "=", ":") and start > 1 and tokens[start - 2].low in ("age", "ages", "aged"):
        unit = "y"
    if unit is None and previous in _TIME and tokens[start - 1].kind == "w" and previous not in ("d", "w", "min", "hr"):
        unit = _TIME[previous]
        if comparator != "=" and not tail:
            comparator = "="
    if unit in _DAYS and comparator == ">" and any(t.low == "over" for t in tokens[first - taken : first]):
        comparator = "="
    people = False
    year_like = token.kind == "n" and len(token.text) == 4 and token.text.isdigit() and 1900 <= int(token.text) <= 2100
    named = year_like and i > 0 and tokens[i - 1].kind == "w" and tokens[i - 1].text[0].isupper()
    for t in () if named else tokens[last + 1 : last + (2 if year_like else 4)]:
        if t.low in _PEOPLE:
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
    elif unit in _DAYS or unit == "min":
        kind = "time"
    elif unit:
        kind = "dose"
    elif (
        year_like and label is None and comparator == "=" and not people
    ):  # fmt: skip
        kind = "year"
    return Quantity(value, token.text, first, last, unit, kind, comparator, label, None, None, approximate, people, tokens[k].low if k >= 0 else "")


def read_quantities(tokens: Sequence[Token], taken: frozenset[int] = frozenset()) -> tuple[Quantity, ...]:
    """All quantities of the tokens in order; token indexes in ``taken`` belong to names and are passed over."""
    found: list[Quantity] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if i in taken or token.kind == "p":
            i += 1
            continue
        if token.kind == "i" and len(token.low) > 1 and token.low[0] in "dw" and token.low[1:].isdigit() and len(token.low) < 5:
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
    return tuple(_paired(tokens, found))


_FILL_JOIN = frozenset({"and", "or", "to", "-", ",", "±", "vs", "versus", "."})


def _opens_list(tokens: Sequence[Token], first: int) -> bool:
    """A number that a noun owns ("codon 12 and 7.4 %") takes no unit from the next one."""
    if first == 0 or tokens[first - 1].kind != "w":
        return True
    return tokens[first - 1].low in _BEFORE_LISTS


_BEFORE_LISTS = frozenset(
    """at in of from to by for between after with was were than about is are and or on over within before until only averaged had vs versus
    approximately around during per be been""".split()
)
_AFTER_AGE = frozenset("and or in with was were than but as on for by had has who which the a to".split())
_LIST_JOIN = frozenset({"and", "or", "to", "-", ","})


def _between(tokens: Sequence[Token], a: Quantity, b: Quantity) -> list[str]:
    return [t.low for t in tokens[a.last + 1 : b.first]]


def _paired(tokens: Sequence[Token], found: list[Quantity]) -> list[Quantity]:
    for k in range(1, len(found)):
        before, here = found[k - 1], found[k]
        joint = _between(tokens, before, here)
        if (
            here.unit is None and here.kind == "number" and before.is_time and before.last <= before.first + 1
            and tokens[before.last].kind in "ni" and joint and all(j in _LIST_JOIN for j in joint)
        ):  # fmt: skip
            found[k] = replace(here, unit=before.unit, kind="time")
    if any(q.unit == "y" and q.first and tokens[q.first - 1].low in ("age", "aged", "ages") for q in found):
        for k, q in enumerate(found):
            after = tokens[q.last + 1] if q.last + 1 < len(tokens) else None
            if after is not None and after.kind in "wi" and after.low not in _AFTER_AGE:
                continue
            if q.unit is None and q.kind == "number" and q.before == "at" and q.text.isdigit() and len(q.text) < 3:
                found[k] = replace(q, unit="y", kind="time")
    for k in range(len(found) - 2, -1, -1):
        here, after = found[k], found[k + 1]
        joint = _between(tokens, here, after)
        if here.unit is None and here.kind in ("number", "year") and after.unit and joint and all(j in _FILL_JOIN for j in joint) and (
            joint != [","] or after.is_time
        ) and (joint in (["to"], ["-"]) or _opens_list(tokens, here.first)):
            kind = after.kind if after.kind != "level" else "percent"
            if not (here.kind == "year" and after.is_time):
                found[k] = replace(here, unit=after.unit, kind=kind)
    k = 0
    while k + 1 < len(found):
        a, b = found[k], found[k + 1]
        joint = _between(tokens, a, b)
        opener = tokens[a.first - 1].low if a.first else ""
        in_brackets = opener in ("(", "[") or (a.first > 1 and tokens[a.first - 1].low in ("ci", "interval", "iqr", "range", "cri", ":", ",", "="))
        labelled = _interval_label(tokens, a.first)
        kind = None
        if a.text in ("a", "an") or b.text in ("a", "an"):
            k += 1
            continue
        if joint in (["of"], ["/"], ["out", "of"], ["of", "the"], ["of", "about"]) and a.unit is None and b.unit is None:
            kind = "of"
        elif joint in (["to"], ["-"], ["through"], ["until"]) and a.unit == b.unit:
            kind = "ci" if labelled or (in_brackets and opener in ("(", "[") and "." in a.text) else "range"
        elif joint in ([","], [";"], ["and"]) and (labelled or (opener == "[" and "." in a.text)):
            kind = "ci"
        elif joint == ["and"] and opener == "between":
            kind = "range"
        if kind:
            pair = (a.value, b.value)
            for j, q in ((k, a), (k + 1, b)):
                found[j] = replace(q, pair=pair, pair_kind=kind, kind="ci" if kind == "ci" else q.kind)
            k += 2
        else:
            k += 1
    _pair_around_brackets(tokens, found)
    _of_these(tokens, found)
    return found


def _of_these(tokens: Sequence[Token], found: list[Quantity]) -> None:
    """ "Of 110 participants, 94 completed": the part follows the whole."""
    if len(found) < 2 or found[0].first > 2 or tokens[0].low not in ("of", "among"):
        return
    whole, part = found[0], found[1]
    between = [t.low for t in tokens[whole.last + 1 : part.first]]
    if "," in between and len(between) < 9 and whole.unit is None and part.unit is None and not whole.pair and not part.pair:
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
    for k, after in zip(outer, outer[1:], strict=False):
        a, b = found[k], found[after]
        if a.pair or b.pair or after == k + 1:
            continue
        joint = [t.low for t, d in zip(tokens[a.last + 1 : b.first], depths[a.last + 1 : b.first], strict=True) if d == 0]
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
        if tokens[i].kind == "n" or (tokens[i].kind == "w" and low not in ("range", "of", "was")) or low in ("(", ";"):
            return False
    return False


def same_label(a: str | None, b: str | None) -> bool:
    """Two statistic labels that may stand for the same thing."""
    if "probability" in (a, b):
        return a == b
    return a is None or b is None or a == b or (a in _EFFECT_SIZES and b in _EFFECT_SIZES)
