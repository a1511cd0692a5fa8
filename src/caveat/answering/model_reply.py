"""Reads what a language model wrote: untrusted text in, draft sentences of limited number and length out."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

MOST_DRAFTED = 20
"""A reply with more sentences than this is not an answer, and none of it is used."""
_THOUGHTS = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
_Quote = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1500)]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1200)]


class DraftCitation(BaseModel):
    """An opaque passage id and the words that are said to stand there."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    passage: _Id
    quote: _Quote


class Draft(BaseModel):
    """One sentence as the model wrote it."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    citations: list[DraftCitation] = Field(min_length=1, max_length=10)
    text: _Text


@dataclass(frozen=True, slots=True)
class Reply:
    """The drafts that could be read (None in the place of one that could not), in order."""

    drafts: tuple[Draft | None, ...]

    @property
    def too_many(self) -> bool:
        """True when this is no answer but a flood."""
        return len(self.drafts) > MOST_DRAFTED


def read_reply(text: str, *, cut: bool = False) -> Reply | None:
    """The reply, or None when it is not JSON of the form asked for; of a cut one, the sentences before the cut."""
    data = first_object(text)
    if data is None:
        rows = _before_the_cut(_THOUGHTS.sub(" ", text)) if cut else []
        return Reply(tuple(_draft(r) for r in rows)) if rows else None
    found = data.get("claims") if isinstance(data, dict) else None
    return Reply(tuple(_draft(r) for r in found)) if isinstance(found, list) else None


def first_object(text: str) -> object | None:
    """The first JSON object of a reply, thoughts before it left out; None when there is none that is whole."""
    text = _THOUGHTS.sub(" ", text)
    start = text.find("{")
    if start < 0:
        return None
    try:
        data, _ = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    found: object = data
    return found


def _draft(row: object) -> Draft | None:
    try:
        return Draft.model_validate(row)
    except ValidationError:
        return None


def _before_the_cut(text: str) -> list[object]:
    """The complete elements of the list of claims in text that ends too early."""
    found = re.search(r'"claims"\s*:\s*\[', text)
    if found is None:
        return []
    rows: list[object] = []
    at, decoder = found.end(), json.JSONDecoder()
    while len(rows) <= MOST_DRAFTED:
        at += len(text[at:]) - len(text[at:].lstrip(" \t\r\n,"))
        try:
            row, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return rows
        rows.append(row)
    return rows
