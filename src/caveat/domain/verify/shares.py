"""A percentage keeps what it is a share of: of those who improved, of events, of 610 people."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from caveat.domain.verify.case import Case
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.units import Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_EVENTS = frozenset(
    "cases case events event reports report studies trials visits samples specimens courses admissions papers".split()
)
_APART = {
    "most": frozenset({"few", "some", "several", "no"}),
    "many": frozenset({"few", "no"}),
    "all": frozenset({"few", "some", "several", "most", "many", "no"}),
    "few": frozenset({"most", "many", "all"}),
    "some": frozenset({"no"}),
}
"""Quantifiers, and those that they must not stand for."""


def check(case: Case) -> Iterator[Reason]:
    """ "89.5% of those who improved" is not 89.5% of patients; "18.4% of events" is not 18.4% of people."""
    yield from _quantifiers(case)
    quoted = [
        (q, _base(r, k))
        for r in case.evidence.whole
        for k, q in enumerate(r.quantities)
        if q.kind == "percent"
    ]
    for reading in case.claim:
        for k, quantity in enumerate(reading.quantities):
            if quantity.kind != "percent":
                continue
            bases = [b for q, b in quoted if q.value == quantity.value]
            if not bases or any(b is None for b in bases):
                continue
            wholes = {
                w
                for r in case.evidence.whole
                for j, q in enumerate(r.quantities)
                if q.value == quantity.value and (w := _whole(r, j))
            }
            whole = _whole(reading, k)
            if whole is not None and wholes and whole not in wholes:
                yield Reason(
                    ReasonKind.NUMBER_BINDING, f"{quantity.text}% is a share of another number in the quote."
                )
            heads = {
                h
                for r in case.evidence.whole
                for j, q in enumerate(r.quantities)
                if q.value == quantity.value and q.kind == "percent"
                for h in [_head(r, j)]
            }
            if _head(reading, k) == "people" and heads == {"events"}:
                yield Reason(ReasonKind.SUBGROUP, f"{quantity.text}% is not a share of people in the quote.")
            mine = _base(reading, k)
            if mine is None:
                following = reading.units[reading.quantity_at[k] + 1 : reading.quantity_at[k] + 4]
                told = frozenset(c for u in following for c in _meaning(u))
                if all(b and b & told for b in bases):
                    yield Reason(
                        ReasonKind.SUBGROUP, f"{quantity.text}% is a share of a smaller group in the quote."
                    )
            elif all(b and not b & mine for b in bases):
                yield Reason(
                    ReasonKind.SUBGROUP, f"{quantity.text}% is a share of another group in the quote."
                )


def _quantifiers(case: Case) -> Iterator[Reason]:
    """ "Few trials" are not most trials."""
    for reading in case.claim:
        for word, noun in _counted(reading):
            said = [w for r in case.evidence.whole for w, n in _counted(r) if n.concepts & noun.concepts]
            if word not in said and any(w in _APART[word] for w in said):
                yield Reason(ReasonKind.OVERSTATED, f"The quote does not say “{word} {noun.low}”.")


def _counted(reading: Reading) -> Iterator[tuple[str, Unit]]:
    units = reading.units
    for i, unit in enumerate(units):
        if unit.low not in _APART:
            continue
        for following in units[i + 1 : i + 4]:
            if following.low in _APART:
                break
            if following.content:
                yield unit.low, following
            elif following.low not in ("of", "the", "these", "-"):
                break


def _whole(reading: Reading, k: int) -> Decimal | None:
    """The number that a percentage is a share of: "62% of the 610"."""
    if k + 1 >= len(reading.quantities):
        return None
    between = [u.low for u in reading.units[reading.quantity_at[k] + 1 : reading.quantity_at[k + 1]]]
    return (
        reading.quantities[k + 1].value
        if [b for b in between if b != "%"] in (["of"], ["of", "the"])
        else None
    )


def _base(reading: Reading, k: int) -> frozenset[str] | None:
    """What a percentage is a share of, as far as the sentence says; ``None`` when it does not."""
    at, units = reading.quantity_at[k], reading.units
    i = at + 1
    while i < len(units) and (units[i].low in ("%", ")") or units[i].kind == "n"):
        i += 1
    if i < len(units) and units[i].low == "of":
        stop = i + 1
        start = stop
    else:
        openers = [
            j
            for j in range(at - 1, -1, -1)
            if units[j].low in ("among", "of") and units[j].segment == units[at].segment
        ]
        start = next((j for j in openers if j == 0 or units[j - 1].kind == "p"), -1)
        if start < 0 or not any(u.low == "," for u in units[start:at]):
            return None
        start += 1
    found: set[str] = set()
    for j, unit in enumerate(units[start : start + 9], start):
        if unit.low in (",", ";", ")", "(", "."):
            break
        if units[j - 1].content and (unit.low.endswith("ed") or unit.low in ("took", "take", "got")):
            break
        if unit.low in ("had", "was", "were", "kept", "did", "have") and units[j - 1].low not in (
            "who",
            "that",
            "which",
        ):
            break
        found |= _meaning(unit)
    return frozenset(found)


def _head(reading: Reading, k: int) -> str:
    """What the percentage counts: "people", "events" or something else."""
    at = reading.quantity_at[k]
    behind = [u for u in reading.units[at + 1 : at + 6] if u.low != "%"]
    if not behind or behind[0].low != "of":
        return ""
    for unit in behind[1:]:
        if "human" in unit.tags:
            return "people"
        if unit.low in _EVENTS:
            return "events"
        if unit.content and not unit.low.endswith(("ed", "al", "ic")):
            break
    return ""


def _meaning(unit: Unit) -> frozenset[str]:
    """The word's concepts; a direction is reduced to better-or-more or its contrary."""
    if unit.tags & {"up", "good", "gain"}:
        return frozenset({"+"})
    if unit.tags & {"down", "bad", "lose"}:
        return frozenset({"-"})
    return unit.concepts if unit.content and "human" not in unit.tags else frozenset()
