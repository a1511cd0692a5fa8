"""PMIDs, DOIs, PMC and trial numbers as people write them, in one spelling each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from caveat.errors import CorpusError
from ingest.readers.files import read_text
from ingest.readers.item import Item

_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/[^\s\"<>]+)", re.IGNORECASE)
_PMID = re.compile(r"(?:https?://pubmed\.ncbi\.nlm\.nih\.gov/|pmid:?\s*)?([1-9]\d{0,8})/?", re.IGNORECASE)
_PMCID = re.compile(r"(?:pmcid:?\s*)?(PMC\d{1,9})", re.IGNORECASE)
_NCT = re.compile(r"(?:https?://(?:www\.)?clinicaltrials\.gov/(?:ct2/show|study)/)?(NCT\d{8})", re.IGNORECASE)


class Kind(StrEnum):
    """What an identifier names."""

    PMID = "PMID"
    DOI = "DOI"
    PMCID = "PMC number"
    NCT = "NCT number"


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier in its usual spelling; DOIs are in lower case, as case does not count in them."""

    kind: Kind
    value: str


def identifier(text: str) -> Identifier | None:
    """The identifier that a text is, or ``None``."""
    text = text.strip()
    for kind, pattern in ((Kind.NCT, _NCT), (Kind.PMCID, _PMCID), (Kind.PMID, _PMID), (Kind.DOI, _DOI)):
        found = pattern.fullmatch(text)
        if found:
            value = found.group(1)
            return Identifier(kind, value.lower() if kind is Kind.DOI else value.upper())
    return None


def doi_of(text: str | None) -> str | None:
    """A DOI in its usual spelling, or ``None``."""
    found = identifier(text or "")
    return found.value if found and found.kind is Kind.DOI else None


def read_identifiers(path: Path) -> tuple[Identifier, ...]:
    """One identifier a line, each once; ``#`` begins a remark. Raises ``CorpusError`` naming the line."""
    found: dict[Identifier, None] = {}
    for number, line in enumerate(read_text(Item(path, str(path))).split("\n"), 1):
        text = re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip()
        if not text:
            continue
        one = identifier(text)
        if one is None:
            raise CorpusError(
                f"{text[:60]!r} is no PMID, DOI, PMC or NCT number", path=str(path), line=number
            )
        found[one] = None
    if not found:
        raise CorpusError("it names nothing to fetch", path=str(path))
    return tuple(found)
