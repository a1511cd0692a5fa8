"""Which format a file is in, told by what stands in it; its name decides only between kinds of plain text."""

from __future__ import annotations

import re
import zipfile
from enum import StrEnum

from caveat.errors import CorpusError
from ingest.readers.item import Item, encoding_of
from ingest.readers.table_columns import looks_like_table


class Format(StrEnum):
    """Every format that is read."""

    GZIP = "gzip"
    ZIP = "zip"
    PUBMED_XML = "PubMed XML"
    JATS = "JATS full text"
    TRIAL_XML = "ClinicalTrials.gov XML"
    EUROPEPMC_XML = "Europe PMC XML"
    ENDNOTE_XML = "EndNote XML"
    JSON = "JSON"
    JSON_LINES = "JSON Lines"
    MEDLINE = "MEDLINE text"
    RIS = "RIS"
    BIBTEX = "BibTeX"
    WOS = "Web of Science text"
    TABLE = "table"
    PDF = "PDF"
    DOCX = "Word"
    HTML = "HTML"
    MARKDOWN = "Markdown"
    TEXT = "text"


MARKDOWN = (".md", ".markdown")
LINES = (".jsonl", ".ndjson")
TEXT = (".txt", ".text")
TABLES = (".csv", ".tsv", ".tab")
OTHERS = (
    ".xml", ".nxml", ".json", ".ris", ".nbib", ".bib", ".enw", ".pdf", ".docx", ".html", ".htm", ".xhtml",
    ".gz", ".zip", ".medline", ".ciw",
)  # fmt: skip
SUFFIXES = (*MARKDOWN, *LINES, *TEXT, *TABLES, *OTHERS)
"""Endings that mark a document. A file with another one is looked into, and passed over where nothing is found."""

_XML = (
    (re.compile(r"<(?:PubmedArticleSet|PubmedArticle|PubmedBookArticle|MedlineCitationSet|MedlineCitation)[\s/>]"), Format.PUBMED_XML),
    (re.compile(r"<clinical_stud(?:y|ies)[\s/>]"), Format.TRIAL_XML),
    (re.compile(r"<(?:responseWrapper|resultList)[\s/>]"), Format.EUROPEPMC_XML),
    (re.compile(r"<records?>\s*<record[\s>]|<ref-type[\s>]|<xml>\s*<records>"), Format.ENDNOTE_XML),
    (re.compile(r"<(?:article|pmc-articleset|OAI-PMH)[\s>]"), Format.JATS),
)  # fmt: skip
_HTML = re.compile(r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_ROOT = re.compile(r"<([A-Za-z_][\w:.-]*)")
_PROLOGUE = re.compile(r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_RIS = re.compile(r"^\s{0,4}TY {1,3}- ?", re.MULTILINE)
_WOS = re.compile(r"^PT [A-Z]\s*\n(?:[A-Z][A-Z0-9]|  ) ", re.MULTILINE)
_MEDLINE = re.compile(r"^(?:PMID|OWN |STAT)- ", re.MULTILINE)
_BIBTEX = re.compile(
    r"^\s*@(?!comment|preamble)[A-Za-z]+\s*[{(]\s*[^\s,{}]*\s*,", re.MULTILINE | re.IGNORECASE
)
_OBJECTS = re.compile(r"\A\s*\{[^\n]*\}[ \t\r]*\n\s*\{")
_NOT_READ = {
    b"\xd0\xcf\x11\xe0": "an old Word, Excel or Outlook file is not read; save it as .docx, .csv or .pdf",
    b"{\\rtf": "RTF is not read; save it as .docx",
    b"\x89PNG": "an image is not read",
    b"\xff\xd8\xff": "an image is not read",
    b"Rar!": "a RAR archive is not read; pack it as .zip",
    b"7z\xbc\xaf": "a 7z archive is not read; pack it as .zip",
    b"BZh": "a bzip2 archive is not read; pack it as .gz",
    b"\xfd7zX": "an xz archive is not read; pack it as .gz",
    b"SQLite": "a database is not read",
}
_OFFICE = {
    "xl/": "an Excel workbook is not read; save the sheet as .csv",
    "ppt/": "a presentation is not read; save it as .pdf",
    "content.xml": "an OpenDocument file is not read; save it as .docx",
    "META-INF/container.xml": "an e-book is not read; save it as .html or .pdf",
}


def detect(item: Item) -> Format:
    """The format; raises ``CorpusError`` saying what the file is where it is none of them."""
    head = item.head()
    for mark, why in _NOT_READ.items():
        if head.startswith(mark):
            raise item.wrong(why)
    if head.startswith(b"\x1f\x8b"):
        return Format.GZIP
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(item)
    if b"%PDF-" in head[:1024]:
        return Format.PDF
    if head[257:262] == b"ustar":
        raise item.wrong("a tar archive is not read; unpack it, or pack it as .zip")
    text = head.decode(encoding_of(head), "replace")
    if not text.strip("\ufeff \t\r\n"):
        raise item.wrong("it has no text", line=1)
    return _text_format(item, text.lstrip("\ufeff"))


def _zipped(item: Item) -> Format:
    try:
        with item.opened() as stream, zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise item.wrong("the archive is damaged or cut off") from error
    if "word/document.xml" in names:
        return Format.DOCX
    for mark, why in _OFFICE.items():
        if any(name.startswith(mark) for name in names):
            raise item.wrong(why)
    return Format.ZIP


def _text_format(item: Item, text: str) -> Format:
    start = text.lstrip()
    if start.startswith("<") and item.suffix not in MARKDOWN:
        return _marked_up(item, start)
    if item.suffix in LINES or (start.startswith("{") and _OBJECTS.match(text)):
        return Format.JSON_LINES
    if item.suffix in MARKDOWN:
        return Format.MARKDOWN
    if start.startswith(("{", "[")) and (item.suffix not in TEXT or re.match(r"[\[{]\s*[\"{\[\]}]", start)):
        return Format.JSON
    if "\0" in text:
        raise item.wrong("it is not text", line=text.count("\n", 0, text.index("\0")) + 1)
    if _RIS.search(text):
        return Format.RIS
    if _MEDLINE.search(text):
        return Format.MEDLINE
    if _WOS.search(text):
        return Format.WOS
    if item.suffix == ".bib" or _BIBTEX.search(text):
        return Format.BIBTEX
    if item.suffix in TABLES or looks_like_table(text):
        return Format.TABLE
    if item.suffix in TEXT:
        return Format.TEXT
    raise item.wrong(NOT_RECOGNISED)


NOT_RECOGNISED = "this kind of file is not read; ingest/README.md lists the kinds that are"


def _marked_up(item: Item, text: str) -> Format:
    body = _PROLOGUE.sub("", text).lstrip()
    if _HTML.match(text) or _HTML.match(body):
        return Format.HTML
    for pattern, found in _XML:
        if pattern.search(body[:20_000]):
            return found
    root = _ROOT.match(body)
    if item.suffix in (".html", ".htm", ".xhtml"):
        return Format.HTML
    if item.suffix in TEXT:
        return Format.TEXT
    raise item.wrong(
        f"XML of a kind that is not read (its first element is <{root.group(1)}>)" if root else NOT_RECOGNISED
    )


def readable(item: Item) -> bool:
    """Whether a file with an unknown ending is in a format that is read."""
    try:
        detect(item)
    except CorpusError:
        return False
    return True
