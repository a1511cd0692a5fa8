"""Who and what: the group studied, what was measured in it, and what was only a definition keep their roles."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from caveat.domain.verify.case import Case
from caveat.domain.verify.order import Side, all_of
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.units import Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_AMONG = frozenset("in among".split())
_STOPS = frozenset(
    "; , ( ) . and or but by did does do was were is are had has not than whereas while at after before during".split()
)
_OUTCOME = frozenset("outcome outcomes endpoint endpoints end-point".split())
_DEFINED = frozenset("share proportion percentage number rate change difference time mean fraction".split())
_DEFINING = (
    _OUTCOME
    | _DEFINED
    | frozenset("defined definition measure measured assessed planned would response".split())
)
_COMPARED = frozenset(
    """versus vs than against compared comparing compare compares comparison comparisons comparator control controls controlled
    placebo between relative both either contrast differ differed different difference differences matched randomised randomized or
    respectively unlike whereas ratio head-to-head minus alone beside hazard odds""".split()
)
_DENYING = frozenset({"not", "null", "failing", "little", "prefixed", "lose", "down", "bad"})
_DENYING_WORDS = frozenset(
    "rather instead without free than only neither nor no none never alone single open-label open untreated far remove removed removes exclude excluded excluding lack lacks lacked missing".split()
)


def check(case: Case) -> Iterator[Reason]:
    """A reason for each role that the claim gives to something that has another one in the quote."""
    yield from _within(case)
    yield from _definition(case)
    yield from _comparison(case)
    yield from _denial(case)
    yield from _people(case)


def _within(case: Case) -> Iterator[Reason]:
    """ "CRP in depression" does not bear out "depression in people with raised CRP"."""
    quoted = [p for r in case.evidence.whole for p in _in_pairs(r)]
    for reading in case.claim:
        for left, right in _in_pairs(reading):
            whole = all_of(left)
            crossed = any(
                whole & (all_of(b) - all_of(a)) and all_of(right) & (all_of(a) - all_of(b)) for a, b in quoted
            )
            straight = any(
                left[0] & (all_of(a) - all_of(b)) and all_of(right) & (all_of(b) - all_of(a))
                for a, b in quoted
            )
            if crossed and not straight:
                yield Reason(
                    ReasonKind.ROLE_SWAPPED, "What was measured and the group studied are exchanged."
                )


def _in_pairs(reading: Reading) -> Iterator[tuple[Side, Side]]:
    units = reading.units
    for i, unit in enumerate(units):
        if unit.low not in _AMONG or unit.depth or not 0 < i < len(units) - 1:
            continue
        if any(
            u.low in _AMONG for u in itertools.takewhile(lambda u: u.low not in ",;()", units[i - 1 :: -1])
        ):
            continue
        left = _stretch(units, range(i - 1, max(-1, i - 8), -1))
        right = _stretch(units, range(i + 1, min(len(units), i + 8)))
        if left and right:
            yield left, right


def _stretch(units: tuple[Unit, ...], where: range) -> Side:
    found: list[frozenset[str]] = []
    for i in where:
        unit = units[i]
        if unit.low in _STOPS or unit.low in _AMONG or unit.kind == "n":
            break
        if unit.content and not unit.tags & {"soft", "up", "down", "good", "bad"}:
            found.append(unit.concepts)
    return tuple(found)


def _definition(case: Case) -> Iterator[Reason]:
    """ "The outcome was the share that improved" does not say that anyone improved."""
    if any(u.low in _DEFINING for r in case.claim for u in r.units):
        return
    for reading in case.evidence.inside:
        units = reading.units
        for i, unit in enumerate(units[:-3]):
            if unit.low not in _OUTCOME:
                continue
            be = next(
                (
                    k
                    for k in range(i + 1, min(len(units), i + 6))
                    if units[k].low in ("was", "is", "were", "are")
                ),
                None,
            )
            if be is None or not any(u.low in _DEFINED for u in units[be + 1 : be + 4]):
                continue
            behind = [u for u in units[be + 1 :] if u.content and "soft" not in u.tags]
            if behind and sum(case.kept(u) for u in behind) >= max(2, 0.4 * len(behind)):
                yield Reason(
                    ReasonKind.OVERSTATED, "The quote says how an outcome was defined, not what was found."
                )


def _comparison(case: Case) -> Iterator[Reason]:
    """ "An interaction study of A and B" does not say that A was compared with B."""
    words = case.evidence.words
    tags = case.evidence.tags
    if (
        words & _COMPARED
        or tags & {"differ", "up", "down"}
        or any(w.startswith(("compar", "placebo")) for w in words)
    ):
        return
    for reading in case.claim:
        for i, unit in enumerate(reading.units):
            if unit.low in ("versus", "vs") or (
                unit.low.startswith("compar") and not unit.negated and not case.in_facts(unit)
            ):
                before = {u.low for u in reading.units[max(0, i - 3) : i]} | {
                    u.low for u in reading.units[i + 1 : i + 2]
                }
                if not before & {"no", "without", "not"}:
                    yield Reason(ReasonKind.ROLE_SWAPPED, f"The quote does not say “{unit.low}”.")


def _denial(case: Case) -> Iterator[Reason]:
    """A denial where the quote denies nothing at all."""
    words = case.evidence.words
    if case.evidence.tags & _DENYING or words & _DENYING_WORDS or case.evidence.facts.denied:
        return
    for reading in case.claim:
        for i, unit in enumerate(reading.units):
            if "not" in unit.tags and not (
                i + 1 < len(reading.units) and reading.units[i + 1].low in ("only", "more", "less")
            ):
                yield Reason(ReasonKind.NEGATION, f"The claim says “{unit.low}”, the quote denies nothing.")


def _people(case: Case) -> Iterator[Reason]:
    """ "Controls" are not the "patients", where the quote names no patients."""
    people = [u for r in case.evidence.whole for u in r.units if "human" in u.tags]
    controls = [u for u in people if u.low in ("control", "controls")]
    words = case.evidence.words
    if not (controls or words & {"controls"}) or any(u.low not in ("control", "controls") for u in people):
        return
    for reading in case.claim:
        if any(u.low in ("control", "controls") for u in reading.units):
            continue
        for unit in reading.units:
            if unit.low in ("patients", "patient", "people", "participants"):
                yield Reason(ReasonKind.POPULATION, f"The quote says “controls”, the claim “{unit.low}”.")
