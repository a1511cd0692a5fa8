"""What is said to a reader: claims with checked quotes, caveats, certainty, cards, answers. Everything is frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from caveat.domain.source import Passage, Source
from caveat.domain.trace import Searched, Trace


class Stance(StrEnum):
    """How a claim bears on the question that was asked."""

    SUPPORTS = "supports"
    OPPOSES = "opposes"
    NO_CLEAR_DIFFERENCE = "no_clear_difference"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class Citation:
    """A checked quote: ``quote == passage.text[start:end]``. ``number`` is that of the source on the page."""

    number: int
    source_id: str
    passage_id: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence with at least one citation; a claim without one cannot be built."""

    text: str
    citations: tuple[Citation, ...]
    stance: Stance = Stance.CONTEXT
    frame: str | None = None
    """Who was studied, design, n and year, from the source's facts."""

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError("a claim needs at least one citation")

    @property
    def verbatim(self) -> bool:
        """True when the words are those of the one quote; False when a model wrote them and they were proven."""
        return len(self.citations) == 1 and self.text == self.citations[0].quote


@dataclass(frozen=True, slots=True)
class Removed:
    """A draft sentence that was not shown: why, in words safe to show, and the passages it named. Never its text."""

    reason: str
    detail: str
    passage_ids: tuple[str, ...] = ()


class CaveatKind(StrEnum):
    """Every reason to be careful that Caveat can name."""

    NOT_APPROVED = "not_approved_for_psychiatric_use"
    SMALL_SAMPLE = "small_sample"
    PRIMARY_OUTCOME_MISSED = "primary_outcome_missed"
    DIFFERENT_POPULATION = "different_population"
    OBSERVATIONAL = "observational_not_causal"
    OPEN_LABEL = "open_label"
    ANIMAL_OR_IN_VITRO = "animal_or_in_vitro"
    SECONDARY_SOURCE_ONLY = "secondary_source_only"
    CONFLICTING_EVIDENCE = "conflicting_evidence"
    REGISTRATION_NO_RESULTS = "registration_no_results"
    GENETIC_PROXY = "genetic_proxy_not_drug"
    OLD_EVIDENCE = "old_evidence"
    INDUSTRY_FUNDED = "industry_funded"
    SHORT_FOLLOW_UP = "single_dose_short_followup"
    RETRACTED = "retracted"
    EXPRESSION_OF_CONCERN = "expression_of_concern"
    CORRECTED = "corrected"
    PREPRINT = "preprint"
    ABSTRACT_ONLY = "abstract_only"
    STATUS_UNKNOWN = "status_unknown"
    SINGLE_SOURCE = "single_source"
    FEW_SOURCES = "few_sources"
    CLAIMS_REMOVED = "claims_removed"
    LEXICAL_ONLY = "lexical_only"
    DENSE_ONLY = "dense_only"
    MODEL_UNAVAILABLE = "model_unavailable"
    STALE_INDEX = "stale_index"
    NOTE_NOT_ORIGINAL = "note_not_original"
    SPIN = "stronger_than_the_result"
    HIDDEN_TEXT = "hidden_text"
    DESIGN_UNKNOWN = "design_unknown"


class Severity(StrEnum):
    """How loudly a caveat speaks."""

    INFO = "info"
    WARN = "warn"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Caveat:
    """A reason to be careful, in words meant for the reader, with the sources it is about."""

    kind: CaveatKind
    severity: Severity
    text: str
    source_ids: tuple[str, ...] = ()


class Level(StrEnum):
    """GRADE's four levels of certainty."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very_low"


@dataclass(frozen=True, slots=True)
class Certainty:
    """An automatic rating in GRADE words (not a formal GRADE assessment), each step with its reason."""

    level: Level
    reasons: tuple[str, ...]


class QuestionKind(StrEnum):
    """What form of answer a question asks for."""

    EFFECT = "effect"
    HARM = "harm"
    FIGURE = "figure"
    STUDY = "study"
    MECHANISM = "mechanism"
    ASSOCIATION = "association"
    APPROVAL = "approval"
    SAFETY = "safety"
    COMPARISON = "comparison"
    LIST = "list"
    DEFINITION = "definition"
    LAY_CLAIM = "lay_claim"
    GAP = "gap"


class CardKind(StrEnum):
    """Fixed cards that come before, or instead of, evidence."""

    CRISIS = "crisis"
    URGENT = "urgent"
    PERSONAL_DECISION = "personal_decision"


@dataclass(frozen=True, slots=True)
class HelpLine:
    """A help line as its official page gives it."""

    country: str
    service: str
    phone: str | None
    url: str | None
    text_number: str | None = None
    emergency: str | None = None
    hours: str | None = None
    checked_on: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A fixed text, never written by a model, with the lines that belong to it."""

    kind: CardKind
    text: str
    lines: tuple[HelpLine, ...] = ()


@dataclass(frozen=True, slots=True)
class NumberedSource:
    """A source with the number it carries in this answer (order of first use)."""

    number: int
    source: Source


@dataclass(frozen=True, slots=True)
class Table:
    """Facts of several sources side by side; ``source_ids`` has one entry a row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    source_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A word of an answer, explained for lay readers."""

    word: str
    meaning: str


class DeclineReason(StrEnum):
    """Why nothing was answered."""

    CRISIS = "crisis"
    URGENT = "urgent"
    PERSONAL_DECISION = "personal_decision"
    NOT_IN_COLLECTION = "not_in_collection"
    OFF_TOPIC = "off_topic"
    ABOUT_CAVEAT = "about_caveat"
    """Asked was about this program itself; the headline replies."""
    EMPTY = "empty"
    TOO_LONG = "too_long"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reply:
    question: str
    standalone_question: str
    question_kind: QuestionKind | None = None
    headline: str
    caveats: tuple[Caveat, ...] = ()
    sources: tuple[NumberedSource, ...] = ()
    card: Card | None = None
    searched: Searched = field(default_factory=Searched)
    notices: tuple[str, ...] = ()
    trace: Trace = field(default_factory=Trace)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited(_Reply):
    """An answer made of claims (and perhaps a table), each tied to quotes."""

    claims: tuple[Claim, ...]
    certainty: Certainty | None = None
    table: Table | None = None
    unknowns: tuple[str, ...] = ()
    """What this answer does not tell, in words for the reader."""
    removed_claims: int = 0
    removed: tuple[Removed, ...] = ()
    """Why each of the ``removed_claims`` was left out."""
    follow_ups: tuple[str, ...] = ()
    glossary: tuple[Term, ...] = ()
    """Words of this answer explained, in the plain register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passages(_Reply):
    """No text was written: why, and the passages that were found."""

    reason: str
    passages: tuple[Passage, ...]
    removed_claims: int = 0
    removed: tuple[Removed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined(_Reply):
    """Nothing is answered: a fixed card, or what was searched and what is nearest. Carries no citation."""

    reason: DeclineReason


Answer = Cited | Passages | Declined

DISCLOSURE = (
    "Software reading published studies; it can be wrong. Written for adults; for professional use, review the sources. "
    "Not medical advice. Not an emergency service."
)
