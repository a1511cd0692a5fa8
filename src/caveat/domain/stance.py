"""What a text reports of an outcome: increased, decreased, no difference, or nothing clear; and whether that is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from caveat.domain.model import Span
from caveat.domain.verify.bindings import figures
from caveat.domain.verify.directions import sides
from caveat.domain.verify.quantities import Quantity
from caveat.domain.verify.reading import Event, Reading, names_change, read
from caveat.domain.verify.tokens import sentence_spans
from caveat.domain.verify.words import Vocabulary, default_vocabulary

_FIVE_PERCENT = Decimal("0.05")
_SIGN = {"up": 1, "gain": 1, "down": -1, "lose": -1}
_WANTED = {"good": 1, "bad": -1}
_CHANGE_NOUNS = {
    "improvement": "good", "improvements": "good", "reduction": "down", "reductions": "down", "decrease": "down", "decreases": "down",
    "increase": "up", "increases": "up", "decline": "down", "declines": "down", "rise": "up", "fall": "down", "drop": "down", "gain": "up",
    "gains": "up", "loss": "down", "losses": "down", "deterioration": "bad", "worsening": "bad", "relief": "good", "recovery": "good",
    "benefit": "good", "benefits": "good", "elevation": "up", "change": "", "changes": "",
}  # fmt: skip


_ACTIVE = frozenset({"intervent", "experiment", "activ", "supplement", "~treatment"})
_CONTROL = frozenset({"~control", "~placebo", "~saline"})


_GENERIC = frozenset({"~treatment", "treat", "~receive", "therap", "~group", "group", "~patient", "pati", "~dose", "dose", "~week", "week", "~month",
                      "~day", "day", "month", "~plus", "~additional", "~drug", "drug", "program"})  # fmt: skip


class Effect(StrEnum):
    """What happened to the outcome with the intervention, against the comparator."""

    INCREASED = "increased"
    DECREASED = "decreased"
    NO_DIFFERENCE = "no_difference"
    UNCLEAR = "unclear"


class Benefit(StrEnum):
    """Is the effect what one would want?"""

    BETTER = "better"
    WORSE = "worse"
    NEITHER = "neither"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reported:
    """The effect a text reports and the sentence of it that says so; no span when it is unclear."""

    effect: Effect
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """The question as concepts: what is unique to the intervention and to the comparator, and the outcome."""

    outcome: frozenset[str]
    named: frozenset[str]
    """Every word of the outcome, directions included: "number of falls" reports no fall."""
    intervention: frozenset[str]
    comparator: frozenset[str]
    polarity: int
    counted: str
    """The change that the outcome itself names ("reduction in pain"), else empty."""
    thing: bool
    """True for a gain or loss that is itself counted ("faecal losses were increased")."""


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
    asked = _asked(outcome, intervention, comparator, words)
    best: _Found | None = None
    for start, end in sentence_spans(text):
        found = _of_sentence(read(text[start:end], words), Span(start, end), asked)
        if found is not None and (best is None or found.weight > best.weight):
            best = found
    if best is None:
        return Reported(Effect.UNCLEAR)
    return Reported(best.effect, best.span)


def benefit_of(effect: Effect, outcome: str) -> Benefit:
    """Whether the effect is wanted: less depression is better, less remission is worse; unknown where words differ."""
    if effect is Effect.NO_DIFFERENCE:
        return Benefit.NEITHER
    polarity = outcome_polarity(outcome)
    if effect is Effect.UNCLEAR or not polarity:
        return Benefit.UNKNOWN
    return Benefit.BETTER if (effect is Effect.INCREASED) == (polarity > 0) else Benefit.WORSE


def outcome_polarity(outcome: str) -> int:
    """1 when more of the outcome is wanted, -1 when less is, 0 when the words do not say."""
    reading = read(outcome, default_vocabulary())
    found = [1 if "wanted" in u.tags else -1 for u in reading.units if u.tags & {"wanted", "unwanted"}]
    counted = _counted(reading)
    if counted in ("good", "bad"):
        return _WANTED[counted]
    sign = found[0] if found and len(set(found)) == 1 else found[-1] if found else 0
    return -sign if counted == "down" else sign


def _counted(reading: Reading) -> str:
    """A change the outcome itself names, as its head: "reduction in pain", not a scale's name in brackets."""
    for i, unit in enumerate(reading.units[:6]):
        if _CHANGE_NOUNS.get(unit.low) and not unit.depth:
            following = reading.units[i + 1].low if i + 1 < len(reading.units) else ""
            if following in ("in", "of", "from", "") or i + 1 == len(reading.units):
                return _CHANGE_NOUNS[unit.low]
    return ""


