"""The effect as the figures have it: two arms, a ratio with its interval, a row of a table."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from caveat.domain.stance.question import FIVE_PERCENT, Asked, Effect
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.told_figures import figures

_MARKS = frozenset("% ± ( ) . -".split())
_JOINTS = (["versus"], ["vs"], ["and"], ["compared", "with"], ["compared", "to"], ["/"])
_RATIO_NAMES = frozenset("hazard odds odds_ratio hazard_ratio risk_ratio rate_ratio relative_risk".split())


def from_figures(reading: Reading, asked: Asked) -> Effect | None:
    """Compares the two arms' figures, where a P value below 5 % or the word says that they differ."""
    p_values = [q for q in reading.quantities if q.kind == "p"]
    if p_values and all(q.value > FIVE_PERCENT for q in p_values):
        return Effect.NO_DIFFERENCE
    small = any(q.value < FIVE_PERCENT or (q.value == FIVE_PERCENT and q.comparator == "<") for q in p_values)
    if not small and not any(e.kind in ("differ", "significant") and not e.negated for e in reading.events):
        return None
    mine, theirs = _in_order(reading, asked) or (
        _arm_figure(reading, asked.intervention),
        _arm_figure(reading, asked.comparator),
    )
    if mine is None or theirs is None or mine == theirs:
        return None
    return Effect.INCREASED if mine > theirs else Effect.DECREASED


def from_ratio(reading: Reading) -> Effect | None:
    """An odds, hazard or risk ratio with its interval: which side of 1 it lies on, if it leaves 1 out."""
    ratios = [q for q in reading.quantities if q.label in ("or", "rr", "hr", "irr")]
    if not ratios and any(u.low in _RATIO_NAMES for u in reading.units):
        ratios = [q for q in reading.quantities if q.kind == "number" and "." in q.text][:1]
    limits = [q.pair for q in reading.quantities if q.kind == "ci" and q.pair]
    if not ratios or not limits:
        return None
    low, high = sorted(limits[0])
    if low <= 1 <= high:
        return Effect.NO_DIFFERENCE
    return Effect.INCREASED if ratios[0].value > 1 else Effect.DECREASED


def from_table(reading: Reading) -> Effect | None:
    """A row of a table whose last figure is a P value above 5 %."""
    words = sum(u.kind in "wi" for u in reading.units)
    numbers = [q for q in reading.quantities if q.kind in ("number", "p")]
    if len(numbers) < 3 or len(numbers) * 3 < words:
        return None
    last = numbers[-1]
    return Effect.NO_DIFFERENCE if "." in last.text and FIVE_PERCENT < last.value <= 1 else None


def _in_order(reading: Reading, asked: Asked) -> tuple[Decimal, Decimal] | None:
    """ "For A versus B: 4 versus 5.5": two figures of one kind joined by a word, in the order of the two arms."""
    told = [f for f in figures(reading) if not f.quantity.is_time and f.quantity.pair_kind != "of"]
    for first, second in pairwise(told):
        between = [
            u.low for u in reading.units[first.at + 1 : second.at] if u.kind != "n" and u.low not in _MARKS
        ]
        if between not in _JOINTS or first.quantity.unit != second.quantity.unit:
            continue
        if first.attached & (asked.intervention | asked.comparator):
            return None
        mine = [i for i, u in enumerate(reading.units) if u.concepts & asked.intervention and i < first.at]
        theirs = [i for i, u in enumerate(reading.units) if u.concepts & asked.comparator and i < first.at]
        if not mine or not theirs or mine[-1] == theirs[-1]:
            return None
        values = first.quantity.value, second.quantity.value
        return values if mine[-1] < theirs[-1] else (values[1], values[0])
    return None


def _arm_figure(reading: Reading, arm: frozenset[str]) -> Decimal | None:
    """The figure that stands closest to the arm's words."""
    best: tuple[float, Decimal] | None = None
    for figure in figures(reading):
        if figure.quantity.is_time or figure.quantity.pair_kind == "of":
            continue
        if figure.attached & arm:
            return figure.quantity.value
        here = reading.units[figure.at].cost
        distance = min((abs(u.cost - here) for u in reading.units if u.concepts & arm), default=99.0)
        if distance < 8.0 and (best is None or distance < best[0]):
            best = (distance, figure.quantity.value)
    return best[1] if best else None
