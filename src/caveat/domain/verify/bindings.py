"""A figure belongs to its arm, outcome and time, and a name to its partner: nothing is exchanged."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.domain.verify.case import Case, overlap
from caveat.domain.verify.quantities import Quantity
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.verdict import Reason, ReasonKind

_MARGIN, _FLOOR = 1.3, 0.25
_AGAINST = -0.35

Placed = tuple[Quantity, Reading, dict[str, float]]


def check(case: Case) -> Iterator[Reason]:
    """A reason for each figure or name that stands where the quote has another one."""
    yield from _figures(case)
    yield from _names(case)
    yield from _denied_arms(case)
    yield from _versus(case)


def _versus(case: Case) -> Iterator[Reason]:
    """ "top versus bottom third" is not "bottom versus top third"."""
    pairs = {p for r in case.evidence.whole for p in _pairs(r)}
    for reading in case.claim:
        for left, right in _pairs(reading):
            if (right, left) in pairs and (left, right) not in pairs:
                yield Reason(ReasonKind.ROLE_SWAPPED, f"The quote compares “{right}” with “{left}”, not the reverse.")


def _pairs(reading: Reading) -> Iterator[tuple[str, str]]:
    units = reading.units
    for i in range(1, len(units) - 1):
        if units[i].low in ("versus", "vs", "than") and units[i - 1].content and units[i + 1].content:
            yield units[i - 1].low, units[i + 1].low


_DID = frozenset("did does do was were is are had has have".split())
_CONTRASTS = frozenset("than versus vs compared whereas while but unlike without relative against".split())


def _denied_arms(case: Case) -> Iterator[Reason]:
    """ "… and placebo did not": what is told of the others is not told of placebo."""
    if any("not" in u.tags or u.low in _CONTRASTS for r in case.claim for u in r.units):
        return
    for reading in case.evidence.whole:
        units = reading.units
        for i in range(1, len(units) - 1):
            if units[i].low not in _DID or units[i + 1].low != "not":
                continue
            following = units[i + 2] if i + 2 < len(units) else None
            if following is not None and following.kind != "p":
                continue
            arm = units[i - 1]
            if arm.content and case.kept(arm):
                yield Reason(ReasonKind.ARM_SWAPPED, f"The quote denies this of “{arm.low}”.")


def _placed(readings: tuple[Reading, ...]) -> list[Placed]:
    found = []
    for reading in readings:
        for quantity, at in zip(reading.quantities, reading.quantity_at, strict=True):
            if quantity.kind not in ("level", "p") and not (quantity.kind == "ci"):
                found.append((quantity, reading, reading.context(at)))
    return found


def _comparable(a: Quantity, b: Quantity) -> bool:
    return a.kind == b.kind and a.unit == b.unit


def _figures(case: Case) -> Iterator[Reason]:
    claimed, quoted = _placed(case.claim), _placed(case.evidence.whole)
    for i, (quantity, _, context) in enumerate(claimed):
        own = [c for q, _, c in quoted if q.value == quantity.value and _comparable(q, quantity)]
        rivals = [(q, c) for q, _, c in quoted if q.value != quantity.value and _comparable(q, quantity)]
        if not own or not rivals:
            continue
        mine = max(overlap(context, c) for c in own)
        for rival, rival_context in rivals:
            partners = [
                c for j, (q, _, c) in enumerate(claimed) if j != i and q.value == rival.value and _comparable(q, quantity)
            ]
            theirs = overlap(context, rival_context)
            if partners:
                if all(_crossed(context, p, c, rival_context) for c in own for p in partners):
                    yield _swapped(quantity, rival)
                    break
            elif theirs > mine * _MARGIN + _FLOOR or all(_against(context, c, rival_context) for c in own):
                yield _swapped(quantity, rival)
                break


def _against(claimed: dict[str, float], own: dict[str, float], rival: dict[str, float]) -> bool:
    """What the claim says of a figure is what sets its rival apart from it in the quote."""
    dot = size = quoted = 0.0
    for concept in claimed.keys() & (own.keys() | rival.keys()):
        apart = own.get(concept, 0.0) - rival.get(concept, 0.0)
        dot, size, quoted = dot + claimed[concept] * apart, size + claimed[concept] ** 2, quoted + apart * apart
    return bool(size and quoted) and dot < -0.05 and dot < -0.5 * (size * quoted) ** 0.5


def _crossed(first: dict[str, float], second: dict[str, float], own: dict[str, float], rival: dict[str, float]) -> bool:
    """What sets two things of the quote apart sets them apart the other way round in the claim."""
    dot = quoted = claimed = 0.0
    for concept in (first.keys() | second.keys()) & (own.keys() | rival.keys()):
        a = first.get(concept, 0.0) - second.get(concept, 0.0)
        b = own.get(concept, 0.0) - rival.get(concept, 0.0)
        dot, quoted, claimed = dot + a * b, quoted + b * b, claimed + a * a
    if not quoted or not claimed:
        return False
    return dot < -0.02 and dot < _AGAINST * (quoted * claimed) ** 0.5


def _swapped(quantity: Quantity, rival: Quantity) -> Reason:
    return Reason(
        ReasonKind.ARM_SWAPPED if quantity.kind != "time" else ReasonKind.TIME,
        f"Where the claim has {quantity.text}, the quote has {rival.text}.",
    )


def _names(case: Case) -> Iterator[Reason]:
    """Two names of one kind whose partners are exchanged ("A in X and B in Y" told as "B in X and A in Y")."""
    claimed, quoted = _named(case.claim), _named(case.evidence.whole)
    shared = [name for name in claimed if name in quoted]
    for i, first in enumerate(shared):
        for second in shared[i + 1 :]:
            if claimed[first][0] != claimed[second][0]:
                continue
            if len(claimed[first][1]) > 1 or len(claimed[second][1]) > 1:
                continue
            a, b = claimed[first][1][0], claimed[second][1][0]
            if all(_crossed(a, b, x, y) for x in quoted[first][1] for y in quoted[second][1]):
                yield Reason(ReasonKind.ROLE_SWAPPED, f"The claim exchanges “{first}” and “{second}”.")


Named = tuple[str, list[dict[str, float]]]


def _like(a: Named, b: Named) -> float:
    return max(overlap(x, y) for x in a[1] for y in b[1])


def _named(readings: tuple[Reading, ...]) -> dict[str, Named]:
    found: dict[str, Named] = {}
    for reading in readings:
        for i, unit in enumerate(reading.units):
            kind = unit.entity.kind if unit.entity else "condition" if "condition" in unit.tags else None
            if kind is None:
                continue
            name = unit.entity.name if unit.entity else unit.stem
            found.setdefault(name, (kind, []))[1].append(reading.context(i))
    return found
