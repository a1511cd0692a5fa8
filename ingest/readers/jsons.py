"""Whole JSON files: checked size, checked encoding, and one plain line for what is no JSON."""

from __future__ import annotations

import json
from typing import Any

from ingest.readers.files import MAX_BYTES
from ingest.readers.item import MEGABYTE, Item, encoding_of


def load_json(item: Item) -> Any:
    """The value of a file; raises ``CorpusError`` that names the line."""
    with item.opened() as stream:
        raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise item.wrong(
            f"JSON of more than {MAX_BYTES // MEGABYTE} MB is not read; write one record a line (.jsonl)"
        )
    try:
        return json.loads(raw.decode(encoding_of(raw)))
    except UnicodeDecodeError as error:
        raise item.wrong("it is not text", line=raw.count(b"\n", 0, error.start) + 1) from error
    except json.JSONDecodeError as error:
        raise item.wrong(f"it is not JSON: {error.msg}", line=error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise item.wrong("it is not JSON that can be read") from error


def at(value: Any, *keys: str) -> Any:
    """A value inside objects; ``None`` where the way to it is not there."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def listed(value: Any) -> list[Any]:
    """A list as it is, one value as a list of it, nothing as an empty one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def text(value: Any) -> str | None:
    """Text that is there; a number as it is written; ``None`` for everything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return str(value)
    return value.strip() or None if isinstance(value, str) else None
