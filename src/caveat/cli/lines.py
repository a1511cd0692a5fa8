"""Reads JSON Lines given on the command line; each wrong line is named."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.markup import escape

from caveat.errors import CorpusError

_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def read_lines(path: str, *needed: str) -> Iterator[dict[str, object]]:
    """The objects of a JSON Lines file ("-" is standard input); raises ``CorpusError`` with file and line."""
    if path == "-":
        rows = enumerate(sys.stdin, 1)
    else:
        file = Path(path)
        if not file.is_file():
            raise CorpusError("no such file.", path=path)
        rows = enumerate(file.read_text(encoding="utf-8-sig", errors="replace").splitlines(), 1)
    for number, line in rows:
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except ValueError as error:
            raise CorpusError(f"not JSON: {error}", path=path, line=number) from None
        if not isinstance(data, dict):
            raise CorpusError("each line must be one JSON object.", path=path, line=number)
        missing = [key for key in needed if not isinstance(data.get(key), str)]
        if missing:
            raise CorpusError(f"needs {', '.join(missing)} as text.", path=path, line=number)
        yield data


def texts(data: Mapping[str, object], key: str) -> list[str]:
    """A list of texts under ``key``; objects of a conversation count by their question or user text."""
    value = data.get(key)
    if not isinstance(value, list):
        return []
    out: list[str] = []
    for item in value:
        if isinstance(item, str):
            out.append(item)
        elif isinstance(item, dict) and item.get("role", "user") == "user":
            text = item.get("question") or item.get("content") or item.get("text")
            if isinstance(text, str):
                out.append(text)
    return out


def emit(data: object) -> None:
    """One JSON value on one line of standard output, whatever characters it holds and the terminal knows."""
    line = json.dumps(data, ensure_ascii=False)
    try:
        line.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        line = json.dumps(data)
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def shown(text: str) -> str:
    """The text for a terminal: its brackets are no markup, and nothing in it steers the terminal."""
    return escape(_STEERING.sub("", text))
