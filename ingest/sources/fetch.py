"""One fetch: page after page onto the disk, so that it can be stopped anywhere and taken up again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime

from caveat.errors import RequestRefused
from ingest.sources.live import LiveSource, Page, Query, Record
from ingest.sources.store import Run, Store


@dataclass(slots=True)
class FetchReport:
    """What a fetch did. ``matching`` is how many records the source has for the query, where it tells."""

    source: str
    folder: str
    matching: int | None = None
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    on_disk: int = 0
    """Records that were not asked for again."""
    resumed_at: int = 0
    missing: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def fetched(self) -> int:
        """Records that were sent."""
        return self.new + self.changed + self.unchanged

    @property
    def nothing(self) -> bool:
        """Whether the query matches no record at all."""
        return not (self.fetched or self.on_disk or self.resumed_at or self.missing)

    def as_dict(self) -> dict[str, object]:
        """For machines."""
        return {**asdict(self), "fetched": self.fetched}


Tell = Callable[[int, int | None], None]
"""Hears how many records are done, of how many."""


def fetch(
    source: LiveSource, query: Query, store: Store, *, again: bool = False, tell: Tell = lambda _d, _n: None
) -> FetchReport:
    """Fetches what is not on disk; raises ``SourceUnavailable`` with all that came before kept."""
    started = time.monotonic()
    report = FetchReport(source.name, str(store.folder))
    with store.lock():
        run = store.run(query)
        report.resumed_at = run.done
        try:
            _pages(source, query, store, run, report, again, tell)
        except RequestRefused:
            if not run.done or report.fetched:
                raise
            # The place in the pages that was kept is not known any more: from the beginning, then.
            report.notices.append("The place where the last run stopped is no longer known; begun anew.")
            report.resumed_at = 0
            _pages(source, query, store, replace(run, state={}, done=0), report, again, tell)
    report.seconds = round(time.monotonic() - started, 2)
    return report


def _pages(
    source: LiveSource, query: Query, store: Store, run: Run, report: FetchReport, again: bool, tell: Tell
) -> None:
    have = (lambda _ident: False) if again else store.has
    most = len(query.ids) or query.most
    for page in source.pages(query, run.state, have):
        records = page.records if query.ids else page.records[: max(0, most - run.done)]
        _keep(page, records, store, run.key, report)
        run = replace(run, done=min(most, run.done + len(page.records) + page.known))
        store.save(run, query)
        tell(run.done, most if page.total is None else min(most, page.total))
        if run.done >= most and not query.ids:
            break
    finished = datetime.now(UTC).isoformat(timespec="seconds")
    store.save(replace(run, finished=finished), query)


def _keep(page: Page, records: tuple[Record, ...], store: Store, key: str, report: FetchReport) -> None:
    for record in records:
        outcome = store.keep(record, key)
        setattr(report, outcome, getattr(report, outcome) + 1)
    report.on_disk += page.known
    report.missing += page.missing
    if page.total is not None:
        report.matching = page.total
    if page.notice:
        report.notices.append(page.notice)
