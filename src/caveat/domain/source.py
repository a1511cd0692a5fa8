"""Works and their text: sources, documents, passages. Everything is frozen; unknown is ``None``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SourceKind(StrEnum):
    """What sort of record a source is."""

    ARTICLE = "article"
    REVIEW = "review"
    TRIAL_REGISTRATION = "trial_registration"
    CONFERENCE_ABSTRACT = "conference_abstract"
    CASE_REPORT = "case_report"
    LABEL = "label"
    GUIDELINE = "guideline"
    RESOURCE = "resource"
    LAY_ARTICLE = "article_lay"
    OTHER = "other"


class Design(StrEnum):
    """Study design, in the field's words."""

    META_ANALYSIS = "meta-analysis"
    MEGA_ANALYSIS = "mega-analysis"
    RCT = "randomized controlled trial"
    POST_HOC = "post hoc analysis of trials"
    OPEN_LABEL = "open-label trial"
    COHORT = "cohort"
    CASE_CONTROL = "case-control"
    CROSS_SECTIONAL = "cross-sectional"
    MENDELIAN_RANDOMIZATION = "mendelian randomization"
    EXPERIMENTAL_HUMAN = "experimental human study"
    PHARMACOVIGILANCE = "pharmacovigilance"
    CASE_SERIES = "case series"
    CASE_REPORT = "case report"
    SYSTEMATIC_REVIEW = "systematic review"
    NARRATIVE_REVIEW = "narrative review"
    ANIMAL = "animal study"
    IN_VITRO = "in vitro study"
    TRIAL_PROTOCOL = "trial protocol"
    TRIAL_REGISTRATION = "trial registration"
    DRUG_LABEL = "drug label"
    GUIDELINE = "guideline"
    RESOURCE = "resource"
    NEWS = "news"
    OTHER = "other"


class Direction(StrEnum):
    """What a work reports, as its note records it; never a verdict on whether the treatment works."""

    BENEFIT = "benefit"
    HARM = "harm"
    NO_DIFFERENCE = "no difference"
    MIXED = "mixed"
    ASSOCIATION = "association"
    NO_ASSOCIATION = "no association"
    NOT_APPLICABLE = "not applicable"


class Status(StrEnum):
    """Standing of a work in the literature when it was last checked."""

    CURRENT = "current"
    RETRACTED = "retracted"
    EXPRESSION_OF_CONCERN = "expression of concern"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FactRead:
    """One study fact that a program read, and where: never a guess without a place."""

    name: str
    value: str
    where: str
    """A field of the record ("publication types"), ``title``, or the name of a section."""
    quote: str
    start: int | None = None
    end: int | None = None
    """The quote's place in the work's text; ``None`` for a field and the title."""


@dataclass(frozen=True, slots=True)
class Source:
    """One work: an article, a trial record, a label. Unknown facts are ``None`` (or empty tuples)."""

    id: str
    title: str
    kind: SourceKind = SourceKind.OTHER
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    registry_ids: tuple[str, ...] = ()
    url: str | None = None
    design: Design | None = None
    blinding: str | None = None
    population: str | None = None
    population_short: str | None = None
    conditions: tuple[str, ...] = ()
    n_total: int | None = None
    n_per_arm: str | None = None
    intervention: str | None = None
    comparator: str | None = None
    duration: str | None = None
    primary_outcome: str | None = None
    primary_outcome_met: bool | None = None
    direction: Direction | None = None
    funding: str | None = None
    industry_funded: bool | None = None
    trial_status: str | None = None
    status: Status = Status.UNKNOWN
    status_checked_on: str | None = None
    source_grade: str | None = None
    seen_at: tuple[str, ...] = ()
    note_not_original: bool = False
    secondary_source_only: bool = False
    preprint: bool = False
    abstract_only: bool = False
    language: str | None = None
    overlaps: tuple[str, ...] = ()
    """Ids of works that report (part of) the same participants: never counted as independent."""
    phase: str | None = None
    """Of a trial, in digits: ``2`` or ``2/3``."""
    allocation: str | None = None
    """How a registered trial says that people come into its arms: ``randomized``, ``non-randomized``."""
    n_planned: int | None = None
    """People a study means to include; ``n_total`` is how many it did."""
    started_on: str | None = None
    completed_on: str | None = None
    """As the registry gives it: a year, a month or a day."""
    conflicts: str | None = None
    """What the authors declare about competing interests, in their words."""
    licence: str | None = None
    mesh: tuple[str, ...] = ()
    """Subject headings, as the record has them."""
    publication_types: tuple[str, ...] = ()
    """Types as the record has them; ``kind`` and ``design`` are read from these where they say it."""
    notices: tuple[str, ...] = ()
    """Retractions, corrections, updates and comments that the record names, each in one line."""
    hidden_text: bool = False
    """The file held text that a reader would not see; it was left out."""
    species: str | None = None
    """``human``, ``animal``, or both."""
    facts_read: tuple[FactRead, ...] = ()
    """Facts above that neither the file nor its reader stated but a rule read, each with its place."""


@dataclass(frozen=True, slots=True)
class Section:
    """A named stretch of a document. ``quotable`` is False where the words are not the work's findings."""

    name: str
    text: str
    quotable: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """One source with its text, as a reader hands it over. ``origin`` says where it was read."""

    source: Source
    sections: tuple[Section, ...]
    origin: str


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open character range ``[start, end)``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a source. ``start``/``end`` are offsets into the source's text; ``sentences`` into ``text``."""

    id: str
    source_id: str
    section: str
    text: str
    start: int
    end: int
    sentences: tuple[Span, ...] = ()
    quotable: bool = True

    def sentence(self, i: int) -> str:
        """The i-th sentence, exactly as stored."""
        span = self.sentences[i]
        return self.text[span.start : span.end]
