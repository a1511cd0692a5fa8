"""The sources of an answer for reference managers: BibTeX and RIS, written by the libraries that also read them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import bibtexparser
import rispy
from bibtexparser.model import Entry, ExplicitComment, Field

from caveat.domain.model import DISCLOSURE, Answer, NumberedSource, Source, SourceKind
from caveat.domain.words_for import design_words, link, status_words

_IN_JOURNAL = frozenset({SourceKind.ARTICLE, SourceKind.REVIEW, SourceKind.CASE_REPORT})
_LATEX = {
    "\\": "\\textbackslash{}",
    "{": "\\lbrace{}",
    "}": "\\rbrace{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    **{c: "\\" + c for c in "&%$#_"},
}
_LIGATURE = re.compile(r"([-`'])(?=\1)")
_URL = {"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"}
"""An address is read letter for letter; only what would end the field is coded."""
_OTHERS = frozenset({"et al", "et al.", "and others", "others"})
_GROUP = re.compile(r"[;()&/]|\b(?:and|of|for|the)\b|^[^,]*(?:\s[^\s,]+){4}[^,]*$", re.IGNORECASE)


def to_bibtex(answer: Answer) -> str:
    """One entry a source, in the order of its number; keys are the sources' ids."""
    library = bibtexparser.Library()
    library.add(ExplicitComment(_latex(f"Sources of an answer by Caveat. {DISCLOSURE}")))
    taken: set[str] = set()
    for item in answer.sources:
        library.add(_entry(item, _key(item.source.id, taken)))
    return str(bibtexparser.write_string(library))


def to_ris(answer: Answer) -> str:
    """One record a source, in the order of its number; an empty text where there is no source."""
    return str(rispy.dumps([_record(s) for s in answer.sources])) if answer.sources else ""


def _entry(item: NumberedSource, key: str) -> Entry:
    s = item.source
    in_journal = s.kind in _IN_JOURNAL and s.journal
    facts: dict[str, str | None] = {
        "title": f"{{{_latex(s.title)}}}",
        "author": " and ".join(_bibtex_name(a) for a in _authors(s)) or None,
        "year": str(s.year) if s.year else None,
        "journal" if in_journal else "howpublished": _latex(s.journal) if s.journal else None,
        "doi": _url(s.doi) if s.doi else None,
        "pmid": _latex(s.pmid) if s.pmid else None,
        "pmcid": _latex(s.pmcid) if s.pmcid else None,
        "url": _url(address) if (address := link(s)) else None,
        "note": _latex(" ".join(_notes(item))),
    }
    fields = [Field(name, value) for name, value in facts.items() if value]
    return Entry("article" if in_journal else "misc", key, fields)


def _record(item: NumberedSource) -> dict[str, object]:
    s = item.source
    kind = (
        "JOUR"
        if s.kind in _IN_JOURNAL and s.journal
        else "ABST"
        if s.kind is SourceKind.CONFERENCE_ABSTRACT
        else "GEN"
    )
    facts: dict[str, object] = {
        "type_of_reference": kind,
        "id": _line(s.id),
        "title": _line(s.title),
        "authors": [_line(_ris_name(a)) for a in _authors(s)],
        "year": str(s.year) if s.year else None,
        "journal_name": _line(s.journal) if s.journal else None,
        "doi": _line(s.doi) if s.doi else None,
        "accession_number": _line(s.pmid) if s.pmid else None,
        "urls": [_line(address)] if (address := link(s)) else None,
        "notes": [_line(n) for n in (*_notes(item), DISCLOSURE)],
    }
    return {name: value for name, value in facts.items() if value}


def _notes(item: NumberedSource) -> Sequence[str]:
    s = item.source
    numbers = f"Registered as {', '.join(s.registry_ids)}." if s.registry_ids else ""
    ours = "Known to Caveat from its own note, not from the original." if s.note_not_original else ""
    parts = (f"[{item.number}] in the answer.", f"{design_words(s)}; {status_words(s)}.", numbers, ours)
    return tuple(p for p in parts if p)


def _authors(s: Source) -> Sequence[str]:
    return [" ".join(a.split()) for a in s.authors if a.strip()]


def _bibtex_name(name: str) -> str:
    if name.casefold() in _OTHERS:
        return "others"
    person = _person(name)
    if person is None and (_GROUP.search(name) or name.count(",") > 1):
        return f"{{{_latex(name)}}}"
    return _latex(", ".join(person) if person else name)


def _ris_name(name: str) -> str:
    return ", ".join(_person(name) or (name,))


def _person(name: str) -> tuple[str, str] | None:
    """Surname and initials of "Knight JM"; None for any other form."""
    last, _, first = name.rpartition(" ")
    letters = first.replace(".", "").replace("-", "")
    if (
        last
        and "," not in name
        and letters.isalpha()
        and letters.isupper()
        and len(letters) <= 4
        and not _GROUP.search(name)
    ):
        return last, first
    return None


def _key(source_id: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", source_id).encode("ascii", "ignore").decode()
    base = re.sub(r"[^A-Za-z0-9:-]+", "-", plain).strip("-")[:80] or "source"
    key, n = base, 2
    while key.casefold() in taken:
        key, n = f"{base}-{n}", n + 1
    taken.add(key.casefold())
    return key


def _line(text: str) -> str:
    """One line without control characters: in RIS a line break may begin a new field, or a new record."""
    return " ".join("".join(c if c.isprintable() or c.isspace() else " " for c in text).split())


def _latex(text: str) -> str:
    return _LIGATURE.sub(r"\1{}", "".join(_LATEX.get(c, c) for c in _line(text)))


def _url(text: str) -> str:
    return "".join(_URL.get(c, c) for c in _line(text))
