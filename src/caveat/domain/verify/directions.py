"""Up is not down, better is not worse, no difference is not a difference; comparisons keep their sides."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.domain.verify.case import Case, signed
from caveat.domain.verify.events import DEGREES, names_change
from caveat.domain.verify.implied import (
    change_says,
    compared_gain,
    figures_say,
    measured_link,
    only_large_p,
    ratio_says,
    recorded_fact,
)
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.sides import exchanged_sides, unmade_comparison
from caveat.domain.verify.units import Event, Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_LOOSE = {"gain": True, "lose": False}
"""A gain may be a rise or an improvement, a loss a fall or a worsening."""

_OPPOSITE = {"up": "down", "down": "up", "good": "bad", "bad": "good"}

_COMPARED = frozenset({"direction", "degree", "null", "differ", "effect", "associate", "predict", "met"})

_EFFECT_VERBS = frozenset(
    """affect affects affected changed altered alters influenced influences influence modified modifies varied varies vary effect effects
    impacted""".split()
)

_PLAIN = frozenset("high low".split())
"""Adjectives that compare with nothing, so that no two sides can be exchanged."""

_DEGREE_ADVERBS = frozenset({"more", "less", "better"})


def _says_effect(reading: Reading, at: int) -> bool:
    """A verb ("affected", "did change") or a stated effect, not the noun of "MADRS change"."""
    low = reading.units[at].low
    before = reading.units[at - 1].low if at else ""
    return low in _EFFECT_VERBS or (low == "change" and before in ("did", "does", "do", "to", "not"))


def polarity(reading: Reading, at: int, reach: float = 9.0) -> int:
    """Is more of the outcome nearest to unit ``at`` wanted (1), unwanted (-1) or not known (0)?"""
    described = _described(reading, at)
    if described:
        told = {1 if "wanted" in u.tags else -1 for u in described if u.tags & {"wanted", "unwanted"}}
        if len(told) == 1:
            return told.pop()
        if not told and any("target" in u.tags for u in described):
            return 0
    here = reading.units[at].cost
    best, sign = reach, 0
    for i, unit in enumerate(reading.units):
        if i == at or unit.kind == "p":
            continue
        value = 1 if "wanted" in unit.tags else -1 if "unwanted" in unit.tags else 0
        distance = abs(unit.cost - here)
        if value and distance < best:
            best, sign = distance, value
    return sign


def _described(reading: Reading, at: int) -> list[Unit]:
    """The nouns right behind the word, up to four: "lower blood CRP"."""
    found: list[Unit] = []
    for unit in reading.units[at + 1 : at + 6]:
        if unit.content:
            found.append(unit)
        elif unit.low != "-":
            break
    return found[:4]


def check(case: Case) -> Iterator[Reason]:
    """A reason for each direction, difference or relation the claim states and no quote bears out."""
    quoted = [(r, e) for r in case.evidence.whole for e in r.events if e.kind in _COMPARED]
    for reading in case.claim:
        for event in reading.events:
            if reading.units[event.at].low.startswith("follow"):
                continue
            if event.kind in _COMPARED and (event.kind != "effect" or _says_effect(reading, event.at)):
                reason = _judge(reading, event, quoted, case)
                if reason is not None:
                    yield reason


def _of_something_else(case: Case, source: Reading, other: Event) -> bool:
    """Does the word describe a noun that the claim leaves out ("and reduced intravascular volume")?"""
    if not source.units[other.at].tags & {"up", "down"} or source.units[other.at].low in _DEGREE_ADVERBS:
        return False
    described = []
    for unit in source.units[other.at + 1 : other.at + 10]:
        if unit.content:
            if not unit.tags & {"soft", "human", "null", "up", "down", "good", "bad"}:
                described.append(unit)
        elif unit.low not in (",", "and", "of", "-", "or"):
            break
        elif not described:
            return False
    return bool(described) and not any(case.kept(u) for u in described)


def _close(a: dict[str, float], b: dict[str, float]) -> float:
    """Likeness of two places that counts near words much more than far ones."""
    return sum(min(weight, b[concept]) ** 2 for concept, weight in a.items() if concept in b)


def _told_elsewhere(
    claim: tuple[Reading, ...], event: Event, source: Reading, other: Event, likeness: float
) -> bool:
    """Is the quoted event what another word of the claim renders?"""
    for reading in claim:
        for rival in reading.events:
            if rival is event or rival.kind != other.kind or not compare(reading, rival, source, other):
                continue
            context = reading.context(rival.at)
            near = _close(context, source.context(other.at))
            if near < likeness:
                continue
            rest = [
                e
                for e in source.events
                if e is not other and e.kind == other.kind and compare(reading, rival, source, e)
            ]
            if all(_close(context, source.context(e.at)) <= near for e in rest):
                return True
    return False


def _judge(reading: Reading, event: Event, quoted: list[tuple[Reading, Event]], case: Case) -> Reason | None:
    context = reading.context(event.at)
    agree, differ = -1.0, -1.0
    contradicted = ""
    for source, other in quoted:
        verdict = compare(reading, event, source, other)
        if verdict is None or (other.kind == "direction" and _of_something_else(case, source, other)):
            continue
        likeness = _close(context, source.context(other.at)) + (
            0.35 if source.units[other.at].stem == reading.units[event.at].stem else 0.0
        )
        if verdict:
            agree = max(agree, likeness)
        elif likeness > differ and not _told_elsewhere(case.claim, event, source, other, likeness):
            differ, contradicted = likeness, signed(source, other)
    stated = signed(reading, event)
    directed = event.kind in ("direction", "degree") and not event.negated
    kind = ReasonKind.DIRECTION if directed else ReasonKind.NEGATION
    if agree < 0 and event.kind == "effect" and not contradicted:
        return None
    if agree < 0:
        if event.kind == "null" and not contradicted and only_large_p(case.evidence.whole):
            return None
        if (
            not contradicted
            and event.kind == "associate"
            and not event.negated
            and measured_link(case.evidence.whole)
        ):
            return None
        if (
            not contradicted
            and reading.units[event.at].low == "more"
            and compared_gain(reading, event, quoted)
        ):
            return None
        if (
            not contradicted
            and event.kind == "direction"
            and change_says(reading, event, case.evidence.whole)
        ):
            return None
        if not contradicted and event.kind == "direction" and ratio_says(reading, event, case.evidence.whole):
            return None
        if (
            not contradicted
            and event.kind in ("direction", "degree")
            and figures_say(reading, event, case.evidence.whole)
        ):
            return None
        if not contradicted and recorded_fact(case, reading, event):
            return None
        if contradicted:
            return Reason(kind, f"The claim says “{stated}”, the quote says “{contradicted}”.")
        return Reason(kind, f"The quote does not say “{stated}”.")
    if differ > agree * 1.15 + 0.05:
        return Reason(kind, f"The claim says “{stated}” where the quote says “{contradicted}”.")
    return None


def compare(reading: Reading, event: Event, source: Reading, other: Event) -> bool | None:
    """Does the quoted event bear out the claimed one (True), contradict it (False) or neither (None)?"""
    if event.kind == "degree" or (event.kind == "direction" and other.kind == "degree"):
        if other.kind not in ("degree", "direction"):
            return None
        plain, weighing = (reading, event) if event.kind == "direction" else (source, other)
        if event.kind != "degree" or other.kind != "degree":
            low = plain.units[weighing.at].low
            if low not in _DEGREE_ADVERBS and not (low in DEGREES and names_change(plain.units, weighing.at)):
                return None
        return event.sign == other.sign and event.negated == other.negated
    if event.kind == "direction":
        return _compare_direction(reading, event, source, other)
    if event.kind == "null":
        if other.kind == "null":
            return True
        if other.kind in ("direction", "associate", "predict") and other.negated:
            return True
        if other.kind == "effect":
            return False if source.units[other.at].low in _EFFECT_VERBS else None
        return False if other.kind in ("direction", "differ") else None
    if event.kind == "differ":
        if other.kind == "differ" or (other.kind == "direction" and not other.negated):
            return True
        return False if other.kind == "null" else None
    if event.kind in ("associate", "predict"):
        if other.kind in ("associate", "predict"):
            if other.negated != event.negated:
                return False
            return event.kind == other.kind or other.kind == "predict" or event.negated
        if other.kind in ("direction", "differ"):
            return not event.negated and not other.negated and event.kind == "associate"
        if other.kind in ("null", "effect"):
            return event.negated if other.kind == "null" else None
        return None
    if event.kind == "effect":
        if other.kind in ("effect", "differ"):
            return True
        if other.kind == "direction":
            return not other.negated
        return False if other.kind == "null" else None
    if event.kind == "met":
        return event.negated == other.negated if other.kind == "met" else None
    return None


def _compare_direction(reading: Reading, event: Event, source: Reading, other: Event) -> bool | None:
    if other.kind == "null":
        return event.negated
    if other.kind != "direction":
        return None
    sign = event.sign
    quoted = other.sign
    if sign in _LOOSE or quoted in _LOOSE:
        if event.negated != other.negated:
            return False
        return _LOOSE.get(sign, sign in ("up", "good")) == _LOOSE.get(quoted, quoted in ("up", "good"))
    if (sign in ("up", "down")) != (quoted in ("up", "down")):
        if sign in ("up", "down"):
            sign = _as_good(sign, polarity(reading, event.at) or polarity(source, other.at))
        else:
            quoted = _as_good(quoted, polarity(source, other.at) or polarity(reading, event.at))
        if not sign or not quoted:
            return None
    if reading.units[event.at].low in _PLAIN and source.units[other.at].low in _PLAIN:
        return event.negated == other.negated and sign == quoted
    if unmade_comparison(reading, event.at, source, other.at):
        return False
    if exchanged_sides(reading, event.at, source, other.at):
        sign = _OPPOSITE[sign]
    if event.negated and not other.negated and _unsure(reading) and _unsure(source):
        return sign == quoted
    if event.negated != other.negated and not _both_denied(reading.units[event.at], source.units[other.at]):
        return False
    return sign == quoted


def _both_denied(claimed: Unit, quoted: Unit) -> bool:
    """ "Poor sleep was not counted" and "they did not count poor sleep"."""
    return (
        claimed.stem == quoted.stem
        and not (claimed.tags | quoted.tags) & {"acting"}
        and ((claimed.negated and quoted.touched) or (claimed.touched and quoted.negated))
    )


def _unsure(reading: Reading) -> bool:
    """ "Fell, but not significantly" and "did not fall significantly" say the same."""
    return any(e.kind == "significant" and e.negated for e in reading.events)


def _as_good(sign: str, outcome: int) -> str:
    if not outcome:
        return ""
    return "good" if (sign == "up") == (outcome > 0) else "bad"
