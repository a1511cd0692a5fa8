"""A bibliographic reference, whatever manager exported it, as a record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from caveat.domain.model import SourceKind
from ingest.readers import identifiers as ids
from ingest.readers.abstracts import abstract_parts
from ingest.readers.markup import untagged
from ingest.readers.record import Record, authors, from_types
from ingest.readers.sections import one_line

_KINDS = {
    "conf": SourceKind.CONFERENCE_ABSTRACT, "cpaper": SourceKind.CONFERENCE_ABSTRACT,
    "paper-conference": SourceKind.CONFERENCE_ABSTRACT, "inproceedings": SourceKind.CONFERENCE_ABSTRACT,
    "conference": SourceKind.CONFERENCE_ABSTRACT, "conferencepaper": SourceKind.CONFERENCE_ABSTRACT,
    "conference proceedings": SourceKind.CONFERENCE_ABSTRACT, "conference paper": SourceKind.CONFERENCE_ABSTRACT,
    "conference review": SourceKind.CONFERENCE_ABSTRACT, "proceedings": SourceKind.CONFERENCE_ABSTRACT,
    "news": SourceKind.LAY_ARTICLE, "mgzn": SourceKind.LAY_ARTICLE, "article-magazine": SourceKind.LAY_ARTICLE,
    "article-newspaper": SourceKind.LAY_ARTICLE, "magazinearticle": SourceKind.LAY_ARTICLE,
    "newspaperarticle": SourceKind.LAY_ARTICLE, "blog": SourceKind.LAY_ARTICLE, "post-weblog": SourceKind.LAY_ARTICLE,
    "book": SourceKind.OTHER, "edbook": SourceKind.OTHER, "thes": SourceKind.OTHER, "thesis": SourceKind.OTHER,
    "phdthesis": SourceKind.OTHER, "mastersthesis": SourceKind.OTHER, "webpage": SourceKind.OTHER,
    "elec": SourceKind.OTHER, "gen": SourceKind.OTHER, "misc": SourceKind.OTHER, "data": SourceKind.OTHER,
    "dataset": SourceKind.OTHER, "software": SourceKind.OTHER, "patent": SourceKind.OTHER, "pat": SourceKind.OTHER,
}  # fmt: skip
_LINK = re.compile(r"https?://[^\s<>\"]+")
_PUBMED_ID = re.compile(
    r"(?:pmid|pubmed(?: id)?)\s*[:=]?\s*(\d{1,9})\b|pubmed\.ncbi\.nlm\.nih\.gov/(\d{1,9})", re.IGNORECASE
)


@dataclass(slots=True)
class Reference:
    """What an export says; every text as it stands there."""

    title: str | None = None
    abstract: str | None = None
    authors: Iterable[str | None] = ()
    year: object = None
    journal: str | None = None
    doi: object = None
    pmid: object = None
    pmcid: object = None
    types: Sequence[str] = ()
    language: str | None = None
    mesh: Sequence[str] = ()
    funding: str | None = None
    conflicts: str | None = None
    licence: str | None = None
    url: object = None
    registry: str | None = None
    retracted: bool = False
    elsewhere: Sequence[str] = field(default_factory=tuple)
    """Notes, links and the like, in which identifiers may stand."""


def reference_record(ref: Reference) -> Record:
    """The record; identifiers are looked for in their own fields first, then in links and notes."""
    record = Record(title=untagged(one_line(ref.title or "")))
    loose = " ".join(x for x in ref.elsewhere if x)
    links = " ".join(m.group() for m in _LINK.finditer(f"{ref.url or ''} {loose}"))
    named = _PUBMED_ID.search(loose) or _PUBMED_ID.search(links)
    link = _LINK.search(str(ref.url or ""))
    found = from_types(ref.types)
    if found["kind"] is SourceKind.ARTICLE:
        found["kind"] = next(
            (_KINDS[t.casefold()] for t in ref.types if t.casefold() in _KINDS), SourceKind.ARTICLE
        )
    record.facts = {
        **found,
        "doi": ids.doi(ref.doi) or ids.doi(" ".join(x for x in links.split() if "doi.org/" in x.lower())),
        "pmid": ids.pmid(ref.pmid) or (named and (named.group(1) or named.group(2))),
        "pmcid": ids.pmcid(ref.pmcid) or ids.pmcid(links),
        "authors": authors(ref.authors),
        "year": ids.year(ref.year),
        "journal": untagged(one_line(ref.journal or "")),
        "language": ids.language(ref.language),
        "mesh": tuple(dict.fromkeys(filter(None, (one_line(untagged(m)) for m in ref.mesh)))),
        "funding": ref.funding,
        "conflicts": ref.conflicts,
        "licence": ref.licence,
        "url": link.group().rstrip(".,;)") if link else None,
        "registry_ids": ids.registry_ids(ref.registry, ref.title, ref.abstract),
    }  # fmt: skip
    if ref.retracted:
        record.facts["status"] = "retracted"
    for heading, part in abstract_parts(ref.abstract):
        record.add(heading, part)
    record.facts["abstract_only"] = bool(record.parts)
    return record


def split_names(text: str | None) -> list[str]:
    """Authors written in one field: parted by ``;``, else by ``and``, else by the commas between whole names."""
    words = one_line(text or "").strip(" ;")
    if words.count(".") == 1:
        words = words.rstrip(".")
    if not words:
        return []
    for mark in (";", "|"):
        if mark in words:
            return words.split(mark)
    if re.search(r"\s(?:and|&)\s", words):
        return re.split(r",?\s(?:and|&)\s", words)
    parts = [p.strip() for p in words.split(",")]
    # "Yang Z., Jiang B." are two names, "Yang, Zixiao" is one.
    whole = [p for p in parts if re.fullmatch(r"\S+(?:[ -]\S+)* [A-Z][A-Z.\- ]{0,8}", p)]
    return parts if len(whole) == len(parts) or len(parts) > 2 else [words]
