"""One record of an export or an official source, made into a document with checked facts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from caveat.domain.model import Design, Document, Section, SourceKind
from caveat.errors import CorpusError
from ingest.readers.fields import source_from
from ingest.readers.markup import powers, untagged
from ingest.readers.sections import Block, make_section, one_line
from ingest.visible import visible

T = TypeVar("T")
TITLE_ONLY = "title"
"""The section of a record that has nothing but a title: it can be found, and is never quoted."""
_NO_TITLE = ("", "[not available].", "[not available]", "no title available", "untitled")
_NO_ABSTRACT = re.compile(
    r"(?:\[?no abstract(?: (?:is )?available)?\.?\]?|n/?a|none|null|abstract|abstract not available\.?|-+)",
    re.IGNORECASE,
)
# Publishers put this word before the title of the work itself; a notice has another ("Retraction: …").
_STANDING = re.compile(
    r"[\[*\s]*(RETRACTED|Retracted|WITHDRAWN|Withdrawn)(?:\s+(?:ARTICLE|Article|article|PAPER|Paper))?\s*[:\].]"
)
_TRUNCATED = re.compile(r"\s*\(ABSTRACT TRUNCATED.*$")


@dataclass(slots=True)
class Record:
    """What a reader found. Facts are as in ``Source``; a value that cannot be right is left out."""

    title: str | None = None
    facts: dict[str, object] = field(default_factory=dict)
    parts: list[tuple[str, list[Block], bool]] = field(default_factory=list)
    """Sections: heading, blocks, and whether the words may be quoted."""
    hidden: bool = False

    def add(self, heading: str, *texts: str | None, item: bool = False, quotable: bool = True) -> None:
        """A section with a line for each text that is there."""
        blocks = [Block(text, item=item) for text in texts if text]
        if blocks:
            self.parts.append((heading, blocks, quotable))

    def document(self, origin: str, path: str, number: int | None = None) -> Document:
        """The document; raises ``CorpusError`` that names the record where there is no title and no text."""
        self.facts = {name: value for name, value in self.facts.items() if value not in (None, "", (), [])}
        title = _title(self._seen(self.title or ""))
        sections = [made for part in self.parts if (made := self._section(*part)) is not None]
        if title is None and not sections:
            raise record_error("it has no title and no text", path, number)
        if title is None:
            title = sections[0].text.split("\n")[0][:120]
        if not sections:
            made = make_section(TITLE_ONLY, [Block(title, item=True)], quotable=False)
            sections = [made] if made else []
        facts = {**self.facts, "title": title}
        for name in (
            "population",
            "intervention",
            "comparator",
            "primary_outcome",
            "funding",
            "conflicts",
            "journal",
        ):
            if isinstance(value := facts.get(name), str):
                facts[name] = one_line(powers(self._seen(value)))
        if "status" not in facts and (told := _STANDING.match(title)):
            facts["status"] = "retracted" if told.group(1).lower() == "retracted" else "withdrawn"
        if self.hidden:
            facts["hidden_text"] = True
        facts.setdefault("id", own_id(facts, sections))
        try:
            source = source_from(facts, path=path, lines={})
        except CorpusError as error:
            raise record_error(error.reason, path, number) from error
        return Document(source, tuple(sections), origin)

    def _section(self, heading: str, blocks: list[Block], quotable: bool) -> Section | None:
        seen = [Block(powers(self._seen(block.text)), block.item) for block in blocks]
        return make_section(heading, seen, quotable=quotable)

    def _seen(self, text: str) -> str:
        shown, hid = visible(text)
        self.hidden = self.hidden or hid
        return shown


def _title(text: str) -> str | None:
    """A title without the full stop that databases put after it; ``None`` where the record says there is none."""
    line = one_line(powers(text))
    if line.casefold() in _NO_TITLE:
        return None
    return line[:-1] if line.endswith(".") and not line.endswith("..") else line


def abstract_text(text: object) -> str | None:
    """An abstract as plain text; ``None`` where the field only says that there is none."""
    words = one_line(untagged(str(text or "")))
    words = _TRUNCATED.sub("", words)
    return None if not words or _NO_ABSTRACT.fullmatch(words) else words


def own_id(facts: Mapping[str, object], sections: Iterable[Section] = ()) -> str:
    """An id that is the same at every reading: the record's best identifier, else a digest of what it is."""
    registry = facts.get("registry_ids")
    if facts.get("kind") is SourceKind.TRIAL_REGISTRATION and isinstance(registry, tuple) and registry:
        return re.sub(r"[\s#/\\]+", "-", str(registry[0]).lower())
    if facts.get("pmid"):
        return f"pmid-{facts['pmid']}"
    if facts.get("pmcid"):
        return str(facts["pmcid"]).lower()
    if facts.get("doi"):
        return "doi-" + re.sub(r"[\s#/\\\x00-\x1f\x7f]+", "-", str(facts["doi"]))[:190]
    authors = facts.get("authors")
    first = authors[0] if isinstance(authors, tuple) and authors else ""
    told = [
        facts.get("title"),
        facts.get("year"),
        first,
        *(s.text for s in sections if not facts.get("year")),
    ]
    return "record-" + hashlib.sha256("\0".join(str(x) for x in told).encode()).hexdigest()[:16]


