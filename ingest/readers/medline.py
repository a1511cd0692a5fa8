"""MEDLINE text (PubMed's ``.nbib``): tags of up to four letters, lines that go on after six spaces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from caveat.domain.model import Document
from caveat.errors import CorpusError
from ingest.readers.item import Item
from ingest.readers.pubmed_xml import NOTICES, status_of
from ingest.readers.record import Record, documents_of
from ingest.readers.reference import Reference, reference_record
from ingest.readers.ris import RECORD_CHARACTERS, checked

_LINE = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}-(?: (.*)|)$")
_NOTICES = {
    "RIN": "RetractionIn", "ROF": "RetractionOf", "EIN": "ErratumIn", "EFR": "ErratumFor", "ECI": "ExpressionOfConcernIn",
    "ECF": "ExpressionOfConcernFor", "CRI": "CorrectedandRepublishedIn", "CRF": "CorrectedandRepublishedFrom",
    "RRI": "RetractedandRepublishedIn", "RRF": "RetractedandRepublishedFrom", "PRIN": "PartialRetractionIn",
    "PROF": "PartialRetractionOf", "UIN": "UpdateIn", "UOF": "UpdateOf", "RPI": "RepublishedIn", "RPF": "RepublishedFrom",
    "CIN": "CommentIn", "CON": "CommentOn",
}  # fmt: skip


def read_medline(item: Item, fail: Callable[[CorpusError], None]) -> Iterator[Document]:
    """Every citation of a file; a broken one is handed to ``fail`` and the next one is read."""
    yield from documents_of(_citations(item), _record, item.name, fail)


def _citations(item: Item) -> Iterator[tuple[int, list[str]]]:
    number, size = 0, 0
    lines: list[str] = []
    with item.text() as stream:
        for line in stream:
            if line.startswith("PMID") and _LINE.match(line.rstrip()) and any(_LINE.match(x) for x in lines):
                number += 1
                yield number, lines
                lines, size = [], 0
            size += len(line)
            if size <= RECORD_CHARACTERS and (line.strip() or lines):
                lines.append(line.rstrip())
    if any(_LINE.match(x) for x in lines):
        yield number + 1, lines


def _record(lines: list[str]) -> Record:
    fields: dict[str, list[str]] = {}
    last = ""
    for line in lines:
        match = _LINE.match(checked(line).lstrip("\ufeff"))
        if match:
            last = match.group(1)
            fields.setdefault(last, []).append((match.group(2) or "").strip())
        elif last and line.strip():
            fields[last][-1] += " " + line.strip()
        elif not line.strip():
            last = ""
    first = {tag: values[0] for tag, values in fields.items()}
    links = [*fields.get("LID", ()), *fields.get("AID", ())]
    record = reference_record(
        Reference(
            title=first.get("TI") or first.get("BTI") or first.get("TT"),
            abstract=first.get("AB") or first.get("OAB"),
            authors=[*fields.get("AU", ()), *fields.get("CN", ())],
            year=first.get("DP"),
            journal=first.get("JT") or first.get("TA"),
            doi=next((x for x in links if "[doi]" in x), None),
            pmid=first.get("PMID"),
            pmcid=first.get("PMC"),
            types=fields.get("PT", ()),
            language=first.get("LA"),
            mesh=[m.replace("*", "") for m in fields.get("MH", ())],
            funding="; ".join(dict.fromkeys(fields.get("GR", ()))),
            conflicts=first.get("COIS"),
            licence=first.get("CI"),
            registry=" ".join(fields.get("SI", ())),
        )
    )
    number = record.facts.get("pmid")
    record.facts["url"] = f"https://pubmed.ncbi.nlm.nih.gov/{number}/" if number else None
    record.facts["notices"] = tuple(
        f"{NOTICES[kind]} {text}" for tag, kind in _NOTICES.items() for text in fields.get(tag, ())
    )
    status = status_of({kind for tag, kind in _NOTICES.items() if tag in fields})
    if status and record.facts.get("status") != "retracted":
        record.facts["status"] = status
    return record
