"""A group that the quote narrows stays narrow: "in people with CRP above 3 mg/L", "among exercisers"."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.domain.verify.case import Case
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.units import Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_GROUP_HEADS = frozenset(
    {
        "~people",
        "~patient",
        "~adult",
        "~child",
        "~woman",
        "~man",
        "~adolescent",
        "~infant",
        "~volunteer",
        "those",
        "~group",
    }
)

_OPENERS = frozenset({"in", "among", "for", "within", "amongst"})

_NARROWING = frozenset(
    {
        "with",
        "without",
        "who",
        "whose",
        "having",
        "above",
        "below",
        "not",
        "given",
        "taking",
        "aged",
        "under",
        "over",
    }
)

_ENDS = frozenset({",", ";", ":", "(", ")", "."})


def check(case: Case) -> Iterator[Reason]:
    """A reason for each limit of the quote's group that the claim drops while it keeps what is told of the group."""
    for reading in case.evidence.whole:
        yield from _groups(case, reading)
        yield from _named_group(case, reading)


def _groups(case: Case, reading: Reading) -> Iterator[Reason]:
    """ "in people with CRP above 3 mg/L": all of the words that define the group are gone."""
    units = reading.units
    for i, unit in enumerate(units):
        if unit.concepts & _GROUP_HEADS and _subject_group(case, units, i):
            yield Reason(ReasonKind.SUBGROUP, f"The quote is about a narrower group than “{unit.low}”.")
        if unit.low not in _OPENERS:
            continue
        head = next(
            (j for j in range(i + 1, min(i + 6, len(units))) if units[j].concepts & _GROUP_HEADS), None
        )
        subgroup = next(
            (
                j
                for j in range(i + 1, min(i + 6, len(units)))
                if units[j].low in ("subgroup", "subset", "stratum", "third")
            ),
            None,
        )
        start = head if head is not None else subgroup
        if start is None or any(u.low in _ENDS for u in units[i + 1 : start]):
            continue
        defining = _defining(
            units, start, narrow=unit.low in ("among", "amongst", "within") or subgroup is not None
        )
        if head is not None and any(u.low in ("a", "an") for u in units[i + 1 : head]):
            continue
        if _main_population(case, units, i, start, defining):
            continue
        outside = frozenset(c for k, u in enumerate(units) if not i <= k <= start + 12 for c in u.concepts)
        defining = [u for u in defining if u.concepts.isdisjoint(outside)] or defining
        if (
            defining
            and not any(case.kept(u) for u in defining)
            and not _another_group(case, units, i, start)
            and not _another_clause(case, reading, unit.segment)
            and _rest_is_told(case, reading, i, start)
        ):
            shown = reading.text[units[i].start : defining[-1].end]
            yield Reason(ReasonKind.SUBGROUP, f"The quote is about “{shown}” only.")


def _defining(units: tuple[Unit, ...], start: int, narrow: bool) -> list[Unit]:
    found: list[Unit] = []
    narrowed = narrow
    for offset, unit in enumerate(units[start + 1 : start + 12]):
        if unit.low in _ENDS:
            break
        if unit.low in _NARROWING:
            following = units[start + 1 + offset + 1] if start + 2 + offset < len(units) else unit
            if unit.low in ("over", "under") and following.kind == "n":
                break
            narrowed = True
            continue
        if not narrowed:
            break
        if unit.low in ("was", "were", "had", "has", "is", "are", "did") or (
            found and unit.low in ("in", "on", "at", "from", "after", "by")
        ):
            break
        if found and "acting" in unit.tags and unit.low.endswith("ed"):
            break
        if unit.content and "soft" not in unit.tags:
            found.append(unit)
    return found


def _another_group(case: Case, units: tuple[Unit, ...], opener: int, head: int) -> bool:
    """ "1,204 women given tocilizumab … 3,310 women who took none": does the claim tell of another group by its own limits?"""
    for j, unit in enumerate(units):
        if j in range(opener, head + 1) or not unit.concepts & _GROUP_HEADS or not case.kept(unit):
            continue
        limits = _defining(units, j, narrow=False)
        if limits and all(case.kept(u) for u in limits[:3]):
            return True
    return False


def _another_clause(case: Case, reading: Reading, segment: int) -> bool:
    """Does the claim tell another clause of the quote and little of this one?"""

    def share(clause: int) -> float:
        content = [u for u in reading.units if u.content and u.segment == clause and "soft" not in u.tags]
        return sum(case.kept(u) for u in content) / max(1, len(content))

    own = share(segment)
    others = {u.segment for u in reading.units} - {segment}
    return any(share(other) >= max(0.6, 1.5 * own) for other in others)


def _rest_is_told(case: Case, reading: Reading, start: int, end: int) -> bool:
    rest = [
        u for k, u in enumerate(reading.units) if u.content and not start <= k <= end and "soft" not in u.tags
    ]
    kept = [u for u in rest if case.kept(u)]
    return len(kept) >= max(2, 0.25 * len(rest))


def _named_group(case: Case, reading: Reading) -> Iterator[Reason]:
    """ "Among exercisers": what is told of them is not told of all."""
    units = reading.units
    for i, unit in enumerate(units[1:-1], 1):
        named = "restrict" in unit.tags and unit.low.endswith("s") and "human" not in unit.tags
        if not named or units[i - 1].low not in _OPENERS or units[i + 1].content or case.kept(unit):
            continue
        if case.told(reading, unit.segment):
            yield Reason(ReasonKind.SUBGROUP, f"The quote is about “{unit.low}”, the claim leaves it out.")


def _main_population(
    case: Case, units: tuple[Unit, ...], opener: int, start: int, defining: list[Unit]
) -> bool:
    """ "in 36 people with schizophrenia": the study's people, which a claim that names the study need not repeat."""
    if units[opener].low in ("among", "amongst", "within") or not case.tags & {"anchor"}:
        return False
    stretch = units[opener : start + 9]
    if any(
        u.low in ("without", "above", "below", "not", "who", "subgroup", "those") or "restrict" in u.tags
        for u in stretch
    ):
        return False
    return bool(defining) and all(
        "condition" in u.tags or u.low in ("disorder", "disease", "illness") for u in defining
    )


def _subject_group(case: Case, units: tuple[Unit, ...], at: int) -> bool:
    """ "depressed people with CRP above 3 mg/L were …": the limit is gone from the claim, the people are not."""
    if at + 1 >= len(units) or units[at + 1].low not in ("with", "without", "whose", "who", "above", "below"):
        return False
    defining = _defining(units, at, narrow=False)
    figures = [u for u in units[at + 1 : at + 12] if u.kind == "n"]
    limited = figures and any(
        u.low in ("above", "below", "over", "under", "least", "more") for u in units[at + 1 : at + 9]
    )
    described = len(defining) > 1 and not any("condition" in u.tags or case.in_facts(u) for u in defining)
    if not defining or not (limited or described):
        return False
    return case.kept(units[at]) and not any(case.kept(u) for u in defining)
