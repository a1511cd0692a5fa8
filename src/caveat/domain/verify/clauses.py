"""What one clause of the quote says of its subject is not told of another clause's subject."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.domain.verify.case import Case
from caveat.domain.verify.causes import acts, causes
from caveat.domain.verify.number_words import TIME
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.told_figures import names_study
from caveat.domain.verify.verdict import Reason, ReasonKind

_SPANS = TIME.keys() - {"age"}
"""Words for a stretch of time; "age" may be what a clause is about."""

_TURNS = frozenset("whereas while but although though whilst".split())

Place = tuple[Reading, int]
"""A unit of a sentence of the quote."""


def check(case: Case) -> Iterator[Reason]:
    """A reason for each direction, cause or figure that another clause of the quote tells of something else."""
    for reading in case.claim:
        yield from _directions(case, reading)
        yield from _causes(case, reading)
        yield from _untold(case, reading)
        yield from _figures(case, reading)


def _directions(case: Case, reading: Reading) -> Iterator[Reason]:
    """ "A rose, whereas B fell" does not bear out "A fell"."""
    for event in reading.events:
        if event.kind not in ("direction", "null", "differ", "met"):
            continue
        matching = [
            (r, e.at)
            for r in case.evidence.whole
            for e in r.events
            if e.kind == event.kind and e.sign == event.sign and e.negated == event.negated
        ]
        yield from _judge(reading, matching, 1)


def _causes(case: Case, reading: Reading) -> Iterator[Reason]:
    """ "A causes X, and B protects" does not bear out "B causes X"."""
    for at in (*causes(reading), *acts(reading)):
        matching = [
            (r, i)
            for r in case.evidence.whole
            for i in (*causes(r), *acts(r))
            if r.units[i].concepts & reading.units[at].concepts
        ]
        yield from _judge(reading, matching, 1)


def _untold(case: Case, reading: Reading) -> Iterator[Reason]:
    """ "A into the blood helped, whereas A into the brain had no effect": the claim names the brain, and tells nothing of it."""
    kept = frozenset(c for u in reading.units if u.content for c in u.concepts)
    for source in case.evidence.whole:
        for event in source.events:
            if event.kind not in ("null", "direction") or not source.units[event.at].segment:
                continue
            segment = source.units[event.at].segment
            opener = next(u for u in source.units if u.segment == segment)
            own = _only_in(source, segment, before=event.at)
            elsewhere = _only_in(source, None, apart_from=segment)
            told = any(e.kind in ("null", "direction", "differ", "effect") for e in reading.events)
            if opener.low in _TURNS and own and own <= kept and len(elsewhere & kept) > 1 and not told:
                yield Reason(
                    ReasonKind.ROLE_SWAPPED, f"The quote says “{source.units[event.at].low}” of this."
                )


def _judge(reading: Reading, matching: list[Place], least: int) -> Iterator[Reason]:
    """The only clause that has the word has another subject, and the claim's words come from another clause."""
    if len({(id(r), r.units[i].segment) for r, i in matching}) != 1:
        return
    kept = frozenset(c for u in reading.units if u.content for c in u.concepts)
    source, first = max(matching, key=lambda place: place[1])
    segment = source.units[first].segment
    own = _only_in(source, segment, before=first)
    elsewhere = _only_in(source, None, apart_from=segment)
    if own and own.isdisjoint(kept) and len(elsewhere & kept) >= least:
        yield Reason(
            ReasonKind.ROLE_SWAPPED, f"The quote says “{source.units[first].low}” of something else."
        )


def _figures(case: Case, reading: Reading) -> Iterator[Reason]:
    """ "Doses at weeks 2 and 6; outcome over 12 weeks" does not bear out "outcome over 6 weeks"."""
    told = frozenset(c for u in reading.units if u.content for c in u.concepts)
    for quantity in reading.quantities:
        if quantity.kind not in ("time", "percent"):
            continue
        places = [
            (r, at)
            for r in case.evidence.whole
            for q, at in zip(r.quantities, r.quantity_at, strict=True)
            if q.value == quantity.value and q.unit == quantity.unit
        ]
        if len({(id(r), r.units[at].segment) for r, at in places}) != 1:
            continue
        source, at = places[0]
        segment = source.units[at].segment
        rivals = [
            q
            for q, i in zip(source.quantities, source.quantity_at, strict=True)
            if q.unit == quantity.unit and source.units[i].segment != segment
        ]
        own = _only_in(source, segment)
        elsewhere = _only_in(source, None, apart_from=segment)
        if rivals and own and own.isdisjoint(told) and len(elsewhere & told) >= 2:
            kind = ReasonKind.TIME if quantity.is_time else ReasonKind.NUMBER_BINDING
            yield Reason(kind, f"The quote gives {quantity.text} in another clause, of something else.")


def _only_in(
    reading: Reading, segment: int | None, before: int | None = None, apart_from: int | None = None
) -> frozenset[str]:
    """Concepts of nouns and names that one clause has and the others have not."""
    here: set[str] = set()
    there: set[str] = set()
    for i, unit in enumerate(reading.units):
        if not unit.content or "soft" in unit.tags or unit.tags & {"up", "down", "good", "bad"}:
            continue
        if (unit.proper and unit.entity is None) or names_study(reading.units, i) or unit.low in _SPANS:
            continue
        inside = unit.segment == segment if segment is not None else unit.segment != apart_from
        if inside and (before is None or i < before):
            here |= unit.concepts
        elif not inside:
            there |= unit.concepts
    return frozenset(here - there)
