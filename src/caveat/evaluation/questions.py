"""Question sets: one JSON object a line, checked while it is read.

Fields: ``id``; ``question``; ``history`` (earlier questions, oldest first); ``voice`` (who asks);
``kind`` (acceptable question kinds, empty where none is expected); ``answerable``; ``expect_sources``
(lists of work ids: of each list any one must be cited); ``facts`` (a pattern, or a list of patterns of
which one must be found); ``caveats`` (a kind, or a list of kinds of which one must be given); ``decline``
(acceptable reasons for declining, null where the collection answers); ``notes`` (why). Patterns are
regular expressions, matched without regard to case.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from caveat.domain.model import CaveatKind, DeclineReason, QuestionKind
from caveat.errors import CorpusError

Alternatives = tuple[str, ...]

VOICES = frozenset({"patient", "carer", "clinician", "researcher", "journalist"})
FIELDS = frozenset(
    {
        "id",
        "question",
        "history",
        "voice",
        "kind",
        "answerable",
        "expect_sources",
        "facts",
        "caveats",
        "decline",
        "notes",
    }
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question with what a sound answer to it must hold."""

    id: str
    question: str
    history: tuple[str, ...]
    voice: str
    kinds: tuple[QuestionKind, ...]
    answerable: bool
    expect_sources: tuple[Alternatives, ...]
    facts: tuple[Alternatives, ...]
    caveats: tuple[tuple[CaveatKind, ...], ...]
    decline: tuple[DeclineReason, ...]
    notes: str


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions that are measured together; a held-out set is reported as figures alone."""

    name: str
    questions: tuple[Question, ...]
    held_out: bool = False


def _text(row: Mapping[str, object], field: str) -> str:
    value = row.get(field)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f'"{field}" must be a text')
    return value


def _texts(value: object, field: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
        raise ValueError(f'"{field}" must be a list of texts')
    return tuple(value)


def _choices(value: object, field: str) -> tuple[Alternatives, ...]:
    """A list whose entries are texts or lists of alternatives."""
    if not isinstance(value, list):
        raise ValueError(f'"{field}" must be a list')
    entries = tuple((v,) if isinstance(v, str) else _texts(v, field) for v in value)
    if any(not entry or not all(entry) for entry in entries):
        raise ValueError(f'"{field}" has an empty entry')
    return entries


def parse_question(row: Mapping[str, object]) -> Question:
    """The question that a JSON object describes; raises ``ValueError`` naming the wrong field."""
    unknown = sorted(set(row) - FIELDS)
    if unknown:
        raise ValueError(f"unknown field {unknown[0]!r}")
    answerable = row.get("answerable")
    if not isinstance(answerable, bool):
        raise ValueError('"answerable" must be true or false')
    facts = _choices(row.get("facts", []), "facts")
    for pattern in (p for alternatives in facts for p in alternatives):
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f'"facts" has a pattern that does not compile: {pattern!r} ({error})') from error
    sources = _choices(row.get("expect_sources", []), "expect_sources")
    decline = row.get("decline")
    reasons = () if decline is None else _texts(decline, "decline")
    if answerable and (reasons or not sources):
        raise ValueError('an answerable question needs "expect_sources" and no "decline"')
    if not answerable and (sources or facts or not reasons):
        raise ValueError('an unanswerable question needs "decline" and neither sources nor facts')
    voice = _text(row, "voice")
    if voice not in VOICES:
        raise ValueError(f'"voice" must be one of {", ".join(sorted(VOICES))}')
    return Question(
        id=_text(row, "id"),
        question=_text(row, "question"),
        history=_texts(row.get("history", []), "history"),
        voice=voice,
        kinds=tuple(QuestionKind(k) for k in _texts(row.get("kind", []), "kind")),
        answerable=answerable,
        expect_sources=sources,
        facts=facts,
        caveats=tuple(
            tuple(CaveatKind(k) for k in kinds) for kinds in _choices(row.get("caveats", []), "caveats")
        ),
        decline=tuple(DeclineReason(r) for r in reasons),
        notes=_text(row, "notes"),
    )


def load_set(path: Path, name: str, *, held_out: bool = False) -> QuestionSet:
    """The set in a JSON Lines file; raises ``CorpusError`` with file and line where it is wrong."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CorpusError("Cannot read this question set; check the path.", path=str(path)) from error
    questions: list[Question] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError("a line must be one JSON object")
            question = parse_question(row)
        except ValueError as error:
            raise CorpusError(f"Correct this question: {error}.", path=str(path), line=number) from error
        if question.id in seen:
            raise CorpusError(f"The id {question.id} stands twice.", path=str(path), line=number)
        seen.add(question.id)
        questions.append(question)
    if not questions:
        raise CorpusError("This question set is empty.", path=str(path))
    return QuestionSet(name=name, questions=tuple(questions), held_out=held_out)
