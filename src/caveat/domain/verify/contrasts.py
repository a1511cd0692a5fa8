"""Between two contrasted words (mental and physical), or two pairs of names, each keeps what is its own."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.domain.verify.case import Case
from caveat.domain.verify.directions import compare
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.told_figures import kind_of
from caveat.domain.verify.units import Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_SIGNS = frozenset({"up", "down", "good", "bad", "gain", "lose"})
_JOINED = frozenset("versus vs than compared or".split())
_NEARER = 3.0
_MARGIN = 5.0


def check(case: Case) -> Iterator[Reason]:
    """A reason for each statement or figure that the quote ties to the contrasted word, and for crossed partners."""
    for reading in case.claim:
        yield from _opposites(case, reading)
        yield from _partners(case, reading)


def _opposites(case: Case, reading: Reading) -> Iterator[Reason]:
    words = {u.low for u in reading.units}
    for unit in reading.units:
        rivals = case.words.opposites.get(unit.low, frozenset())
        if not rivals or words & rivals or unit.tags & _SIGNS:
            continue
        for source in case.evidence.whole:
            own = [u for u in source.units if u.low == unit.low]
            other = [u for u in source.units if u.low in rivals]
            if (
                own
                and other
                and not _compared(source, own, other)
                and _belongs_to(source, reading, own, other)
            ):
                yield Reason(ReasonKind.ROLE_SWAPPED, f"The quote says this of “{other[0].low}”.")


def _compared(source: Reading, own: list[Unit], other: list[Unit]) -> bool:
    """ "The top versus the bottom third": one statement on both."""
    start, end = min(u.cost for u in own + other), max(u.cost for u in own + other)
    return any(start < u.cost < end and u.low in _JOINED for u in source.units)


def _belongs_to(source: Reading, reading: Reading, own: list[Unit], other: list[Unit]) -> bool:
    """Does every place of the quote that bears out something of the claim stand nearer the contrasted word?"""
    events = [e for e in reading.events if e.kind == "direction"]
    for event in events:
        places = [e.at for e in source.events if compare(reading, event, source, e)]
        if places and all(_nearer(source, at, other, own) for at in places):
            return True
    for quantity in reading.quantities:
        if quantity.kind in ("year", "p", "ci", "level"):
            continue
        places = [
            at
            for q, at in zip(source.quantities, source.quantity_at, strict=True)
            if q.value == quantity.value and q.unit == quantity.unit
        ]
        if places and all(_nearer(source, at, other, own) for at in places):
            return True
    return False


def _nearer(source: Reading, at: int, these: list[Unit], those: list[Unit]) -> bool:
    return _distance(source, at, these) + _NEARER <= _distance(source, at, those)


def _distance(source: Reading, at: int, units: list[Unit]) -> float:
    while at and source.units[at].depth:
        at -= 1
    here = source.units[at]
    return min(abs(u.cost - here.cost) + (8.0 if u.segment != here.segment else 0.0) for u in units)


def _partners(case: Case, reading: Reading) -> Iterator[Reason]:
    """ "A as antibody to X, and B as antibody to Y" does not bear out "A as antibody to Y"."""
    drugs = [u for u in reading.units if kind_of(u) == "arm" and u.entity]
    targets = [u for u in reading.units if "target" in u.tags]
    if len(drugs) != 1 or len(targets) != 1:
        return
    for source in case.evidence.whole:
        mine = [u for u in source.units if u.concepts & drugs[0].concepts]
        its = [u for u in source.units if u.concepts & targets[0].concepts]
        rival_drugs = [u for u in source.units if kind_of(u) == "arm" and u.entity and u not in mine]
        rival_targets = [u for u in source.units if "target" in u.tags and u not in its]
        if not (mine and its and rival_drugs and rival_targets):
            continue
        own = _between(mine, its)
        if _between(mine, rival_targets) + _MARGIN <= own and _between(rival_drugs, its) + _MARGIN <= own:
            shown = targets[0].low
            yield Reason(ReasonKind.ROLE_SWAPPED, f"The quote does not tell “{shown}” of “{drugs[0].low}”.")


def _between(these: list[Unit], those: list[Unit]) -> float:
    return min(abs(a.cost - b.cost) for a in these for b in those)
