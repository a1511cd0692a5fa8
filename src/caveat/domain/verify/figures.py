"""Every number of the claim stands in a quote with the same meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from caveat.domain.verify.case import Case
from caveat.domain.verify.quantity import Quantity, same_label
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.verdict import Reason, ReasonKind

_ENDS = frozenset({"from", "to"})
_SINCE, _UNTIL = frozenset({"after", "beyond", "past"}), frozenset({"within", "before", "until"})
_FACT_KINDS = frozenset({"year", "time", "number", "dose"})


def check(case: Case) -> Iterator[Reason]:
    """A reason for each number that no quote (and, for n, year, dose and time, no fact) bears out."""
    known = [(q, r) for r in case.evidence.inside for q in (*r.quantities, *_spaced(r))]
    for reading in case.claim:
        for quantity in reading.quantities:
            reason = _one(quantity, reading, known, case)
            if reason is not None:
                yield reason


def _spaced(reading: Reading) -> Iterator[Quantity]:
    """ "20 885": a space for the thousands."""
    for a, b in zip(reading.quantities, reading.quantities[1:], strict=False):
        if (
            b.first == a.last + 1
            and a.unit is None
            and len(b.text) == 3
            and b.text.isdigit()
            and len(a.text) <= 3
            and a.text.isdigit()
        ):
            yield replace(b, value=a.value * 1000 + b.value, text=a.text + b.text)


def _one(
    claimed: Quantity, reading: Reading, known: list[tuple[Quantity, Reading]], case: Case
) -> Reason | None:
    equal = [q for q, r in known if _same_value(claimed, q, reading, r)]
    if not equal:
        if claimed.kind in _FACT_KINDS and any(
            _same_value(claimed, q, reading, reading) and _same_unit(claimed, q) and _same_kind(claimed, q)
            for q in case.evidence.facts.quantities
        ):
            return None
        kind = ReasonKind.TIME if claimed.is_time else ReasonKind.NUMBER
        return Reason(kind, f"The number {_shown(claimed)} is not in the quote.")
    fits = [q for q in equal if _same_unit(claimed, q)]
    if not fits:
        return Reason(ReasonKind.UNIT, f"{_shown(claimed)} has another unit in the quote.")
    fits = [q for q in fits if q.comparator == claimed.comparator]
    if not fits:
        return Reason(
            ReasonKind.COMPARATOR_SIGN, f"{_shown(claimed)} has another sign (<, =, >) in the quote."
        )
    if claimed.is_time and claimed.before in _SINCE | _UNTIL:
        contrary = _UNTIL if claimed.before in _SINCE else _SINCE
        if all(q.before in contrary for q in fits):
            return Reason(ReasonKind.TIME, f"The quote says “{fits[0].before} {_shown(claimed)}”.")
    fits = [
        q
        for q in fits
        if (same_label(q.label, claimed.label) and _same_kind(claimed, q)) or _bare_interval(claimed, q)
    ]
    if not fits:
        return Reason(ReasonKind.NUMBER, f"{_shown(claimed)} means something else in the quote.")
    if (claimed.before == "by" and all(q.before in _ENDS for q in fits)) or (
        claimed.before in _ENDS and claimed.pair_kind == "range" and all(q.before == "by" for q in fits)
    ):
        return Reason(
            ReasonKind.NUMBER_BINDING, f"{_shown(claimed)} is a change in one text and a level in the other."
        )
    if all(
        q.pair_kind == "of" and q.pair is not None and q.pair[1] == q.value for q in fits
    ) and _lone_denominator(claimed, fits[0], reading):
        return Reason(
            ReasonKind.NUMBER_BINDING, f"{_shown(claimed)} is the whole in the quote, not the part."
        )
    if (
        claimed.pair is not None
        and claimed.pair_kind != "of"
        and not any(q.pair == claimed.pair for q in fits)
        and not (claimed.pair_kind == "range" and _course(claimed.pair, [q for q, _ in known]))
    ):
        return Reason(ReasonKind.NUMBER, f"The range with {_shown(claimed)} is another one in the quote.")
    if (
        claimed.pair_kind == "of"
        and not any(q.pair == claimed.pair for q in fits)
        and any(q.pair_kind == "of" for q in fits)
    ):
        return Reason(ReasonKind.NUMBER, f"The fraction with {_shown(claimed)} is another one in the quote.")
    return None


def _bare_interval(claimed: Quantity, quoted: Quantity) -> bool:
    """ "HR 0.78, 0.64-0.95": an interval without its name."""
    kinds = {claimed.pair_kind, quoted.pair_kind}
    return claimed.pair == quoted.pair and kinds in ({"range", "ci"}, {"ci"}) and claimed.pair is not None


def _shown(quantity: Quantity) -> str:
    unit = quantity.unit or ""
    sign = "" if quantity.comparator == "=" else quantity.comparator + " "
    minus = "-" if quantity.value < 0 else ""
    return f"{sign}{minus}{quantity.text}{'' if unit in ('', '%') else ' '}{unit}"


def _same_value(claimed: Quantity, quoted: Quantity, reading: Reading, source: Reading) -> bool:
    if claimed.value == quoted.value:
        return True
    if claimed.is_time and quoted.is_time:
        a, b = claimed.days(), quoted.days()
        if a is not None and b is not None:
            return a == b
        return (claimed.unit, quoted.unit) in (("mo", "y"), ("y", "mo")) and _months(claimed) == _months(
            quoted
        )
    if claimed.value == -quoted.value and quoted.value < 0:
        return any(e.sign == "down" and not e.negated for e in reading.events)
    if claimed.approximate and claimed.kind == quoted.kind:
        return _rounds_to(quoted.value, claimed.value)
    return False


def _lone_denominator(claimed: Quantity, quoted: Quantity, reading: Reading) -> bool:
    if claimed.pair_kind == "of" or claimed.before in ("of", "among", "in") or quoted.pair is None:
        return False
    return not any(q.value == quoted.pair[0] for q in reading.quantities)


def _course(pair: tuple[Decimal, Decimal], known: list[Quantity]) -> bool:
    """ "from 5.3 to 4.5 and to 2.5" also runs from 5.3 to 2.5."""
    return any(q.value == pair[0] and q.before == "from" for q in known) and any(
        q.value == pair[1] and q.before == "to" for q in known
    )


def _months(quantity: Quantity) -> Decimal:
    return quantity.value * (12 if quantity.unit == "y" else 1)


def _rounds_to(exact: Decimal, rounded: Decimal) -> bool:
    exponent = rounded.normalize().as_tuple().exponent
    if not isinstance(exponent, int) or abs(exact) >= Decimal(10) ** 12:
        return False
    step = Decimal(1).scaleb(min(exponent, 0)) if exponent <= 0 else Decimal(10) ** exponent
    return (exact / step).quantize(Decimal(1), ROUND_HALF_UP) * step == rounded


def _same_unit(claimed: Quantity, quoted: Quantity) -> bool:
    if claimed.unit == quoted.unit:
        return True
    if claimed.is_time and quoted.is_time:
        return claimed.value != quoted.value or claimed.unit == quoted.unit
    if claimed.kind == "ci" and quoted.kind == "ci" and (claimed.unit is None or quoted.unit is None):
        return True
    if claimed.unit is None:
        # A bare number may repeat a unit that its list carries ("150 and 200 mg"), never drop "%" or a time.
        if quoted.unit == "y" and claimed.comparator in (">", "<", ">=", "<="):
            return True
        return quoted.unit in ("point", "cells") or (quoted.kind == "ci")
    if quoted.unit is None:
        return claimed.unit == "point" or (claimed.kind == "ci" and quoted.kind == "ci")
    return False


def _same_kind(claimed: Quantity, quoted: Quantity) -> bool:
    if claimed.kind == quoted.kind:
        return True
    kinds = {claimed.kind, quoted.kind}
    if "p" in kinds or "level" in kinds or "ci" in kinds:
        return False
    return not ("year" in kinds and (claimed.people or quoted.people))
