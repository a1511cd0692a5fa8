"""PubMed through NCBI's E-utilities: ESearch lists the ids, EFetch sends the records as XML.

The ids are listed first and kept with the state, rather than on NCBI's history server: its memory is short,
and a run that is taken up a day later would find nothing. What is on disk already is not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from lxml import etree

from caveat.errors import RequestRefused
from ingest.readers.sections import one_line
from ingest.sources.identifiers import Identifier, Kind
from ingest.sources.live import Have, Page, Query, Record, State, number, parse_json, parts
from ingest.sources.web import Web

BATCH = 200
LISTED = 9_999
"""PubMed lists no more than this of one search; a longer list is asked for by stretches of time."""
PMID = re.compile(r"[1-9][0-9]{0,8}")
FIRST_DAY = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of one search, newest first, and how many there are in all."""

    ids: list[str]
    total: int
    unknown: tuple[str, ...] = ()
    """Phrases PubMed does not know. It drops them and searches for the rest, which is another question."""


class PubMed:
    """Fulfils ``LiveSource``."""

    name, label, suffix = "pubmed", "PubMed", ".xml"
    takes = frozenset({Kind.PMID, Kind.DOI, Kind.NCT, Kind.PMCID})

    def __init__(self, web: Web, *, contact: str = "", key: str = "") -> None:
        self._web = web
        who = {"tool": "caveat", "email": contact, "api_key": key}
        self._who = {name: value for name, value in who.items() if value}

    def pages(self, query: Query, state: State, have: Have) -> Iterator[Page]:
        """Pages of at most 200 records; the list of ids is made once and kept in ``state``."""
        if not isinstance(state.get("ids"), list):
            found, missing, notice = self._list(query)
            state.update(ids=found.ids, total=found.total, at=0)
            yield Page((), found.total, missing=missing, notice=notice)
        ids = [str(i) for i in state["ids"]]  # type: ignore[attr-defined]
        total = number(state["total"])
        while (at := number(state["at"])) < len(ids):
            batch = ids[at : at + BATCH]
            wanted = [i for i in batch if not have(i)]
            records = self.records(wanted) if wanted else {}
            state["at"] = at + len(batch)
            missing = tuple(f"PMID {i}" for i in wanted if i not in records)
            yield Page(
                tuple(Record(i, data) for i, data in records.items()),
                total,
                len(batch) - len(wanted),
                missing,
            )

    def records(self, pmids: list[str]) -> dict[str, bytes]:
        """The records with these ids, each as an XML file of its own; what PubMed lacks is left out."""
        found: dict[str, bytes] = {}
        for batch in parts(pmids, BATCH):
            form = {**self._who, "db": "pubmed", "retmode": "xml", "id": ",".join(batch)}
            found.update(self._web.post("efetch.fcgi", form, split_records))
        return {i: found[i] for i in pmids if i in found}

    def search(self, term: str, most: int = LISTED, days: tuple[date, date] | None = None) -> Found:
        """The newest ids of one search."""
        params: dict[str, str | int] = {**self._who, "db": "pubmed", "term": term, "retmax": most}
        params |= {"retmode": "json"}
        if days is not None:
            params |= {"datetype": "edat", "mindate": f"{days[0]:%Y/%m/%d}", "maxdate": f"{days[1]:%Y/%m/%d}"}
        return self._web.get("esearch.fcgi", params, _listed)

    def named(self, one: Identifier) -> list[str]:
        """The PMIDs that carry an identifier: one at most, save for a trial, on which there may be many."""
        found = self.search(f'"{one.value}"[{"SI" if one.kind is Kind.NCT else "AID"}]', 20)
        sure = not found.unknown and (len(found.ids) == 1 or one.kind is Kind.NCT)
        return found.ids if sure else []

    def _list(self, query: Query) -> tuple[Found, tuple[str, ...], str | None]:
        if query.ids:
            return self._named(query)
        days = (query.since, _tomorrow()) if query.since else None
        first = self.search(query.text, min(query.most, LISTED), days)
        if query.most <= LISTED or first.total <= LISTED:
            dropped = ", ".join(first.unknown)
            return first, (), f"PubMed does not know and left out: {dropped}." if dropped else None
        ids: dict[str, None] = {}
        cut = self._by_time(query.text, days or (FIRST_DAY, _tomorrow()), query.most, ids)
        notice = (
            f"PubMed lists only {LISTED:,} records of one day; some of {cut} are missing." if cut else None
        )
        return Found(list(ids)[: query.most], first.total), (), notice

    def _by_time(self, term: str, days: tuple[date, date], most: int, ids: dict[str, None]) -> str | None:
        """Fills ``ids``, newest days first, halving stretches that hold too many; names a day that is cut."""
        if len(ids) >= most:
            return None
        found = self.search(term, LISTED, days)
        start, end = days
        if found.total <= LISTED or start >= end:
            ids.update(dict.fromkeys(found.ids))
            return str(start) if found.total > LISTED else None
        middle = start + (end - start) // 2
        newer = self._by_time(term, (middle + timedelta(days=1), end), most, ids)
        return self._by_time(term, (start, middle), most, ids) or newer

    def _named(self, query: Query) -> tuple[Found, tuple[str, ...], str | None]:
        """PMIDs as they are; other identifiers are looked up, and must name one record."""
        ids: dict[str, None] = {}
        missing: list[str] = []
        for one in query.ids:
            if one.kind is Kind.PMID:
                ids[one.value] = None
                continue
            found = self.named(one)
            if not found:
                missing.append(f"{one.kind} {one.value}")
            ids.update(dict.fromkeys(found))
        return Found(list(ids), len(query.ids)), tuple(missing), None


def _tomorrow() -> date:
    return date.today() + timedelta(days=1)


def _listed(raw: bytes) -> Found:
    """The ids of an ESearch answer."""
    result = parse_json(raw).get("esearchresult")
    if not isinstance(result, dict):
        raise ValueError("no search result")
    if result.get("ERROR"):
        raise RequestRefused("PubMed refused the search; check the query.")
    ids = result.get("idlist")
    if not isinstance(ids, list) or not all(isinstance(i, str) and PMID.fullmatch(i) for i in ids):
        raise ValueError("no list of ids")
    unknown: list[str] = []
    for part, name in (("errorlist", "phrasesnotfound"), ("warninglist", "quotedphrasesnotfound")):
        listed = result.get(part)
        phrases = listed.get(name) if isinstance(listed, dict) else None
        unknown += [one_line(str(phrase))[:100] for phrase in phrases] if isinstance(phrases, list) else []
    return Found(ids, number(result.get("count", len(ids))), tuple(unknown))


def split_records(raw: bytes) -> dict[str, bytes]:
    """The records of an EFetch answer by PMID, each a whole XML file; ``ValueError`` if it is none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError("no XML") from error
    if root is None or root.tag != "PubmedArticleSet":
        raise ValueError("no set of articles")
    found: dict[str, bytes] = {}
    for article in root:
        pmid = article.findtext("MedlineCitation/PMID") or article.findtext("BookDocument/PMID")
        if isinstance(article.tag, str) and pmid and PMID.fullmatch(pmid.strip()):
            article.tail = None
            body = etree.tostring(article, encoding="utf-8")
            found[pmid.strip()] = (
                b'<?xml version="1.0" encoding="utf-8"?>\n<PubmedArticleSet>\n'
                + body
                + b"\n</PubmedArticleSet>\n"
            )
    return found
