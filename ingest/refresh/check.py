"""Where each work stands in the literature: PubMed by number or title, Europe PMC for the rest, Crossref both ways.

Good news needs everybody: a work is "current" only when all who could know it were asked, none failed, at least one
knew it, and the title is the same. Bad news needs one: any notice counts, however little else was learnt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from caveat.domain.model import Document, Source, SourceKind, Status
from caveat.domain.standing import Standing, grave_notices, worst
from caveat.errors import SourceUnavailable
from ingest.refresh import crossref as cr
from ingest.refresh.records import SAME_TITLE, SURE_TITLE, likeness, read_record, status_in
from ingest.sources.identifiers import Identifier, Kind, doi_of
from ingest.sources.live import dump, parts
from ingest.sources.pubmed import PMID, Found

T = TypeVar("T")
LITERATURE = frozenset(
    {
        SourceKind.ARTICLE,
        SourceKind.REVIEW,
        SourceKind.CASE_REPORT,
        SourceKind.CONFERENCE_ABSTRACT,
        SourceKind.GUIDELINE,
    }
)
"""Kinds that are looked for by title when they have no number."""
SHORT_TITLE = 5
"""A title of fewer words may be anyone's."""


class PubMedLike(Protocol):
    """What is needed of PubMed."""

    def records(self, pmids: list[str]) -> dict[str, bytes]: ...
    def search(self, term: str, most: int = ...) -> Found: ...


class EuropePmcLike(Protocol):
    """What is needed of Europe PMC."""

    def named(self, ids: tuple[Identifier, ...]) -> list[dict[str, object]]: ...


class CrossrefLike(Protocol):
    """What is needed of Crossref."""

    def works(self, dois: list[str]) -> dict[str, cr.Item]: ...
    def notices(self, dois: list[str]) -> list[cr.Item]: ...


@dataclass(slots=True)
class Look:
    """What was learnt of one work."""

    source: Source
    pmid: str | None = None
    doi: str | None = None
    by_title: bool = False
    same_title: bool = False
    record: tuple[str, str, bytes] | None = None
    """The official record: source, id, and its bytes."""
    official: Document | None = None
    asked: list[str] = field(default_factory=list)
    failed: bool = False
    statuses: list[Status] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    problem: str | None = None

    def standing(self, today: str) -> Standing | None:
        """The outcome, or ``None`` when nothing is known."""
        found = worst(self.statuses)
        if found is Status.UNKNOWN:
            if self.failed or self.problem or not self.asked:
                return None
            found = Status.CURRENT
        doi = self.doi or doi_of(self.source.doi)
        notices = tuple(dict.fromkeys(self.notices))
        return Standing(
            self.source.id, found, today, self.pmid, doi, notices, tuple(dict.fromkeys(self.asked))
        )


Tell = Callable[[int, int | None], None]