def _asked(
    outcome: str | None, intervention: str | None, comparator: str | None, words: Vocabulary
) -> _Asked:
    def concepts(text: str | None) -> frozenset[str]:
        if not text:
            return frozenset()
        return frozenset(
            c for u in read(text, words).units if u.content and "soft" not in u.tags for c in u.concepts
        )

    reading = read(outcome or "", words)
    treated, compared = concepts(intervention) - _GENERIC, concepts(comparator) - _GENERIC
    said = frozenset(
        c
        for u in reading.units
        if u.content and not u.tags & {"soft", "up", "down", "good", "bad"}
        for c in u.concepts
    )
    named = frozenset(c for u in reading.units if u.content for c in u.concepts)
    thing = any(u.low in ("loss", "losses", "gain", "gains", "falls", "drops") for u in reading.units)
    mine = (treated | _ACTIVE) - compared if intervention else frozenset()
    theirs = (compared | _CONTROL) - treated if comparator else frozenset()
    return _Asked(said, named, mine, theirs, outcome_polarity(outcome) if outcome else 0, _counted(reading), thing)


def _of_sentence(reading: Reading, span: Span, asked: _Asked) -> _Found | None:
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
        counted = _from_figures(reading, asked) or _from_ratio(reading) or _from_table(reading)
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


_BOTH = frozenset("both all either each".split())
_ARM_WORDS = frozenset(
    "group groups arm arms treatment treatments condition conditions intervention interventions cohorts".split()
)


def _between(reading: Reading, event: Event) -> float:
    """A difference between the arms answers more than a change within them ("improved in both groups")."""
    units = reading.units
    behind = [u.low for u in units[event.at + 1 : event.at + 12]]
    if event.kind == "null":
        near = [u.low for u in units[max(0, event.at - 6) : event.at + 12]]
        return 0.45 if {"between", "among"} & set(near) and _ARM_WORDS & set(near) else 0.0
    both = any(a in _BOTH and set(behind[i + 1 : i + 3]) & _ARM_WORDS for i, a in enumerate(behind))
    return -0.4 if event.kind == "direction" and both else 0.0


def _of_intervention(reading: Reading, event: Event, asked: _Asked) -> float:
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


def _nearness(reading: Reading, event: Event, asked: _Asked) -> float:
    """How close the event stands to the words of the outcome."""
    if not asked.outcome:
        return 0.0
    context = reading.context(event.at)
    own = reading.units[event.at].concepts
    return sum(1.0 if c in own else context.get(c, 0.0) for c in asked.outcome) / len(asked.outcome)


def _effect(reading: Reading, event: Event, asked: _Asked) -> Effect | None:
    if event.kind == "null":
        return Effect.NO_DIFFERENCE
    if event.kind == "significant" and event.negated:
        return Effect.NO_DIFFERENCE
    if event.kind == "differ":
        counted = _from_figures(reading, asked)
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
    if _large_p(reading, event) or _unsure(reading, event):
        return Effect.NO_DIFFERENCE
    if _turned(reading, event, asked):
        sign = -sign
    return Effect.INCREASED if sign > 0 else Effect.DECREASED


def _signed(reading: Reading, event: Event, asked: _Asked) -> int | None:
    """1 or -1 for the outcome, 0 when it cannot be told, ``None`` when the word is no statement of its own."""
    if event.kind == "degree":
        noun = _noun_after(reading, event.at)
        if noun is None:
            return None if not names_change(reading, event.at) else _plain(event.sign, asked)
        change = _CHANGE_NOUNS[noun]
        sign = _plain(change, asked) if change else 1
        degree = 1 if event.sign in ("up", "good") else -1
        return sign * degree
    return _plain(event.sign, asked)


