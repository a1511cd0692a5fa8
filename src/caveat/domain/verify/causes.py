"""Association is not turned into cause: who is linked with an outcome is not said to change it."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.domain.verify.case import Case
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.verdict import Reason, ReasonKind

_BE = frozenset("is are was were be been being".split())
_NOT_OBJECT = frozenset(
    """in with on by at for from to than and or of after during over versus vs compared when while as more less most least but
    between across among within until before since . , ; : ( )""".split()
)
_TRIAL_WORDS = frozenset({"~placebo", "~saline", "~randomise"})
_LINKED_DESIGNS = frozenset(
    {
        "cohort",
        "case-control",
        "cross-sectional",
        "mendelian randomization",
        "pharmacovigilance",
        "case series",
        "case report",
    }
)
_TRIAL_DESIGNS = frozenset({"randomized controlled trial", "experimental human study"})


def check(case: Case) -> Iterator[Reason]:
    """A reason for each causal word, or acting verb, that says more than the quote."""
    quoted_cause = any(_causes(r) for r in case.evidence.whole)
    quoted_acting = any(_acts(r, quoted=True) for r in case.evidence.whole)
    linked = any("associate" in u.tags for r in case.evidence.whole for u in r.units)
    for reading in case.claim:
        for at in _causes(reading):
            if not quoted_cause and not quoted_acting:
                yield Reason(ReasonKind.CAUSATION, f"The quote does not say “{_text(reading, at)}”.")
        yield from _reversed(case, reading)
        for factor, of in _risk_factors(reading):
            quoted = [pair for r in case.evidence.whole for pair in _risk_factors(r)]
            if any(of & a and factor & b for a, b in quoted) and not any(of & b for _, b in quoted):
                yield Reason(ReasonKind.ROLE_SWAPPED, "The risk factor and its outcome are exchanged.")
        for at in _acts(reading):
            if quoted_acting or quoted_cause:
                continue
            if linked and not any("associate" in u.tags for u in reading.units):
                yield Reason(
                    ReasonKind.CAUSATION, f"The quote reports a link; “{_text(reading, at)}” says a cause."
                )
            elif not linked and not _compared_in_trial(case):
                yield Reason(
                    ReasonKind.CAUSATION,
                    f"“{_text(reading, at)}” says a cause that the quote does not state.",
                )


_VERBS = frozenset("predict predicts predicted predicting predictor predictors".split())
_BACKWARD = frozenset("due because owing attributable thanks".split())


def _hyphenated(reading: Reading, at: int) -> bool:
    """ "IL-6-induced"."""
    return at > 1 and reading.units[at - 1].low == "-" and reading.units[at].low.endswith("ed")


def _poles(reading: Reading, at: int) -> tuple[frozenset[str], frozenset[str]]:
    """What acts and what is acted on, around a causal or predicting word."""
    units = reading.units
    segment = units[at].segment
    if _hyphenated(reading, at):
        behind = frozenset(c for u in units[at + 1 : at + 3] if u.content for c in u.concepts)
        return units[at - 2].concepts, behind
    before = frozenset(c for u in units[:at] if u.content and u.segment == segment for c in u.concepts)
    after = frozenset(c for u in units[at + 1 :] if u.content and u.segment == segment for c in u.concepts)
    shared = before & after
    before, after = before - shared, after - shared
    passive = any(u.low == "by" for u in units[at + 1 : at + 3]) or (
        at > 0 and units[at - 1].low == "consequence"
    )
    if passive or units[at].low in _BACKWARD or any(u.low == "from" for u in units[at + 1 : at + 2]):
        return after, before
    return before, after


def _risk_factors(reading: Reading) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """What is a risk factor, and for what."""
    units = reading.units
    for i in range(len(units) - 2):
        if units[i].low != "risk" or not units[i + 1].low.startswith("factor") or units[i + 2].low != "for":
            continue
        stop = next(
            (
                j
                for j in range(i + 3, len(units))
                if units[j].kind == "p" or units[j].low in ("was", "were", "are", "is", "in", "on")
            ),
            len(units),
        )
        of = frozenset(c for u in units[i + 3 : stop] if u.content for c in u.concepts)
        rest = [
            u
            for j, u in enumerate(units)
            if u.content and not i <= j < stop and u.segment == units[i].segment
        ]
        yield frozenset(c for u in rest for c in u.concepts) - of, of


def _predicts(reading: Reading) -> list[int]:
    return [
        e.at
        for e in reading.events
        if e.kind == "predict"
        and reading.units[e.at].low.startswith("predict")
        and reading.units[e.at].low in _VERBS
    ]


def _reversed(case: Case, reading: Reading) -> Iterator[Reason]:
    """Cause and effect, or predictor and predicted, have changed places."""
    mine = {*_causes(reading), *_acts(reading), *_predicts(reading)}
    for at in mine:
        agent, patient = _poles(reading, at)
        straight = crossed = 0
        foreign = False
        for source in case.evidence.whole:
            for other in {*_causes(source), *_acts(source), *_predicts(source)}:
                quoted_agent, quoted_patient = _poles(source, other)
                straight = max(straight, len(agent & quoted_agent) + len(patient & quoted_patient))
                if agent & quoted_patient and patient & quoted_agent:
                    crossed = max(crossed, len(agent & quoted_patient) + len(patient & quoted_agent))
                if _hyphenated(source, other) and not agent & quoted_agent and not _hyphenated(reading, at):
                    foreign = True
                elif (
                    agent
                    and quoted_agent
                    and not agent & quoted_agent
                    and len(agent & quoted_patient) > len(agent) / 2
                ):
                    foreign = foreign or case.concepts.isdisjoint(quoted_agent)
        if crossed > straight or foreign:
            yield Reason(ReasonKind.ROLE_SWAPPED, f"“{_text(reading, at)}” runs the other way in the quote.")


def _text(reading: Reading, at: int) -> str:
    unit = reading.units[at]
    return reading.text[unit.start : unit.end]


def _causes(reading: Reading) -> list[int]:
    return [
        i for i, u in enumerate(reading.units)
        if "cause" in u.tags and not u.negated and not (u.low in ("make", "made", "makes", "leading", "lead", "led", "drive", "determine", "determined", "produce") and not _goes_on(reading, i))
    ]  # fmt: skip


def _goes_on(reading: Reading, at: int) -> bool:
    following = reading.units[at + 1].low if at + 1 < len(reading.units) else ""
    return following == "to" or (
        reading.units[at].low not in ("lead", "led", "leading") and following not in _NOT_OBJECT
    )


_NOT_ACTING_AFTER = frozenset(
    """a an the of with and or in no for from higher lower - , had has have having that whether if because than showed show shows found finding finds reported reports observed noted more less both
    their its significantly genetically some any""".split()
)


def _acts(reading: Reading, quoted: bool = False) -> list[int]:
    """Acting verbs in the active voice with a subject before and an object behind them."""
    found = []
    for i, unit in enumerate(reading.units):
        if "acting" not in unit.tags or unit.negated:
            continue
        before = [u for u in reading.units[:i] if u.content and u.segment == unit.segment]
        if not before:
            continue
        k = i - 1
        while k > 0 and (reading.units[k].low.endswith("ly") or reading.units[k].low in ("not", "also")):
            k -= 1
        previous = reading.units[k].low
        behind = i + 1
        while behind < len(reading.units) and reading.units[behind].low.endswith("ly"):
            behind += 1
        following = reading.units[behind].low if behind < len(reading.units) else "."
        passive = previous in _BE
        if (
            (passive and any(u.low == "by" for u in reading.units[i + 1 : i + 4]))
            or (not passive and (quoted and previous == ",") and following not in _NOT_OBJECT)
            or (
                not passive
                and not reading.units[k].tags & _BEFORE_ADJECTIVE
                and previous not in _NOT_ACTING_AFTER
                and not _comparative(reading, i)
                and (following not in _NOT_OBJECT and not _number(reading, behind))
            )
        ):
            found.append(i)
    return found


_BEFORE_ADJECTIVE = frozenset({"associate", "predict", "cause", "up", "down", "good", "bad"})


def _comparative(reading: Reading, at: int) -> bool:
    """ "lower X than": an adjective, not a verb."""
    if reading.units[at].low not in ("lower", "double", "slow"):
        return False
    segment = reading.units[at].segment
    return any(u.low == "than" and u.segment == segment for u in reading.units[at:])


def _number(reading: Reading, at: int) -> bool:
    return at < len(reading.units) and reading.units[at].kind == "n"


def _compared_in_trial(case: Case) -> bool:
    design = case.evidence.facts.design
    if design in _LINKED_DESIGNS:
        return False
    return design in _TRIAL_DESIGNS or not case.evidence.concepts.isdisjoint(_TRIAL_WORDS)
