"""Europe PMC search results: JSON (``lite`` and ``core``) and the Dublin Core XML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote_plus

from caveat.domain.model import Document
from caveat.errors import CorpusError
from ingest.readers import identifiers as ids
from ingest.readers.abstracts import abstract_parts
from ingest.readers.item import Item
from ingest.readers.jsons import at, listed, text
from ingest.readers.markup import text_of, untagged
from ingest.readers.pubmed_xml import status_of
from ingest.readers.record import Record, abstract_text, authors, documents_of, from_types
from ingest.readers.xml_records import parsed, xml_records

_HEADING = re.compile(r"<h[1-6][^>]*>(.*?)</h[1-6]>", re.DOTALL | re.IGNORECASE)
_NOTICES = {
    "retraction in": "RetractionIn", "retraction of": "RetractionOf", "erratum in": "ErratumIn",
    "erratum for": "ErratumFor", "expression of concern in": "ExpressionOfConcernIn", "update in": "UpdateIn",
    "update of": "UpdateOf", "preprint in": "PreprintIn", "preprint of": "PreprintOf",
    "corrected and republished in": "CorrectedandRepublishedIn", "partial retraction in": "PartialRetractionIn",
    "retracted and republished in": "RetractedandRepublishedIn",
}  # fmt: skip


def europepmc_documents(
    results: list[Any], name: str, fail: Callable[[CorpusError], None]
) -> Iterator[Document]:
    """The documents of a result list."""
    yield from documents_of(enumerate(results, 1), europepmc_record, name, fail)


def europepmc_record(raw: Any) -> Record:
    """One result; raises ``CorpusError`` where it is only an id."""
    if not isinstance(raw, dict):
        raise CorpusError("it is not an object")
    if not raw.get("title") and not raw.get("abstractText"):
        raise CorpusError("it is an id without a title; fetch it with resultType=core")
    types = [t.strip() for t in str(raw.get("pubType") or "").split(";")]
    types += [str(t) for t in listed(at(raw, "pubTypeList", "pubType"))]
    record = Record(title=untagged(str(raw.get("title") or "")))
    source = text(raw.get("source")) or ""
    number = ids.pmid(raw.get("pmid"))
    names = [
        text(at(a, "fullName")) or text(at(a, "collectiveName"))
        for a in listed(at(raw, "authorList", "author"))
    ]
    record.facts = {
        **from_types(types),
        "pmid": number,
        "pmcid": ids.pmcid(raw.get("pmcid")),
        "doi": ids.doi(raw.get("doi")),
        "authors": authors(names or str(raw.get("authorString") or "").rstrip(".").split(",")),
        "year": ids.year(raw.get("pubYear")) or ids.year(raw.get("firstPublicationDate")),
        "journal": text(at(raw, "journalInfo", "journal", "title")) or text(raw.get("journalTitle")),
        "language": ids.language(raw.get("language")),
        "licence": text(raw.get("license")),
        "mesh": tuple(filter(None, map(_heading, listed(at(raw, "meshHeadingList", "meshHeading"))))),
        "funding": "; ".join(dict.fromkeys(filter(None, map(_grant, listed(at(raw, "grantsList", "grant")))))),
        "url": f"https://europepmc.org/article/{source}/{raw.get('id')}" if source and raw.get("id") else None,
        "registry_ids": ids.registry_ids(raw.get("title"), raw.get("abstractText")),
        "preprint": source == "PPR" or record.facts.get("preprint"),
    }  # fmt: skip
    if source == "PPR":
        record.facts["journal"] = text(at(raw, "bookOrReportDetails", "publisher")) or record.facts["journal"]
    _standing(record, listed(at(raw, "commentCorrectionList", "commentCorrection")))
    for heading, part in labelled(raw.get("abstractText")):
        record.add(heading, part)
    record.facts["abstract_only"] = bool(record.parts)
    return record


def labelled(raw: Any) -> Iterator[tuple[str, str]]:
    """The parts of an abstract whose headings are tags: heading and text."""
    if not isinstance(raw, str):
        return
    if not _HEADING.search(raw):
        yield from abstract_parts(raw)
        return
    pieces = _HEADING.split(raw)
    for heading, piece in zip(["abstract", *pieces[1::2]], pieces[::2], strict=True):
        part = abstract_text(piece)
        if part:
            yield untagged(heading).strip().rstrip(":") or "abstract", part


def _standing(record: Record, corrections: list[Any]) -> None:
    kinds: set[str] = set()
    lines: list[str] = []
    for entry in corrections:
        told = (text(at(entry, "type")) or "").casefold()
        if told:
            kinds.add(_NOTICES.get(told, told))
            where = " · ".join(filter(None, (text(at(entry, "reference")), text(at(entry, "id")))))
            lines.append(f"{told.capitalize()} {where}".strip())
    record.facts["notices"] = tuple(dict.fromkeys(lines))
    status = status_of(kinds)
    if status and record.facts.get("status") != "retracted":
        record.facts["status"] = status


def _heading(entry: Any) -> str | None:
    name = text(at(entry, "descriptorName"))
    qualifiers = [
        text(at(q, "qualifierName")) for q in listed(at(entry, "meshQualifierList", "meshQualifier"))
    ]
    return "/".join([name, *filter(None, qualifiers)]) if name else None


def _grant(entry: Any) -> str | None:
    return ", ".join(filter(None, (text(at(entry, "agency")), text(at(entry, "grantId"))))) or None


def read_europepmc_xml(item: Item, fail: Callable[[CorpusError], None]) -> Iterator[Document]:
    """Dublin Core descriptions: no abstract is in them, so that they are found by title alone."""
    yield from documents_of(xml_records(item, ("rdf:Description",)), _described, item.name, fail)


def _described(raw: str) -> Record:
    root = parsed(raw)
    found: dict[str, list[str]] = {}
    for node in root:
        value = text_of(node)
        if value:
            found.setdefault(node.tag.rpartition("}")[2], []).append(value)
    links = " ".join(found.get("identifier", []))
    number = re.search(r"/abstract/MED/(\d+)", links)
    journal = next(
        (
            m.group(1)
            for c in found.get("bibliographicCitation", ())
            if (m := re.search(r"rft\.jtitle=([^&]+)", c))
        ),
        None,
    )
    record = Record(title=next(iter(found.get("title", ())), None))
    record.facts = {
        **from_types(t.strip() for d in found.get("description", ()) for t in d.split(";")),
        "pmid": number and number.group(1),
        "pmcid": ids.pmcid(links),
        "doi": ids.doi(" ".join(x for x in found.get("identifier", ()) if "doi.org" in x)),
        "authors": authors(found.get("creator", ())),
        "year": ids.year(next(iter(found.get("date", ())), None)),
        "language": ids.language(next(iter(found.get("language", ())), None)),
        "url": root.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"),
    }  # fmt: skip
    if journal:
        record.facts["journal"] = unquote_plus(journal)
    for part in found.get("abstract", ()):
        record.add("abstract", abstract_text(part))
    record.facts["abstract_only"] = bool(record.parts)
    return record
