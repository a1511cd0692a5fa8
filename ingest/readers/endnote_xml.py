"""EndNote's XML export."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from caveat.domain.model import Document
from caveat.errors import CorpusError
from ingest.readers.item import Item
from ingest.readers.markup import text_of
from ingest.readers.record import Record, documents_of
from ingest.readers.reference import Reference, reference_record
from ingest.readers.xml_records import parsed, xml_records


def read_endnote_xml(item: Item, fail: Callable[[CorpusError], None]) -> Iterator[Document]:
    """Every reference of a file; a broken one is handed to ``fail`` and the next one is read."""
    yield from documents_of(xml_records(item, ("record",)), _record, item.name, fail)


def _record(raw: str) -> Record:
    root = parsed(raw)

    def one(path: str) -> str | None:
        return text_of(root.find(path))

    def many(path: str) -> list[str]:
        return [found for node in root.findall(path) if (found := text_of(node))]

    kind = root.find("ref-type")
    base = (one("remote-database-name") or "").casefold()
    return reference_record(
        Reference(
            title=one("titles/title"),
            abstract=one("abstract"),
            authors=many("contributors/authors/author"),
            year=one("dates/year") or one("dates/pub-dates/date"),
            journal=one("periodical/full-title") or one("titles/secondary-title"),
            doi=one("electronic-resource-num"),
            pmid=one("accession-num") if not base or "pubmed" in base or "medline" in base else None,
            pmcid=one("custom2"),
            types=[t for t in (one("work-type"), kind.get("name") if kind is not None else None) if t],
            language=one("language"),
            mesh=many("keywords/keyword"),
            url=one("urls/related-urls/url"),
            elsewhere=[*many("urls/related-urls/url"), *many("notes"), *many("research-notes")],
        )
    )
