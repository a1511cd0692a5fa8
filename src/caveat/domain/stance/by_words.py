"""What a text reports of an outcome: increased, decreased, no difference, or nothing clear."""

from __future__ import annotations

from dataclasses import dataclass

from caveat.domain.model import Span
from caveat.domain.stance.by_figures import from_figures, from_ratio, from_table
from caveat.domain.stance.question import CHANGE_NOUNS, FIVE_PERCENT, WANTED, Asked, Effect, Reported, ask
from caveat.domain.verify.events import names_change
from caveat.domain.verify.quantity import Quantity
from caveat.domain.verify.reading import Reading, read
from caveat.domain.verify.sides import sides
from caveat.domain.verify.tokens import sentence_spans
from caveat.domain.verify.units import Event
from caveat.domain.verify.words import default_vocabulary

_SIGN = {"up": 1, "gain": 1, "down": -1, "lose": -1}


@dataclass(frozen=True, slots=True)
class _Found:
    effect: Effect
    weight: float
    span: Span


def stance_of(
    text: str, outcome: str | None = None, intervention: str | None = None, comparator: str | None = None
) -> Reported:
    """The effect of the intervention on the outcome that the text reports; without an outcome, its main finding."""
    words = default_vocabulary()
    asked = ask(outcome, intervention, comparator, words)
    best: _Found | None = None
    for start, end in _spans(text):
        found = _of_sentence(read(text[start:end].replace("\n", " "), words), Span(start, end), asked)
        if found is not None and (best is None or found.weight > best.weight):
            best = found
    if best is None:
        return Reported(Effect.UNCLEAR)
    return Reported(best.effect, best.span)


