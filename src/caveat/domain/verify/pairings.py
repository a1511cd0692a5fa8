"""A name keeps its partner: which drug was studied in which illness, binds which target, did and did not."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from caveat.domain.verify.case import Case
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.told_figures import kind_of
from caveat.domain.verify.units import Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_AGAINST = -0.35
_DID = frozenset("did does do was were is are had has have".split())
_CONTRASTS = frozenset("than versus vs compared whereas while but unlike without relative against".split())
_ROLES = frozenset("after before to from by following during".split())
_BACKGROUND = frozenset("plus background adding versus vs than over against".split())
_JOINTS = frozenset({",", "and", "or", "-", "/", "both", "with", "other", "as", "well", "the"})

Context = dict[str, float]
Named = tuple[str, list[Context], list[tuple[Reading, int]]]


def check(case: Case) -> Iterator[Reason]:
    """A reason for each name that stands where the quote has another one."""
    yield from _exchanged(case)
    yield from _denied_arms(case)
    yield from _apart(case)
    yield from _other_study(case)
    yield from _background(case)
    yield from _comparator_alone(case)
    yield from _repeated(case)
    yield from _alone(case)


def _repeated(case: Case) -> Iterator[Reason]:
    """ "anxiety and anxiety": one of the two is another name in the quote."""
    for reading in case.claim:
        last: dict[frozenset[str], int] = {}
        for i, unit in enumerate(reading.units):
            if kind_of(unit) not in ("arm", "target", "condition"):
                continue
            before = last.get(unit.concepts)
            if before is not None:
                between = reading.units[before + 1 : i]
                if any(u.low in ("and", "or", ",") for u in between) and all(
                    u.low in _JOINTS or kind_of(u) is not None for u in between
                ):
                    yield Reason(ReasonKind.ROLE_SWAPPED, f"The claim names “{unit.low}” twice in one list.")
            last[unit.concepts] = i


_ALONE = frozenset("alone monotherapy".split())


def _alone(case: Case) -> Iterator[Reason]:
    """ "A plus B" against "B alone" does not bear out "A alone"."""
    quoted = [names for r in case.evidence.whole for names in _by_itself(r)]
    for reading in case.claim:
        for name in _by_itself(reading):
            if quoted and not any(name.concepts & other.concepts for other in quoted):
                yield Reason(ReasonKind.ARM_SWAPPED, f"The quote does not say “{name.low} alone”.")


def _by_itself(reading: Reading) -> Iterator[Unit]:
    for i, unit in enumerate(reading.units):
        if i and unit.low in _ALONE and reading.units[i - 1].content:
            yield reading.units[i - 1]


def _comparator_alone(case: Case) -> Iterator[Reason]:
    """What the quote tells of the treatment is not told of the record's comparator."""
    for reading in case.claim:
        for i, unit in enumerate(reading.units):
            if (
                unit.concepts & {"~placebo", "~saline"}
                and not case.in_quote(unit)
                and not _behind(reading.units, i)
            ):
                yield Reason(ReasonKind.ARM_SWAPPED, f"The quote says nothing of “{unit.low}”.")


def _exchanged(case: Case) -> Iterator[Reason]:
    """ "A in X and B in Y" told as "B in X and A in Y"."""
    claimed, quoted = _named(case.claim), _named(case.evidence.whole)
    shared = [name for name in claimed if name in quoted]
    for i, first in enumerate(shared):
        for second in shared[i + 1 :]:
            if (
                claimed[first][0] != claimed[second][0]
                or len(claimed[first][1]) > 1
                or len(claimed[second][1]) > 1
            ):
                continue
            if (
                _compared(quoted[first], quoted[second])
                or _one_list(quoted[first], quoted[second])
                or _one_list(claimed[first], claimed[second])
            ):
                continue
            a, b = claimed[first][1][0], claimed[second][1][0]
            if all(_crossed(a, b, x, y) for x in quoted[first][1] for y in quoted[second][1]):
                yield Reason(ReasonKind.ROLE_SWAPPED, f"The claim exchanges “{first}” and “{second}”.")


def _named(readings: tuple[Reading, ...]) -> dict[str, Named]:
    found: dict[str, Named] = {}
    for reading in readings:
        for i, unit in enumerate(reading.units):
            kind = (
                unit.entity.kind
                if unit.entity
                else "condition"
                if "condition" in unit.tags
                else kind_of(unit)
            )
            if kind not in ("drug", "class", "target", "condition", "arm"):
                kind = None
            if kind is None:
                continue
            name = unit.entity.name if unit.entity else unit.stem
            context = dict(reading.context(i))
            role = _role(reading.units, i)
            if role:
                context["^" + role] = 0.6
            entry = found.setdefault(name, (kind, [], []))
            entry[1].append(context)
            entry[2].append((reading, i))
    return found


def _role(units: tuple[Unit, ...], at: int) -> str | None:
    for unit in reversed(units[max(0, at - 4) : at]):
        if unit.low in _ROLES:
            return unit.low
        if unit.kind == "p" and unit.low not in (",", "-"):
            return None
    return None


def _one_list(first: Named, second: Named) -> bool:
    """Do the two names stand in one list, where order says nothing?"""
    for reading, i in first[2]:
        for other, j in second[2]:
            if reading is other:
                between = reading.units[min(i, j) + 1 : max(i, j)]
                if all(u.low in _JOINTS or kind_of(u) is not None for u in between):
                    return True
    return False


