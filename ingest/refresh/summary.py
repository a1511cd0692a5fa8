"""What lies in a home beside its indexes: fetched records, the last check of each work, official texts."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

from caveat.adapters.status_book import StatusBook
from ingest.refresh.official import Official
from ingest.refresh.refresh import CHANGES, SUFFIX
from ingest.sources.store import Store

SHOWN = 5


@dataclass(slots=True)
class Summary:
    """Counts and days; an empty home has none."""

    fetched: dict[str, dict[str, object]] = field(default_factory=dict)
    """By source: how many records, and the days the first and the last came."""
    standings: dict[str, int] = field(default_factory=dict)
    first_check: str | None = None
    last_check: str | None = None
    official_texts: int = 0
    changes: list[dict[str, object]] = field(default_factory=list)
    """The newest changes of standing, newest first."""

    def as_dict(self) -> dict[str, object]:
        """For machines."""
        return asdict(self)

    def lines(self) -> list[str]:
        """For people."""
        out = [
            f"Fetched from {name}: {facts['records']:,} records, the last on {facts['last'] or 'a day not noted'}."
            for name, facts in self.fetched.items()
        ]
        if self.last_check:
            found = ", ".join(f"{n:,} {status}" for status, n in sorted(self.standings.items()))
            since = "" if self.first_check == self.last_check else f" (the oldest on {self.first_check})"
            out.append(f"Checked for retraction on {self.last_check}{since}: {found}.")
        else:
            out.append("Never checked for retraction; `python -m ingest refresh` does.")
        out += [
            f"  {change.get('on')}: {change.get('id')} is {change.get('now')}." for change in self.changes
        ]
        if self.official_texts:
            out.append(f"Official texts in place of notes: {self.official_texts:,}.")
        return out


def summary(home: Path) -> Summary:
    """What there is in a home."""
    made = Summary(official_texts=len(Official(home)))
    for name, suffix in SUFFIX.items():
        store = Store(home, name, suffix)
        if store.folder.is_dir() and (count := store.count()):
            days = sorted(store.fetched_on().values())
            made.fetched[name] = {
                "records": count,
                "first": days[0] if days else None,
                "last": days[-1] if days else None,
            }
    entries = StatusBook(home).entries()
    made.standings = dict(Counter(entry.status.value for entry in entries))
    days = sorted(entry.checked_on for entry in entries)
    if days:
        made.first_check, made.last_check = days[0], days[-1]
    made.changes = _changes(home / CHANGES)
    return made


def _changes(path: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else []:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            found.append(entry)
    return found[: -SHOWN - 1 : -1]
