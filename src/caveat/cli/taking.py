"""An answer as a file to take away: which formats there are, and how one is written to standard output."""

from __future__ import annotations

import sys
from collections.abc import Callable

from caveat.answering.exports import to_bibtex, to_csv, to_doctor_page, to_markdown, to_ris
from caveat.domain.model import Answer

EXPORTS: dict[str, Callable[[Answer], str]] = {
    "markdown": to_markdown,
    "bibtex": to_bibtex,
    "ris": to_ris,
    "csv": to_csv,
    "doctor": to_doctor_page,
}
FORMATS = ("text", "json", *EXPORTS)


def write(text: str) -> None:
    """The text on standard output; characters that the terminal does not know become "?"."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()
