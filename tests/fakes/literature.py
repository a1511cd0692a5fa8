"""A real HTTP server on loopback that speaks PubMed, Europe PMC, ClinicalTrials.gov and Crossref.

It knows the works it is given, and misbehaves as a test asks: ``faults`` holds, by path, what the next requests get.
Every answer is built here from made-up works; nothing is copied from a real service.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape, quoteattr


@dataclass
class Work:
    """A made-up work, as the services know it."""

    title: str
    abstract: str = "Mood was the same in both groups. The drug was given once."
    pmid: str | None = None
    doi: str | None = None
    entered: date = date(2020, 1, 1)
    types: tuple[str, ...] = ("Journal Article",)
    comments: tuple[tuple[str, str], ...] = ()
    """``RefType`` and PMID of PubMed's notices."""
    updated_by: tuple[tuple[str, str], ...] = ()
    """Type and DOI of Crossref's ``updated-by``."""
    update_to: tuple[tuple[str, str], ...] = ()
    relation: dict[str, object] = field(default_factory=dict)
    crossref: bool = True


@dataclass
class Study:
    """A made-up registered trial."""

    nct: str
    title: str
    status: str = "COMPLETED"
    updated: date = date(2020, 1, 1)


class Library:
    """What the services hold, how they misbehave, and what they were asked."""

    def __init__(self) -> None:
        self.works: list[Work] = []
        self.studies: list[Study] = []
        self.faults: dict[str, deque[object]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.agents: set[str] = set()
        self.page = 100
        self.base = ""
        self.epmc_id: str | None = None
        """What Europe PMC gives as the id of a work without a PMID."""

    def fail(self, path: str, *faults: object) -> None:
        """The next requests to a path get these: a status code, or the name of a misdeed."""
        self.faults.setdefault(path, deque()).extend(faults)

    def times(self, path: str) -> int:
        """How often a path was asked."""
        return sum(asked == path for asked, _ in self.asked)

    def environment(self) -> dict[str, str]:
        """The settings that point to this server."""
        return {
            "CAVEAT_PUBMED_URL": f"{self.base}/eutils",
            "CAVEAT_EUROPEPMC_URL": f"{self.base}/epmc",
            "CAVEAT_CLINICALTRIALS_URL": f"{self.base}/ctgov",
            "CAVEAT_CROSSREF_URL": f"{self.base}/crossref",
        }

    # What the services answer

    def answer(self, path: str, values: dict[str, str]) -> tuple[int, bytes]:
        """Status and body for one request."""
        if path == "/eutils/esearch.fcgi":
            return 200, _json(self._esearch(values))
        if path == "/eutils/efetch.fcgi":
            return 200, self._efetch(values["id"].split(","))
        if path == "/epmc/search":
            return 200, _json(self._epmc(values))
        if path == "/ctgov/studies":
            return 200, _json(self._ctgov(values))
        if path == "/crossref/works":
            return 200, _json(self._crossref(values))
        if path.startswith("/crossref/works/"):
            doi = unquote(path.removeprefix("/crossref/works/")).lower()
            found = [w for w in self.works if w.crossref and (w.doi or "").lower() == doi]
            return (
                (200, _json({"status": "ok", "message": _item(found[0])}))
                if found
                else (404, b"Resource not found.")
            )
        return 404, b"no such path"

    def _esearch(self, values: dict[str, str]) -> dict[str, object]:
        term = values["term"]
        found = [w for w in self.works if w.pmid and _matches(w, term)]
        if "mindate" in values:
            low, high = (date.fromisoformat(values[k].replace("/", "-")) for k in ("mindate", "maxdate"))
            found = [w for w in found if low <= w.entered <= high]
        found.sort(key=lambda w: (w.entered, int(w.pmid or 0)), reverse=True)
        ids = [w.pmid for w in found][: min(int(values["retmax"]), 9_999)]
        result: dict[str, object] = {"count": str(len(found)), "retmax": str(len(ids)), "idlist": ids}
        if not found:
            result["errorlist"] = {"phrasesnotfound": [term], "fieldsnotfound": []}
        return {"header": {"type": "esearch"}, "esearchresult": result}

    def _efetch(self, ids: list[str]) -> bytes:
        by_id = {w.pmid: w for w in self.works}
        articles = "".join(_article(by_id[i]) for i in ids if i in by_id)
        return f'<?xml version="1.0" ?>\n<PubmedArticleSet>{articles}</PubmedArticleSet>'.encode()

    def _epmc(self, values: dict[str, str]) -> dict[str, object]:
        found = [w for w in self.works if _matches(w, values["query"])]
        mark = values["cursorMark"]
        start = 0 if mark == "*" else int(mark.removeprefix("mark"))
        size = min(int(values["pageSize"]), self.page)
        rows = found[start : start + size]
        # The last page sends the mark it was asked with, as Europe PMC does.
        following = f"mark{start + len(rows)}" if rows else mark
        return {"version": "6.9", "hitCount": len(found), "nextCursorMark": following, "resultList": {"result": [_epmc(w, self.epmc_id or str(9000 + start + i)) for i, w in enumerate(rows)]}}  # fmt: skip

    def _ctgov(self, values: dict[str, str]) -> dict[str, object]:
        if "filter.ids" in values:
            found = [s for s in self.studies if s.nct in values["filter.ids"].split(",")]
        else:
            found = [s for s in self.studies if values["query.term"].lower() in s.title.lower()]
        if "filter.advanced" in values:
            since = date.fromisoformat(values["filter.advanced"].split("RANGE[")[1].split(",")[0])
            found = [s for s in found if s.updated >= since]
        start = int(values.get("pageToken", "t0").removeprefix("t"))
        rows = found[start : start + min(int(values["pageSize"]), self.page)]
        reply: dict[str, object] = {"studies": [_study(s) for s in rows]}
        if start == 0:
            reply["totalCount"] = len(found)
        if start + len(rows) < len(found):
            reply["nextPageToken"] = f"t{start + len(rows)}"
        return reply

    def _crossref(self, values: dict[str, str]) -> dict[str, object]:
        clauses = [c.split(":", 1) for c in values.get("filter", "").split(",") if c]
        dois = {v.lower() for k, v in clauses if k == "doi"}
        updates = {v.lower() for k, v in clauses if k == "updates"}
        found = [
            w
            for w in self.works
            if w.crossref
            and ((w.doi or "").lower() in dois or any(d.lower() in updates for _, d in w.update_to))
        ]
        return {"status": "ok", "message": {"total-results": len(found), "items": [_item(w) for w in found]}}


def _matches(work: Work, text: str) -> bool:
    """Whether a work answers a query: by an identifier that stands in it, or by all its plain words."""
    low = text.lower()
    if "[title]" in low:
        return _words(low.split('"')[1]) == _words(work.title)
    if any(mark in low for mark in ("[aid]", "doi:", "ext_id:", "pmcid:", "[si]")):
        named = (f'"{work.doi}"[aid]', f'doi:"{work.doi}"', f"ext_id:{work.pmid} ")
        return any(name.lower() in low for name in named)
    words = [w for w in low.split(" and first_idate")[0].strip("()").split() if w]
    return all(w in work.title.lower() for w in words)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _article(work: Work) -> str:
    notices = "".join(
        f'<CommentsCorrections RefType="{kind}"><RefSource>J Test</RefSource><PMID Version="1">{pmid}</PMID></CommentsCorrections>'
        for kind, pmid in work.comments
    )
    types = "".join(
        f"<PublicationType UI={quoteattr('D0')}>{escape(t)}</PublicationType>" for t in work.types
    )
    doi = f'<ELocationID EIdType="doi" ValidYN="Y">{escape(work.doi)}</ELocationID>' if work.doi else ""
    text = (
        f"<Abstract><AbstractText>{escape(work.abstract)}</AbstractText></Abstract>" if work.abstract else ""
    )
    ids = f'<ArticleId IdType="doi">{escape(work.doi)}</ArticleId>' if work.doi else ""
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{work.pmid}</PMID>'
        f'<Article PubModel="Print"><Journal><JournalIssue><PubDate><Year>{work.entered.year}</Year></PubDate>'
        f"</JournalIssue><Title>Journal of Tests</Title></Journal><ArticleTitle>{escape(work.title)}</ArticleTitle>"
        f"{doi}{text}<AuthorList><Author><LastName>Doe</LastName><Initials>J</Initials></Author></AuthorList>"
        f"<Language>eng</Language><PublicationTypeList>{types}</PublicationTypeList></Article>"
        f"<CommentsCorrectionsList>{notices}</CommentsCorrectionsList></MedlineCitation>"
        f'<PubmedData><ArticleIdList><ArticleId IdType="pubmed">{work.pmid}</ArticleId>{ids}</ArticleIdList></PubmedData></PubmedArticle>'
    )


