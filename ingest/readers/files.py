"""Opening a file as text, with one plain line when that cannot be done."""

from __future__ import annotations

from pathlib import Path

from caveat.errors import CorpusError

MAX_BYTES = 100_000_000


def read_text(path: Path) -> str:
    """The file's text with ``\\n`` line ends; raises ``CorpusError``."""
    name = str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CorpusError(f"it is larger than {MAX_BYTES // 1_000_000} MB", path=name)
        raw = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"it cannot be opened ({error.strerror})", path=name) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise CorpusError("it is not UTF-8 text; save it as UTF-8", path=name, line=line) from error
    if "\0" in text:
        raise CorpusError("it is not text", path=name, line=text.count("\n", 0, text.index("\0")) + 1)
    return text.replace("\r\n", "\n").replace("\r", "\n")