def _spans(text: str) -> list[tuple[int, int]]:
    """The sentences of the text; a run of short lines is one row of a table."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 3 and sum(map(len, lines)) < 30 * len(lines):
        return [(0, len(text))]
    return sentence_spans(text)


def _of_sentence(reading: Reading, span: Span, asked: Asked) -> _Found | None:
    told = asked.outcome & reading.concepts
    base = 0.0 if not asked.outcome else len(told) / len(asked.outcome)
    best: _Found | None = None
    for event in (*reading.events, *_likenesses(reading)):
        naming = event.kind == "direction" and bool(reading.units[event.at].concepts & asked.named)
        if naming and not asked.counted:
            continue
        effect = _effect(reading, event, asked)
        if effect is None:
            continue
        weight = base + _nearness(reading, event, asked) + _PRIOR.get(event.kind, 0.0)
        weight += (
            _of_intervention(reading, event, asked) + _between(reading, event) - (0.45 if naming else 0.0)
        )
        if best is None or weight > best.weight:
            best = _Found(effect, weight, span)
    if best is None or best.effect is Effect.UNCLEAR:
        counted = from_figures(reading, asked) or from_ratio(reading) or from_table(reading)
        if counted is not None:
            best = _Found(counted, base + 0.2, span)
    return best


def _likenesses(reading: Reading) -> tuple[Event, ...]:
    """ "A similar proportion": no difference either."""
    return tuple(
        Event("null", "", False, i) for i, u in enumerate(reading.units)
        if u.low in ("similar", "comparable") and i and reading.units[i - 1].low in ("a", "the")
    )  # fmt: skip


_PRIOR = {"direction": 0.25, "null": 0.3, "degree": 0.35, "significant": 0.1, "differ": 0.0}

_BOTH = frozenset("both all either".split())

_MORE = frozenset("more less greater larger smaller only".split())

_ARM_WORDS = frozenset("groups arms treatments conditions interventions cohorts cases group arm".split())


def _between(reading: Reading, event: Event) -> float:
    """A difference between the arms answers more than a change within them ("improved in both groups")."""
    units = reading.units
    if event.kind == "null":
        near = [u.low for u in units[max(0, event.at - 6) : event.at + 12]]
        return 0.45 if {"between", "among"} & set(near) and _ARM_WORDS & set(near) else 0.0
    return -0.4 if event.kind == "direction" and _in_both(reading, event) else 0.0


def _in_both(reading: Reading, event: Event) -> bool:
    """ "Improved in both groups": a change within the arms is no difference between them."""
    segment = reading.units[event.at].segment
    near = [u.low for u in reading.units[max(0, event.at - 8) : event.at + 12] if u.segment == segment]
    then = {u.low for u in reading.units if u.segment == segment + 1}
    if then & _MORE:
        return False
    return any(a in _BOTH and set(near[i + 1 : i + 4]) & _ARM_WORDS for i, a in enumerate(near))


def _of_intervention(reading: Reading, event: Event, asked: Asked) -> float:
    """A small bonus for a word that stands nearer to the intervention than to the comparator."""
    mine, theirs = (
        _distance(reading, event.at, asked.intervention),
        _distance(reading, event.at, asked.comparator),
    )
    return 0.15 if mine < theirs else 0.0


def _distance(reading: Reading, at: int, concepts: frozenset[str]) -> float:
    here = reading.units[at].cost
    return min(
        (abs(u.cost - here) for i, u in enumerate(reading.units) if i != at and u.concepts & concepts),
        default=99.0,
    )


def _nearness(reading: Reading, event: Event, asked: Asked) -> float:
    """How close the event stands to the words of the outcome."""
    if not asked.outcome:
        return 0.0
    context = reading.context(event.at)
    own = reading.units[event.at].concepts
    return sum(1.0 if c in own else context.get(c, 0.0) for c in asked.outcome) / len(asked.outcome)


def _effect(reading: Reading, event: Event, asked: Asked) -> Effect | None:
    if event.kind == "null":
        return Effect.NO_DIFFERENCE
    if event.kind == "significant" and event.negated:
        return Effect.NO_DIFFERENCE
    if event.kind == "differ":
        counted = from_figures(reading, asked)
        if counted is not None:
            return counted
        return Effect.UNCLEAR if not _large_p(reading, event) else Effect.NO_DIFFERENCE
    if event.kind not in ("direction", "degree"):
        return None
    if event.negated:
        return Effect.NO_DIFFERENCE
    sign = _signed(reading, event, asked)
    if sign is None:
        return None
    if not sign:
        return Effect.UNCLEAR
    if _large_p(reading, event) or _unsure(reading, event) or _in_both(reading, event):
        return Effect.NO_DIFFERENCE
    if _turned(reading, event, asked):
        sign = -sign
    return Effect.INCREASED if sign > 0 else Effect.DECREASED


def _signed(reading: Reading, event: Event, asked: Asked) -> int | None:
    """1 or -1 for the outcome, 0 when it cannot be told, ``None`` when the word is no statement of its own."""
    if event.kind == "degree":
        noun = _noun_after(reading, event.at)
        if noun is None:
            return None if not names_change(reading.units, event.at) else _plain(event.sign, asked)
        change = CHANGE_NOUNS[noun]
        sign = _plain(change, asked) if change else 1
        degree = 1 if event.sign in ("up", "good") else -1
        return sign * degree
    return _plain(event.sign, asked)


def _noun_after(reading: Reading, at: int) -> str | None:
    return next((u.low for u in reading.units[at + 1 : at + 6] if u.low in CHANGE_NOUNS), None)


def _plain(sign: str, asked: Asked) -> int:
    if asked.counted:
        # The outcome counts a change itself: a reduction reported means that "reduction in pain" went up.
        if sign in _SIGN and asked.counted in ("up", "down") and not asked.thing:
            return 1 if _SIGN[sign] == _SIGN[asked.counted] else -1
        if sign in WANTED and asked.counted in WANTED:
            return 1 if sign == asked.counted else -1
        if sign in _SIGN and asked.counted in WANTED:
            return _SIGN[sign]
    if sign in _SIGN:
        return _SIGN[sign]
    return WANTED[sign] * asked.polarity if asked.polarity else WANTED[sign]


def _large_p(reading: Reading, event: Event) -> bool:
    """Is the P value nearest behind the word above 5 %?"""
    here = reading.units[event.at]
    nearest: tuple[float, Quantity] | None = None
    for quantity, at in zip(reading.quantities, reading.quantity_at, strict=True):
        if quantity.kind != "p":
            continue
        distance = reading.units[at].cost - here.cost
        if distance < 0:
            distance = -distance + 6.0
        if nearest is None or distance < nearest[0]:
            nearest = (distance, quantity)
    if nearest is None:
        return False
    quantity = nearest[1]
    return quantity.value > FIVE_PERCENT or (
        quantity.value == FIVE_PERCENT and quantity.comparator in ("=", ">", ">=")
    )


def _unsure(reading: Reading, event: Event) -> bool:
    """Is the clause's significance denied, or is it called a trend?"""
    segment = reading.units[event.at].segment
    told = {reading.units[e.at].segment for e in reading.events if e.kind in ("direction", "degree")}
    for other in reading.events:
        if other.kind == "significant" and other.negated:
            there = reading.units[other.at].segment
            if there == segment or (there == segment + 1 and there not in told):
                return True
    nearby = reading.units[max(0, event.at - 4) : event.at + 5]
    return any(u.low in ("trend", "trends", "tended", "tendency", "nonsignificant", "ns") for u in nearby)


def _turned(reading: Reading, event: Event, asked: Asked) -> bool:
    """Is the finding told of the comparator ("higher with placebo")?"""
    if not asked.comparator and not asked.intervention:
        return False
    told = sides(reading, event.at)
    if told.base & (asked.intervention | asked.comparator):
        straight = len(told.subject & asked.intervention) + len(told.base & asked.comparator)
        crossed = len(told.subject & asked.comparator) + len(told.base & asked.intervention)
        return crossed > straight
    mine, theirs = (
        _distance(reading, event.at, asked.intervention),
        _distance(reading, event.at, asked.comparator),
    )
    return theirs <= (5.0 if mine < 99.0 else 7.0) and mine > 2.0 * theirs + 1.0