def _epmc(work: Work, own: str) -> dict[str, object]:
    row: dict[str, object] = {
        "id": work.pmid or own,
        "source": "MED" if work.pmid else "PPR",
        "title": work.title,
        "abstractText": work.abstract,
        "pubYear": str(work.entered.year),
        "authorString": "Doe J.",
        "pubTypeList": {"pubType": list(work.types)},
    }
    row |= {"pmid": work.pmid} if work.pmid else {}
    row |= {"doi": work.doi} if work.doi else {}
    if work.comments:
        words = {"RetractionIn": "Retraction in", "ErratumIn": "Erratum in"}
        listed = [{"type": words.get(k, k), "id": p, "source": "MED"} for k, p in work.comments]
        row["commentCorrectionList"] = {"commentCorrection": listed}
    return row


def _study(study: Study) -> dict[str, object]:
    return {
        "protocolSection": {
            "identificationModule": {"nctId": study.nct, "briefTitle": study.title, "officialTitle": study.title},
            "statusModule": {"overallStatus": study.status, "lastUpdatePostDateStruct": {"date": f"{study.updated}"}},
            "descriptionModule": {"briefSummary": "This study gives a drug to adults and measures mood."},
            "designModule": {"studyType": "INTERVENTIONAL", "enrollmentInfo": {"count": 40, "type": "ESTIMATED"}},
        },
        "hasResults": False,
    }  # fmt: skip


