"""Reads a topic file (YAML) into a ``Topic``; every mistake in it is named with its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from caveat.domain.model import HelpLine
from caveat.domain.premises import PremiseRule
from caveat.domain.topic import Entity, Example, Explained, Group, KnownQuestion, Statement, Topic
from caveat.errors import ConfigError


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Entity(_Strict):
    id: str = ""
    group: Group
    label: str = ""
    words: tuple[str, ...] = ()
    parent: str | None = None
    worse_when: Literal["higher", "lower"] | None = None
    background: bool = False
    symptom: bool = False


class _Statement(_Strict):
    text: str = ""
    source_ids: tuple[str, ...] = ()
    checked_on: date | None = None


class _Example(_Strict):
    reader: str
    question: str


class _KnownQuestion(_Strict):
    question: str
    finds: tuple[str, ...]


class _Explained(_Strict):
    words: tuple[str, ...]
    meaning: str
    source_ids: tuple[str, ...]


class _HelpLine(_Strict):
    country: str
    service: str
    phone: str | None = None
    text_number: str | None = None
    url: str | None = None
    emergency: str | None = None
    hours: str | None = None
    checked_on: str | None = None
    seen_at: tuple[str, ...] = ()


class _Premise(_Strict):
    id: str
    when: str
    says: str
    source_ids: tuple[str, ...]
    shows: str
    unless: str | None = None
    anywhere: bool = False

    @field_validator("when", "unless")
    @classmethod
    def _is_a_pattern(cls, value: str | None) -> str | None:
        try:
            re.compile(value or "")
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return value


class _TopicFile(_Strict):
    name: str
    short: str | None = None
    main_drug: str | None = None
    main_outcome: str | None = None
    entities: tuple[_Entity, ...] = Field(min_length=1)
    approval: _Statement = _Statement()
    label_warnings: _Statement = _Statement()
    examples: tuple[_Example, ...] = ()
    help_lines: tuple[_HelpLine, ...] = ()
    known_questions: tuple[_KnownQuestion, ...] = ()
    glossary: tuple[_Explained, ...] = ()
    premises: tuple[_Premise, ...] = ()


def load_topic(path: Path) -> Topic:
    """The topic of the file; raises ``ConfigError`` naming the file and what is wrong in it."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such topic file. Set CAVEAT_TOPIC to one.") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ConfigError(f"{path}: cannot be read: {reason}.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        reason = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise ConfigError(f"{path}{line}: not YAML: {reason}.") from error
    if not isinstance(raw, dict):
        keys = ", ".join(_TopicFile.model_fields)
        raise ConfigError(f"{path}: a topic file holds keys and values: {keys}.")
    try:
        file = _TopicFile.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(f"{path}: {_place(first['loc'], raw)}: {first['msg']}.") from error
    return _to_domain(file, path)


def _place(keys: Sequence[int | str], raw: Any) -> str:
    """Where in the file: "entities: depression: group"; an item of a list goes by its id where it has one."""
    words: list[str] = []
    for key in keys:
        try:
            raw = raw[key]
        except (KeyError, IndexError, TypeError):
            raw = None
        name = raw.get("id") if isinstance(raw, dict) and isinstance(key, int) else None
        words.append(str(name) if name else f"item {key + 1}" if isinstance(key, int) else key)
    return ": ".join(words)


def _to_domain(file: _TopicFile, path: Path) -> Topic:
    entities = [_named(e, path) for e in file.entities]
    ids = [e.id for e in entities]
    for entity in entities:
        if entity.parent is not None and entity.parent not in ids:
            raise ConfigError(f"{path}: entity {entity.id}: parent {entity.parent} is not an entity.")
    main_drug = file.main_drug or _first(entities, "drug", "drug_class")
    main_outcome = file.main_outcome or _first(entities, "outcome", "condition")
    for name, wanted in (("main_drug", main_drug), ("main_outcome", main_outcome)):
        if wanted not in ids:
            raise ConfigError(f"{path}: {name}: {wanted} is not an entity.")
    if len(set(ids)) != len(ids):
        double = sorted({i for i in ids if ids.count(i) > 1})
        raise ConfigError(f"{path}: entity named twice: {', '.join(double)}.")
    return Topic(
        name=file.name,
        short=file.short or file.name,
        main_drug=main_drug,
        main_outcome=main_outcome,
        entities=tuple(Entity(**e.model_dump()) for e in entities),
        approval=_statement(file.approval),
        label_warnings=_statement(file.label_warnings),
        help_lines=tuple(
            HelpLine(x.country, x.service, x.phone, x.url, x.text_number, x.emergency, x.hours, x.checked_on)
            for x in file.help_lines
        ),
        known_questions=tuple(KnownQuestion(k.question, k.finds) for k in file.known_questions),
        glossary=tuple(Explained(g.words, g.meaning, g.source_ids) for g in file.glossary),
        premises=tuple(PremiseRule(**p.model_dump()) for p in file.premises),
        examples=tuple(Example(e.reader, e.question) for e in file.examples),
    )


def _named(entity: _Entity, path: Path) -> _Entity:
    """The entity with an id and a label: each is made from the other where one is not given."""
    label = entity.label or entity.id.replace("_", " ") or next(iter(entity.words), "")
    if not label:
        raise ConfigError(f"{path}: entities: one has no label; write at least 'group' and 'label'.")
    return entity.model_copy(
        update={"id": entity.id or re.sub(r"\W+", "_", label.casefold()).strip("_"), "label": label}
    )


def _first(entities: Sequence[_Entity], *groups: Group) -> str:
    """The first entity of these groups, else the first of all: what a topic that names no main one is about."""
    return next((e.id for group in groups for e in entities if e.group == group), entities[0].id)


def _statement(raw: _Statement) -> Statement:
    return Statement(raw.text, raw.source_ids, raw.checked_on.isoformat() if raw.checked_on else None)
