"""The page: its tabs, and which event changes what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import gradio as gr

from caveat.answering.context import Screen
from caveat.domain.ports import IndexProvider, ModelInfo
from caveat.domain.topic import Example, Topic
from caveat.ui import front, words
from caveat.ui.api import DESCRIPTION, AskApi
from caveat.ui.chat import Chat, Phase, View
from caveat.ui.collection_tab import CollectionTab
from caveat.ui.desk import Answerer, Caller, Desk
from caveat.ui.explore_tab import ExploreTab, Rows
from caveat.ui.limits import Limiter
from caveat.ui.limits_area import LimitsArea, read_limits
from caveat.ui.look import Look, Rewriting
from caveat.ui.markup import join
from caveat.ui.own import OwnCollections
from caveat.ui.own_area import KEY as OWN_KEY
from caveat.ui.own_area import OwnArea, own_line
from caveat.ui.parts import PRIVATE, markup
from caveat.ui.person import person, request_id
from caveat.ui.sessions import forget_replaced
from caveat.ui.settings_tab import ANY_COUNTRY, SettingsTab
from caveat.ui.takeaway import TakeAway

CONCURRENCY = 8
QUEUE_LENGTH = 200
STORAGE_KEY = "caveat-history-1"
STORAGE_OBFUSCATION = (
    "caveat-history"  # Gradio scrambles what it stores with this; a new one would lose the history
)
UPLOADS_KEPT = (60, 600)
"""Every so many seconds, what was sent to the web server and is older than so many seconds is deleted: a file that is
taken in is moved away at once."""
CHOICES_KEY = "caveat-choices-1"


@dataclass(frozen=True, slots=True)
class Options:
    """What whoever runs the page decides."""

    screen: Screen | None = None
    per_minute: int = 0
    trust_proxy: bool = False
    rewriting: Rewriting = field(default_factory=Rewriting)
    model: ModelInfo | None = None
    search_notice: str | None = None
    """What each question sends where, when the search by meaning is run elsewhere."""
    own: OwnCollections | None = None
    """Files of the readers' own, where they are allowed."""


