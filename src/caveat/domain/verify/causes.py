"""Association is not turned into cause: who is linked with an outcome is not said to change it."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.domain.verify.case import Case
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.units import BE
from caveat.domain.verify.verdict import Reason, ReasonKind

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
    quoted_cause = any(causes(r) for r in case.evidence.whole)
    quoted_acting = any(acts(r, quoted=True) for r in case.evidence.whole)
    linked = any("associate" in u.tags for r in case.evidence.whole for u in r.units)
    for reading in case.claim:
        for at in causes(reading):
            if not quoted_cause and (linked or not quoted_acting) and not case.in_quote(reading.units[at]):
                yield Reason(ReasonKind.CAUSATION, f"The quote does not say “{_text(reading, at)}”.")
        for at in causes(reading):
            word = reading.units[at]
            said = [
                u for r in case.evidence.whole for u in r.units if u.concepts & word.concepts and u.content
            ]
            if said and all(u.negated for u in said):
                yield Reason(
                    ReasonKind.NEGATION, f"The quote denies “{_text(reading, at)}”, the claim does not."
                )
        for at in acts(reading):
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


def _text(reading: Reading, at: int) -> str:
    unit = reading.units[at]
    return reading.text[unit.start : unit.end]


def causes(reading: Reading) -> list[int]:
    """Where the sentence says a cause ("led to", "prevents")."""
    return [
        i for i, u in enumerate(reading.units)
        if "cause" in u.tags and not u.negated and not (u.low == "results" and reading.units[i + 1 : i + 2] and reading.units[i + 1].low == "of") and not (u.low in ("make", "made", "makes", "leading", "lead", "led", "drive", "determine", "determined", "produce") and not _goes_on(reading, i))
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


def acts(reading: Reading, quoted: bool = False) -> list[int]:
    """Acting verbs in the active voice with a subject before and an object behind them."""
    found = []
    for i, unit in enumerate(reading.units):
        if quoted and unit.low in ("gave", "gives") and not unit.negated:
            given = reading.units[i + 1 : i + 6]
            if any(u.tags & {"up", "down", "good", "bad"} for u in given):
                found.append(i)
            continue
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
        passive = previous in BE
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
