"""What a reader takes away: the answer as a file for the program it is for. No file is kept on the server."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from caveat.answering.deserialize import answer_from_dict
from caveat.answering.exports import to_bibtex, to_csv, to_doctor_page, to_markdown, to_ris
from caveat.answering.receipt import make_receipt
from caveat.answering.registers import Register
from caveat.domain.model import Answer
from caveat.domain.ports import IndexProvider
from caveat.ui.failures import plain_line
from caveat.ui.history import Exchange, load
from caveat.ui.look import Look, Rewriting, as_seen
from caveat.ui.own import OwnCollections
from caveat.ui.parts import PRIVATE, markup
from caveat.ui.words import shortened

NAME_LENGTH = 50


@dataclass(frozen=True, slots=True)
class Export:
    """One kind of file: its button, its name's ending, its media type, and what writes it."""

    label: str
    ending: str
    media_type: str
    write: Callable[[Answer], str] | None
    """None for the receipt, which needs the conversation and the index as well."""


EXPORTS = (
    Export("Text (Markdown)", ".md", "text/markdown", to_markdown),
    Export("References (BibTeX)", ".bib", "application/x-bibtex", to_bibtex),
    Export("References (RIS)", ".ris", "application/x-research-info-systems", to_ris),
    Export("Table of studies (CSV)", ".csv", "text/csv", to_csv),
    Export("Questions for my doctor", "-doctor.md", "text/markdown", to_doctor_page),
)
RECEIPT = Export("Receipt (JSON)", "-receipt.json", "application/json", None)
"""What an answer was made of; ``python -m caveat replay FILE`` tells what has changed since."""
ALL = (*EXPORTS, RECEIPT)


class TakeAway:
    """Buttons under the conversation; each makes its file from what the browser kept."""

    def __init__(
        self, rewriting: Rewriting, provider: IndexProvider, shelf: OwnCollections | None = None
    ) -> None:
        self.shelf = shelf
        self.rewriting = rewriting
        self.provider = provider

    def components(self) -> None:
        """Lays the buttons out; the style sheet hides them until there is an answer."""
        with gr.Accordion("Take an answer with you", open=False, elem_id="cv-take") as self.area:
            self.which = gr.Dropdown([], label="Which answer", elem_id="cv-which")
            with gr.Row():
                self.buttons = [gr.Button(e.label, size="sm", scale=0, min_width=120) for e in ALL]
                self.printing = gr.Button("Print or save as PDF", size="sm", scale=0, min_width=120)
            self.trouble = markup("", "cv-take-trouble")
        self.file = gr.JSON(visible=False)

    def events(self, store: Any, looks: list[Any], key: Any) -> None:
        """A click makes the file and hands it to the browser, which saves it."""
        self.area.expand(self._answers, inputs=[store], outputs=[self.which], **PRIVATE)
        for export, button in zip(ALL, self.buttons, strict=True):
            button.click(
                _maker(self, export),
                inputs=[store, self.which, *looks, key],
                outputs=[self.file, self.trouble],
                **PRIVATE,
            ).then(None, inputs=[self.file], js="(file) => { window.caveat.download(file); }", **PRIVATE)
        self.printing.click(None, js="() => { window.print(); }", **PRIVATE)

    def _answers(self, stored: object) -> gr.Dropdown:
        """The answers of this conversation, newest first."""
        choices = [(shortened(e.question, 70), e.id) for e in reversed(load(stored))]
        return gr.Dropdown(choices=choices, value=choices[0][1] if choices else None)

    def make(
        self, export: Export, stored: object, which: str | None, look: Look, key: object = None
    ) -> list[Any]:
        """The file as name, type and text, and a line of trouble where there was any."""
        exchanges = load(stored)
        chosen = next((e for e in exchanges if e.id == which), exchanges[-1] if exchanges else None)
        if chosen is None:
            return [None, ""]
        try:
            if export.write is None:
                text = self._receipt(exchanges, chosen, look, key)
            else:
                text = export.write(answer_from_dict(as_seen(chosen, look, self.rewriting).answer))
        except Exception as error:
            return [None, plain_line(error)]
        return [{"name": file_name(chosen, export), "type": export.media_type, "text": text}, ""]

    def _receipt(self, exchanges: Sequence[Exchange], chosen: Exchange, look: Look, key: object) -> str:
        answer = answer_from_dict(chosen.answer)
        own = self.shelf.own(key) if self.shelf and chosen.own else None
        index = (own.provider if own else self.provider).current() if answer.trace.generation else None
        before = [e.as_turn() for e in exchanges[: exchanges.index(chosen)]]
        register = Register(look.register or Register.CLINICAL)
        receipt = make_receipt(answer, index, history=before, register=register)
        return json.dumps(receipt, ensure_ascii=False, indent=1) + "\n"


def _maker(area: TakeAway, export: Export) -> Callable[..., list[Any]]:
    def make(
        stored: object, which: str | None, register: str | None, _country: str | None, key: object
    ) -> list[Any]:
        return area.make(export, stored, which, Look(register or ""), key)

    return make


def file_name(exchange: Exchange, export: Export) -> str:
    """A name that every system takes, from the question's first words."""
    words = re.sub(r"[^a-z0-9]+", "-", exchange.question.casefold())[:NAME_LENGTH].strip("-")
    return f"caveat-{words or 'answer'}{export.ending}"