class Page:
    """The page over an answerer; one instance serves all readers and keeps nothing about them."""

    def __init__(
        self,
        answerer: Answerer,
        provider: IndexProvider,
        topic: Topic,
        *,
        examples: Sequence[Example] | None = None,
        options: Options | None = None,
    ) -> None:
        self.options = options or Options()
        self.topic = topic
        self.provider = provider
        self.examples = topic.examples if examples is None else examples
        limiter = Limiter(self.options.per_minute)
        desk = Desk(answerer, self.options.screen, limiter)
        self.chat = Chat(desk, provider, self.options.rewriting)
        self.api = AskApi(desk, self.options.rewriting, trust_proxy=self.options.trust_proxy)
        rows = Rows(provider, topic)
        self.explore = ExploreTab(provider, topic, rows)
        self.own = self.options.own
        area = OwnArea(self.own, limiter, trust_proxy=self.options.trust_proxy) if self.own else None
        self.collection = CollectionTab(provider, rows, area)
        self.take = TakeAway(self.options.rewriting, provider, self.own)
        self.limits = LimitsArea()
        self.settings = SettingsTab(topic.help_lines)

    def blocks(self) -> gr.Blocks:
        """The finished page, ready to be served with ``theme.serve_options()``."""
        with gr.Blocks(title=front.NAME, analytics_enabled=False, delete_cache=UPLOADS_KEPT) as demo:
            self.demo = demo
            self.store = gr.BrowserState(None, storage_key=STORAGE_KEY, secret=STORAGE_OBFUSCATION)
            self.choices = gr.BrowserState(None, storage_key=CHOICES_KEY, secret=STORAGE_OBFUSCATION)
            self.key = gr.BrowserState(None, storage_key=OWN_KEY, secret=STORAGE_OBFUSCATION)
            markup(front.header(self.topic.short, self.options.search_notice), "cv-top")
            with gr.Tabs(elem_id="cv-tabs", overflow_behavior="wrap") as self.tabs:
                with gr.Tab("Ask", id="ask"):
                    self._ask_components()
                with gr.Tab("Explore", id="explore") as explore:
                    self.explore.components()
                with gr.Tab("Collection", id="collection") as collection:
                    self.collection.components()
                with gr.Tab("Settings", id="settings"):
                    self.settings.components()
            self._events(demo)
            self.explore.events(explore, self.store)
            self.collection.events(collection, self.key)
            self.settings.events(demo)
        return demo.queue(default_concurrency_limit=CONCURRENCY, max_size=QUEUE_LENGTH)

    def _ask_components(self) -> None:
        registers = list(self.options.rewriting.registers)
        self.currency = markup("", "cv-collection")
        with gr.Row(elem_id="cv-tools"):
            self.register = gr.Radio(
                [(words.sentence(name), name) for name in registers],
                value=self.options.rewriting.default or None,
                label="Wording",
                elem_id="cv-register",
                visible=len(registers) > 1,
                scale=0,
                min_width=280,
            )
            self.use_model = gr.Checkbox(
                value=bool(self.options.model and self.options.model.on_by_default),
                label="Let a language model write the draft",
                info=self.options.model.notice if self.options.model else None,
                visible=self.options.model is not None,
                elem_id="cv-use-model",
                min_width=280,
            )
            self.clear = gr.Button("Clear", size="sm", elem_id="cv-clear", scale=0)
        self.transcript = markup("", "cv-transcript")
        self.current = markup("", "cv-current")
        self.live = markup("", "cv-live")
        self.take.components()
        with gr.Row(elem_id="cv-ask"):
            self.box = gr.Textbox(
                label="Your question",
                show_label=False,
                container=False,
                placeholder="Ask about the studies",
                lines=1,
                max_lines=6,
                submit_btn="Ask",
                stop_btn=False,
                autofocus=True,
                scale=1,
                elem_id="cv-box",
            )
        self.limits.components()
        with gr.Column(elem_id="cv-examples", visible=bool(self.examples)):
            markup(front.examples_heading())
            self.example_buttons = []
            with gr.Row(elem_classes="cv-example-groups"):
                for reader, examples in front.by_reader(self.examples).items():
                    with gr.Column(min_width=260, elem_classes="cv-example-group"):
                        markup(front.reader_heading(reader))
                        self.example_buttons += [gr.Button(e.question, size="sm") for e in examples]

    def _events(self, demo: gr.Blocks) -> None:
        # What comes and goes with a conversation is hidden by the style sheet: each component in this list costs some
        # milliseconds at every view, even one that is left as it is.
        shown = [self.current, self.transcript, self.store, self.live, self.box]
        looks = [self.register, self.settings.country]
        asking = [
            trigger(
                self._ask,
                inputs=[asked, self.store, *looks, self.use_model, self.key, *self.limits.inputs],
                outputs=shown,
                trigger_mode="once",
                concurrency_limit=CONCURRENCY,
                concurrency_id="ask",
                **PRIVATE,
            )
            for trigger, asked in (
                (self.box.submit, self.box),
                *((button.click, button) for button in self.example_buttons),
            )
        ]
        restoring: dict[str, Any] = {"inputs": [self.store, *looks], "outputs": shown, **PRIVATE}
        self.box.stop(self._restore, cancels=asking, **restoring)
        self.clear.click(self._clear, outputs=shown, cancels=asking, **PRIVATE)
        for control in looks:
            control.input(self._choose, inputs=looks, outputs=[self.choices], **PRIVATE).then(
                self._reword, inputs=[self.store, *looks], outputs=[self.transcript], **PRIVATE
            )
        demo.load(self._chosen, inputs=[self.choices], outputs=looks, **PRIVATE).then(
            self._restore, **restoring
        )
        demo.load(self._currency, inputs=[self.key], outputs=[self.currency], **PRIVATE)
        self.take.events(self.store, looks, self.key)
        gr.api(self.api.ask, api_name="ask", api_description=DESCRIPTION, concurrency_limit=CONCURRENCY)

    def _ask(
        self,
        message: str,
        stored: object,
        register: str | None,
        country: str | None,
        use_model: bool,
        key: object,
        year_from: str | None,
        year_to: str | None,
        designs: list[str] | None,
        population: str | None,
        request: gr.Request,
    ) -> Iterator[list[Any]]:
        forget_replaced(self.demo, request.session_hash)
        who = person(request, trust_proxy=self.options.trust_proxy)
        caller = Caller(who, request=request_id(request))
        filters, note = read_limits(year_from, year_to, designs, population)
        own = partial(self.own.own, key) if self.own else None
        look = _look(register, country)
        use = bool(use_model) and self.options.model is not None
        for view in self.chat.ask(message, stored, look, caller, filters, use_model=use, note=note, own=own):
            yield self._update(view)

    def _restore(self, stored: object, register: str | None, country: str | None) -> list[Any]:
        return self._update(self.chat.restore(stored, _look(register, country)))

    def _reword(self, stored: object, register: str | None, country: str | None) -> str:
        return self.chat.restore(stored, _look(register, country)).transcript or ""

    def _clear(self) -> list[Any]:
        return self._update(self.chat.restore(None))

    def _choose(self, register: str | None, country: str | None) -> dict[str, Any]:
        return {"register": register, "country": country}

    def _chosen(self, kept: object) -> list[Any]:
        """What this browser kept, as far as it can still be chosen."""
        chosen = kept if isinstance(kept, dict) else {}
        register, country = chosen.get("register"), chosen.get("country")
        known = self.options.rewriting
        return [
            register if register in known.registers else known.default or None,
            country if country in self.settings.countries else ANY_COUNTRY,
        ]

    def _currency(self, key: object) -> str:
        line = front.currency(self.provider)
        return join([line, own_line(self.own, key)]) if self.own else line

    def _update(self, view: View) -> list[Any]:
        """The new value of every component in the order of ``shown``.

        Each view carries all that differs, for the browser skips a view when the next one is there already.
        """
        return [
            view.current,
            gr.skip() if view.transcript is None else view.transcript,
            gr.skip() if view.kept is None else view.kept,
            view.spoken,
            self._box(view),
        ]

    def _box(self, view: View) -> gr.Textbox:
        """Emptied once the question is taken, given it back when it failed; what is typed later stays."""
        working = view.phase is Phase.WORKING
        buttons: dict[str, Any] = {
            "submit_btn": False if working else "Ask",
            "stop_btn": "Stop" if working else False,
        }
        if view.phase is Phase.FAILED:
            return gr.Textbox(value=view.question, **buttons)
        return gr.Textbox(value="", **buttons) if view.fresh else gr.Textbox(**buttons)


def _look(register: str | None, country: str | None) -> Look:
    return Look(register or "", "" if country in (None, ANY_COUNTRY) else str(country))
