"""Checks the facts a file states about its source: names and values exactly as ``Source`` has them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from types import UnionType
from typing import get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError

from caveat.domain.model import Source
from caveat.errors import CorpusError

FIRST_YEAR = 1600
NAMES = tuple(field.name for field in fields(Source) if field.name != "facts_read")
_source = TypeAdapter(Source)
_types = get_type_hints(Source)
_ID = re.compile(r"[^\s#/\\\x00-\x1f\x7f]{1,200}")


HALVED = "it holds half a character, such as \\ud800; write the whole character"


def halved(value: object) -> bool:
    """Whether a value read from JSON or YAML holds half of a surrogate pair, which no file can store."""
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        return True
    return False


def source_from(facts: Mapping[str, object], *, path: str, lines: Mapping[str, int], line: int = 1) -> Source:
    """A checked source; raises ``CorpusError`` naming the line of the first wrong field."""

    def fail(name: str, message: str) -> CorpusError:
        return CorpusError(message, path=path, line=lines.get(name, line))

    for name in facts:
        if name not in NAMES:
            near = get_close_matches(name, NAMES, 1)
            hint = f"did you mean {near[0]!r}?" if near else "ingest/README.md lists the fields"
            raise fail(name, f"unknown field {name!r}; {hint}")
        if halved(facts[name]):
            raise fail(name, f"{name}: {HALVED}")
    stated = {name: _plain(name, value) for name, value in facts.items() if value not in (None, "")}
    for name in ("id", "title"):
        if not stated.get(name):
            raise fail(name, f"the field {name!r} is missing or empty")
    try:
        source = _source.validate_python(stated)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        raise fail(name, f"{name}: {_short(first['input'])} {_expected(name)}") from error
    wrong = _wrong(source)
    if wrong:
        raise fail(*wrong)
    return source


def _wrong(source: Source) -> tuple[str, str] | None:
    """The first field whose value cannot be, and why."""
    latest = date.today().year + 1
    if not _ID.fullmatch(source.id):
        return "id", f"id: {_short(source.id)} may not hold a space, slash or '#', nor over 200 characters"
    if source.year is not None and not FIRST_YEAR <= source.year <= latest:
        return "year", f"year: {source.year} is not between {FIRST_YEAR} and {latest}"
    if source.n_total is not None and source.n_total < 0:
        return "n_total", f"n_total: {source.n_total} is below zero"
    checked = source.status_checked_on
    if checked is not None and not _is_past_day(checked):
        return "status_checked_on", f"status_checked_on: {_short(checked)} is not a past day as YYYY-MM-DD"
    return None


def _plain(name: str, value: object) -> object:
    """A number written where text is meant is kept as it was written."""
    if isinstance(value, list):
        return tuple(_as_text(item) for item in value if item not in (None, ""))
    if _types[name] in (str, str | None):
        return _as_text(value)
    return value.strip() if isinstance(value, str) else value


def _as_text(value: object) -> object:
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return str(value)
    return " ".join(value.split()) if isinstance(value, str) else value


def _expected(name: str) -> str:
    """What a field takes, in words."""
    hint = _types[name]
    kinds = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    kind = kinds[0]
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return "is not one of: " + ", ".join(kind)
    if kind is bool:
        return "is not true or false"
    if kind is int:
        return "is not a whole number"
    return "is not text" if kind is str else "is not a list of texts"


def _is_past_day(text: str) -> bool:
    try:
        return len(text) == 10 and date.fromisoformat(text) <= date.today()
    except ValueError:
        return False


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
