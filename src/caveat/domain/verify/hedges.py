"""Words of doubt stay: may, trend, exploratory, post hoc, planned, hypothesised, only advised."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from caveat.domain.verify.case import Case
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.units import AUXILIARIES, Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_KEPT_BY = {
    "hedge:possible": frozenset({"hedge:possible", "hedge:trend", "hedge:planned", "hedge:weak_evidence"}),
    "hedge:trend": frozenset({"hedge:trend", "hedge:possible"}),
    "hedge:exploratory": frozenset({"hedge:exploratory"}),
    "hedge:planned": frozenset({"hedge:planned", "hedge:possible"}),
    "hedge:weak_evidence": frozenset({"hedge:weak_evidence", "hedge:possible"}),
}
_ADJECTIVES = frozenset("possible potential probable suspected".split())
_DOUBTS = frozenset(
    "possible possibly potential potentially may might could probable probably likely suspected perhaps candidate".split()
)
_SUGGESTS = frozenset("suggest suggests suggested suggesting hint hints hinted".split())
_SHOWS = frozenset(
    "show shows showed shown showing prove proves proved proven demonstrate demonstrates demonstrated establish establishes established confirm confirms confirmed".split()
)
_WHOLE_CLAUSE = frozenset({"hedge:exploratory", "hedge:weak_evidence"})
_RESULTS = frozenset("result results resulted found finding findings showed shows shown reported".split())
_BEFORE_RESULTS = frozenset(
    "protocol protocols predates predate predated ongoing recruiting upcoming".split()
)
_CONDITIONAL = frozenset("if unless provided whether when once until should would depends".split())
_AFTER, _BEFORE = 5, 3


def check(case: Case) -> Iterator[Reason]:
    """A reason for each kind of doubt that the quote voices about what the claim repeats and the claim drops."""
    yield from _no_results_yet(case)
    yield from _conditions(case)
    yield from _shown(case)
    for reading in case.evidence.whole:
        yield from _adjectives(case, reading)
        for at, unit in enumerate(reading.units):
            for tag in unit.tags & _KEPT_BY.keys():
                if case.tags & _KEPT_BY[tag] or case.kept(unit):
                    continue
                if tag == "hedge:planned" and unit.negated:
                    continue
                if tag == "hedge:trend" and any(
                    e.kind in ("significant", "null") for r in case.claim for e in r.events
                ):
                    continue
                if _concerns(case, reading, at, tag):
                    shown = reading.text[unit.start : unit.end]
                    yield Reason(
                        ReasonKind.HEDGE_DROPPED, f"The quote says “{shown}”, the claim leaves it out."
                    )


def _no_results_yet(case: Case) -> Iterator[Reason]:
    """A protocol, or a paper older than the trial, does not report results."""
    words = {u.low for r in case.evidence.inside for u in r.units}
    if words & _RESULTS or not words & _BEFORE_RESULTS:
        return
    for reading in case.claim:
        for at, unit in enumerate(reading.units):
            if unit.low in ("results", "result", "findings") and not unit.negated and "planned" not in words:
                if any(u.negated for u in reading.units[max(0, at - 3) : at]):
                    continue
                yield Reason(ReasonKind.OVERSTATED, f"The quote reports no “{unit.low}”.")


def _shown(case: Case) -> Iterator[Reason]:
    """What a work suggests it does not show, even where the rest keeps its "may"."""
    quoted = case.evidence.words
    claimed = {u.low for r in case.claim for u in r.units}
    if quoted & _SUGGESTS and claimed & _SHOWS and not claimed & _SUGGESTS and not quoted & _SHOWS:
        yield Reason(ReasonKind.HEDGE_DROPPED, "The quote only suggests what the claim says was shown.")


def _conditions(case: Case) -> Iterator[Reason]:
    """ "If safety is established" does not say that safety is established."""
    if any(u.low in _CONDITIONAL for r in case.claim for u in r.units):
        return
    for reading in case.evidence.whole:
        for at, unit in enumerate(reading.units):
            if unit.low not in ("if", "unless", "provided") or (at and reading.units[at - 1].low == "even"):
                continue
            rest = itertools.takewhile(
                lambda u: u.low not in (",", ";", ":", ".", "then"), reading.units[at + 1 :]
            )
            content = [u for u in rest if u.content and "soft" not in u.tags]
            if content and sum(case.kept(u) for u in content) > 0.7 * len(content):
                yield Reason(
                    ReasonKind.HEDGE_DROPPED, f"The quote says “{unit.low}”, the claim leaves it out."
                )


def _adjectives(case: Case, reading: Reading) -> Iterator[Reason]:
    """ "a possible cause": wherever the claim has the noun, some doubt stands before it."""
    for at, unit in enumerate(reading.units):
        if unit.low not in _ADJECTIVES or at + 1 >= len(reading.units) or not reading.units[at + 1].content:
            continue
        if at and reading.units[at - 1].kind == "n":
            continue
        noun = reading.units[at + 1].concepts
        told = [(r, i) for r in case.claim for i, u in enumerate(r.units) if u.concepts & noun]
        if told and not any(u.low in _DOUBTS for r, i in told for u in r.units[max(0, i - 4) : i]):
            yield Reason(ReasonKind.HEDGE_DROPPED, f"The quote says “{unit.low}”, the claim leaves it out.")


def _concerns(case: Case, reading: Reading, at: int, tag: str) -> bool:
    """Is what the hedge is about repeated in the claim?"""
    segment = reading.units[at].segment
    near = [u for u in reading.units[max(0, at - 3) : at] if u.content and u.segment == segment]
    following = [u for u in reading.units[at + 1 : at + 3] if u.content]
    if near and following and case.kept(near[-1]) and case.kept(following[0]):
        return True
    if segment and not case.told(reading, segment):
        return False
    if tag in _WHOLE_CLAUSE:
        content = [u for u in _part(reading, at) if u.content and not u.tags & {"soft"}]
        kept = [u for u in content if _kept(case, u)]
        return bool(content) and len(kept) >= max(2, 0.25 * len(content))
    after = _content(reading, range(at + 1, len(reading.units)), segment, _AFTER)
    if any(case.kept(u) for u in after[:3]):
        return True
    before = _content(reading, range(at - 1, -1, -1), segment, _BEFORE)
    if any(_kept(case, u) for u in after[:3]) and any(case.kept(u) for u in (*after, *before)):
        return True
    return not after and any(_kept(case, u) for u in before)


def _part(reading: Reading, at: int) -> tuple[Unit, ...]:
    """The stretch between commas around a word if it is a clause of its own, else the whole clause."""
    units, segment = reading.units, reading.units[at].segment
    marks = [i for i, u in enumerate(units) if u.low in (",", ";") and not u.depth]
    start = max((i + 1 for i in marks if i < at), default=0)
    stop = min((i for i in marks if i > at), default=len(units))
    part = tuple(u for u in units[start:stop] if u.segment == segment)
    if any(u.low in AUXILIARIES for u in part):
        return part
    return tuple(u for u in units if u.segment == segment)


def _content(reading: Reading, where: range, segment: int, most: int) -> list[Unit]:
    found: list[Unit] = []
    for i in where:
        unit = reading.units[i]
        if unit.segment != segment or unit.low == ";" or (where.step < 0 and unit.low in ("that", "which")):
            break
        if found and unit.low == "," and where.step > 0:
            break
        if unit.content and "soft" not in unit.tags:
            found.append(unit)
            if len(found) == most:
                break
    return found


def _kept(case: Case, unit: Unit) -> bool:
    if case.kept(unit):
        return True
    for direction, other in (("up", "good"), ("down", "bad")):
        if unit.tags & {direction, other} and case.tags & {"up", "down", "good", "bad"}:
            return True
    return bool(unit.tags & {"cause", "associate"} and case.tags & {"cause", "associate", "acting"})
