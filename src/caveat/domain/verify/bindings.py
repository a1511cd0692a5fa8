"""A figure belongs to its arm, outcome and time: nothing is exchanged between two figures of a kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from caveat.domain.verify.case import Case
from caveat.domain.verify.quantity import Quantity
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.told_figures import Figure, bracket_before, figures, kind_of, told_of
from caveat.domain.verify.units import Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_NEAR, _FAR, _CLAIMED = 2.2, 5.0, 3.0


def check(case: Case) -> Iterator[Reason]:
    """A reason for each figure that the claim gives to another arm, outcome or time than the quote does."""
    yield from _other_time(case)
    yield from _p_of_another(case)
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


_TIME_WORDS = {
    **dict.fromkeys("at by after".split(), "point"),
    **dict.fromkeys("for over during throughout within".split(), "span"),
    **dict.fromkeys("to until".split(), "end"),
    **dict.fromkeys("every each".split(), "rhythm"),
}
"""What a word before a time makes of it."""
_TIME_TAILS = frozenset("apart later earlier before old".split())


def _other_time(case: Case) -> Iterator[Reason]:
    """ "For 7 days, then to day 42" does not bear out "for 42 days"; "four weeks apart" is not "eight weeks apart"."""
    quoted = [(r, q) for r in case.evidence.whole for q in r.quantities if q.is_time]
    for reading in case.claim:
        for quantity in reading.quantities:
            if not quantity.is_time:
                continue
            own = [(r, q) for r, q in quoted if _equal(quantity, q)]
            rivals = [(r, q) for r, q in quoted if not _equal(quantity, q)]
            for use in (_use, _tail):
                mine = use(reading, quantity)
                uses = {use(r, q) for r, q in own}
                if (
                    mine
                    and uses
                    and mine not in uses
                    and (use is _tail or None not in uses)
                    and any(use(r, q) == mine for r, q in rivals)
                ):
                    yield Reason(
                        ReasonKind.TIME, f"The quote says “{mine}” of another time than {quantity.text}."
                    )


def _p_of_another(case: Case) -> Iterator[Reason]:
    """ "In serum (p = 0.054) or the CNS (p = 0.771)": a P value belongs to the word before its bracket."""
    labelled = [
        (q, label)
        for r in case.evidence.whole
        for q, at in zip(r.quantities, r.quantity_at, strict=True)
        if (label := _named_before(r, at))
    ]
    for reading in case.claim:
        told = frozenset(c for u in reading.units if u.content for c in u.concepts)
        for quantity in reading.quantities:
            own = [label for q, label in labelled if q.kind == "p" and q.value == quantity.value]
            if quantity.kind != "p" or not own or any(not told.isdisjoint(label) for label in own):
                continue
            if any(not told.isdisjoint(label) for q, label in labelled if q.value != quantity.value):
                yield Reason(
                    ReasonKind.NUMBER_BINDING, f"P {quantity.text} is told of something else in the quote."
                )


def _named_before(reading: Reading, at: int) -> frozenset[str]:
    """The name before the figure's bracket; a direction or a weak word is none."""
    bracket = bracket_before(reading.units, at)
    unit = reading.units[bracket - 1] if bracket else None
    if (
        unit is None
        or not unit.content
        or unit.tags & {"soft", "up", "down", "good", "bad", "differ", "acting"}
    ):
        return frozenset()
    return unit.concepts


def _use(reading: Reading, quantity: Quantity) -> str | None:
    return _TIME_WORDS.get(quantity.before)


def _tail(reading: Reading, quantity: Quantity) -> str | None:
    at = reading.quantity_at[reading.quantities.index(quantity)]
    behind = next((u for u in reading.units[at + 1 : at + 4] if u.kind != "n"), None)
    return behind.low if behind is not None and behind.low in _TIME_TAILS else None


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


def _given_away(figure: Figure, told: Sequence[Figure], quoted: Sequence[Figure]) -> Quantity | None:
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
    arms = frozenset(c for u in mine.reading.units if "drug" in u.tags for c in u.concepts)
    if other.isdisjoint(arms):
        own -= arms
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


def _next_to(figure: Figure, mine: Figure, rival: Figure, beside: Sequence[Figure]) -> bool:
    """A name stands by the figure in the claim, but in the quote right by the rival and far from the figure."""
    if mine.reading is not rival.reading or not mine.label.isdisjoint(_all_told(figure.reading)):
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
