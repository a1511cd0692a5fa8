"""Up is not down, better is not worse, no difference is not a difference; comparisons keep their sides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from caveat.domain.verify.bindings import kind_of
from caveat.domain.verify.case import Case, signed
from caveat.domain.verify.reading import DEGREES, Event, Reading, Unit, names_change
from caveat.domain.verify.verdict import Reason, ReasonKind

_LOOSE = {"gain": True, "lose": False}
"""A gain may be a rise or an improvement, a loss a fall or a worsening."""
_OPPOSITE = {"up": "down", "down": "up", "good": "bad", "bad": "good"}
_COMPARED = frozenset({"direction", "degree", "null", "differ", "effect", "associate", "predict", "met"})
_FIVE_PERCENT = Decimal("0.05")
_EFFECT_VERBS = frozenset(
    """affect affects affected changed altered alters influenced influences influence modified modifies varied varies vary effect effects
    impacted""".split()
)
_ASSOCIATION_LABELS = frozenset({"or", "rr", "hr", "ror", "irr", "r", "beta"})
_BASE_WORDS = frozenset("than versus vs against over".split())
_CONTRASTS = frozenset("than versus vs against compared relative between over difference differ".split())
_DEGREE_ADVERBS = frozenset({"more", "less", "better"})
_BASE_WITH = frozenset("compared relative comparison".split())
_BASE_ENDS = frozenset({",", ";", ":", "."})
_OBJECT_IS_BASE = frozenset("beat beats outperform outperformed outperforms exceed exceeded exceeds".split())


@dataclass(frozen=True, slots=True)
class Sides:
    """The two sides of a comparison: what is spoken of, and what it is compared with."""

    subject: frozenset[str]
    base: frozenset[str]
    names: frozenset[str]
    """Arms and conditions among the subject."""


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
            rest = [e for e in source.events if e is not other and e.kind == other.kind and compare(reading, rival, source, e)]
            if all(_close(context, source.context(e.at)) <= near for e in rest):
                return True
    return False


def _judge(
    reading: Reading, event: Event, quoted: list[tuple[Reading, Event]], case: Case
) -> Reason | None:
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
    kind = ReasonKind.NEGATION if event.negated or event.kind != "direction" else ReasonKind.DIRECTION
    if agree < 0 and event.kind == "effect" and not contradicted:
        return None
    if agree < 0:
        if event.kind == "null" and not contradicted and _large_p(case.evidence.whole):
            return None
        if not contradicted and event.kind == "associate" and not event.negated and _measured(case.evidence.whole):
            return None
        if not contradicted and reading.units[event.at].low == "more" and _compared_gain(reading, event, quoted):
            return None
        if not contradicted and event.kind == "direction" and _change_says(reading, event, case.evidence.whole):
            return None
        if not contradicted and event.kind == "direction" and _ratio_says(reading, event, case.evidence.whole):
            return None
        if not contradicted and _a_fact(case, reading, event):
            return None
        if contradicted:
            return Reason(kind, f"The claim says “{stated}”, the quote says “{contradicted}”.")
        return Reason(kind, f"The quote does not say “{stated}”.")
    if differ > agree * 1.15 + 0.05:
        return Reason(kind, f"The claim says “{stated}” where the quote says “{contradicted}”.")
    return None


def _large_p(whole: tuple[Reading, ...]) -> bool:
    """Only P values above 5 %: "did not differ" may be said of it."""
    p_values = [q for r in whole for q in r.quantities if q.kind == "p"]
    return bool(p_values) and all(q.value > _FIVE_PERCENT and q.comparator in ("=", ">") for q in p_values)


def _compared_gain(reading: Reading, event: Event, quoted: list[tuple[Reading, Event]]) -> bool:
    """ "Improved more than placebo" may be said of "improved compared with placebo"."""
    base = sides(reading, event.at).base
    return bool(base) and any(
        e.kind == "direction" and e.sign in ("up", "good") and not e.negated and sides(r, e.at).base & base for r, e in quoted
    )


def _a_fact(case: Case, reading: Reading, event: Event) -> bool:
    """ "High-CRP patients" may be said when the source's record says so."""
    here = reading.units[event.at]
    following = next((u for u in reading.units[event.at + 1 : event.at + 4] if u.content), None)
    return event.kind == "direction" and case.in_facts(here) and following is not None and case.in_facts(following)


def _change_says(reading: Reading, event: Event, whole: tuple[Reading, ...]) -> bool:
    """ "Fell by 11.2" may be said of "changed by -11.2"."""
    if event.sign != "down" or event.negated:
        return False
    told = {q.value for q in reading.quantities}
    return any(
        q.value < 0 and -q.value in told and any(e.kind == "effect" for e in r.events) for r in whole for q in r.quantities
    )


def _ratio_says(reading: Reading, event: Event, whole: tuple[Reading, ...]) -> bool:
    """ "Higher odds" may be said of an odds ratio above 1 whose interval leaves 1 out, "lower" of one below."""
    near = {u.low for u in reading.units[event.at + 1 : event.at + 3]}
    if not near & {"odds", "risk", "likelihood", "rates", "rate"}:
        return False
    ratios = [(q.value, r) for r in whole for q in r.quantities if q.label in ("or", "rr", "hr", "ror", "irr")]
    if len(ratios) != 1 or event.negated:
        return False
    value, source = ratios[0]
    limits = [q.pair for q in source.quantities if q.kind == "ci" and q.pair]
    if not limits or limits[0][0] <= 1 <= limits[0][1]:
        return False
    return (value > 1) == (event.sign == "up") and event.sign in ("up", "down")


