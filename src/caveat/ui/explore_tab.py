"""Explore: the works behind the answers or of the whole collection, as a map, a table, a timeline, and why."""

from __future__ import annotations

import re
import threading
from typing import Any

import gradio as gr

from caveat.answering.deserialize import answer_from_dict
from caveat.domain.model import Source
from caveat.domain.ports import IndexProvider
from caveat.domain.topic import Topic
from caveat.errors import CaveatError
from caveat.ui import explore_view
from caveat.ui.evidence_map import SHAPE_WORDS, evidence_map
from caveat.ui.fields import records, text
from caveat.ui.history import Exchange, load, numbers_of
from caveat.ui.markup import Html, el, join
from caveat.ui.parts import PRIVATE, markup
from caveat.ui.shown_works import listed_note, listed_works
from caveat.ui.studies import DEFAULT_SORT, SORTS, Study, Wanted, choices, ordered, selected, studies_of

LAST, ALL, COLLECTION = "last", "all", "collection"
SCOPES = [("The last answer", LAST), ("This conversation", ALL), ("The whole collection", COLLECTION)]
FILTERS = ("designs", "populations", "outcomes", "directions", "statuses")
LABELS = {
    "designs": "Design",
    "populations": "People studied",
    "outcomes": "Outcome",
    "directions": "What it reports",
    "statuses": "Status",
}


class Rows:
    """The rows of the collection's listed works, made once for each generation."""

    def __init__(self, provider: IndexProvider, topic: Topic) -> None:
        self._provider = provider
        self._topic = topic
        self._lock = threading.Lock()
        self._made: tuple[object, list[Study], Html | None] | None = None

    def of_collection(self) -> list[Study]:
        """A row for each listed work; raises ``CaveatError`` without an index."""
        return self._now()[1]

    def note(self) -> Html | None:
        """The line that says so where the collection is too large to be listed whole."""
        return self._now()[2]

    def _now(self) -> tuple[object, list[Study], Html | None]:
        index = self._provider.current()
        sources = listed_works(index)
        with self._lock:
            if self._made is None or self._made[0] is not sources:
                note = listed_note(index, len(sources), "Listed here are")
                self._made = (sources, studies_of(sources, self._topic), note)
            return self._made


