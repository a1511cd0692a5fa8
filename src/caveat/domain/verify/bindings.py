"""A figure belongs to its arm, outcome and time: nothing is exchanged between two figures of a kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from caveat.domain.verify.case import Case
from caveat.domain.verify.quantity import Quantity
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.units import Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_ARMS = frozenset({"~placebo", "~saline", "~control"})
_GRADES = frozenset("serious severe mild moderate fatal nonfatal".split())
_ATTACHING = frozenset(
    "with on in for to among after of receiving given at from received got had took".split()
)
_STOPS_SCAN = frozenset("and versus vs than but while whereas against compared or".split())
_STATISTIC = frozenset("= g d r n rs or hr rr or ~ odds_ratio beta es smd mean median".split())
_SPLITS = frozenset("and or versus vs than against compared while whereas but , ; :".split())
_NO_ITEM = frozenset(
    {"soft", "human", "up", "down", "good", "bad", "gain", "lose", "differ", "effect", "change", "associate"}
)
_STUDIES = frozenset(
    "study trial cohort registry review meta-analysis analysis substudy survey project".split()
)
_NEAR, _FAR, _CLAIMED = 2.2, 5.0, 3.0


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


def check(case: Case) -> Iterator[Reason]:
    """A reason for each figure that the claim gives to another arm, outcome or time than the quote does."""
    quoted = [f for r in case.evidence.whole for f in figures(r)]
    for reading in case.claim:
        told = figures(reading)
        for figure in told:
            rival = _given_away(figure, told, quoted)
            if rival is not None:
                kind = ReasonKind.TIME if figure.quantity.is_time else ReasonKind.ARM_SWAPPED
                if rival.value == figure.quantity.value:
                    yield Reason(kind, f"The quote gives {rival.text} to another arm.")
                    continue
                yield Reason(kind, f"Where the claim has {figure.quantity.text}, the quote has {rival.text}.")


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


def figures(reading: Reading) -> list[Figure]:
    """The figures of a sentence that can belong to something."""
    found = []
    ordered = _in_order(reading)
    for k, (quantity, at) in enumerate(zip(reading.quantities, reading.quantity_at, strict=True)):
        if quantity.kind in ("level", "p", "ci", "year") or quantity.before == "per" or quantity.is_drug_dose:
            continue
        attached = ordered.get(k) or _attached(reading, at)
        found.append(Figure(quantity, reading, at, _item(reading, k), _label(reading, at), attached))
    return found


def _item(reading: Reading, k: int) -> frozenset[str]:
    units, at = reading.units, reading.quantity_at[k]
    pair = reading.quantities[k].pair
    ends = {
        reading.quantity_at[j]
        for j in (k - 1, k + 1)
        if pair is not None and 0 <= j < len(reading.quantities) and reading.quantities[j].pair == pair
    }
    bracket = _bracket(units, at)
    figure = at
    if bracket and units[bracket - 1].content and not _goes_on(units, at):
        at = bracket - 1
        found = set(_told(units[at]))
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
            found |= _told(units[i])
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
    bracket = _bracket(reading.units, at)
    return (
        _told(reading.units[bracket - 1]) if bracket and reading.units[bracket - 1].content else frozenset()
    )


def _bracket(units: tuple[Unit, ...], at: int) -> int | None:
    """The bracket that opens right before the figure, a sign like "g =" apart."""
    bracket = at - 1
    while bracket > 0 and units[bracket].low in _STATISTIC:
        bracket -= 1
    return bracket if bracket > 0 and units[bracket].low == "(" else None


def _told(unit: Unit) -> frozenset[str]:
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
        elif unit.kind == "n" and units[i - 1].low not in ("of", "/") and i not in reading.figures:
            break
        elif kind_of(unit) == "arm" and (ready or i == at + 1):
            return _told(unit)
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


def _ordered_names(units: tuple[Unit, ...], stop: int, kind: str | None) -> list[Unit]:
    """The two names of one kind that the figures at ``stop`` follow in order."""
    named = [u for u in units[:stop] if u.segment == units[stop].segment and kind_of(u)]
    for wanted in (kind,) if kind else ("arm", "condition", "target", "outcome"):
        found = [u for u in named if kind_of(u) == wanted]
        if len({min(u.concepts) for u in found}) == 2:
            return found
    return []


def _comparable(a: Quantity, b: Quantity) -> bool:
    if a.kind == "number" and ("." in a.text) != ("." in b.text):
        return False
    if a.people != b.people and a.text.isalpha() != b.text.isalpha():
        return False
    return a.kind == b.kind and (a.unit == b.unit or (a.days() is not None and b.days() is not None))


def _equal(a: Quantity, b: Quantity) -> bool:
    if a.is_time and b.is_time and a.days() is not None and b.days() is not None:
        return a.days() == b.days()
    return a.value == b.value


def _partners(a: Quantity, b: Quantity) -> bool:
    """The part and the whole of one fraction do not compete."""
    return a.pair is not None and a.pair_kind == "of" and b.value in a.pair


def _given_away(figure: Figure, told: list[Figure], quoted: list[Figure]) -> Quantity | None:
    """The quote's own figure for what the claim gives to this one, if the quote has it so."""
    alike = [f for f in quoted if _comparable(f.quantity, figure.quantity)]
    own = [f for f in alike if _equal(f.quantity, figure.quantity)]
    rivals = [
        f
        for f in alike
        if not _equal(f.quantity, figure.quantity) and not _partners(figure.quantity, f.quantity)
    ]
    beside = [f for f in told if f is not figure and _comparable(f.quantity, figure.quantity)]
    if own and figure.attached and all(m.attached and figure.attached.isdisjoint(m.attached) for m in own):
        return own[0].quantity
    for rival in rivals if own else ():
        if all(
            _other_arm(figure, mine, rival)
            or _other_label(figure, mine, rival, bool(beside))
            or _other_item(figure, mine, rival, bool(beside))
            or _next_to(figure, mine, rival, beside)
            for mine in own
        ):
            return rival.quantity
    return None


