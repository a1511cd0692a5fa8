"""What a browser keeps of a conversation: the answers as they were, bounded in number and size."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from caveat.answering.events import Turn
from caveat.ui.fields import Record, number, record, records, text, texts

MAX_EXCHANGES = 20
MAX_CHARS = 600_000
VERSION = 1


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question with its answer as JSON, and the passages and nearest works it points at."""

    id: str
    question: str
    answer: Record
    passages: Record = field(default_factory=dict)
    nearest: list[Record] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    """The ids of its works that are files of the reader's own."""

    def as_turn(self) -> Turn:
        """The exchange as the use case wants earlier questions."""
        return Turn(
            question=self.question,
            standalone_question=text(self.answer, "standalone_question") or None,
            source_ids=tuple(text(source, "id") for source in records(self.answer, "sources")),
        )

    def as_json(self) -> dict[str, Any]:
        """The exchange as it is kept in the browser."""
        return {
            "id": self.id,
            "question": self.question,
            "answer": self.answer,
            "passages": self.passages,
            "nearest": self.nearest,
            **({"own": self.own} if self.own else {}),
        }


def new_id() -> str:
    """An id for a turn, unique on the page."""
    return "t" + secrets.token_hex(5)


def load(stored: object) -> list[Exchange]:
    """The exchanges a browser handed back; what cannot be read is left out."""
    if not isinstance(stored, Mapping) or stored.get("version") != VERSION:
        return []
    return [exchange for item in records(stored, "exchanges") if (exchange := _read(item))]


def has_dropped(stored: object) -> bool:
    """True when older exchanges of this conversation were let go to stay within the bounds."""
    return isinstance(stored, Mapping) and stored.get("dropped") is True


def numbers_of(stored: object) -> dict[str, int]:
    """The number of each work that this conversation has shown, also of those whose answers were let go."""
    kept = stored.get("numbers") if isinstance(stored, Mapping) else None
    found = (
        {k: v for k, v in kept.items() if isinstance(k, str) and isinstance(v, int) and v > 0}
        if isinstance(kept, Mapping)
        else {}
    )
    for exchange in load(stored):
        for source in records(exchange.answer, "sources"):
            n = number(source, "number")
            if n is not None:
                found.setdefault(text(source, "id"), n)
    return found


def dump(
    exchanges: Sequence[Exchange], *, dropped: bool = False, numbers: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """The newest exchanges that fit the bounds, as JSON for the browser; ``dropped`` if some already went."""
    kept: list[dict[str, Any]] = []
    room = MAX_CHARS
    for exchange in reversed(exchanges[-MAX_EXCHANGES:]):
        item = exchange.as_json()
        room -= len(json.dumps(item, ensure_ascii=False))
        if room < 0:
            break
        kept.append(item)
    return {
        "version": VERSION,
        "exchanges": kept[::-1],
        "dropped": dropped or len(kept) < len(exchanges),
        "numbers": dict(numbers or {}),
    }


def _read(item: Record) -> Exchange | None:
    answer, turn_id = record(item, "answer"), text(item, "id")
    if text(answer, "kind") not in ("cited", "passages", "declined") or not re.fullmatch(
        r"t[0-9a-f]{10}", turn_id
    ):
        return None
    return Exchange(
        id=turn_id,
        question=text(item, "question"),
        answer=answer,
        passages=record(item, "passages"),
        nearest=records(item, "nearest"),
        own=texts(item, "own"),
    )
