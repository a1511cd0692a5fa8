"""Who does what to whom: cause and effect, predictor and predicted, doer and deed do not change places."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.domain.verify.case import Case
from caveat.domain.verify.causes import acts, causes
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.units import BE, Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_VERBS = frozenset("predict predicts predicted predicting predictor predictors".split())
_BACKWARD = frozenset("due because owing attributable thanks".split())
_PREPOSITIONS = frozenset(
    "in on with by to from for of at than after before as among between during into over".split()
)
_NOT_VERBS = frozenset(
    {
        "up",
        "down",
        "good",
        "bad",
        "gain",
        "lose",
        "condition",
        "human",
        "restrict",
        "associate",
        "wanted",
        "unwanted",
    }
)
_STRENGTH = frozenset("strongest strongly most best independently significantly weakly".split())


def check(case: Case) -> Iterator[Reason]:
    """A reason for each verb whose two sides are exchanged."""
    quoted = [pair for r in case.evidence.whole for pair in _risk_factors(r)]
    for reading in case.claim:
        yield from _reversed(case, reading)
        yield from _verbs(case, reading)
        for factor, of in _risk_factors(reading):
            if any(of & a and factor & b for a, b in quoted) and not any(of & b for _, b in quoted):
                yield Reason(ReasonKind.ROLE_SWAPPED, "The risk factor and its outcome are exchanged.")


def _hyphenated(reading: Reading, at: int) -> bool:
    """ "IL-6-induced"."""
    return at > 1 and reading.units[at - 1].low == "-" and reading.units[at].low.endswith("ed")


def _poles(reading: Reading, at: int) -> tuple[frozenset[str], frozenset[str]]:
    """What acts and what is acted on, around a causal or predicting word."""
    units = reading.units
    segment = units[at].segment
    if _hyphenated(reading, at):
        behind = frozenset(c for u in units[at + 1 : at + 3] if u.content for c in u.concepts)
        return units[at - 2].concepts, behind
    before = _meant(units[:at], segment)
    after = _meant(units[at + 1 :], segment)
    shared = before & after
    before, after = before - shared, after - shared
    passive = any(u.low == "by" for u in units[at + 1 : at + 3]) or (
        at > 0 and units[at - 1].low == "consequence"
    )
    if passive or units[at].low in _BACKWARD or any(u.low == "from" for u in units[at + 1 : at + 2]):
        return after, before
    return before, after


def _meant(units: tuple[Unit, ...], segment: int) -> frozenset[str]:
    return frozenset(
        c
        for u in units
        if u.content and u.segment == segment and not u.depth and u.low not in _STRENGTH
        for c in u.concepts
    )


def _risk_factors(reading: Reading) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """What is a risk factor, and for what."""
    units = reading.units
    for i in range(len(units) - 2):
        if units[i].low != "risk" or not units[i + 1].low.startswith("factor") or units[i + 2].low != "for":
            continue
        stop = next(
            (
                j
                for j in range(i + 3, len(units))
                if units[j].kind == "p"
                or units[j].low
                in ("was", "were", "are", "is", "in", "on", "among", "at", "during", "with", "across")
            ),
            len(units),
        )
        of = frozenset(c for u in units[i + 3 : stop] if u.content for c in u.concepts)
        rest = [
            u
            for j, u in enumerate(units)
            if u.content and not i <= j < stop and u.segment == units[i].segment
        ]
        yield frozenset(c for u in rest for c in u.concepts) - of, of


def _predicts(reading: Reading) -> list[int]:
    return [
        e.at
        for e in reading.events
        if e.kind == "predict"
        and reading.units[e.at].low.startswith("predict")
        and reading.units[e.at].low in _VERBS
    ]


def _reversed(case: Case, reading: Reading) -> Iterator[Reason]:
    """Cause and effect, or predictor and predicted, have changed places."""
    predicting = set(_predicts(reading))
    for at in {*causes(reading), *acts(reading), *predicting}:
        agent, patient = _poles(reading, at)
        straight = crossed = 0
        foreign = False
        for source in case.evidence.whole:
            for other in {*causes(source), *acts(source), *_predicts(source)}:
                if _hyphenated(source, other) and at in predicting:
                    continue
                quoted_agent, quoted_patient = _poles(source, other)
                straight = max(straight, len(agent & quoted_agent) + len(patient & quoted_patient))
                if agent & quoted_patient and patient & quoted_agent:
                    crossed = max(crossed, len(agent & quoted_patient) + len(patient & quoted_agent))
                if _hyphenated(source, other) and not agent & quoted_agent and not _hyphenated(reading, at):
                    foreign = True
                elif (
                    agent
                    and quoted_agent
                    and not agent & quoted_agent
                    and len(agent & quoted_patient) > len(agent) / 2
                ):
                    foreign = foreign or case.concepts.isdisjoint(quoted_agent)
        if crossed > straight or foreign:
            yield Reason(
                ReasonKind.ROLE_SWAPPED, f"“{reading.units[at].low}” runs the other way in the quote."
            )


def _verbs(case: Case, reading: Reading) -> Iterator[Reason]:
    """ "A replaces B" is not "B replaces A", for names and codes on both sides of one active verb."""
    for verb, before, after in _named_sides(reading):
        same: list[list[list[Unit]]] = [
            sides for r in case.evidence.whole for v, *sides in _named_sides(r) if v.concepts & verb.concepts
        ]
        if not before or not after or not same:
            continue
        doer, deed = before[-1].concepts, after[0].concepts
        exchanged = any(_among(doer, a) and _among(deed, b) for b, a in same) and not any(
            _among(doer, b) or _among(deed, a) for b, a in same
        )
        other_doer = all(b and _among(doer, a) and not _among(doer, b) and _among(deed, a) for b, a in same)
        if exchanged or other_doer:
            yield Reason(ReasonKind.ROLE_SWAPPED, f"“{verb.low}” runs the other way in the quote.")


def _among(concepts: frozenset[str], units: list[Unit]) -> bool:
    return any(u.concepts & concepts for u in units)


def _named_sides(reading: Reading) -> Iterator[tuple[Unit, list[Unit], list[Unit]]]:
    """Active verbs with the names before and after them in their clause."""
    units = reading.units
    for i in range(1, len(units) - 1):
        unit = units[i]
        if not unit.content or unit.proper or unit.entity or not unit.low.endswith(("s", "ed")):
            continue
        if unit.tags & _NOT_VERBS or units[i - 1].low in BE or units[i + 1].low in _PREPOSITIONS:
            continue
        next_to = i + 2 if units[i + 1].low in ("the", "a", "an") and i + 2 < len(units) else i + 1
        if not _is_name(units[next_to]):
            continue
        names = [(j, u) for j, u in enumerate(units) if _is_name(u) and u.segment == unit.segment]
        yield unit, [u for j, u in names if j < i], [u for j, u in names if j > i]


def _is_name(unit: Unit) -> bool:
    named = unit.entity is not None or unit.proper or unit.kind == "i"
    return named and unit.content and len(unit.low) > 1
