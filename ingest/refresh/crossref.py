"""Crossref, asked in both directions: what a work says was done to it, and which notices say they update it.

A publisher may deposit a retraction in either place alone, so one direction is not enough.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from caveat.domain.model import Status
from caveat.errors import RequestRefused
from caveat.settings import Settings
from ingest.readers.sections import one_line
from ingest.sources.live import number, parse_json, parts
from ingest.sources.open import CROSSREF, Pause
from ingest.sources.web import Web

BATCH = 20
ROWS = 500
LONGEST = 300
_PLAIN = re.compile(r"10\.[^\s,]+")
"""DOIs that can stand in a filter, where a comma parts one from the next."""
STATUS_OF = {
    "retraction": Status.RETRACTED,
    "removal": Status.RETRACTED,
    "withdrawal": Status.WITHDRAWN,
    "partial_retraction": Status.EXPRESSION_OF_CONCERN,
    "expression_of_concern": Status.EXPRESSION_OF_CONCERN,
    "correction": Status.CORRECTED,
    "corrigendum": Status.CORRECTED,
    "erratum": Status.CORRECTED,
}
_RELATIONS = (("retract", Status.RETRACTED), ("withdraw", Status.WITHDRAWN), ("correct", Status.CORRECTED))
Item = dict[str, object]


class Crossref:
    """Works by DOI and the notices about them."""

    label = "Crossref"

    def __init__(self, web: Web, contact: str = "") -> None:
        self._web = web
        self._who = {"mailto": contact} if contact else {}

    def works(self, dois: list[str]) -> dict[str, Item]:
        """The records of these DOIs (in lower case); what Crossref lacks is left out."""
        found: dict[str, Item] = {}
        for batch in parts([d for d in dois if _PLAIN.fullmatch(d)], BATCH):
            found.update((_doi(item), item) for item in self._filtered("doi", batch))
        for doi in dois:
            if not _PLAIN.fullmatch(doi):
                item = self._one(doi)
                found.update({doi: item} if item else {})
        return {doi: found[doi] for doi in dois if doi in found}

    def notices(self, dois: list[str]) -> list[Item]:
        """The records that say they update one of these DOIs."""
        plain = [doi for doi in dois if _PLAIN.fullmatch(doi)]
        return [item for batch in parts(plain, BATCH) for item in self._filtered("updates", batch)]

    def _filtered(self, name: str, dois: list[str]) -> list[Item]:
        """What matches any of the DOIs. A batch that is refused, or too full, is asked for by halves."""
        params = {**self._who, "filter": ",".join(f"{name}:{doi}" for doi in dois), "rows": str(ROWS)}
        try:
            items, total = self._web.get("works", params, _items)
        except RequestRefused as error:
            if error.code != 400:
                raise
            if len(dois) == 1:
                return []
            total, items = ROWS + 1, []
        if total <= len(items) or len(dois) == 1:
            return items
        middle = len(dois) // 2
        return self._filtered(name, dois[:middle]) + self._filtered(name, dois[middle:])

    def _one(self, doi: str) -> Item | None:
        try:
            reply = self._web.get(f"works/{quote(doi, safe='')}", self._who, parse_json)
        except RequestRefused as error:
            if error.code != 404:
                raise
            return None
        message = reply.get("message")
        return message if isinstance(message, dict) else None


def _items(raw: bytes) -> tuple[list[Item], int]:
    message = parse_json(raw).get("message")
    items = message.get("items") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(items, list):
        raise ValueError("no list of works")
    return [i for i in items if isinstance(i, dict)], number(message.get("total-results", len(items)))


def _doi(item: Item) -> str:
    return str(item.get("DOI") or "").lower()


def title_of(item: Item) -> str | None:
    """The work's title."""
    titles = item.get("title")
    return str(titles[0]) if isinstance(titles, list) and titles else None


def told(item: Item) -> Iterator[tuple[Status, str]]:
    """What a work's own record says was done to it: a status, and who says so in which notice."""
    for update in _dicts(item.get("updated-by")):
        yield from _notice(update, str(update.get("DOI") or ""))
    relation = item.get("relation")
    for name, targets in relation.items() if isinstance(relation, dict) else ():
        # "is-retracted-by" and the like; "retracts" would be the notice's own record.
        status = next((s for word, s in _RELATIONS if word in name and name.endswith("-by")), None)
        for target in _dicts(targets) if status else ():
            yield status, one_line(f"{name} {target.get('id')} (Crossref)")[:LONGEST]  # type: ignore[misc]


def told_by_notice(item: Item) -> Iterator[tuple[str, Status, str]]:
    """What a notice says about other works: DOI, status, and the notice in words."""
    for update in _dicts(item.get("update-to")):
        for status, words in _notice(update, _doi(item)):
            yield str(update.get("DOI") or "").lower(), status, words


def _notice(update: Item, doi: str) -> Iterator[tuple[Status, str]]:
    kind = str(update.get("type") or "").lower().replace("-", "_").replace(" ", "_")
    status = STATUS_OF.get(kind)
    if status is not None:
        day = _day(update.get("updated"))
        yield status, one_line(f"{kind.replace('_', ' ')} {doi.lower()}{day} (Crossref)")[:LONGEST]


def _day(value: object) -> str:
    parts_ = value.get("date-parts") if isinstance(value, dict) else None
    first = parts_[0] if isinstance(parts_, list) and parts_ and isinstance(parts_[0], list) else []
    numbers = [n for n in first if isinstance(n, int)]
    return " of " + "-".join(f"{n:02d}" for n in numbers) if numbers else ""


def _dicts(value: object) -> list[Item]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


@contextmanager
def crossref(settings: Settings, pause: Pause = time.sleep) -> Iterator[Crossref]:
    """Crossref, for as long as the context lasts."""
    contact = settings.contact or ""
    with Web(settings.crossref_url, "Crossref", contact=contact, pace=CROSSREF, pause=pause) as web:
        yield Crossref(web, contact)