def _other_arm(figure: Figure, mine: Figure, rival: Figure) -> bool:
    """The claim ties the figure to the arm that the quote ties to the rival."""
    if not (figure.attached and mine.attached and rival.attached):
        return False
    return figure.attached.isdisjoint(mine.attached) and not figure.attached.isdisjoint(rival.attached)


def _other_item(figure: Figure, mine: Figure, rival: Figure, several: bool) -> bool:
    """In a list ("A 0.39, B 0.61"), the claim names the rival's item and nothing of the figure's own."""
    own, other = mine.item - rival.item, rival.item - mine.item
    told = figure.item if several else _all_told(figure.reading)
    return bool(own) and told.isdisjoint(own) and not told.isdisjoint(other)


def _other_label(figure: Figure, mine: Figure, rival: Figure, several: bool) -> bool:
    """ "anaemia (3.4%) and diarrhoea (6.9%)": the claim names the rival's label and not the figure's own."""
    told = figure.item if several else _all_told(figure.reading)
    return (
        bool(mine.label and rival.label) and told.isdisjoint(mine.label) and not told.isdisjoint(rival.label)
    )


def _all_told(reading: Reading) -> frozenset[str]:
    return frozenset(c for u in reading.units for c in _told(u)) | frozenset(reading.figures.values())


def _next_to(figure: Figure, mine: Figure, rival: Figure, beside: list[Figure]) -> bool:
    """A name stands by the figure in the claim, but in the quote right by the rival and far from the figure."""
    if mine.reading is not rival.reading:
        return False
    for unit in figure.reading.units:
        if (
            kind_of(unit) is None
            or _away(figure, unit) > _CLAIMED
            or any(_away(f, unit) <= _away(figure, unit) for f in beside)
        ):
            continue
        if any(unit.concepts & f.label for f in beside) or unit.concepts & mine.item:
            continue
        near, far = _nearest(unit.concepts, rival), _nearest(unit.concepts, mine)
        if near <= _NEAR and far < 90 and far >= near + _FAR and unit.concepts.isdisjoint(mine.attached):
            return True
    return False


def _away(figure: Figure, unit: Unit) -> float:
    here = figure.reading.units[figure.at]
    return abs(unit.cost - here.cost) + 1.5 * abs(unit.depth - here.depth)


def _nearest(concepts: frozenset[str], figure: Figure) -> float:
    return min((_away(figure, u) for u in figure.reading.units if u.concepts & concepts), default=99.0)
