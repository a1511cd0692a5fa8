"""The two sides of a comparison, and whether claim and quote have them the same way round."""

from __future__ import annotations

from dataclasses import dataclass

from caveat.domain.verify.reading import Reading
from caveat.domain.verify.told_figures import kind_of
from caveat.domain.verify.units import Unit

_BASE_WORDS = frozenset("than versus vs against over".split())

_CONTRASTS = frozenset("than versus vs against compared relative between over difference differ".split())

_BASE_WITH = frozenset("compared relative comparison".split())

_BASE_ENDS = frozenset({",", ";", ":", "."})

_VERBS = frozenset("may might could can will would was were is are had has have did does".split())

_OBJECT_IS_BASE = frozenset("beat beats outperform outperformed outperforms exceed exceeded exceeds".split())


@dataclass(frozen=True, slots=True)
class Sides:
    """The two sides of a comparison: what is spoken of, and what it is compared with."""

    subject: frozenset[str]
    base: frozenset[str]
    names: frozenset[str]
    """Arms and conditions among the subject."""


def sides(reading: Reading, at: int) -> Sides:
    """The two sides of the comparison that the word at ``at`` belongs to; an empty base when there is none."""
    units = reading.units
    here = units[at].segment
    low = [u.low for u in units]
    start = (
        next((i for i in range(at, -1, -1) if units[i].segment != here or low[i] in (";", ".", ":")), -1) + 1
    )
    stop = next(
        (i for i in range(at, len(units)) if units[i].segment != here or low[i] in (";", ":")), len(units)
    )
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
        while (
            end < stop
            and low[end] not in _BASE_ENDS
            and not (taken and low[end] in _VERBS and low[end - 1] not in ("who", "that", "which", "those"))
            and not (
                taken
                and low[end] in ("at", "after", "by", "on", "in", "for", "from", "among")
                and not all(soft)
                and low[end - 1] not in ("than", "with", "to", "versus", "vs")
            )
        ):
            if units[end].depth:
                end += 1
                continue
            if (
                units[end].content
                and end != at
                and not _is_direction(units[end])
                and not low[end].endswith("ly")
            ):
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


def unmade_comparison(reading: Reading, at: int, source: Reading, other: int) -> bool:
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
