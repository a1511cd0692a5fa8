"""The figures of a sentence, each with what it is told of: its item, its label, its arm."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from caveat.domain.verify.quantity import Quantity
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.units import Unit

_ARMS = frozenset({"~placebo", "~saline", "~control"})
_GRADES = frozenset("serious severe mild moderate fatal nonfatal".split())
_ATTACHING = frozenset(
    "with on in for to among after of receiving given at from received got had took".split()
)
_STOPS_SCAN = frozenset("and versus vs than but while whereas against compared or".split())
_STATISTIC = frozenset("= p < > g d r n rs or hr rr or ~ odds_ratio beta es smd mean median".split())
_SPLITS = frozenset("and or versus vs than against compared while whereas but , ; :".split())
_NO_ITEM = frozenset(
    {"soft", "human", "up", "down", "good", "bad", "gain", "lose", "differ", "effect", "change", "associate"}
)
_STUDIES = frozenset(
    "study trial cohort registry review meta-analysis analysis substudy survey project".split()
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity at its place, with what it is told of."""

    quantity: Quantity
    reading: Reading
    at: int
    item: frozenset[str]
    """Concepts between the commas and joints around the figure, or before its bracket."""
    label: frozenset[str]
    """The word right before the figure's bracket."""
    attached: frozenset[str]
    """The arm tied to the figure by a preposition ("53.9% with tocilizumab") or by order ("respectively")."""


def kind_of(unit: Unit) -> str | None:
    """The kind of name a figure can belong to."""
    if unit.tags & {"drug", "class", "arm"} or unit.concepts & _ARMS:
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


@lru_cache(maxsize=2048)
def figures(reading: Reading) -> tuple[Figure, ...]:
    """The figures of a sentence that can belong to something."""
    found = []
    ordered = _in_order(reading) | _compared(reading)
    for k, (quantity, at) in enumerate(zip(reading.quantities, reading.quantity_at, strict=True)):
        if quantity.kind in ("level", "p", "ci", "year") or quantity.before == "per" or quantity.is_drug_dose:
            continue
        attached = ordered.get(k) or _attached(reading, at)
        found.append(Figure(quantity, reading, at, _item(reading, k), _label(reading, at), attached))
    return tuple(found)


def _item(reading: Reading, k: int) -> frozenset[str]:
    units, at = reading.units, reading.quantity_at[k]
    pair = reading.quantities[k].pair
    ends = {
        reading.quantity_at[j]
        for j in (k - 1, k + 1)
        if pair is not None and 0 <= j < len(reading.quantities) and reading.quantities[j].pair == pair
    }
    bracket = bracket_before(units, at)
    figure = at
    if bracket and units[bracket - 1].content and not _goes_on(units, at):
        at = bracket - 1
        found = set(told_of(units[at]))
    else:
        found = set()
    depth = units[at].depth
    start = next(
        (i for i in range(at - 1, -1, -1) if units[i].low in _SPLITS and units[i].depth <= depth), -1
    )
    stop = next(
        (i for i in range(at + 1, len(units)) if units[i].low in _SPLITS and units[i].depth <= depth),
        len(units),
    )
    for i in range(start + 1, stop):
        if i in (at, figure) or i in ends or units[i].depth > depth:
            continue
        if i in reading.figures:
            found.add(reading.figures[i])
        elif units[i].content and not units[i].tags & _NO_ITEM and not names_study(units, i):
            found |= told_of(units[i])
    return frozenset(found)


def names_study(units: tuple[Unit, ...], at: int) -> bool:
    """ "The Edmondson-Stait study": the name holds for all of the sentence, not for one item."""
    behind = units[at + 1 : at + 5]
    if (
        (units[at].proper or at == 0)
        and behind
        and behind[0].kind == "n"
        and behind[0].low[:2] in ("19", "20")
    ):
        return True
    return units[at].proper and any(
        u.low in _STUDIES and all(v.proper or v.low == "-" for v in behind[:k]) for k, u in enumerate(behind)
    )


def _label(reading: Reading, at: int) -> frozenset[str]:
    bracket = bracket_before(reading.units, at)
    return (
        told_of(reading.units[bracket - 1]) if bracket and reading.units[bracket - 1].content else frozenset()
    )


