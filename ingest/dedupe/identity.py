"""What tells one work from another, made comparable."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from caveat.domain.model import Design, Source, SourceKind

_VERSION = re.compile(r"(?:\.v\d{1,2}|v\d{1,2}|/v\d{1,2})$")
_PREPRINT_DOI = re.compile(
    r"^10\.(?:1101/(?:20\d\d\.|\d{6})|21203/|31234/|31219/|20944/|2139/|48550/arxiv|12688/f1000research|26434/chemrxiv)"
)
_NOTICE = re.compile(
    r"^\W*(?:author correction|publisher correction|correction|corrigend\w+|errat\w+|addendum|retract\w+|withdrawn|withdrawal|"
    r"expression of concern|editorial expression|repl(?:y|ies)|response|authors?['’]? (?:reply|response)|comments?|commentary|"
    r"letter to|in reply|editorial|table of contents|abstracts? of|index)\b",
    re.IGNORECASE,
)
_PROTOCOL = re.compile(
    r"\b(?:(?:study |trial )?protocols?|rationale and design|design and (?:rationale|methods)|statistical analysis plan)\b",
    re.IGNORECASE,
)
_SMALL = frozenset("a an the of in on for and with to by from at as its".split())
_SPELLINGS = (
    (re.compile(r"aem|aes(?=t)|oed|oes(?=t)"), lambda m: m.group().replace("ae", "e").replace("oe", "e")),
    (re.compile(r"(?<=\w\w)our(?=\b|s\b|al\b|ed\b|ing\b)"), lambda _: "or"),
    (re.compile(r"(?<=\w\w)is(?=(?:e|ed|es|er|ing|ation|ations)\b)"), lambda _: "iz"),
    (re.compile(r"(?<=\w\w)ys(?=(?:e|ed|es|ing)\b)"), lambda _: "yz"),
    (re.compile(r"(?<=\w)tre\b"), lambda _: "ter"),
    (re.compile(r"\bprogramme"), lambda _: "program"),
    (re.compile(r"ll(?=(?:ed|ing|er)\b)"), lambda _: "l"),
)
_GREEK = str.maketrans(
    {
        "α": " alpha ",
        "β": " beta ",
        "γ": " gamma ",
        "δ": " delta ",
        "κ": " kappa ",
        "μ": " mu ",
        "ω": " omega ",
    }
)


class Sort(StrEnum):
    """What sort of record: two records of different sorts are never one work, save a preprint and its article."""

    PAPER = "paper"
    ABSTRACT = "conference abstract"
    REGISTRATION = "registration"
    PROTOCOL = "protocol"
    NOTICE = "notice"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Identity:
    """One record's marks; what it does not state is None or empty."""

    pmid: str | None
    doi: str | None
    pmcid: str | None
    registry_ids: frozenset[str]
    title: tuple[str, ...]
    """The title's words: lower case, no accents, American spelling, Greek letters by name."""
    year: int | None
    author: str | None
    """Surname of the first author."""
    journal: tuple[str, ...]
    sort: Sort
    preprint: bool
    note: bool
    """A note on a work, which yields to the work itself."""


def identity_of(source: Source) -> Identity:
    """The marks of a record."""
    doi = plain_doi(source.doi)
    return Identity(
        source.pmid or None,
        doi,
        source.pmcid.upper() if source.pmcid else None,
        frozenset(re.sub(r"\s", "", r).upper() for r in source.registry_ids),
        title_words(source.title),
        source.year,
        surname(source.authors[0]) if source.authors else None,
        journal_words(source.journal),
        _sort(source),
        source.preprint or bool(doi and _PREPRINT_DOI.match(doi)),
        source.note_not_original,
    )


def plain_doi(doi: str | None) -> str | None:
    """The DOI without resolver, case and version of a preprint."""
    if not doi:
        return None
    text = re.sub(r"^(?:https?://)?(?:dx\.)?doi\.org/|^doi:\s*", "", doi.strip(), flags=re.IGNORECASE).lower()
    text = text.rstrip(".,;/")
    return _VERSION.sub("", text) if _PREPRINT_DOI.match(text) else text or None


def title_words(title: str) -> tuple[str, ...]:
    """The words of a title as they are compared."""
    text = re.sub(r"<[^>]{1,20}>", "", title).translate(_GREEK)
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    text = text.replace("'", "").replace("’", "")
    for pattern, change in _SPELLINGS:
        text = pattern.sub(change, text)
    return tuple(re.findall(r"[^\W_]+", text))


def telling(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without articles and prepositions."""
    return tuple(w for w in words if w not in _SMALL)


def surname(author: str) -> str | None:
    """The surname of "Smith J", "Smith, John", "John Smith" or "van der Smith JA", folded."""
    text = "".join(c for c in unicodedata.normalize("NFKD", author) if not unicodedata.combining(c)).strip()
    if "," in text:
        text = text.split(",", 1)[0]
    else:
        words = text.split()
        initials = [w for w in words[1:] if re.fullmatch(r"(?:[A-Z]\.?-?){1,4}", w)]
        if initials and words[-1] in initials:
            text = " ".join(w for w in words if w not in initials)
        elif len(words) > 1:
            text = words[-1]
    found = re.sub(r"[^a-z]", "", text.casefold().split()[-1]) if text.split() else ""
    return found or None


def journal_words(journal: str | None) -> tuple[str, ...]:
    """The words of a journal's name, without articles and what stands behind it (volume, pages)."""
    if not journal:
        return ()
    text = re.split(r"[;:(\[]|\s\d", journal, maxsplit=1)[0]
    return telling(title_words(text))


def _sort(source: Source) -> Sort:
    if source.kind is SourceKind.TRIAL_REGISTRATION or source.design is Design.TRIAL_REGISTRATION:
        return Sort.REGISTRATION
    if _NOTICE.match(source.title):
        return Sort.NOTICE
    if source.design is Design.TRIAL_PROTOCOL or _PROTOCOL.search(source.title):
        return Sort.PROTOCOL
    if source.kind is SourceKind.CONFERENCE_ABSTRACT:
        return Sort.ABSTRACT
    if source.kind in {SourceKind.LABEL, SourceKind.GUIDELINE, SourceKind.RESOURCE, SourceKind.LAY_ARTICLE}:
        return Sort.OTHER
    return Sort.PAPER
