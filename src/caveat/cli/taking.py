"""An answer as a file to take away: which formats there are, how one is written, and its receipt."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from caveat.answering.answer_schema import answer_schema
from caveat.answering.events import Turn
from caveat.answering.exports import to_bibtex, to_csv, to_doctor_page, to_markdown, to_ris
from caveat.answering.receipt import make_receipt, receipt_to_markdown
from caveat.answering.registers import Register
from caveat.domain.model import Answer
from caveat.settings import Settings
from caveat.wiring import App

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


def run_schema(args: argparse.Namespace, settings: Settings) -> int:
    """Prints the JSON Schema of an answer."""
    write(json.dumps(answer_schema(), indent=1, ensure_ascii=False) + "\n")
    return 0


def save_receipt(
    path: str, app: App, answer: Answer, history: Sequence[Turn], register: Register, kept: str | None
) -> None:
    """Writes the receipt: Markdown where the name ends in .md, else JSON, complete or not at all."""
    index = app.provider.current() if answer.trace.generation else None
    settings = {"rerank": app.settings.rerank, "embedder": app.settings.embedder}
    receipt = make_receipt(
        answer, index, history=history, register=register, kept_question=kept, settings=settings
    )
    file = Path(path)
    text = (
        receipt_to_markdown(receipt)
        if file.suffix.casefold() in {".md", ".markdown"}
        else json.dumps(receipt, indent=1, ensure_ascii=False) + "\n"
    )
    part = file.with_name(file.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(file)
