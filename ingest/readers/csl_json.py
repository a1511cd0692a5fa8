"""CSL-JSON, which Zotero, Mendeley, Crossref and pandoc share: one reference an object."""

from __future__ import annotations

from typing import Any

from caveat.errors import CorpusError
from ingest.readers.jsons import at, listed, text
from ingest.readers.record import Record
from ingest.readers.reference import Reference, reference_record


def is_csl(value: dict[str, Any]) -> bool:
    """Whether an object has the shape of a CSL item."""
    kind = value.get("type")
    return isinstance(kind, str) and "title" in value and not {"text", "sections"} & value.keys()


def csl_record(value: Any) -> Record:
    """One item."""
    if not isinstance(value, dict) or not is_csl(value):
        raise CorpusError("it is no CSL item: 'type' or 'title' is missing")
    notes = [note for name in ("note", "URL", "annote") if (note := text(value.get(name)))]
    return reference_record(
        Reference(
            title=text(value.get("title")) or text(next(iter(listed(value.get("title"))), None)),
            abstract=text(value.get("abstract")),
            authors=[_name(a) for a in listed(value.get("author"))],
            year=_year(value.get("issued")),
            journal=_first(value.get("container-title")) or text(value.get("publisher")),
            doi=value.get("DOI"),
            pmid=value.get("PMID"),
            pmcid=value.get("PMCID"),
            types=[t for t in (text(value.get("genre")), text(value.get("type"))) if t],
            language=text(value.get("language")),
            mesh=(text(value.get("keyword")) or "").split(","),
            licence=text(at(next(iter(listed(value.get("license"))), None), "URL"))
            or text(value.get("license")),
            url=value.get("URL"),
            elsewhere=notes,
        )
    )


def _first(value: Any) -> str | None:
    return text(next(iter(listed(value)), None))


def _name(author: Any) -> str | None:
    if literal := text(at(author, "literal")):
        return literal
    family, given = text(at(author, "family")), text(at(author, "given"))
    particle = text(at(author, "non-dropping-particle"))
    whole = " ".join(filter(None, (particle, family)))
    return f"{whole}, {given}" if whole and given else whole or given


def _year(issued: Any) -> str | None:
    parts = next(iter(listed(at(issued, "date-parts"))), None)
    first = next(iter(listed(parts)), None)
    return text(first) or text(at(issued, "raw")) or text(at(issued, "literal")) or text(issued)
