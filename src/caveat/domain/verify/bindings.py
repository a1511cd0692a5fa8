"""A figure belongs to its arm, outcome and time: nothing is exchanged between two figures of a kind."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.domain.verify.case import Case
from caveat.domain.verify.quantity import Quantity
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.told_figures import Figure, figures, kind_of, told_of
from caveat.domain.verify.units import Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_NEAR, _FAR, _CLAIMED = 2.2, 5.0, 3.0


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
    return frozenset(c for u in reading.units for c in told_of(u)) | frozenset(reading.figures.values())


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
