"""Who was studied: a subgroup is not everyone, animals are not patients, one case is not a rule."""

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

_MANY = frozenset("patients people adults women men children".split())

_ANIMALS = frozenset({"animal"})


def check(case: Case) -> Iterator[Reason]:
    """A reason for each narrowing of the quote's group that the claim drops, and for animals told of as people."""
    for reading in case.evidence.whole:
        yield from _modifiers(case, reading)
        yield from _groups(case, reading)
        yield from _only(case, reading)
        yield from _named_group(case, reading)
    yield from _species(case)
    yield from _one_case(case)
    yield from _population(case)


def _population(case: Case) -> Iterator[Reason]:
    """A finding is not told without saying of whom, unless the source's record is at hand to say it."""
    if case.evidence.facts.drugs or case.evidence.facts.concepts:
        return
    if case.tags & {"anchor", "condition", "animal"} or any(
        q.kind == "year" for r in case.claim for q in r.quantities
    ):
        return
    if any(u.proper and not u.entity for r in case.claim for u in r.units):
        return
    studied = [
        u
        for r in case.evidence.whole
        for i, u in enumerate(r.units)
        if "condition" in u.tags and _of_people(r.units, i)
    ]
    if studied and not any(case.kept(u) for u in studied):
        yield Reason(
            ReasonKind.SUBGROUP, f"The claim does not say that the quote is about “{studied[0].low}”."
        )


def _of_people(units: tuple[Unit, ...], at: int) -> bool:
    before = {u.low for u in units[max(0, at - 2) : at]}
    after = {u.low for u in units[at + 1 : at + 3]}
    if (
        at + 1 < len(units)
        and units[at + 1].content
        and not after & {"trial", "patients", "people", "study", "cohort", "trials"}
    ):
        return False
    return bool(
        before & {"in", "among", "with"}
        or after & {"trial", "patients", "people", "study", "cohort", "trials"}
    )


def _one_case(case: Case) -> Iterator[Reason]:
    """One case is not patients in general."""
    if (
        "@case" in case.tags
        or "~case" in case.concepts
        or not any(u.low in _MANY for r in case.claim for u in r.units)
    ):
        return
    told = any(
        "case_report" in u.low or (u.low == "case" and "report" in {v.stem for v in r.units})
        for r in case.evidence.whole
        for u in r.units
    )
    if (told or case.evidence.facts.design == "case report") and not any(
        u.low in _MANY for r in case.evidence.whole for u in r.units
    ):
        yield Reason(ReasonKind.SUBGROUP, "The quote is about one case, the claim about patients.")


def _modifiers(case: Case, reading: Reading) -> Iterator[Reason]:
    """ "depressed patients" from "high-CRP depressed patients": the word that narrowed is gone, its noun is not."""
    units = reading.units
    for i, unit in enumerate(units):
        if (
            "restrict" not in unit.tags
            or _still_narrow(case, unit)
            or not unit.content
            or "hedge:exploratory" in unit.tags
        ):
            continue
        if unit.tags & {"up", "down"} and unit.low not in (
            "high",
            "low",
            "elevated",
            "raised",
            "higher",
            "lower",
            "older",
            "younger",
        ):
            continue
        if unit.low in ("higher", "lower", "raised", "elevated", "older", "younger") and case.tags & {
            "up",
            "down",
            "good",
            "bad",
        }:
            continue
        if "healthy" in unit.tags and _also_without(units, i):
            continue
        for other in units[i + 1 : i + 6]:
            if other.low == "-":
                continue
            if other.kind == "p" or "stop" in other.tags or other.kind == "n":
                break
            if case.kept(other) and not (
                other.tags & {"soft", "restrict"}
                and not other.tags & {"human", "condition"}
                and other.low not in ("group", "groups")
            ):
                shown = reading.text[unit.start : unit.end]
                yield Reason(
                    ReasonKind.SUBGROUP, f"The quote says “{shown}” of the group, the claim leaves it out."
                )
                break


def _named_group(case: Case, reading: Reading) -> Iterator[Reason]:
    """ "Among exercisers": what is told of them is not told of all."""
    units = reading.units
    for i, unit in enumerate(units[1:-1], 1):
        named = "restrict" in unit.tags and unit.low.endswith("s") and "human" not in unit.tags
        if not named or units[i - 1].low not in _OPENERS or units[i + 1].content or case.kept(unit):
            continue
        if case.told(reading, unit.segment):
            yield Reason(ReasonKind.SUBGROUP, f"The quote is about “{unit.low}”, the claim leaves it out.")


def _also_without(units: tuple[Unit, ...], at: int) -> bool:
    """ "82 people with arthritis, 22 healthy people": people are not all healthy here."""
    heads = [u for u in units[at + 1 : at + 3] if u.content]
    return any(
        v.concepts & u.concepts and "healthy" not in units[j - 1].tags
        for u in heads[:1]
        for j, v in enumerate(units)
        if v is not u and j
    )


def _only(case: Case, reading: Reading) -> Iterator[Reason]:
    """ "In women-only trials": what is told of them is not told of all."""
    units = reading.units
    for i in range(1, len(units) - 1):
        if units[i].low == "only" and units[i - 1].low == "-" and i > 1 and not case.kept(units[i - 2]):
            shown = f"{units[i - 2].low}-only"
            if case.told(reading, units[i].segment):
                yield Reason(ReasonKind.SUBGROUP, f"The quote is about “{shown}”, the claim leaves it out.")


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


def _still_narrow(case: Case, unit: Unit) -> bool:
    if unit.low in ("high", "low"):
        same = {"high": ("high", "elevated", "raised", "above"), "low": ("low", "reduced", "below")}[unit.low]
        return any(u.low in same for r in case.claim for u in r.units)
    return case.kept(unit)


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


def _species(case: Case) -> Iterator[Reason]:
    design = case.evidence.facts.design
    if case.tags & _ANIMALS:
        return
    told = [
        (u, r) for r in case.evidence.whole for u in r.units if "animal" in u.tags and case.told(r, u.segment)
    ]
    if design not in ("animal study", "in vitro study") and (
        not told or any("human" in r.tags for r in case.evidence.whole)
    ):
        return
    yield Reason(ReasonKind.SPECIES, "The quote is about animals or cells, the claim does not say so.")
