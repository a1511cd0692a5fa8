"""A number keeps what it counts: 43 reviews of 704 papers are not 704 reviews; a dose keeps its route."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.domain.verify.case import Case
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.told_figures import kind_of
from caveat.domain.verify.units import Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_ROUTES = (
    frozenset({"intravenous", "intravenously", "iv", "infusion", "infusions", "infused"}),
    frozenset({"subcutaneous", "subcutaneously", "sc"}),
    frozenset({"oral", "orally", "tablet", "tablets"}),
    frozenset({"intranasal", "intranasally", "nasal"}),
)
_PERSONS = frozenset({"human", "condition"})


def check(case: Case) -> Iterator[Reason]:
    """A reason for each number that counts something else in the quote, or counts one arm where it counted two."""
    quoted = [(r, k) for r in case.evidence.whole for k in range(len(r.quantities))]
    for reading in case.claim:
        for k, quantity in enumerate(reading.quantities):
            same = [
                (r, j)
                for r, j in quoted
                if r.quantities[j].value == quantity.value and r.quantities[j].unit == quantity.unit
            ]
            if not same:
                continue
            if quantity.kind == "number" and _counts_else(reading, k, same, quoted):
                yield Reason(
                    ReasonKind.NUMBER_BINDING, f"{quantity.text} counts something else in the quote."
                )
            if _person_years(reading, k, same):
                yield Reason(ReasonKind.UNIT, f"{quantity.text} has another unit in the quote.")
            if quantity.is_drug_dose and _other_route(reading, k, same):
                yield Reason(
                    ReasonKind.NUMBER_BINDING, f"{quantity.text} is given by another route in the quote."
                )
    yield from _either(case)


def _person_years(reading: Reading, k: int, same: list[tuple[Reading, int]]) -> bool:
    """ "Per 100 patient-years" is not per 100 patients, and 12,293 patient-years are not 12,293 patients."""
    if reading.quantities[k].before == "per":
        return _of_years(reading, k) != _of_years(*same[0])
    noun = _noun(reading, k)
    counted = noun is not None and "human" in noun.tags and not _of_years(reading, k)
    return counted and all(_of_years(r, j) for r, j in same)


def _of_years(reading: Reading, k: int) -> bool:
    """ "Per 100 patient-years"."""
    at = reading.quantity_at[k]
    behind = reading.units[at + 1 : at + 5]
    return any(
        u.low.startswith("year") and i > 1 and behind[i - 1].low == "-" and "human" in behind[i - 2].tags
        for i, u in enumerate(behind)
    )


def _noun(reading: Reading, k: int) -> Unit | None:
    """The noun right behind the number ("704 publications"), an adjective or two in between."""
    units = reading.units
    last = None
    for unit in units[reading.quantity_at[k] + 1 : reading.quantity_at[k] + 7]:
        if not unit.content:
            if unit.low != "-":
                break
            continue
        word = reading.text[unit.start : unit.end].lower()
        if unit.tags & {"up", "down", "good", "bad"} or word.endswith("ing"):
            break
        if word.endswith(("ed", "ly")):
            continue
        last = unit
        if word.endswith("s"):
            break
    return last


def _counts_else(
    reading: Reading, k: int, same: list[tuple[Reading, int]], quoted: list[tuple[Reading, int]]
) -> bool:
    noun = _noun(reading, k)
    if noun is None or noun.tags & _PERSONS or not reading.text[: noun.end].endswith("s"):
        return False
    own = [_noun(r, j) for r, j in same]
    if any(n is None or n.concepts & noun.concepts for n in own):
        return False
    others = [_noun(r, j) for r, j in quoted if (r, j) not in same]
    return any(n is not None and n.concepts & noun.concepts for n in others)


def _route(reading: Reading, k: int) -> int | None:
    """Which route the dose is given by: the word behind it, or before it when there is none behind."""
    at = reading.quantity_at[k]
    behind = reading.units[at + 1 : at + 6]
    for unit in (*behind, *reversed(reading.units[max(0, at - 3) : at])):
        if unit.kind == "n" and unit in behind:
            continue
        for number, words in enumerate(_ROUTES):
            if unit.low in words:
                return number
    return None


def _other_route(reading: Reading, k: int, same: list[tuple[Reading, int]]) -> bool:
    mine = _route(reading, k)
    routes = {_route(r, j) for r, j in same}
    return mine is not None and bool(routes) and None not in routes and mine not in routes


def _either(case: Case) -> Iterator[Reason]:
    """ "24 adults received tocilizumab or saline" does not say that 24 received tocilizumab."""
    told = {q.value for r in case.claim for q in r.quantities if q.kind == "number"}
    if not told:
        return
    for reading in case.evidence.whole:
        units = reading.units
        for i in range(1, len(units) - 1):
            if units[i].low != "or":
                continue
            before = next(
                (u for u in reversed(units[:i]) if u.depth == units[i].depth and u.low != ")"), None
            )
            left, right = before or units[i - 1], units[i + 1]
            if kind_of(left) != "arm" or kind_of(right) != "arm" or case.kept(left) == case.kept(right):
                continue
            counted = [
                q.value
                for q, at in zip(reading.quantities, reading.quantity_at, strict=True)
                if q.kind == "number"
                and q.unit is None
                and at < i
                and units[at].segment == units[i].segment
                and units[at].depth == units[i].depth
            ]
            if len(counted) == 1 and counted[0] in told:
                yield Reason(
                    ReasonKind.ARM_SWAPPED, f"The quote counts “{left.low}” and “{right.low}” together."
                )
