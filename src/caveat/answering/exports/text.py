"""Text of sources and readers as Markdown: it shows as it is and never becomes markup, a link or a picture."""

from __future__ import annotations

import re

_MARKS = re.compile(r"([\\`*_\[\]<>#|~$@]|:(?=//)|&(?=#?\w+;)|(?<=www)\.)", re.IGNORECASE)
_START = re.compile(r"^(\s*)(?:([-+])(?=\s|$|-)|(\d{1,9})([.)])(?=\s|$))")
_SAFE_URL = re.compile(r"^https?://[^\s<>\"`\\|^{}]+$")


def one_line(text: str) -> str:
    """The text on one line, without characters that steer a terminal or turn the reading direction."""
    return " ".join("".join(c if c.isprintable() or c.isspace() else " " for c in text).split())


def escaped(text: str) -> str:
    """The text so that a Markdown reader shows its very characters."""
    out = _MARKS.sub(r"\\\1", one_line(text))
    return _START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", out)


def address(url: str | None) -> str | None:
    """The address as a Markdown link of its own; None for anything but a plain web address."""
    return f"<{url}>" if url and _SAFE_URL.match(url) else None