class Checker:
    """Asks everybody about some works. ``errors`` names who could not be asked, each once."""

    def __init__(
        self,
        pubmed: PubMedLike,
        europepmc: EuropePmcLike,
        crossref: CrossrefLike,
        tell: Tell = lambda _d, _n: None,
        wants_text: Callable[[Source], bool] = lambda _source: True,
    ) -> None:
        self._pubmed, self._europepmc, self._crossref, self._tell = pubmed, europepmc, crossref, tell
        self._wants_text = wants_text
        self.errors: list[str] = []

    def check(self, sources: Sequence[Source]) -> list[Look]:
        """What was learnt of each work, in order."""
        looks = [_look(s) for s in sources]
        self._by_doi([look for look in looks if look.doi and not look.pmid])
        self._by_title([look for look in looks if not look.doi and not look.pmid])
        self._at_pubmed([look for look in looks if look.pmid])
        self._at_crossref([look for look in looks if look.doi])
        return looks

    def _ask(self, ask: Callable[[], T], looks: Sequence[Look]) -> T | None:
        """The answer, or ``None`` with the failure noted: the works concerned are not cleared by it."""
        try:
            return ask()
        except SourceUnavailable as error:
            if str(error) not in self.errors:
                self.errors.append(str(error))
            for look in looks:
                look.failed = True
            return None

    def _by_doi(self, looks: list[Look]) -> None:
        """Europe PMC knows preprints, which PubMed mostly does not, and the PMID of a DOI."""
        for at in range(0, len(looks), 20):
            batch = looks[at : at + 20]
            ids = tuple(Identifier(Kind.DOI, look.doi) for look in batch if look.doi)
            rows = self._ask(lambda ids=ids: self._europepmc.named(ids), batch) or []  # type: ignore[misc]
            by_doi = {str(row.get("doi") or "").lower(): row for row in rows}
            for look in batch:
                row = by_doi.get(look.doi or "")
                if row is None:
                    continue
                data = dump({"hitCount": 1, "resultList": {"result": [row]}})
                self._learn(
                    look, "Europe PMC", ("europepmc", f"{row.get('source')}-{row.get('id')}", data), ".json"
                )
                pmid = row.get("pmid")
                look.pmid = pmid if isinstance(pmid, str) and PMID.fullmatch(pmid) else None

    def _by_title(self, looks: list[Look]) -> None:
        """The one work at PubMed with this title and about this year, if there is one."""
        for look in looks:
            title = look.source.title.rstrip(". ")
            if look.source.kind not in LITERATURE or len(title.split()) < SHORT_TITLE:
                continue
            look.by_title = True
            # Marks mean nothing in a phrase, and some of them mean something in a search.
            term = '"' + " ".join(re.sub(r"[^\w\s-]", " ", title).split()) + '"[Title]'
            found = self._ask(lambda term=term: self._pubmed.search(term, 5), [look])  # type: ignore[misc]
            if found is None or found.unknown or not found.ids:
                continue
            records = self._ask(lambda ids=found.ids: self._pubmed.records(ids), [look]) or {}  # type: ignore[misc]
            same = [pmid for pmid, data in records.items() if self._same(look.source, data)]
            look.pmid = same[0] if len(same) == 1 else None

    def _same(self, source: Source, data: bytes) -> bool:
        document = read_record(data, ".xml")
        if document is None or likeness(document.source.title, source.title) < SURE_TITLE:
            return False
        years = (document.source.year, source.year)
        return years[0] is None or years[1] is None or abs(years[0] - years[1]) <= 1

    def _at_pubmed(self, looks: list[Look]) -> None:
        by_pmid: dict[str, list[Look]] = {}
        for look in looks:
            by_pmid.setdefault(look.pmid or "", []).append(look)
        done = 0
        for batch in parts(list(by_pmid), 200):
            mine = [look for pmid in batch for look in by_pmid[pmid]]
            records = self._ask(lambda batch=batch: self._pubmed.records(batch), mine)  # type: ignore[misc]
            for look in mine if records is not None else ():
                data = (records or {}).get(look.pmid or "")
                if data is None:
                    look.problem = f"PMID {look.pmid} is not in PubMed"
                else:
                    self._learn(look, "PubMed", ("pubmed", look.pmid or "", data), ".xml")
            done += len(mine)
            self._tell(done, len(looks))

    def _learn(self, look: Look, label: str, record: tuple[str, str, bytes], suffix: str) -> None:
        """Takes in what a record says, unless it is another work's."""
        document = read_record(record[2], suffix)
        if document is None:
            look.problem = f"the record of {label} cannot be read"
            return
        found = document.source
        look.asked.append(label)
        for status in (found.status, status_in(found.title, record[2])):
            if status not in (Status.UNKNOWN, Status.CURRENT):
                look.statuses.append(status)
                named = grave_notices(found.notices) or (status.value,)
                look.notices += [f"{notice} ({label})" for notice in named]
        look.doi = look.doi or doi_of(found.doi)
        if likeness(found.title, look.source.title) < SAME_TITLE:
            look.problem = f"{label} knows {record[1]} as {found.title!r}, another title"
        else:
            look.same_title = True
            if self._wants_text(look.source):  # of many works, texts would fill the memory
                look.record, look.official = record, document

    def _at_crossref(self, looks: list[Look]) -> None:
        for at in range(0, len(looks), 200):
            batch = looks[at : at + 200]
            dois = list(dict.fromkeys(look.doi for look in batch if look.doi))
            works = self._ask(lambda dois=dois: self._crossref.works(dois), batch)  # type: ignore[misc]
            notices = self._ask(lambda dois=dois: self._crossref.notices(dois), batch) or []  # type: ignore[misc]
            about: dict[str, list[tuple[Status, str]]] = {}
            for doi, status, words in (found for item in notices for found in cr.told_by_notice(item)):
                about.setdefault(doi, []).append((status, words))
            for look in batch:
                self._learn_crossref(look, (works or {}).get(look.doi or ""), about.get(look.doi or "", []))
            self._tell(min(at + 200, len(looks)), len(looks))

    def _learn_crossref(self, look: Look, item: cr.Item | None, about: list[tuple[Status, str]]) -> None:
        told = list(about)
        if item is not None:
            look.asked.append("Crossref")
            title = cr.title_of(item)
            told += cr.told(item)
            status = status_in(title)
            if status is not Status.UNKNOWN:
                told.append((status, f"{status.value}, by its title (Crossref)"))
            if title and not look.same_title and likeness(title, look.source.title) < SAME_TITLE:
                look.problem = look.problem or f"Crossref knows {look.doi} as {title!r}, another title"
        for status, words in told:
            look.statuses.append(status)
            look.notices.append(words)


def _look(source: Source) -> Look:
    """A work with its numbers; what stands where a number should, and is none, clears nothing."""
    look = Look(source, pmid=(source.pmid or "").strip() or None, doi=doi_of(source.doi))
    if look.pmid and not PMID.fullmatch(look.pmid):
        look.problem, look.pmid = f"{look.pmid[:40]!r} is no PMID", None
    elif source.doi and not look.doi:
        look.problem = f"{source.doi[:60]!r} is no DOI"
    return look