def _noun_after(reading: Reading, at: int) -> str | None:
    return next((u.low for u in reading.units[at + 1 : at + 6] if u.low in _CHANGE_NOUNS), None)


def _plain(sign: str, asked: _Asked) -> int:
    if asked.counted:
        # The outcome counts a change itself: a reduction reported means that "reduction in pain" went up.
        if sign in _SIGN and asked.counted in ("up", "down") and not asked.thing:
            return 1 if _SIGN[sign] == _SIGN[asked.counted] else -1
        if sign in _WANTED and asked.counted in _WANTED:
            return 1 if sign == asked.counted else -1
        if sign in _SIGN and asked.counted in _WANTED:
            return _SIGN[sign]
    if sign in _SIGN:
        return _SIGN[sign]
    return _WANTED[sign] * asked.polarity if asked.polarity else _WANTED[sign]


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
    return quantity.value > _FIVE_PERCENT or (
        quantity.value == _FIVE_PERCENT and quantity.comparator in ("=", ">", ">=")
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


def _turned(reading: Reading, event: Event, asked: _Asked) -> bool:
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
    return theirs <= 5.0 and mine > 2.0 * theirs + 1.0


def _from_figures(reading: Reading, asked: _Asked) -> Effect | None:
    """Compares the two arms' figures, where a P value below 5 % or the word says that they differ."""
    p_values = [q for q in reading.quantities if q.kind == "p"]
    if p_values and all(q.value > _FIVE_PERCENT for q in p_values):
        return Effect.NO_DIFFERENCE
    small = any(
        q.value < _FIVE_PERCENT or (q.value == _FIVE_PERCENT and q.comparator == "<") for q in p_values
    )
    if not small and not any(e.kind in ("differ", "significant") and not e.negated for e in reading.events):
        return None
    mine, theirs = _arm_figure(reading, asked.intervention), _arm_figure(reading, asked.comparator)
    if mine is None or theirs is None or mine == theirs:
        return None
    return Effect.INCREASED if mine > theirs else Effect.DECREASED


def _from_ratio(reading: Reading) -> Effect | None:
    """An odds, hazard or risk ratio with its interval: which side of 1 it lies on, if it leaves 1 out."""
    ratios = [q for q in reading.quantities if q.label in ("or", "rr", "hr", "irr")]
    if not ratios and any(u.low in ("hazard", "odds") or u.low == "odds_ratio" for u in reading.units):
        ratios = [q for q in reading.quantities if q.kind == "number" and "." in q.text][:1]
    limits = [q.pair for q in reading.quantities if q.kind == "ci" and q.pair]
    if not ratios or not limits:
        return None
    low, high = sorted(limits[0])
    if low <= 1 <= high:
        return Effect.NO_DIFFERENCE
    return Effect.INCREASED if ratios[0].value > 1 else Effect.DECREASED


def _from_table(reading: Reading) -> Effect | None:
    """A row of a table whose last figure is a P value above 5 %."""
    words = sum(u.kind in "wi" for u in reading.units)
    numbers = [q for q in reading.quantities if q.kind in ("number", "p")]
    if len(numbers) < 3 or len(numbers) * 3 < words:
        return None
    last = numbers[-1]
    return Effect.NO_DIFFERENCE if "." in last.text and _FIVE_PERCENT < last.value <= 1 else None


def _arm_figure(reading: Reading, arm: frozenset[str]) -> Decimal | None:
    """The figure that stands closest to the arm's words."""
    best: tuple[float, Decimal] | None = None
    for figure in figures(reading):
        if figure.quantity.is_time or figure.quantity.pair_kind == "of":
            continue
        if figure.attached & arm:
            return figure.quantity.value
        here = reading.units[figure.at].cost
        distance = min((abs(u.cost - here) for u in reading.units if u.concepts & arm), default=99.0)
        if distance < 8.0 and (best is None or distance < best[0]):
            best = (distance, figure.quantity.value)
    return best[1] if best else None
