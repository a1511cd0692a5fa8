"""What is asked of a text: an outcome, an intervention, a comparator; and what counts as better."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from caveat.domain.model import Span
from caveat.domain.verify.reading import Reading, read
from caveat.domain.verify.words import Vocabulary, default_vocabulary

FIVE_PERCENT = Decimal("0.05")

WANTED = {"good": 1, "bad": -1}

CHANGE_NOUNS = {
    "improvement": "good", "improvements": "good", "reduction": "down", "reductions": "down", "decrease": "down", "decreases": "down",
    "increase": "up", "increases": "up", "decline": "down", "declines": "down", "rise": "up", "fall": "down", "drop": "down", "gain": "up",
    "gains": "up", "loss": "down", "losses": "down", "deterioration": "bad", "worsening": "bad", "relief": "good", "recovery": "good",
    "benefit": "good", "benefits": "good", "elevation": "up", "change": "", "changes": "",
}  # fmt: skip

_ACTIVE = frozenset({"intervent", "experiment", "activ", "supplement", "~treatment"})

_CONTROL = frozenset({"~control", "~placebo", "~saline"})

_GENERIC = frozenset({"~treatment", "treat", "~receive", "therap", "~group", "group", "~patient", "pati", "~dose", "dose", "~week", "week", "~month",
                      "~day", "day", "month", "~plus", "~additional", "~drug", "drug", "program"})  # fmt: skip


_GOOD_PHRASES = ("quality of life", "well-being", "mental health", "sf-36", "positive affect")


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
class Asked:
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
    counted = counted_change(reading)
    if counted in ("good", "bad"):
        return WANTED[counted]
    if any(phrase in outcome.casefold() for phrase in _GOOD_PHRASES):
        found = [1]
    sign = found[0] if found and len(set(found)) == 1 else found[-1] if found else 0
    return -sign if counted == "down" else sign


def counted_change(reading: Reading) -> str:
    """A change the outcome itself names, as its head: "reduction in pain", not a scale's name in brackets."""
    for i, unit in enumerate(reading.units[:6]):
        if CHANGE_NOUNS.get(unit.low) and not unit.depth:
            following = reading.units[i + 1].low if i + 1 < len(reading.units) else ""
            if following in ("in", "of", "from", "") or i + 1 == len(reading.units):
                return CHANGE_NOUNS[unit.low]
    return ""


def ask(outcome: str | None, intervention: str | None, comparator: str | None, words: Vocabulary) -> Asked:
    """The question\'s words as concepts, shared and general ones apart."""

    def concepts_of(text: str | None) -> frozenset[str]:
        if not text:
            return frozenset()
        return frozenset(
            c for u in read(text, words).units if u.content and "soft" not in u.tags for c in u.concepts
        )

    reading = read(outcome or "", words)
    treated, compared = concepts_of(intervention) - _GENERIC, concepts_of(comparator) - _GENERIC
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
    return Asked(
        said, named, mine, theirs, outcome_polarity(outcome) if outcome else 0, counted_change(reading), thing
    )
