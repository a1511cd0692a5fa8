"""Which works the pages list: all of them or, of a very large collection, the newest; and the line that says so."""

from __future__ import annotations

from collections.abc import Sequence

from caveat.domain.model import Source
from caveat.domain.ports import EvidenceIndex, HoldsManyWorks
from caveat.ui.markup import Html, el

MOST_LISTED = 5000
"""So many rows are filtered, sorted and drawn in about a second."""


def listed_works(index: EvidenceIndex) -> Sequence[Source]:
    """The works to list; the same object until a build or a check changes it."""
    if index.source_count > MOST_LISTED and isinstance(index, HoldsManyWorks):
        return index.newest_sources(MOST_LISTED)
    return index.all_sources()


def listed_note(index: EvidenceIndex, listed: int, what: str) -> Html | None:
    """The line that says that only the newest works are in ``what``; None where all are."""
    if listed >= index.source_count:
        return None
    text = f"{what} the newest {listed:,} of {index.source_count:,} works. Answers come from all of them."
    return el("p", text, cls="cv-count")
