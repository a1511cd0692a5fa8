"""ClinicalTrials.gov through its API, version 2: study records as JSON, page after page by ``pageToken``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.sources.identifiers import Kind
from ingest.sources.live import Have, Page, Query, Record, State, dump, number, parse_json
from ingest.sources.web import Web

SIZE = 100
_NCT = re.compile(r"NCT\d{8}")


class ClinicalTrials:
    """Fulfils ``LiveSource``."""

    name, label, suffix = "clinicaltrials", "ClinicalTrials.gov", ".json"
    takes = frozenset({Kind.NCT})

    def __init__(self, web: Web) -> None:
        self._web = web

    def pages(self, query: Query, state: State, have: Have) -> Iterator[Page]:
        """Pages of at most 100 studies."""
        if query.ids:
            yield from self._named([one.value for one in query.ids], state, have)
            return
        params = {"query.term": query.text}
        if query.since:
            params["filter.advanced"] = f"AREA[LastUpdatePostDate]RANGE[{query.since:%Y-%m-%d},MAX]"
        while True:
            token = state.get("token")
            studies, total, following = self._page({**params, **({"pageToken": str(token)} if token else {})})
            state["token"] = following
            if total is not None:
                state["total"] = total
            known = state.get("total")
            records = _records(studies)
            yield Page(records, known if isinstance(known, int) else None)
            if not records or following is None or following == token:
                return

    def _named(self, ids: list[str], state: State, have: Have) -> Iterator[Page]:
        while (at := number(state.get("at", 0))) < len(ids):
            batch = ids[at : at + SIZE]
            wanted = [i for i in batch if not have(i)]
            records = self.records(wanted) if wanted else {}
            state["at"] = at + len(batch)
            missing = tuple(f"NCT number {i}" for i in wanted if i not in records)
            found = tuple(Record(i, data) for i, data in records.items())
            yield Page(found, len(ids), len(batch) - len(wanted), missing)

    def records(self, ids: list[str]) -> dict[str, bytes]:
        """The studies with these numbers; what the registry lacks is left out."""
        studies, _, _ = self._page({"filter.ids": ",".join(ids)})
        found = {record.id: record.data for record in _records(studies)}
        return {i: found[i] for i in ids if i in found}

    def _page(self, params: dict[str, str]) -> tuple[list[dict[str, object]], int | None, str | None]:
        shared = {"format": "json", "pageSize": str(SIZE), "countTotal": "true"}
        return self._web.get("studies", {**shared, **params}, _studies)


def _studies(raw: bytes) -> tuple[list[dict[str, object]], int | None, str | None]:
    reply = parse_json(raw)
    studies = reply.get("studies")
    if not isinstance(studies, list) or not all(isinstance(s, dict) for s in studies):
        raise ValueError("no list of studies")
    total, following = reply.get("totalCount"), reply.get("nextPageToken")
    return (
        studies,
        number(total) if total is not None else None,
        following if isinstance(following, str) and following else None,
    )


def _records(studies: list[dict[str, object]]) -> tuple[Record, ...]:
    named = ((nct_of(study), study) for study in studies)
    return tuple(Record(nct, dump(study)) for nct, study in named if nct)


def nct_of(study: dict[str, object]) -> str | None:
    """The study's number; ``None`` where it has none that is one."""
    protocol = study.get("protocolSection")
    module = protocol.get("identificationModule") if isinstance(protocol, dict) else None
    nct = module.get("nctId") if isinstance(module, dict) else None
    return nct if isinstance(nct, str) and _NCT.fullmatch(nct) else None
