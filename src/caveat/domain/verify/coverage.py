"""Every word of the claim that carries meaning is in a quote, is a synonym of one, or is a fact of the source."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.domain.verify.case import Case
from caveat.domain.verify.units import Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_JUDGED_ELSEWHERE = frozenset(
    {"up", "down", "good", "bad", "gain", "lose", "null", "not", "failing", "little", "differ", "effect", "change", "associate", "predict", "met",
     "cause", "hedge:possible", "hedge:trend", "hedge:exploratory", "hedge:planned", "hedge:weak_evidence", "prefixed",
     "drug", "class", "target"}
)  # fmt: skip


_UNIVERSAL = frozenset("all every always never everyone".split())
"""A record that says "all" of something does not say it of what is claimed."""

_SOLE = frozenset("only solely sole alone just exclus mainly main single restrict limit".split())
_SHARES = frozenset("most majority mostly few minority largely mainly".split())
_WEIGHED = frozenset("common frequent frequently likely often prevalent pronounced marked severe".split())
_DRUG_WORDS = frozenset(
    """drug drugs medicine medicines medication antibody antibodies biologic biologics agent agents treatment treatments therapy
    treated given received""".split()
)


def check(case: Case) -> Iterator[Reason]:
    """A reason for each word that nothing bears out; names of groups and absolutes get their own kind."""
    for reading in case.claim:
        for at, unit in enumerate(reading.units):
            opposite = case.words.opposites.get(unit.low)
            limit = unit.low in ("least", "most") and at > 0 and reading.units[at - 1].low == "at"
            if opposite and not limit and _only_opposite(unit, opposite, case):
                yield Reason(
                    ReasonKind.DIRECTION, f"The claim says “{unit.low}”, the quote says its opposite."
                )
            if unit.low == "only" and _adds_only(reading.units, at) and not case.evidence.concepts & _SOLE:
                yield Reason(ReasonKind.OVERSTATED, "The quote does not say “only”.")
            if unit.low == "before" and _no_order(reading.units, at, case):
                yield Reason(ReasonKind.TIME, "The quote does not say “before”.")
            if (
                unit.low in _SHARES
                and not case.in_quote(unit)
                and not (at and reading.units[at - 1].low in ("the", "at"))
            ):
                yield Reason(ReasonKind.OVERSTATED, f"The quote does not say “{unit.low}”.")
            if not unit.content or (case.in_facts(unit) and unit.low not in _UNIVERSAL):
                continue
            named = unit.proper or _opens_with_author(reading.units, at)
            if case.in_quote(unit) and (named or not _only_in_a_title(unit, case)):
                continue
            if unit.tags & _JUDGED_ELSEWHERE and "absolute" not in unit.tags:
                continue
            if unit.negated and not case.evidence.facts.denied.isdisjoint(unit.concepts):
                continue
            shown = reading.text[unit.start : unit.end]
            if (
                unit.low in ("every", "each")
                and reading.units[at + 1 : at + 2]
                and reading.units[at + 1].kind == "n"
            ):
                continue
            if unit.stem == "signific" or ("absolute" in unit.tags and _qualified(reading.units, at)):
                continue
            if "absolute" in unit.tags:
                yield Reason(ReasonKind.OVERSTATED, f"The quote does not say “{shown}”.")
            elif unit.tags & {"condition", "restrict"}:
                yield Reason(ReasonKind.POPULATION, f"The quote is not about “{shown}”.")
            elif (
                ("soft" in unit.tags and not unit.proper)
                or (unit.low in (*_WEIGHED, "age") and _qualified(reading.units, at))
                or (unit.low in _DRUG_WORDS and case.evidence.tags & {"drug", "class"})
                or _near(unit, case)
            ):
                continue
            elif "human" in unit.tags:
                if _people(unit, case):
                    continue
                yield Reason(ReasonKind.POPULATION, f"The quote is not about “{shown}”.")
            else:
                yield Reason(ReasonKind.NOT_IN_QUOTE, f"“{shown}” is not in the quote.")


_ORDER = frozenset(
    "before prior pre earlier preceding preceded until baseline previous previously then first ante".split()
)


def _only_in_a_title(unit: Unit, case: Case) -> bool:
    """Does the word stand in the quote only as part of a name in brackets ("JAMA Network Open")?"""
    if unit.entity is not None or not 3 < len(unit.low) < 9:
        return False
    found = [u for r in case.evidence.inside for u in r.units if u.concepts & unit.concepts]
    return bool(found) and all(u.proper and u.depth and u.entity is None for u in found)


def _opens_with_author(units: tuple[Unit, ...], at: int) -> bool:
    """ "Foley 2021 …", "Black and Miller …": a name, though any first word has a capital."""
    behind = units[at + 1 : at + 3]
    return (
        at == 0
        and len(behind) == 2
        and (behind[0].kind == "n" or (behind[0].low == "and" and behind[1].proper))
    )


def _adds_only(units: tuple[Unit, ...], at: int) -> bool:
    """ "Only after treatment", not "only 41 people" and not "not only"."""
    following = [u for u in units[at + 1 : at + 3] if u.low not in ("about", "a", "an", "in")]
    if at and units[at - 1].low == "not":
        return False
    return (
        bool(following)
        and following[0].kind not in "np"
        and following[0].low not in ("one", "few", "small", "modest")
    )


def _no_order(units: tuple[Unit, ...], at: int, case: Case) -> bool:
    if at + 1 < len(units) and units[at + 1].kind == "n":
        return False
    return not any(
        u.low in _ORDER or u.low.startswith(("pre", "prior")) for r in case.evidence.whole for u in r.units
    )


def _only_opposite(unit: Unit, opposite: frozenset[str], case: Case) -> bool:
    """Does the quote have the word's opposite and neither the word nor a synonym?"""
    if case.in_quote(unit):
        return False
    return any(u.low in opposite for r in case.evidence.inside for u in r.units)


def _qualified(units: tuple[Unit, ...], at: int) -> bool:
    """ "less strongly": the word is weighed, not claimed."""
    if units[at].low == "age":
        return at > 1 and units[at - 1].low == "of" and units[at - 2].kind == "n"
    return at > 0 and units[at - 1].low in ("less", "more", "not", "how", "least", "as", "most")


def _near(unit: Unit, case: Case) -> bool:
    """Another ending of a long word of the quote ("prespecified" and "prespecification")."""
    stem = unit.stem
    if unit.kind != "w" or len(stem) < 6:
        return False
    return any(
        len(c) >= 6 and (c.startswith(stem) or stem.startswith(c)) and abs(len(c) - len(stem)) <= 3
        for c in case.evidence.concepts
    )


def _people(unit: Unit, case: Case) -> bool:
    """ "Patients" may stand for people who were studied, unless the quote says they were healthy."""
    if unit.low not in ("patient", "patients", "human", "humans", "adults", "adult"):
        return False
    return not case.evidence.tags & {"animal", "healthy"}
