"""JATS full text (PMC, Europe PMC, publishers): facts from the head, sections from abstract, body and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

from caveat.domain.model import Document
from caveat.errors import CorpusError
from ingest.readers import identifiers as ids
from ingest.readers.item import Item
from ingest.readers.jats_text import LEFT_OUT, clean, sections_of
from ingest.readers.markup import local, text_of
from ingest.readers.pubmed_xml import status_of
from ingest.readers.record import Record, authors, documents_of, from_types
from ingest.readers.xml_records import parsed, xml_records

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
HREF = "{http://www.w3.org/1999/xlink}href"
_RELATED = {
    "retraction-forward": ("RetractionIn", "Retracted in"),
    "retracted-article": ("RetractionOf", "Retraction of"),
    "correction-forward": ("ErratumIn", "Corrected in"),
    "corrected-article": ("ErratumFor", "Correction of"),
    "concern-forward": ("ExpressionOfConcernIn", "Expression of concern in"),
    "expression-of-concern-forward": ("ExpressionOfConcernIn", "Expression of concern in"),
    "object-of-concern": ("ExpressionOfConcernFor", "Expression of concern for"),
    "preprint": ("PreprintIn", "Preprint at"),
    "companion": ("", "Companion"),
    "commentary-article": ("CommentOn", "Comment on"),
}
_CONFLICTS = re.compile(
    r"competing|conflicts? of interest|declarations? of (?:competing )?interest|disclosures?$", re.IGNORECASE
)
_OTHER_ABSTRACTS = {
    "executive-summary": "plain summary",
    "plain-language-summary": "plain summary",
    "summary": "summary",
    "key-points": "key points",
}
_SKIPPED_ABSTRACTS = frozenset({"graphical", "teaser", "toc", "web-summary", "video", "editor"})
_DATES = ("ppub", "collection", "pub", "epub", "epub-ppub", "publication", None)


def read_jats(item: Item, fail: Callable[[CorpusError], None]) -> Iterator[Document]:
    """Every article of a file; a broken one is handed to ``fail`` and the next one is read."""
    yield from documents_of(xml_records(item, ("article",)), _record, item.name, fail)


def _record(raw: str) -> Record:
    root = parsed(raw)
    for node in root.iter():
        if isinstance(node.tag, str) and "}" in node.tag:
            node.tag = local(node)
    front = root.find("front")
    meta = front.find("article-meta") if front is not None else None
    if meta is None:
        raise CorpusError("it has no article-meta, so nothing says what it is")
    record = Record(title=clean(text_of(meta.find("title-group/article-title"), LEFT_OUT)))
    record.facts = {
        **from_types([root.get("article-type", "")]),
        **_identity(root, front, meta),
        **_money(root, meta),
    }
    if root.get("article-type") in ("protocol", "study-protocol") and "design" not in record.facts:
        record.facts["design"] = "trial protocol"
    _standing(root, meta, record)
    for abstract in (*meta.findall("abstract"), *meta.findall("trans-abstract")):
        name = _abstract_name(abstract, root)
        if name:
            sections_of(abstract, record, name)
    body, before = root.find("body"), len(record.parts)
    sections_of(body, record)
    record.facts["abstract_only"] = bool(before) and len(record.parts) == before
    for part in root.findall("back/sec") + root.findall("back/app-group/app"):
        if not _CONFLICTS.search(text_of(part.find("title")) or ""):
            sections_of(part, record, text_of(part.find("title")) or "appendix")
    for wrap in root.findall("floats-group"):
        sections_of(wrap, record)
    return record


def _identity(root: etree._Element, front: etree._Element, meta: etree._Element) -> dict[str, object]:
    found: dict[str, str] = {}
    for node in meta.findall("article-id"):
        found.setdefault(node.get("pub-id-type", ""), (node.text or "").strip())
    pmc = found.get("pmcid") or found.get("pmc") or ""
    number = ids.pmcid(pmc) or (f"PMC{pmc}" if pmc.isdigit() else None)
    links = [node.get(HREF) or text_of(node) for node in meta.iter("ext-link")]
    written = [text_of(node) for node in (meta.find("title-group"), *meta.findall("abstract"))]
    return {
        "doi": ids.doi(found.get("doi")),
        "pmid": ids.pmid(found.get("pmid")),
        "pmcid": number,
        "registry_ids": ids.registry_ids(*written, *links),
        "authors": authors(_author(node) for node in meta.findall("contrib-group/contrib") if node.get("contrib-type", "author") == "author"),
        "year": _year(meta),
        "journal": text_of(front.find(".//journal-title")) or text_of(front.find("journal-meta/journal-id")),
        "language": ids.language(root.get(LANG)),
        "licence": _licence(meta),
        "url": f"https://www.ncbi.nlm.nih.gov/pmc/articles/{number}/" if number else None,
    }  # fmt: skip


def _year(meta: etree._Element) -> int | None:
    dates = {
        node.get("pub-type") or node.get("date-type"): node for node in reversed(meta.findall("pub-date"))
    }
    ordered = [dates[kind] for kind in _DATES if kind in dates] + list(dates.values())
    return next((y for node in ordered if (y := ids.year(text_of(node.find("year"))))), None)


def _author(node: etree._Element) -> str | None:
    name = node.find("name") if node.find("name") is not None else node.find("name-alternatives/name")
    if name is None:
        return text_of(node.find("collab"), LEFT_OUT | {"contrib-group"}) or text_of(node.find("string-name"))
    surname, given = text_of(name.find("surname")), text_of(name.find("given-names"))
    initials = "".join(word[0] for word in re.split(r"[\s.\-]+", given) if word) if given else ""
    short = given if given and given.isupper() and len(given) <= 4 else initials
    return " ".join(filter(None, (surname, short))) or None


def _licence(meta: etree._Element) -> str | None:
    node = meta.find("permissions/license")
    if node is None:
        return text_of(meta.find("permissions/copyright-statement"))
    inside = next((text_of(n) for n in node.iter("license_ref")), None)
    return node.get(HREF) or inside or text_of(node) or node.get("license-type")


def _money(root: etree._Element, meta: etree._Element) -> dict[str, object]:
    """Funding and conflicts, from the places made for them."""
    sources = [text_of(n) for n in meta.findall(".//funding-source")]
    statement = text_of(meta.find(".//funding-statement"))
    told = [
        text_of(n, LEFT_OUT | {"label"})
        for n in root.iter("fn")
        if n.get("fn-type", "").lower() in ("conflict", "coi-statement")
    ]
    told += [
        text_of(n, LEFT_OUT | {"title"})
        for n in root.iter("notes")
        if n.get("notes-type", "").lower() == "coi-statement"
    ]
    if not any(told):
        told = [
            text_of(n, LEFT_OUT | {"title"})
            for n in (
                *root.findall("back/sec"),
                *root.findall("back/notes"),
                *root.findall("back/ack/sec"),
                *root.findall("body/sec"),
            )
            if _CONFLICTS.search(text_of(n.find("title")) or "")
        ]
    return {
        "funding": "; ".join(dict.fromkeys(filter(None, sources))) or statement,
        "conflicts": " ".join(dict.fromkeys(filter(None, told))) or None,
    }  # fmt: skip


def _standing(root: etree._Element, meta: etree._Element, record: Record) -> None:
    kinds: set[str] = set()
    lines: list[str] = []
    for node in meta.findall("related-article"):
        kind, words = _RELATED.get(node.get("related-article-type", ""), ("", ""))
        if words:
            kinds.add(kind)
            lines.append(f"{words} {text_of(node) or node.get(HREF) or ''}".strip())
    record.facts["notices"] = tuple(dict.fromkeys(lines))
    subjects = {(text_of(n) or "").casefold() for n in meta.findall("article-categories/subj-group/subject")}
    if subjects & {"retracted article", "retracted"}:
        kinds.add("RetractionIn")
    status = status_of(kinds)
    if status and root.get("article-type") not in ("retraction", "correction", "expression-of-concern"):
        record.facts["status"] = status


def _abstract_name(abstract: etree._Element, root: etree._Element) -> str | None:
    kind = abstract.get("abstract-type")
    if kind in _SKIPPED_ABSTRACTS:
        return None
    language = ids.language(abstract.get(LANG))
    if local(abstract) == "trans-abstract" and language != ids.language(root.get(LANG)):
        return f"abstract {language or 'in another language'}"
    return _OTHER_ABSTRACTS.get(kind or "", "abstract")
