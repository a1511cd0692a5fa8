"""A figure belongs to its arm, outcome and time: nothing is exchanged between two figures of a kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from caveat.domain.verify.case import Case
from caveat.domain.verify.quantities import Quantity
from caveat.domain.verify.reading import Reading, Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_ARMS = frozenset({"~placebo", "~saline", "~control"})
_GRADES = frozenset("serious severe mild moderate fatal nonfatal".split())
_ATTACHING = frozenset("with on in for to among after of receiving given at from".split())
_STOPS_SCAN = frozenset("and versus vs than but while whereas against compared or".split())
_CLEAR = 0.9
"""How much nearer one name must be than another to own a figure."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity at its place, with the names nearest to it: kind of name -> its concepts and distance."""

    quantity: Quantity
    reading: Reading
    at: int
    nearest: dict[str, tuple[frozenset[str], float]]
    item: frozenset[str]
    """Concepts between the commas and joints around the figure."""
    attached: frozenset[str]
    """Concepts of the names tied to the figure by a preposition ("53.9% with tocilizumab")."""


def check(case: Case) -> Iterator[Reason]:
    """A reason for each figure that the claim gives to another arm, outcome or time than the quote does."""
    quoted = [f for r in case.evidence.whole for f in figures(r)]
    for reading in case.claim:
        for figure in figures(reading):
            rival = _given_away(figure, quoted)
            if rival is not None:
                kind = ReasonKind.TIME if figure.quantity.is_time else ReasonKind.ARM_SWAPPED
                yield Reason(kind, f"Where the claim has {figure.quantity.text}, the quote has {rival.text}.")


def kind_of(unit: Unit) -> str | None:
    """The kind of name a figure can belong to."""
    if unit.tags & {"drug", "class"} or unit.concepts & _ARMS:
        return "arm"
    if "target" in unit.tags:
        return "target"
    if unit.low in _GRADES:
        return "grade"
    if "condition" in unit.tags:
        return "condition"
    if unit.tags & {"wanted", "unwanted"}:
        return "outcome"
    return None


def figures(reading: Reading) -> list[Figure]:
    """The figures of a sentence that can belong to something."""
    found = []
    ordered = _in_order(reading)
    for k, (quantity, at) in enumerate(zip(reading.quantities, reading.quantity_at, strict=True)):
        if quantity.kind in ("level", "p", "ci", "year") or quantity.before == "per" or quantity.is_drug_dose:
            continue
        attached = ordered.get(k) or _attached(reading, at)
        found.append(Figure(quantity, reading, at, _nearest(reading, at), _item(reading, at), attached))
    return found


def _nearest(reading: Reading, at: int) -> dict[str, tuple[frozenset[str], float]]:
    here = reading.units[at]
    best: dict[str, tuple[frozenset[str], float]] = {}
    second: dict[str, float] = {}
    for i, unit in enumerate(reading.units):
        if i == at:
            continue
        kind, concepts = kind_of(unit), unit.concepts
        if kind is None and i in reading.figures and unit.kind == "n":
            kind, concepts = "figure:" + reading.figures[i].lstrip("#-.0123456789E+"), frozenset({reading.figures[i]})
        if kind is None:
            continue
        distance = abs(unit.cost - here.cost) + 1.5 * abs(unit.depth - here.depth)
        if kind not in best or distance < best[kind][1]:
            if kind in best and best[kind][0].isdisjoint(concepts):
                second[kind] = best[kind][1]
            best[kind] = (concepts, distance)
        elif best[kind][0].isdisjoint(concepts):
            second[kind] = min(second.get(kind, 99.0), distance)
    return {k: v for k, v in best.items() if second.get(k, 99.0) - v[1] >= _CLEAR}


_SPLITS = frozenset("and or versus vs than against compared while whereas but , ; :".split())


def _item(reading: Reading, at: int) -> frozenset[str]:
    units = reading.units
    start = next((i for i in range(at - 1, -1, -1) if units[i].low in _SPLITS and units[i].depth <= units[at].depth), -1)
    stop = next(
        (i for i in range(at + 1, len(units)) if units[i].low in _SPLITS and units[i].depth <= units[at].depth), len(units)
    )
    found: set[str] = set()
    for i in range(start + 1, stop):
        if i == at:
            continue
        if i in reading.figures:
            found.add(reading.figures[i])
        elif units[i].content and not units[i].tags & {"soft", "human"}:
            found |= units[i].concepts
    return frozenset(found)


def _attached(reading: Reading, at: int) -> frozenset[str]:
    """Names behind the figure and a preposition, before the next figure: "88 of 99 people on placebo"."""
    units = reading.units
    depth = units[at].depth
    ready = False
    for i in range(at + 1, min(len(units), at + 16)):
        unit = units[i]
        if unit.depth > depth or unit.low in (")", "]"):
            continue
        if unit.depth < depth or unit.low in (",", ";", ":", ".") or unit.low in _STOPS_SCAN:
            break
        if unit.low in _ATTACHING:
            ready = True
        elif unit.kind == "n" and not (units[i - 1].low in ("of", "/")):
            break
        elif kind_of(unit) == "arm" and ready:
            return unit.concepts
    return frozenset()


