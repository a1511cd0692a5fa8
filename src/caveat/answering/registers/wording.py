"""The words for lay readers, from ``words.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("words.toml")


@cache
def table(name: str) -> dict[str, str]:
    """One table of the file."""
    return dict(tomllib.loads(_FILE.read_text(encoding="utf-8"))[name])


@cache
def _patterns(name: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = table(name).items()
    return tuple((re.compile(rf"(?<![\w-]){old}(?![\w-])", re.IGNORECASE), new) for old, new in rows)


def replaced(text: str, name: str) -> str:
    """The text with the table's replacements made, in the table's order; a capital at the start stays one."""
    out = text
    for pattern, new in _patterns(name):
        out = pattern.sub(new, out)
    return capital(out) if text[:1].isupper() else out


def capital(text: str) -> str:
    """The text beginning with a capital."""
    return text[:1].upper() + text[1:]
