"""One document made of several records of a work: the text of one of them, the facts of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from caveat.domain.model import Document, Source
from caveat.domain.standing import worst
from ingest.refresh.official import merged

_ALL = frozenset({"registry_ids", "seen_at", "notices", "overlaps"})
"""Lists to which every record adds."""
_OF_THE_TEXT = frozenset(
    {"id", "title", "preprint", "note_not_original", "abstract_only", "secondary_source_only", "status"}
)
"""What belongs to the record whose text is shown, and is not filled in from another."""


def combine(records: Sequence[Document]) -> Document:
    """The work these records tell of. A note yields its text to the work itself and keeps its own, checked facts."""
    if len(records) == 1:
        return records[0]
    notes = [r for r in records if r.source.note_not_original]
    others = [r for r in records if not r.source.note_not_original]
    if notes and others:
        return merged(combine(notes), combine(others))
    lead = max(records, key=_worth)
    rest = [r for r in records if r is not lead]
    return replace(lead, source=_facts(lead.source, [r.source for r in rest]))


def _worth(record: Document) -> tuple[bool, int]:
    """The article before its preprint, then whichever says most."""
    return (not record.source.preprint, sum(len(s.text) for s in record.sections if s.quotable))


def _facts(lead: Source, rest: Sequence[Source]) -> Source:
    changes: dict[str, Any] = {}
    for field in fields(Source):
        name = field.name
        mine = getattr(lead, name)
        if name in _ALL:
            every = [x for s in (lead, *rest) for x in getattr(s, name)]
            changes[name] = tuple(dict.fromkeys(every))
        elif name not in _OF_THE_TEXT and mine in (None, (), False):
            found = next((v for s in rest if (v := getattr(s, name)) not in (None, (), False)), mine)
            changes[name] = found
    alike = [s.status for s in (lead, *rest) if s.preprint == lead.preprint]
    changes["status"] = worst(alike)
    if changes["status"] is not lead.status:
        told = next(s for s in rest if s.status is changes["status"])
        changes["status_checked_on"] = told.status_checked_on
    return replace(lead, **changes)
