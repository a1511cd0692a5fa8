"""What the quote denies the claim denies, and nothing else; significance is neither lost nor won."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from decimal import Decimal

from caveat.domain.verify.case import Case, overlap
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.units import Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_JUDGED_AS_EVENT = frozenset(
    {
        "up",
        "down",
        "good",
        "bad",
        "gain",
        "lose",
        "differ",
        "null",
        "associate",
        "predict",
        "met",
        "effect",
        "change",
    }
)
_SAYING = (
    "mean",
    "impl",
    "suggest",
    "prove",
    "show",
    "establish",
    "support",
    "demonstrat",
    "say",
    "indicat",
    "state",
    "claim",
)
_CONTRARY = frozenset(
    "opposite contrary against counter unlike despite contradicted contradicts contradict unexpected".split()
)
_EXPECTED = ("hypothes", "expect", "predict", "anticipat", "assum")
_LIGHT = frozenset("make makes made part".split())
_VERBS = frozenset("was were is are had has have of with".split())
_PLACING = frozenset("in on for with at among".split())
_OUT = frozenset({"left_out", "omitted", "excluded", "removed"})
REMOVING = ("remov", "exclud", "omit")
"""Verbs that take something away, as "without" does."""
_FIVE_PERCENT = Decimal("0.05")


def check(case: Case) -> Iterator[Reason]:
    """A reason for each word denied on one side only, and for significance gained or lost."""
    yield from _denied_words(case)
    yield from _denied_of(case)
    yield from _embedded(case)
    yield from _contrary(case)
    yield from _denied_places(case)
    yield from _significance(case)


def _heads(readings: tuple[Reading, ...]) -> Iterator[Unit]:
    for reading in readings:
        for unit in reading.units:
            if unit.head and unit.content and not unit.tags & _JUDGED_AS_EVENT:
                yield unit


def _denied_words(case: Case) -> Iterator[Reason]:
    whole = case.evidence.whole
    for unit in _heads(case.claim):
        if not case.evidence.facts.denied.isdisjoint(unit.concepts):
            continue
        if "prefixed" in unit.tags and case.in_facts(unit):
            continue
        if unit.low in _LIGHT and any(e.negated for r in case.claim for e in r.events):
            continue
        if any(_left_out(r, unit) for r in whole):
            continue
        if not any((u.negated or u.touched) and u.concepts & unit.concepts for r in whole for u in r.units):
            yield Reason(ReasonKind.NEGATION, f"The quote does not deny “{unit.low}”.")
    for unit in _heads(whole):
        stated = [u for r in case.claim for u in r.units if u.concepts & unit.concepts and u.content]
        if not stated or any(u.negated or u.touched for u in stated):
            continue
        if not any(
            u.content and not u.negated and u.concepts & unit.concepts for r in whole for u in r.units
        ):
            yield Reason(ReasonKind.NEGATION, f"The quote denies “{unit.low}”, the claim does not.")


def _embedded(case: Case) -> Iterator[Reason]:
    """ "The findings do not mean such drugs should be used": that they should be used is denied, too."""
    if any(u.negated or u.touched for r in case.claim for u in r.units):
        return
    for reading in case.evidence.whole:
        for at, head in enumerate(reading.units):
            if not (head.head and head.negated) or head.tags & _JUDGED_AS_EVENT or case.kept(head):
                continue
            rest = itertools.takewhile(
                lambda u: u.kind != "p" and u.low not in ("because", "and"), reading.units[at + 1 :]
            )
            denied = [u for u in rest if u.negated and u.content and "soft" not in u.tags]
            if not head.low.startswith(_SAYING):
                denied = [u for u in denied if not _stated(case, u)] if head.low.endswith("ed") else []
            if denied and sum(case.kept(u) for u in denied) >= max(1, 0.5 * len(denied)):
                yield Reason(
                    ReasonKind.NEGATION, f"The quote says “not {head.low}”, the claim leaves it out."
                )


def _stated(case: Case, unit: Unit) -> bool:
    """Does the quote have the word outside of any denial, too?"""
    return any(u.concepts & unit.concepts and not u.negated for r in case.evidence.whole for u in r.units)


def _contrary(case: Case) -> Iterator[Reason]:
    """ "Opposite to the authors' hypothesis" is not "as hypothesised"."""
    if any(u.low in _CONTRARY or u.negated for r in case.claim for u in r.units):
        return
    for reading in case.evidence.whole:
        for at, unit in enumerate(reading.units):
            if unit.low not in _CONTRARY:
                continue
            behind = [u for u in reading.units[at + 1 : at + 8] if u.stem.startswith(_EXPECTED)]
            if behind and any(u.stem.startswith(_EXPECTED) for r in case.claim for u in r.units):
                yield Reason(ReasonKind.NEGATION, f"The quote says “{unit.low}”, the claim leaves it out.")


def _denied_places(case: Case) -> Iterator[Reason]:
    """ "In plasma but not in serum": what is denied of one place is not told of it."""
    denied = {u.stem for r in case.evidence.whole for u in _places(r)}
    stated = {u.stem for r in case.evidence.whole for u in r.units if u.content and not u.negated} - denied
    for reading in case.claim:
        own = list(_places(reading))
        for unit in own:
            if unit.stem in stated:
                yield Reason(ReasonKind.NEGATION, f"The quote does not deny this of “{unit.low}”.")
        if any(e.negated or e.kind == "null" for e in reading.events):
            continue
        for unit in reading.units:
            if unit.content and not unit.negated and unit.stem in denied and unit not in own:
                yield Reason(ReasonKind.NEGATION, f"The quote denies this of “{unit.low}”.")


def _places(reading: Reading) -> Iterator[Unit]:
    """The names behind "but not in", up to the next mark or verb; brackets are passed over."""
    units = reading.units
    for i in range(1, len(units) - 2):
        if units[i].low == "not" and units[i - 1].low in ("but", ",", "and") and units[i + 1].low in _PLACING:
            for unit in itertools.takewhile(lambda u: u.low not in (",", ";", "."), units[i + 2 :]):
                if unit.low in _VERBS | _PLACING or (
                    unit.depth == units[i].depth and unit.low.endswith("ed")
                ):
                    break
                if unit.content and unit.depth == units[i].depth and "soft" not in unit.tags:
                    yield unit


def _left_out(reading: Reading, unit: Unit) -> bool:
    """ "Scores that remove CRP" are scores without CRP."""
    return any(
        u.concepts & unit.concepts
        and (
            any(v.low.startswith(REMOVING) for v in reading.units[max(0, i - 3) : i])
            or any(v.low in _OUT for v in reading.units[i + 1 : i + 3])
        )
        for i, u in enumerate(reading.units)
    )


def _denied_of(case: Case) -> Iterator[Reason]:
    """ "IL-6 was not measured": the claim may not say that IL-6 was, even if something else was."""
    for reading in case.evidence.whole:
        for head in reading.units:
            if (
                not (head.head and head.negated and head.content)
                or "prefixed" in head.tags
                or head.tags & _JUDGED_AS_EVENT
            ):
                continue
            stated = any(u.concepts & head.concepts and not u.negated for r in case.claim for u in r.units)
            if not stated or any(u.negated or u.touched for r in case.claim for u in r.units):
                continue
            for unit in reading.units:
                if (
                    not unit.touched
                    or unit.segment != head.segment
                    or not (unit.entity or "condition" in unit.tags)
                ):
                    continue
                if case.kept(unit) and not _affirmed(case, unit, head):
                    yield Reason(ReasonKind.NEGATION, f"The quote denies “{head.low}” of “{unit.low}”.")


def _affirmed(case: Case, unit: Unit, head: Unit) -> bool:
    for reading in case.evidence.whole:
        places = {
            u.segment for u in reading.units if u.concepts & unit.concepts and not u.touched and not u.negated
        }
        if any(u.concepts & head.concepts and not u.negated and u.segment in places for u in reading.units):
            return True
    return False


def _judged_clause(reading: Reading, at: int) -> int:
    """The clause that a "significant" is about: "…, but not significantly" is about the clause before."""
    segment = reading.units[at].segment
    alone = not any(
        u.content and not u.depth and u.segment == segment and i != at for i, u in enumerate(reading.units)
    )
    return segment - 1 if alone and segment else segment


def _significance(case: Case) -> Iterator[Reason]:
    quoted = [(r, e) for r in case.evidence.whole for e in r.events if e.kind == "significant"]
    p_values = [q for r in case.evidence.whole for q in r.quantities if q.kind == "p"]
    small_p = any(
        q.value < _FIVE_PERCENT or (q.value == _FIVE_PERCENT and q.comparator == "<") for q in p_values
    )
    nulls = any(e.kind == "null" for r in case.evidence.whole for e in r.events)
    for reading in case.claim:
        for event in reading.events:
            if event.kind != "significant":
                continue
            context = reading.context(event.at)
            same = [overlap(context, r.context(e.at)) for r, e in quoted if e.negated == event.negated]
            other = [overlap(context, r.context(e.at)) for r, e in quoted if e.negated != event.negated]
            backed = (not event.negated and small_p) or (event.negated and (nulls or not small_p))
            if same and (not other or max(same) * 1.15 + 0.05 >= max(other)):
                continue
            if not same and not other and backed:
                continue
            said = "not significant" if event.negated else "significant"
            yield Reason(ReasonKind.SIGNIFICANCE, f"The claim says “{said}”, the quote does not.")
    lost = [(r, e) for r, e in quoted if e.negated and case.told(r, _judged_clause(r, e.at))]
    if (
        lost
        and not any(not e.negated for _, e in quoted)
        and not any(e.kind in ("significant", "null") or e.negated for r in case.claim for e in r.events)
        and not ("hedge:trend" in case.tags or any(q.kind == "p" for r in case.claim for q in r.quantities))
    ):
        yield Reason(ReasonKind.SIGNIFICANCE, "The quote says “not significant”, the claim leaves it out.")
