"""What a quote says without the word: a P value says "no difference", a ratio says "higher odds"."""

from __future__ import annotations

from decimal import Decimal

from caveat.domain.verify.case import Case
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.sides import sides
from caveat.domain.verify.told_figures import Figure, figures
from caveat.domain.verify.units import Event

_FIVE_PERCENT = Decimal("0.05")

_ASSOCIATION_LABELS = frozenset({"or", "rr", "hr", "ror", "irr", "r", "beta"})


def only_large_p(whole: tuple[Reading, ...]) -> bool:
    """Only P values above 5 %: "did not differ" may be said of it."""
    p_values = [q for r in whole for q in r.quantities if q.kind == "p"]
    return bool(p_values) and all(q.value > _FIVE_PERCENT and q.comparator in ("=", ">") for q in p_values)


def compared_gain(reading: Reading, event: Event, quoted: list[tuple[Reading, Event]]) -> bool:
    """ "Improved more than placebo" may be said of "improved compared with placebo"."""
    base = sides(reading, event.at).base
    return bool(base) and any(
        e.kind == "direction" and e.sign in ("up", "good") and not e.negated and sides(r, e.at).base & base
        for r, e in quoted
    )


_ADJECTIVES = frozenset(
    "high low higher lower raised elevated increased reduced older younger poor positive".split()
)


def recorded_fact(case: Case, reading: Reading, event: Event) -> bool:
    """ "High-CRP patients" may be said when the source's record says so."""
    here = reading.units[event.at]
    following = next((u for u in reading.units[event.at + 1 : event.at + 4] if u.content), None)
    return (
        event.kind == "direction"
        and here.low in _ADJECTIVES
        and case.in_facts(here)
        and following is not None
        and case.in_facts(following)
    )


def change_says(reading: Reading, event: Event, whole: tuple[Reading, ...]) -> bool:
    """ "Fell by 11.2" may be said of "changed by -11.2"."""
    if event.sign != "down" or event.negated:
        return False
    told = {q.value for q in reading.quantities}
    return any(
        q.value < 0 and -q.value in told and any(e.kind == "effect" for e in r.events)
        for r in whole
        for q in r.quantities
    )


def ratio_says(reading: Reading, event: Event, whole: tuple[Reading, ...]) -> bool:
    """ "Higher odds" may be said of an odds ratio above 1 whose interval leaves 1 out, "lower" of one below."""
    near = {u.low for u in reading.units[event.at + 1 : event.at + 3]}
    if not near & {"odds", "risk", "likelihood", "rates", "rate", "likely", "often", "common", "frequent"}:
        return False
    ratios = [
        (q.value, r) for r in whole for q in r.quantities if q.label in ("or", "rr", "hr", "ror", "irr")
    ]
    if len(ratios) != 1 or event.negated:
        return False
    value, source = ratios[0]
    limits = [q.pair for q in source.quantities if q.kind == "ci" and q.pair]
    if not limits or limits[0][0] <= 1 <= limits[0][1]:
        return False
    return (value > 1) == (event.sign == "up") and event.sign in ("up", "down")


def figures_say(reading: Reading, event: Event, whole: tuple[Reading, ...]) -> bool:
    """ "More with A than with B" may be said of "10.7 with A versus 3.0 with B"."""
    compared = sides(reading, event.at)
    if event.negated or event.sign not in ("up", "down") or not compared.base:
        return False
    for source in whole:
        told = [f for f in figures(source) if not f.quantity.is_drug_dose and not f.quantity.is_time]
        for first in told:
            for second in told:
                a, b = first.quantity, second.quantity
                if a.kind != b.kind or a.unit != b.unit or a.value == b.value:
                    continue
                if a.first > b.first and not (first.attached and second.attached):
                    continue
                subject = first.attached & compared.subject
                base = second.attached & compared.base
                if (subject and base) or ((subject or base) and _against(source, first, second)):
                    return (a.value > b.value) == (event.sign == "up")
    return False


def _against(reading: Reading, first: Figure, second: Figure) -> bool:
    """ "0.5 with tocilizumab versus 25 with other treatments": two neighbours, set against each other."""
    between = reading.units[first.at : second.at]
    neighbours = sum(first.at <= at <= second.at for at in reading.quantity_at) == 2
    return neighbours and any(u.low in ("versus", "vs") for u in between)


def measured_link(whole: tuple[Reading, ...]) -> bool:
    """An odds ratio, a correlation and the like report an association without the word."""
    return any(q.label in _ASSOCIATION_LABELS for r in whole for q in r.quantities)
