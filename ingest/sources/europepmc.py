"""Europe PMC through its REST search: whole records as JSON, page after page by ``cursorMark``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from caveat.errors import RequestRefused
from ingest.sources.identifiers import Identifier, Kind
from ingest.sources.live import Have, Page, Query, Record, State, dump, number, parse_json
from ingest.sources.web import Web

SIZE = 100
NAMED = 20
_SAFE = re.compile(r"[A-Za-z0-9._-]{1,100}")
Raw = dict[str, object]


class EuropePmc:
    """Fulfils ``LiveSource``."""

    name, label, suffix = "europepmc", "Europe PMC", ".json"
    takes = frozenset({Kind.PMID, Kind.DOI, Kind.PMCID})

    def __init__(self, web: Web, *, contact: str = "") -> None:
        self._web = web
        self._who = {"email": contact} if contact else {}

    def pages(self, query: Query, state: State, have: Have) -> Iterator[Page]:
        """Pages of at most 100 records."""
        if query.ids:
            yield from self._named(query.ids, state, have)
            return
        text = f"({query.text})"
        if query.since:
            text += f" AND FIRST_IDATE:[{query.since:%Y-%m-%d} TO 3000-12-31]"
        while True:
            mark = str(state.get("cursor") or "*")
            rows, total, following = self.search(text, mark)
            state["cursor"] = following or mark
            records = _records(rows)
            yield Page(records, total)
            if not records or following is None or following == mark:
                return

    def search(self, text: str, mark: str = "*", size: int = SIZE) -> tuple[list[Raw], int, str | None]:
        """One page: the records, how many there are in all, and the mark of the next page."""
        params = {**self._who, "query": text, "format": "json", "resultType": "core"}
        params |= {"pageSize": str(size), "cursorMark": mark}
        return self._web.get("search", params, _page)

    def _named(self, ids: tuple[Identifier, ...], state: State, have: Have) -> Iterator[Page]:
        while (at := number(state.get("at", 0))) < len(ids):
            batch = ids[at : at + NAMED]
            wanted = tuple(i for i in batch if not (i.kind is Kind.PMID and have(f"MED-{i.value}")))
            rows = self.named(wanted) if wanted else []
            state["at"] = at + len(batch)
            found = {value for row in rows for value in _names(row)}
            missing = tuple(f"{one.kind} {one.value}" for one in wanted if one not in found)
            yield Page(_records(rows), len(ids), len(batch) - len(wanted), missing)

    def named(self, ids: tuple[Identifier, ...]) -> list[Raw]:
        """The records that carry one of these identifiers."""
        rows, _, _ = self.search(" OR ".join(_clause(one) for one in ids), size=max(SIZE, len(ids)))
        wanted = set(ids)
        return [row for row in rows if wanted & set(_names(row))]


def _clause(one: Identifier) -> str:
    if one.kind is Kind.PMID:
        return f"(EXT_ID:{one.value} AND SRC:MED)"
    return f'{"DOI" if one.kind is Kind.DOI else "PMCID"}:"{one.value}"'


def _names(row: Raw) -> Iterator[Identifier]:
    """The identifiers of a record."""
    for kind, key in ((Kind.PMID, "pmid"), (Kind.DOI, "doi"), (Kind.PMCID, "pmcid")):
        value = row.get(key)
        if isinstance(value, str):
            yield Identifier(kind, value.lower() if kind is Kind.DOI else value)


def _page(raw: bytes) -> tuple[list[Raw], int, str | None]:
    reply = parse_json(raw)
    if "errMsg" in reply:
        raise RequestRefused("Europe PMC refused the search; check the query.")
    listed = reply.get("resultList")
    rows = listed.get("result") if isinstance(listed, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("no result list")
    following = reply.get("nextCursorMark")
    return rows, number(reply.get("hitCount", len(rows))), following if isinstance(following, str) else None


def _records(rows: list[Raw]) -> tuple[Record, ...]:
    """Each record as an answer that holds it alone, which is what the readers know."""
    named = ((f"{row.get('source')}-{row.get('id')}", row) for row in rows)
    return tuple(
        Record(name, dump({"hitCount": 1, "resultList": {"result": [row]}}))
        for name, row in named
        if _SAFE.fullmatch(name)
    )
