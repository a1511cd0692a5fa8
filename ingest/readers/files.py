"""Opening a file as text, with one plain line when that cannot be done."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.errors import CorpusError
from ingest.readers.item import Item

MAX_BYTES = 50_000_000
"""Longest text, and longest line of a JSON Lines file, that is read."""


def read_text(item: Item) -> str:
    """The file's text with ``\\n`` line ends; raises ``CorpusError``."""
    with item.opened() as stream:
        raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise item.wrong(f"it is larger than {MAX_BYTES // 1_000_000} MB")
    text = _decoded(raw, item.name, 1)
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def read_lines(item: Item) -> Iterator[tuple[int, bytes]]:
    """Numbered lines, one at a time, so that a large file needs no memory; raises ``CorpusError``."""
    with item.opened() as stream:
        number = 0
        while line := stream.readline(MAX_BYTES + 1):
            number += 1
            if len(line) > MAX_BYTES:
                raise item.wrong(f"the line is longer than {MAX_BYTES // 1_000_000} MB", line=number)
            yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line


def _decoded(raw: bytes, name: str, first_line: int) -> str:
    """UTF-8 text without the characters that only binary files have."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = first_line + raw.count(b"\n", 0, error.start)
        raise CorpusError("it is not UTF-8; save it as UTF-8 text", path=name, line=line) from error
    if "\0" in text:
        raise CorpusError(
            "it is not text", path=name, line=first_line + text.count("\n", 0, text.index("\0"))
        )
    return text


def decode_line(raw: bytes, name: str, number: int) -> str:
    """One line as text; raises ``CorpusError`` naming it."""
    return _decoded(raw, name, number)
