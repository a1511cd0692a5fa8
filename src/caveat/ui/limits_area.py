"""What a reader may limit the search to: years, designs, people studied; and how an answer says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import gradio as gr

from caveat.domain.model import Design
from caveat.domain.ports import Filters
from caveat.ui import words

LONGEST = 100


class LimitsArea:
    """Closed until it is wanted; empty fields limit nothing."""

    def components(self) -> None:
        """Lays the area out."""
        with (
            gr.Accordion("Limit the search", open=False, elem_id="cv-limits"),
            gr.Row(elem_id="cv-limit-fields"),
        ):
            self.year_from = gr.Textbox(label="From year", placeholder="2010", max_length=4, min_width=90)
            self.year_to = gr.Textbox(label="To year", placeholder="2026", max_length=4, min_width=90)
            self.designs = gr.Dropdown(
                [(words.design(d.value), d.value) for d in Design],
                multiselect=True,
                label="Designs",
                min_width=180,
                elem_id="cv-limit-designs",
            )
            self.population = gr.Textbox(
                label="People studied",
                placeholder="rheumatoid arthritis",
                max_lines=1,
                max_length=LONGEST,
                min_width=180,
            )
        self.inputs: list[Any] = [self.year_from, self.year_to, self.designs, self.population]


def read_limits(
    year_from: object = None, year_to: object = None, designs: object = None, population: object = None
) -> tuple[Filters | None, str]:
    """The limits, and one line for the answer that says what they are and what could not be read as one.

    Nothing is refused: a question that calls for help must be answered whatever stands in these fields.
    """
    notes: list[str] = []
    first, last = _year(year_from, notes), _year(year_to, notes)
    if first is not None and last is not None and first > last:
        first, last = last, first
    wanted = designs if isinstance(designs, list | tuple) else ()
    chosen = tuple(d for d in Design if d.value in wanted)
    people = " ".join(population.split())[:LONGEST] if isinstance(population, str) else ""
    if people and not re.search(r"\w", people):
        notes.append(f"“{people}” names no people and was left out.")
        people = ""
    filters = Filters(year_from=first, year_to=last, designs=chosen, population=people or None)
    if filters.empty:
        return None, " ".join(notes)
    return filters, " ".join([f"Searched only {_said(filters)}.", *notes])


def _year(value: object, notes: list[str]) -> int | None:
    given = value.strip() if isinstance(value, str) else ""
    if not given:
        return None
    if re.fullmatch(r"(?:1[5-9]|20)\d\d", given, re.ASCII):
        return int(given)
    notes.append(f"“{given[:20]}” is not a year and was left out.")
    return None


def _said(filters: Filters) -> str:
    first, last = filters.year_from, filters.year_to
    parts: Sequence[str] = [
        "works "
        + (
            f"from {first} to {last}"
            if first and last
            else f"from {first} on"
            if first
            else f"up to {last}"
            if last
            else "of all years"
        ),
        "of these designs: " + ", ".join(words.design(d.value).lower() for d in filters.designs)
        if filters.designs
        else "",
        f"in people described by “{filters.population}”" if filters.population else "",
    ]
    return "; ".join(part for part in parts if part)