def record_error(message: str, path: str, number: int | None) -> CorpusError:
    """An error that names the file and, where it holds many, the record's number."""
    return CorpusError(f"record {number}: {message}" if number else message, path=path)


def documents_of(
    records: Iterable[tuple[int, T]],
    read: Callable[[T], Record | None],
    path: str,
    fail: Callable[[CorpusError], None],
) -> Iterator[Document]:
    """Each record as a document; one that is wrong is handed to ``fail`` and the next one is read."""
    count = 0
    for number, raw in records:
        count += 1
        try:
            record = read(raw)
            document = record and record.document(f"{path}:{number}", path, number)
        except CorpusError as error:
            fail(error if error.path else record_error(error.reason, path, number))
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            fail(
                record_error(
                    f"its fields are not as the format has them ({type(error).__name__})", path, number
                )
            )
        else:
            if document:
                yield document
    if not count:
        raise CorpusError("it holds no record", path=path)


def authors(names: Iterable[str | None], most: int = 200) -> tuple[str, ...]:
    """Names in order, each once, tidy."""
    tidy = (one_line(untagged(name or "")).strip(" ,;") for name in names)
    return tuple(dict.fromkeys(name for name in tidy if name))[:most]


# Publication types, in lower case, of PubMed, Europe PMC, Embase, Scopus and Web of Science.
_DESIGNS: tuple[tuple[str, Design], ...] = (
    ("meta-analysis", Design.META_ANALYSIS),
    ("network meta-analysis", Design.META_ANALYSIS),
    ("systematic review", Design.SYSTEMATIC_REVIEW),
    ("clinical trial protocol", Design.TRIAL_PROTOCOL),
    ("study-protocol", Design.TRIAL_PROTOCOL),
    ("randomized controlled trial", Design.RCT),
    ("equivalence trial", Design.RCT),
    ("pragmatic clinical trial", Design.RCT),
    ("case reports", Design.CASE_REPORT),
    ("case report", Design.CASE_REPORT),
    ("case-report", Design.CASE_REPORT),
    ("practice guideline", Design.GUIDELINE),
    ("guideline", Design.GUIDELINE),
    ("randomized controlled trial, veterinary", Design.ANIMAL),
    ("clinical trial, veterinary", Design.ANIMAL),
    ("observational study, veterinary", Design.ANIMAL),
    ("news", Design.NEWS),
    ("newspaper article", Design.NEWS),
)
_KINDS: tuple[tuple[frozenset[str], SourceKind], ...] = (
    (frozenset({"case reports", "case report", "case-report"}), SourceKind.CASE_REPORT),
    (frozenset({"practice guideline", "guideline"}), SourceKind.GUIDELINE),
    (frozenset({"review", "systematic review", "meta-analysis", "network meta-analysis", "scoping review",
                "review-article", "systematic-review"}), SourceKind.REVIEW),
    (frozenset({"congress", "conference abstract", "meeting abstract", "conference paper", "proceedings paper",
                "meeting-report", "abstract"}), SourceKind.CONFERENCE_ABSTRACT),
    (frozenset({"news", "newspaper article"}), SourceKind.LAY_ARTICLE),
    (frozenset({"editorial", "comment", "letter", "published erratum", "retraction of publication",
                "retraction notice", "erratum", "correction", "expression of concern", "biography", "retraction"}), SourceKind.OTHER),
)  # fmt: skip
PREPRINT_TYPES = frozenset({"preprint", "working paper preprint"})
RETRACTED_TYPES = frozenset({"retracted publication", "retracted", "retracted article"})
_PHASE = re.compile(
    r"(?:clinical trial, )?(?:early )?phase[ _]?(iv|iii|ii|i|[1-4])(?:\s*/\s*(?:phase[ _]?)?(iv|iii|ii|i|[1-4]))?",
    re.IGNORECASE,
)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}


def from_types(types: Iterable[str]) -> dict[str, object]:
    """Kind, design, phase, preprint and retraction, where the record's publication types say so."""
    kept = tuple(dict.fromkeys(one_line(untagged(t)) for t in types if t and t.strip()))
    low = {t.casefold() for t in kept}
    facts: dict[str, object] = {"publication_types": kept}
    designs = [design for word, design in _DESIGNS if word in low]
    facts["kind"] = next((kind for words, kind in _KINDS if words & low), SourceKind.ARTICLE)
    if designs and facts["kind"] is not SourceKind.OTHER:
        facts["design"] = designs[0]
    if low & PREPRINT_TYPES:
        facts["preprint"] = True
    if low & RETRACTED_TYPES:
        facts["status"] = "retracted"
    phases = phase(*kept)
    if phases:
        facts["phase"] = phases
    return facts


def phase(*texts: str) -> str | None:
    """A trial's phase in digits, ``2/3`` where it is both; ``None`` where no text names one."""
    found: set[str] = set()
    for text in texts:
        for match in _PHASE.finditer(text):
            found |= {_ROMAN.get(p.lower(), p) for p in match.groups() if p}
    return "/".join(sorted(found)) or None
