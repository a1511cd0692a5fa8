"""Checks the facts a file states about its source: names and values exactly as ``Source`` has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import get_type_hints

from pydantic import TypeAdapter, ValidationError

from caveat.domain.model import Source
from caveat.errors import CorpusError

_source = TypeAdapter(Source)
_types = get_type_hints(Source)
NAMES = tuple(field.name for field in fields(Source))
FIRST_YEAR = 1600
_ID = re.compile(r"[^\s#/\\\x00-\x1f\x7f]{1,200}")


def source_from(facts: Mapping[str, object], *, path: str, lines: Mapping[str, int], line: int = 1) -> Source:
    """A checked source; raises ``CorpusError`` naming the line of the first wrong field."""

    def fail(name: str, message: str) -> CorpusError:
        return CorpusError(message, path=path, line=lines.get(name, line))

    for name in facts:
        if name not in NAMES:
            raise fail(name, f"unknown field {name!r}; the fields are: {', '.join(NAMES)}")
    stated = {name: _plain(name, value) for name, value in facts.items() if value is not None and value != ""}
    for name in ("id", "title"):
        if name not in stated:
            raise fail(name, f"the field {name!r} is missing")
    try:
        source = _source.validate_python(stated)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        raise fail(name, f"{name}: {_said(first['msg'])} (found {_short(first['input'])})") from error
    if not _ID.fullmatch(source.id):
        raise fail(
            "id", f"id: {_short(source.id)} may not hold spaces, slashes or '#', nor more than 200 characters"
        )
    latest = date.today().year + 1
    if source.year is not None and not FIRST_YEAR <= source.year <= latest:
        raise fail("year", f"year: {source.year} is not between {FIRST_YEAR} and {latest}")
    if source.n_total is not None and source.n_total < 0:
        raise fail("n_total", f"n_total: {source.n_total} is below zero")
    if source.status_checked_on is not None and not _is_past_day(source.status_checked_on):
        raise fail(
            "status_checked_on",
            f"status_checked_on: {_short(source.status_checked_on)} is not a past day YYYY-MM-DD",
        )
    return source


def _plain(name: str, value: object) -> object:
    """A number written where text is meant stays as it was written."""
    if isinstance(value, date):
        return value.isoformat()
    hint = _types[name]
    if isinstance(value, int) and not isinstance(value, bool) and hint in (str, str | None):
        return str(value)
    if isinstance(value, list):
        return tuple(str(v) if isinstance(v, int) else v for v in value)
    if isinstance(value, str):
        return value.strip()
    return value


def _is_past_day(text: str) -> bool:
    try:
        return date.fromisoformat(text) <= date.today() and len(text) == 10
    except ValueError:
        return False


def _said(message: str) -> str:
    message = message.removeprefix("Input should be ").replace("a valid tuple", "a list")
    return f"should be {message}"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
