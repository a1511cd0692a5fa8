"""Reading answers from JSON without trusting it: what a browser hands back may be old, cut or edited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Record: TypeAlias = Mapping[str, Any]


def text(record: Record, key: str) -> str:
    """The text under the key, or an empty string."""
    value = record.get(key)
    return value if isinstance(value, str) else ""


def number(record: Record, key: str) -> int | None:
    """The whole number under the key, or ``None``."""
    value = record.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def flag(record: Record, key: str) -> bool:
    """True only when the key holds ``true``."""
    return record.get(key) is True


def record(record: Record, key: str) -> Record:
    """The object under the key, or an empty one."""
    value = record.get(key)
    return value if isinstance(value, Mapping) else {}


def records(record: Record, key: str) -> list[Record]:
    """The objects in the list under the key."""
    value = record.get(key)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []


def texts(record: Record, key: str) -> list[str]:
    """The texts in the list under the key."""
    value = record.get(key)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list | tuple) else []