def _in_order(reading: Reading) -> dict[int, frozenset[str]]:
    """ "tocilizumab or saline (19 and 17 people)": two figures in the order of two arms."""
    found: dict[int, frozenset[str]] = {}
    units = reading.units
    for k in range(len(reading.quantities) - 1):
        first, second = reading.quantity_at[k], reading.quantity_at[k + 1]
        between = [u.low for u in units[first + 1 : second] if u.low != "%"]
        if between not in (["and"], ["versus"], ["vs"], ["/"]) or reading.quantities[k].pair_kind == "of":
            continue
        told = units[first].depth > 0 or any(u.low == "respectively" for u in units[second:])
        arms = [u for u in units[:first] if kind_of(u) == "arm" and u.segment == units[first].segment]
        names = list(dict.fromkeys(next(iter(sorted(u.concepts))) for u in arms))
        if told and len(names) == 2 and not any(kind_of(u) == "arm" for u in units[first : second + 4]):
            found[k], found[k + 1] = frozenset({names[0]}), frozenset({names[1]})
    return found


def _comparable(a: Quantity, b: Quantity) -> bool:
    if a.kind == "number" and ("." in a.text) != ("." in b.text):
        return False
    return a.kind == b.kind and (a.unit == b.unit or (a.days() is not None and b.days() is not None))


def _equal(a: Quantity, b: Quantity) -> bool:
    if a.is_time and b.is_time and a.days() is not None and b.days() is not None:
        return a.days() == b.days()
    return a.value == b.value


def _given_away(figure: Figure, quoted: list[Figure]) -> Quantity | None:
    """The quote's own figure for what the claim gives to this one, if the quote has it so."""
    own = [f for f in quoted if _equal(f.quantity, figure.quantity) and _comparable(f.quantity, figure.quantity)]
    rivals = [f for f in quoted if not _equal(f.quantity, figure.quantity) and _comparable(f.quantity, figure.quantity)]
    if not own or not rivals:
        return None
    several = sum(_comparable(q, figure.quantity) for q in figure.reading.quantities) > 1
    for rival in rivals:
        if all(_belongs_to(figure, mine, rival) or _other_item(figure, mine, rival, several) for mine in own):
            return rival.quantity
    return None


def _other_item(figure: Figure, mine: Figure, rival: Figure, several: bool) -> bool:
    """In a list ("A 0.39, B 0.61"), does the claim name the rival's item and nothing of the figure's own?"""
    own, other = mine.item - rival.item, rival.item - mine.item
    told = figure.item if several else figure.reading.concepts | frozenset(figure.reading.figures.values())
    return bool(own) and told.isdisjoint(own) and not told.isdisjoint(other)


def _belongs_to(figure: Figure, mine: Figure, rival: Figure) -> bool:
    """Does what the claim ties to the figure stand by the rival in the quote, and not by the figure itself?"""
    claimed = figure.attached
    if claimed and (mine.attached or rival.attached):
        if mine.attached and claimed & mine.attached:
            return False
        if rival.attached and claimed & rival.attached and mine.attached:
            return True
    votes = 0
    for kind, (concepts, distance) in figure.nearest.items():
        if distance > 9.0:
            continue
        at_own, at_rival = mine.nearest.get(kind), rival.nearest.get(kind)
        if kind == "arm":
            concepts = figure.attached or concepts
            at_own = (mine.attached, 0.5) if mine.attached else at_own
            at_rival = (rival.attached, 0.5) if rival.attached else at_rival
        if at_own is None or at_rival is None:
            votes += _exclusive(concepts, distance, mine, rival)
            continue
        if concepts & at_own[0]:
            if not concepts & at_rival[0]:
                return False
            votes += _exclusive(concepts, distance, mine, rival)
        elif concepts & at_rival[0] and at_rival[1] <= 7.0 and not at_own[0] & at_rival[0]:
            votes += 1
    return votes > 0


def _exclusive(concepts: frozenset[str], claimed: float, mine: Figure, rival: Figure) -> int:
    """1 when the name stands close by the rival and far from the figure ("11,643 of them with sepsis")."""
    if mine.reading is not rival.reading:
        return 0
    near = min(_distances(concepts, rival), default=99.0)
    far = min(_distances(concepts, mine), default=99.0)
    return int(claimed <= 4.0 and near <= 3.5 and far >= 3.0 * max(near, claimed) and far - near >= 5.0)


def _distances(concepts: frozenset[str], figure: Figure) -> Iterator[float]:
    here = figure.reading.units[figure.at]
    for unit in figure.reading.units:
        if unit.concepts & concepts:
            yield abs(unit.cost - here.cost) + 1.5 * abs(unit.depth - here.depth)