def _item(work: Work) -> dict[str, object]:
    item: dict[str, object] = {"DOI": work.doi, "title": [work.title], "type": "journal-article"}
    stamp = {"date-parts": [[2021, 5, 4]]}
    if work.updated_by:
        item["updated-by"] = [
            {"type": t, "DOI": d, "source": "publisher", "updated": stamp} for t, d in work.updated_by
        ]
    if work.update_to:
        item["update-to"] = [
            {"type": t, "DOI": d, "source": "publisher", "updated": stamp} for t, d in work.update_to
        ]
    return item | ({"relation": work.relation} if work.relation else {})


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    library: Library

    def do_GET(self) -> None:
        self._reply(urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._reply(self.rfile.read(int(self.headers.get("content-length", 0))).decode())

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def _reply(self, query: str) -> None:
        path = urlsplit(self.path).path
        values = {name: found[0] for name, found in parse_qs(query).items()}
        self.library.asked.append((path, values))
        self.library.agents.add(self.headers.get("user-agent", ""))
        waiting = self.library.faults.get(path)
        fault = waiting.popleft() if waiting else None
        if fault is None:
            self._send(*self.library.answer(path, values))
        elif isinstance(fault, int):
            self._send(fault, b"no")
        elif isinstance(fault, tuple):
            code, headers = fault
            self._send(code, b"wait", headers)
        else:
            self._misbehave(str(fault), path, values)

    def _misbehave(self, fault: str, path: str, values: dict[str, str]) -> None:
        code, body = self.library.answer(path, values)
        if fault == "cut":
            self.send_response(code)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.close_connection = True
        elif fault == "garbled":
            self._send(code, body[: len(body) // 2])
        elif fault == "page":
            self._send(code, b"<html><body>Down for maintenance</body></html>")
        elif fault == "slow":
            time.sleep(1.5)
            self.close_connection = True
        elif fault == "drip":
            self.send_response(code)
            self.send_header("Content-Length", "1000000")
            self.end_headers()
            try:
                for _ in range(100):
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    time.sleep(0.05)
            except OSError:
                pass
            self.close_connection = True
        elif fault == "huge":
            self._send(code, b" " * 3_000_000)
        else:
            raise AssertionError(fault)

    def _send(self, code: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        try:
            self.send_response(code)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True


@contextmanager
def serving(library: Library) -> Iterator[Library]:
    """The library on a free port of loopback, while the context lasts."""
    handler = type("Handler", (_Handler,), {"library": library})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that hangs up is no news
    library.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield library
    finally:
        server.shutdown()
        server.server_close()
