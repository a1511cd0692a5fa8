"""The shape of an answer as JSON, as a JSON Schema for other programs (``docs/answer.schema.json`` is its copy)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from caveat.answering.registers import Register
from caveat.answering.serialize import SCHEMA_VERSION
from caveat.domain.model import (
    CardKind,
    CaveatKind,
    Design,
    Direction,
    Level,
    QuestionKind,
    Severity,
    SourceKind,
    Stance,
    Status,
)


class _Part(BaseModel):
    """Every key is always there; no other key is."""

    model_config = ConfigDict(extra="forbid")


class CitationShape(_Part):
    """A quote that stands in its passage letter for letter: ``quote == passage[start:end]``."""

    number: int = Field(ge=1)
    source_id: str
    passage_id: str
    quote: str = Field(min_length=1)
    start: int = Field(ge=0)
    end: int = Field(ge=1)


class ClaimShape(_Part):
    """One sentence. ``verbatim``: it is its quote; else it was worded anew and passed the verifier."""

    text: str = Field(min_length=1)
    verbatim: bool
    frame: str | None
    stance: Stance
    citations: list[CitationShape] = Field(min_length=1)


class TableShape(_Part):
    """Facts side by side; one source id a row."""

    columns: list[str]
    rows: list[list[str]]
    source_ids: list[str]


class PassageShape(_Part):
    """A passage that was found, where nothing could be written."""

    passage_id: str
    source_id: str
    section: str
    text: str


class CertaintyShape(_Part):
    """A level in GRADE words, rated by rule, with its reasons."""

    level: Level
    reasons: list[str]


class CaveatShape(_Part):
    """A reason to be careful, with the sources it is about."""

    kind: CaveatKind
    severity: Severity
    text: str = Field(min_length=1)
    source_ids: list[str]


class TermShape(_Part):
    """A word of the answer, explained for lay readers."""

    word: str = Field(min_length=1)
    meaning: str = Field(min_length=1)


class SourceShape(_Part):
    """A work and its facts; unknown is null."""

    number: int = Field(ge=1)
    id: str = Field(min_length=1)
    title: str
    authors: list[str]
    year: int | None
    journal: str | None
    kind: SourceKind
    design: Design | None
    blinding: str | None
    n_total: int | None
    n_per_arm: str | None
    population: str | None
    population_short: str | None
    conditions: list[str]
    intervention: str | None
    comparator: str | None
    duration: str | None
    primary_outcome: str | None
    primary_outcome_met: bool | None
    direction: Direction | None
    funding: str | None
    industry_funded: bool | None
    trial_status: str | None
    status: Status
    status_checked_on: str | None
    doi: str | None
    pmid: str | None
    pmcid: str | None
    registry_ids: list[str]
    url: str | None
    source_grade: str | None
    note_not_original: bool
    secondary_source_only: bool
    preprint: bool
    abstract_only: bool
    overlaps: list[str]
    phase: str | None
    allocation: str | None
    n_planned: int | None
    started_on: str | None
    completed_on: str | None
    conflicts: str | None
    licence: str | None
    notices: list[str]
    hidden_text: bool


class LineShape(_Part):
    """A help line as its official page gives it."""

    country: str
    service: str
    phone: str | None
    text: str | None
    url: str | None
    emergency: str | None
    hours: str | None
    checked_on: str | None


class CardShape(_Part):
    """A fixed text that comes before, or instead of, evidence."""

    kind: CardKind
    text: str
    lines: list[LineShape]


class SearchedShape(_Part):
    """What was searched."""

    queries: list[str]
    sources_in_index: int = Field(ge=0)
    passages_considered: int = Field(ge=0)
    nearest: list[str]


class RemovedShape(_Part):
    """A draft sentence that was not shown: why. Never its text."""

    reason: str
    detail: str
    passage_ids: list[str]


class RetrievedShape(_Part):
    """One passage of the ranking."""

    passage_id: str
    rank: int = Field(ge=1)
    found_by: list[str]


class VerdictShape(_Part):
    """What the checks said of one draft sentence of a language model."""

    kept: bool
    reason: str | None
    passage_ids: list[str]


class TraceShape(_Part):
    """How the answer came about; what concerns a language model is null where none was used."""

    retrieved: list[RetrievedShape]
    timings_ms: dict[str, float]
    model: str | None
    generation: str | None
    prompt_hash: str | None
    tokens_in: int | None
    tokens_out: int | None
    model_seconds: float | None
    verdicts: list[VerdictShape]


class AnswerShape(_Part):
    """An answer of Caveat. ``kind`` says what is filled: claims (cited), passages, or nothing but a reason (declined)."""

    version: Literal["2"] = Field(alias="schema")
    register_: Register = Field(alias="register")
    kind: Literal["cited", "passages", "declined"]
    reason: str | None
    question: str
    standalone_question: str
    question_kind: QuestionKind | None
    headline: str = Field(min_length=1)
    table: TableShape | None
    claims: list[ClaimShape]
    passages: list[PassageShape]
    certainty: CertaintyShape | None
    caveats: list[CaveatShape]
    unknowns: list[str]
    follow_ups: list[str]
    glossary: list[TermShape]
    sources: list[SourceShape]
    card: CardShape | None
    searched: SearchedShape
    removed_claims: int = Field(ge=0)
    removed: list[RemovedShape]
    notices: list[str]
    disclosure: str = Field(min_length=1)
    trace: TraceShape


def answer_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of what ``answer_to_dict`` gives."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"An answer of Caveat, schema {SCHEMA_VERSION}",
        **{k: v for k, v in AnswerShape.model_json_schema(by_alias=True).items() if k != "title"},
    }
