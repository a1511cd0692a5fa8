"""How bad a work's standing is, and when a check of it is too old to count."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from caveat.domain.source import Source, Status

WORST_FIRST = (
    Status.RETRACTED,
    Status.WITHDRAWN,
    Status.EXPRESSION_OF_CONCERN,
    Status.CORRECTED,
    Status.CURRENT,
    Status.UNKNOWN,
)


_GRAVE = re.compile(
    r"(?:partly |partial )?(?:retract|withdraw|removal|correct|corrigendum|erratum|expression of concern|"
    r"is-(?:retracted|withdrawn|corrected)-by)",
    re.IGNORECASE,
)
_ABOUT_OTHERS = re.compile(
    r"(?:partial )?retraction of |correction of |expression of concern for ", re.IGNORECASE
)


def grave_notices(notices: Iterable[str]) -> tuple[str, ...]:
    """Those that say a work was taken back, doubted or corrected; not those that it makes of other works."""
    return tuple(n for n in notices if _GRAVE.match(n) and not _ABOUT_OTHERS.match(n))


def worst(statuses: Iterable[Status]) -> Status:
    """The status that warns most; unknown when there is none."""
    return min(statuses, key=WORST_FIRST.index, default=Status.UNKNOWN)


def plain_doi(doi: str | None) -> str | None:
    """A DOI in lower case without what people write before it; case does not count in one."""
    found = re.search(r"10\.\d{4,9}/\S+", doi or "")
    return found.group().lower() if found else None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the last check of one work found. ``notices`` say who published what, in words."""

    source_id: str
    status: Status
    checked_on: str
    pmid: str | None = None
    doi: str | None = None
    notices: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    """Who was asked and knew the work."""

    def applies(self, source: Source) -> bool:
        """Whether it is about this work: a PMID or DOI in common, else the same id and no other number."""
        pairs = ((self.pmid, source.pmid), (self.doi, plain_doi(source.doi)))
        if any(mine and mine == theirs for mine, theirs in pairs):
            return True
        other = any(mine and theirs for mine, theirs in pairs)
        return self.source_id == source.id and not other


def with_standing(source: Source, standings: Iterable[Standing]) -> Source:
    """The source with the worst of what it says of itself and what checks found, and the day of the check."""
    found = [standing for standing in standings if standing.applies(source)]
    if not found:
        return source
    by = min(found, key=lambda s: WORST_FIRST.index(s.status))
    return replace(
        source,
        status=worst((source.status, by.status)),
        status_checked_on=by.checked_on,
        notices=tuple(dict.fromkeys((*source.notices, *by.notices))),
    )


def with_age(source: Source, today: date, max_age_days: int) -> Source:
    """A clean check that is too old counts as unknown, with its day kept. What was taken back stays so."""
    if source.status is not Status.CURRENT or source.status_checked_on is None:
        return source
    age = (today - date.fromisoformat(source.status_checked_on)).days
    return replace(source, status=Status.UNKNOWN) if age > max_age_days else source