def _measured(whole: tuple[Reading, ...]) -> bool:
    """An odds ratio, a correlation and the like report an association without the word."""
    return any(q.label in _ASSOCIATION_LABELS for r in whole for q in r.quantities)


def compare(reading: Reading, event: Event, source: Reading, other: Event) -> bool | None:
    """Does the quoted event bear out the claimed one (True), contradict it (False) or neither (None)?"""
    if event.kind == "degree" or (event.kind == "direction" and other.kind == "degree"):
        if other.kind not in ("degree", "direction"):
            return None
        plain, weighing = (reading, event) if event.kind == "direction" else (source, other)
        if "degree" != event.kind or "degree" != other.kind:
            low = plain.units[weighing.at].low
            if low not in _DEGREE_ADVERBS and not (low in DEGREES and names_change(plain, weighing.at)):
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
    if _unmade(reading, event.at, source, other.at):
        return False
    if exchanged_sides(reading, event.at, source, other.at):
        sign = _OPPOSITE[sign]
    if event.negated != other.negated:
        return False
    return sign == quoted


def _as_good(sign: str, outcome: int) -> str:
    if not outcome:
        return ""
    return "good" if (sign == "up") == (outcome > 0) else "bad"


def sides(reading: Reading, at: int) -> Sides:
    """The two sides of the comparison that the word at ``at`` belongs to; an empty base when there is none."""
    units = reading.units
    here = units[at].segment
    low = [u.low for u in units]
    start = next((i for i in range(at, -1, -1) if units[i].segment != here or low[i] in (";", ".", ":")), -1) + 1
    stop = next((i for i in range(at, len(units)) if units[i].segment != here or low[i] in (";", ":")), len(units))
    base_at = None
    if low[at] in _OBJECT_IS_BASE:
        base_at = at
    else:
        after = [i for i in range(at + 1, stop) if _opens_base(units, i)]
        before = [i for i in range(start, at) if _opens_base(units, i)]
        base_at = after[0] if after else before[-1] if before else None
    subject: set[str] = set()
    base: set[str] = set()
    names: set[str] = set()
    end = base_at
    if base_at is not None:
        end = base_at + 1
        taken = 0
        soft: list[bool] = []
        while end < stop and low[end] not in _BASE_ENDS and not (taken and low[end] in ("at", "after", "by", "on", "in", "for", "from", "among") and not all(soft) and low[end - 1] not in ("than", "with", "to", "versus", "vs")):
            if units[end].depth:
                end += 1
                continue
            if units[end].content and end != at and not _is_direction(units[end]):
                base |= units[end].concepts
                taken += 1
                soft.append("soft" in units[end].tags or low[end].endswith(("ed", "ing", "en")))
            end += 1
    for i in range(start, stop):
        if base_at is not None and base_at <= i < (end or 0):
            continue
        if units[i].content and i != at and not _is_direction(units[i]):
            subject |= units[i].concepts
            if kind_of(units[i]) in ("arm", "condition"):
                names |= units[i].concepts
    both = subject & base
    return Sides(frozenset(subject - both), frozenset(base - both), frozenset(names - both))


def _is_direction(unit: Unit) -> bool:
    return bool(unit.tags & {"up", "down", "good", "bad", "gain", "lose"})


def _opens_base(units: tuple[Unit, ...], i: int) -> bool:
    low = units[i].low
    if i + 1 < len(units) and units[i + 1].kind == "n":
        return False
    if low == "to":
        return i > 0 and units[i - 1].low in ("superior", "inferior", "preferable")
    if low in _BASE_WORDS:
        return not (low == "than" and i + 1 < len(units) and units[i + 1].kind == "n") and not (
            low == "over" and i + 1 < len(units) and units[i + 1].kind == "n"
        )
    return low in _BASE_WITH and i + 1 < len(units) and units[i + 1].low in ("with", "to")


def _unmade(reading: Reading, at: int, source: Reading, other: int) -> bool:
    """A comparison that the quote does not make: "larger in A and in B" is not "larger in A than in B"."""
    if any(u.low in _CONTRASTS for u in source.units) and not any(u.low == "both" for u in source.units):
        return False
    claimed, quoted = sides(reading, at), sides(source, other)
    return bool(claimed.base) and not quoted.base and claimed.base <= quoted.subject


def exchanged_sides(reading: Reading, at: int, source: Reading, other: int) -> bool:
    """Are the two sides of the comparison exchanged between claim and quote?"""
    quoted = sides(source, other)
    claimed = sides(reading, at)
    if not quoted.base:
        return False
    if claimed.base:
        straight = len(claimed.subject & quoted.subject) + len(claimed.base & quoted.base)
        crossed = len(claimed.subject & quoted.base) + len(claimed.base & quoted.subject)
        return len(claimed.base & quoted.subject) > len(claimed.base & quoted.base) or (
            crossed > straight and bool(claimed.base & quoted.subject)
        )
    if quoted.names and claimed.subject & quoted.names:
        return False
    own = len(claimed.subject & quoted.subject) / max(1, len(quoted.subject))
    base = len(claimed.subject & quoted.base) / len(quoted.base)
    return base > own and base >= 0.5