def _compared(first: Named, second: Named) -> bool:
    """Two names on the two sides of a comparison, which may turn round with its direction."""
    return any(
        reading is other and any(u.low in _CONTRASTS for u in reading.units[min(i, j) + 1 : max(i, j)])
        for reading, i in first[2] for other, j in second[2]
    )  # fmt: skip


def _crossed(first: Context, second: Context, own: Context, rival: Context) -> bool:
    """What sets two names apart in the quote sets them apart the other way round in the claim."""
    dot = quoted = claimed = 0.0
    for concept in (first.keys() | second.keys()) & (own.keys() | rival.keys()):
        a = first.get(concept, 0.0) - second.get(concept, 0.0)
        b = own.get(concept, 0.0) - rival.get(concept, 0.0)
        dot, quoted, claimed = dot + a * b, quoted + b * b, claimed + a * a
    if not quoted or not claimed:
        return False
    return dot < -0.02 and dot < _AGAINST * (quoted * claimed) ** 0.5


def _denied_arms(case: Case) -> Iterator[Reason]:
    """ "… and placebo did not": what is told of the others is not told of placebo."""
    if any("not" in u.tags or u.low in _CONTRASTS for r in case.claim for u in r.units):
        return
    for reading in case.evidence.whole:
        units = reading.units
        for i in range(1, len(units) - 1):
            if units[i].low not in _DID or units[i + 1].low != "not":
                continue
            following = units[i + 2] if i + 2 < len(units) else None
            if following is not None and following.kind != "p":
                continue
            arm = units[i - 1]
            if arm.content and case.kept(arm):
                yield Reason(ReasonKind.ARM_SWAPPED, f"The quote denies this of “{arm.low}”.")


def _apart(case: Case) -> Iterator[Reason]:
    """Two names that the quote keeps in different clauses, each with another partner, do not meet in the claim."""
    where: dict[str, set[tuple[int, int]]] = {}
    kinds: dict[str, str] = {}
    for k, reading in enumerate(case.evidence.whole):
        for unit in reading.units:
            name, kind = _name(unit), kind_of(unit)
            if name and kind in ("arm", "target"):
                where.setdefault(name, set()).add((k, unit.segment))
                kinds[name] = kind
    for reading in case.claim:
        names = [(n, u.segment) for u in reading.units if (n := _name(u)) in where]
        for first, segment in names:
            for second, other in names:
                if (
                    segment != other
                    or kinds[first] != "arm"
                    or kinds[second] != "target"
                    or where[first] & where[second]
                ):
                    continue
                rivals = {
                    n
                    for n, places in where.items()
                    if kinds[n] == "arm" and n != first and places & where[second]
                }
                if rivals and not rivals & {n for n, _ in names}:
                    yield Reason(ReasonKind.ROLE_SWAPPED, f"The quote does not tell “{second}” of “{first}”.")


def _other_study(case: Case) -> Iterator[Reason]:
    """ "A compared X with placebo; B compared X with Y": B did not use placebo."""
    for source in case.evidence.whole:
        subjects: dict[int, Unit] = {}
        for unit in source.units:
            if unit.content and unit.segment not in subjects:
                subjects[unit.segment] = unit
        if len(subjects) < 2 or not all(_study(u, source) for u in subjects.values()):
            continue
        for segment, subject in subjects.items():
            rivals = [u for s, u in subjects.items() if s != segment]
            if not case.kept(subject) or any(case.kept(r) for r in rivals):
                continue
            own = frozenset(c for u in source.units if u.segment == segment for c in u.concepts)
            for unit in source.units:
                foreign = unit.segment != segment and unit.concepts.isdisjoint(own)
                if foreign and kind_of(unit) == "arm" and case.kept(unit):
                    yield Reason(
                        ReasonKind.ROLE_SWAPPED,
                        f"The quote does not tell “{unit.low}” of “{subject.low}”.",
                    )


def _study(unit: Unit, reading: Reading) -> bool:
    return unit.entity is None and reading.text[unit.start : unit.end].isupper()


def _name(unit: Unit) -> str | None:
    return unit.entity.name if unit.entity else None


def _background(case: Case) -> Iterator[Reason]:
    """ "celecoxib added to escitalopram": what is told of the one is not told of the other."""
    claimed = {
        n: (r, i)
        for r in case.claim
        for i, u in enumerate(r.units)
        if kind_of(u) == "arm" and (n := _name(u))
    }
    if len(claimed) != 1:
        return
    ((name, (reading, at)),) = claimed.items()
    if _behind(reading.units, at):
        return
    for source in case.evidence.whole:
        arms = [(n, i) for i, u in enumerate(source.units) if kind_of(u) == "arm" and (n := _name(u))]
        mine = [i for n, i in arms if n == name]
        others = [i for n, i in arms if n != name and not _behind(source.units, i)]
        if mine and others and all(_behind(source.units, i) for i in mine) and min(others) < min(mine):
            yield Reason(ReasonKind.ARM_SWAPPED, f"The quote tells this of another treatment than “{name}”.")


def _behind(units: tuple[Unit, ...], at: int) -> bool:
    border = next((i + 1 for i in range(at - 1, -1, -1) if units[i].low in (";", ".")), 0)
    before = [u.low for u in units[max(border, at - 3) : at]]
    if not before:
        return False
    added = any(
        a in ("added", "addition", "combined", "top") and b in ("to", "with", "of")
        for a, b in itertools.pairwise(before)
    )
    against = any(
        u.low in _CONTRASTS
        for u in units[max(border, at - 6) : at]
        if u.low not in ("while", "whereas", "but")
    )
    return added or against or before[-1] in _BACKGROUND