def bracket_before(units: tuple[Unit, ...], at: int) -> int | None:
    """The bracket that opens right before the figure, a sign like "g =" apart."""
    bracket = at - 1
    while bracket > 0 and units[bracket].low in _STATISTIC:
        bracket -= 1
    return bracket if bracket > 0 and units[bracket].low == "(" else None


def told_of(unit: Unit) -> frozenset[str]:
    """The word's concepts, marked when they are denied: "without disability" is another group."""
    return frozenset("!" + c for c in unit.concepts) if unit.negated else unit.concepts


def _goes_on(units: tuple[Unit, ...], at: int) -> bool:
    """Do words follow the figure inside its bracket ("(28.8% in codon 12, …")?"""
    for unit in units[at + 1 : at + 6]:
        if unit.low in (")", ",", ";"):
            return False
        if unit.content:
            return True
    return False


def _attached(reading: Reading, at: int) -> frozenset[str]:
    """The arm behind the figure and a preposition, before the next figure: "88 of 99 people on placebo"."""
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
        elif i in reading.quantity_at and units[i - 1].low not in ("of", "/") and i not in reading.figures:
            break
        elif kind_of(unit) == "arm" and (ready or i == at + 1):
            return told_of(unit)
    return frozenset()


def _in_order(reading: Reading) -> dict[int, frozenset[str]]:
    """ "tocilizumab or saline (19 and 17 people)": two figures in the order of two arms."""
    found: dict[int, frozenset[str]] = {}
    units = reading.units
    for k in range(len(reading.quantities) - 1):
        first, second = reading.quantity_at[k], reading.quantity_at[k + 1]
        between = [
            u.low for u in units[first + 1 : second]
            if u.kind != "n" and u.depth <= units[first].depth and u.low not in ("%", "°", "c", ".", "(", ")")
        ]  # fmt: skip
        if between not in (["and"], ["versus"], ["vs"], ["/"]) or reading.quantities[k].pair_kind == "of":
            continue
        told = (
            units[first].depth > 0
            or units[first - 1].low == ":"
            or any(u.low == "respectively" for u in units[second:])
        )
        kind = "arm" if not any(u.low == "respectively" for u in units[second:]) else None
        arms = _ordered_names(units, first, kind)
        names = list(dict.fromkeys(min(u.concepts) for u in arms))
        if told and len(names) == 2 and not any(kind_of(u) == "arm" for u in units[first : second + 4]):
            found[k], found[k + 1] = frozenset({names[0]}), frozenset({names[1]})
    return found


def _compared(reading: Reading) -> dict[int, frozenset[str]]:
    """ "More common with A than with others (50% versus 23%)": the first figure is A's, the second is not."""
    found: dict[int, frozenset[str]] = {}
    units = reading.units
    for k in range(len(reading.quantities) - 1):
        first, second = reading.quantity_at[k], reading.quantity_at[k + 1]
        joint = [u.low for u in units[first + 1 : second] if u.kind != "n" and u.low not in ("%", ".")]
        if joint not in (["versus"], ["vs"]) or not units[first].depth or units[first - 1].low != "(":
            continue
        than = next((i for i in range(first, 0, -1) if units[i].low == "than"), None)
        if than is None or units[than].segment != units[first].segment:
            continue
        before = [u for u in units[max(0, than - 5) : than] if kind_of(u) == "arm"]
        behind = [u for u in units[than:first] if kind_of(u) == "arm"]
        if before:
            found[k] = before[-1].concepts
            found[k + 1] = behind[0].concepts if behind else frozenset({"other"})
    return found


def _ordered_names(units: tuple[Unit, ...], stop: int, kind: str | None) -> list[Unit]:
    """The two names of one kind that the figures at ``stop`` follow in order."""
    named = [u for u in units[:stop] if u.segment == units[stop].segment and kind_of(u)]
    for wanted in (kind,) if kind else ("arm", "condition", "target", "outcome"):
        found = [u for u in named if kind_of(u) == wanted]
        if len({min(u.concepts) for u in found}) == 2:
            return found
    return []