class ExploreTab:
    """Holds nothing about a reader."""

    def __init__(self, provider: IndexProvider, topic: Topic, rows: Rows) -> None:
        self.provider = provider
        self.topic = topic
        self.rows = rows

    def components(self) -> None:
        """Lays the tab out."""
        markup(_heading(), "cv-explore-heading")
        self.scope = gr.Radio(SCOPES, value=COLLECTION, label="Show the works of", elem_id="cv-scope")
        with gr.Accordion("Filter and sort", open=False, elem_id="cv-filter-area"):
            with gr.Row(elem_id="cv-filters"):
                self.text = gr.Textbox(
                    label="Words",
                    placeholder="Title, author, drug",
                    max_lines=1,
                    elem_id="cv-filter-text",
                    min_width=180,
                )
                self.filters = [
                    gr.Dropdown([], multiselect=True, label=LABELS[name], min_width=180, elem_id=f"cv-{name}")
                    for name in FILTERS
                ]
                self.year_from = gr.Textbox(label="From year", placeholder="2010", max_length=4, min_width=90)
                self.year_to = gr.Textbox(label="To year", placeholder="2026", max_length=4, min_width=90)
                self.sort = gr.Dropdown(list(SORTS), value=DEFAULT_SORT, label="Sort by", min_width=180)
            self.reset = gr.Button("Show all again", size="sm", elem_id="cv-reset")
        self.count = markup("", "cv-explore-count")
        self.dark = gr.Textbox(visible=False)
        with gr.Tabs(elem_id="cv-explore-tabs", overflow_behavior="wrap"):
            with gr.Tab("Map"):
                markup(_map_words(), "cv-map-words")
                self.plot = gr.Plot(show_label=False, label="Evidence map", elem_id="cv-map")
                self.picked = gr.Textbox(visible="hidden", elem_id="cv-picked", label="Picked cell")
            with gr.Tab("Table"):
                self.table = markup("", "cv-study-table")
            with gr.Tab("Trials"):
                self.timeline = markup("", "cv-trials")
            with gr.Tab("Why these sources"):
                self.why = markup("", "cv-why")

    def events(self, tab: gr.Tab, store: Any) -> None:
        """Shows what the filters select, whenever one changes and whenever the tab is opened."""
        controls = [self.scope, self.text, *self.filters, self.year_from, self.year_to, self.sort]
        inputs = [store, self.dark, *controls]
        shown = [self.count, self.plot, self.table, self.timeline, self.why]
        options: dict[str, Any] = {**PRIVATE, "trigger_mode": "always_last"}
        js = "(...given) => { given[1] = document.body.classList.contains('dark') ? 'dark' : ''; return given; }"
        tab.select(self._open, inputs=inputs, outputs=[*self.filters, *shown], js=js, **options)
        self.scope.input(self._open, inputs=inputs, outputs=[*self.filters, *shown], js=js, **options)
        for control in controls[1:]:
            control.input(self._show, inputs=inputs, outputs=shown, js=js, **options)
        populations, outcomes = self.filters[1], self.filters[2]
        self.picked.change(self._pick, inputs=[self.picked], outputs=[populations, outcomes], **PRIVATE).then(
            self._show, inputs=inputs, outputs=shown, js=js, **options
        )
        self.reset.click(
            lambda: ["", *[[] for _ in FILTERS], "", ""],
            outputs=[self.text, *self.filters, self.year_from, self.year_to],
            **PRIVATE,
        ).then(self._show, inputs=inputs, outputs=shown, js=js, **options)

    def _open(self, stored: object, dark: str, scope: str, *given: Any) -> list[Any]:
        try:
            studies = self._studies(stored, scope)
        except CaveatError as error:
            line = el("p", str(error), cls="cv-error")
            return [*[gr.skip() for _ in FILTERS], line, None, line, line, line]
        there = choices(studies)
        dropdowns = []
        for name, value in zip(FILTERS, given[1 : 1 + len(FILTERS)], strict=True):
            known = {code for _, code in there[name]}
            dropdowns.append(gr.Dropdown(choices=there[name], value=[v for v in value or [] if v in known]))
        return [*dropdowns, *self._views(stored, dark, scope, studies, given)]

    def _show(self, stored: object, dark: str, scope: str, *given: Any) -> list[Any]:
        try:
            return self._views(stored, dark, scope, self._studies(stored, scope), given)
        except CaveatError as error:
            line = el("p", str(error), cls="cv-error")
            return [line, None, line, line, line]

    def _views(
        self, stored: object, dark: str, scope: str, studies: list[Study], given: tuple[Any, ...]
    ) -> list[Any]:
        words, *chosen, year_from, year_to, sort = given
        wanted = Wanted(
            str(words or "")[:200],
            **{name: tuple(map(str, value or ())) for name, value in zip(FILTERS, chosen, strict=True)},
            year_from=_year(year_from),
            year_to=_year(year_to),
        )
        found = ordered(selected(studies, wanted), str(sort))
        note = self.rows.note() if scope == COLLECTION else None
        return [
            join([note, explore_view.count(found, len(studies))]),
            evidence_map(found, dark=bool(dark)),
            explore_view.table(found),
            explore_view.timeline(found),
            self._why(stored),
        ]

    def _pick(self, cell: str) -> list[Any]:
        """The filters of a cell; what follows the outcome only tells one click from the next."""
        population, outcome = [*str(cell).split("\t"), "", ""][:2]
        return [[population] if population else [], [outcome] if outcome else []]

    def _studies(self, stored: object, scope: str) -> list[Study]:
        numbers = numbers_of(stored)
        if scope == COLLECTION:
            rows = self.rows.of_collection()
            return [_numbered(s, numbers.get(s.source.id)) for s in rows] if numbers else rows
        exchanges = load(stored)
        wanted = exchanges[-1:] if scope == LAST else exchanges
        found: dict[str, Source] = {}
        for exchange in wanted:
            for numbered in answer_from_dict(exchange.answer).sources:
                found[numbered.source.id] = numbered.source
        return studies_of(found.values(), self.topic, numbers)

    def _why(self, stored: object) -> str:
        exchanges = load(stored)
        if not exchanges:
            return el("p", "Ask a question first; then this shows how its sources were found.", cls="cv-none")
        last = exchanges[-1]
        return join(
            [el("h3", "“", el("bdi", last.question), "”"), explore_view.why(last.answer, self._titles(last))]
        )

    def _titles(self, exchange: Exchange) -> dict[str, tuple[str, str]]:
        """Id and title of the work of each ranked passage, as far as the index still has them."""
        ids = [text(item, "passage_id") for item in records(exchange.answer.get("trace") or {}, "retrieved")]
        try:
            index = self.provider.current()
            passages = index.passages(ids[: explore_view.SHOWN])
            sources = index.sources(list({p.source_id for p in passages.values()}))
        except CaveatError:
            return {}
        return {
            i: (p.source_id, sources[p.source_id].title)
            for i, p in passages.items()
            if p.source_id in sources
        }


def _numbered(study: Study, number: int | None) -> Study:
    return (
        study
        if number is None
        else Study(study.source, study.population, study.outcomes, study.words, number)
    )


def _year(value: object) -> int | None:
    """A year as typed; anything else does not limit."""
    typed = str(value or "").strip()
    return int(typed) if re.fullmatch(r"[12]\d{3}", typed) else None


def _heading() -> str:
    return join(
        [
            el("h2", "Explore", cls="cv-tab-heading"),
            el("p", "What was studied, in whom, and what was reported.", cls="cv-tab-lead"),
        ]
    )


def _map_words() -> str:
    return join(
        [
            el(
                "p",
                "Each mark is one work; its sign says what it reports. Counting marks is not weighing evidence.",
            ),
            el(
                "p",
                SHAPE_WORDS,
                " Click a mark to filter by its people and outcome; the lists under “Filter and sort” do the same.",
            ),
        ]
    )
