"""The page: Gradio components, and which event changes what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr

from caveat.domain.ports import IndexProvider
from caveat.domain.topic import Example
from caveat.ui import front
from caveat.ui.api import DESCRIPTION, AskApi
from caveat.ui.chat import Answerer, Chat, Phase, View

CONCURRENCY = 8
QUEUE_LENGTH = 200
FOLLOW_UPS = 4
STORAGE_KEY = "caveat-history-1"
STORAGE_OBFUSCATION = (
    "caveat-history"  # Gradio scrambles what it stores with this; a new one would lose the history
)


class Page:
    """The chat page over an answerer; one instance serves all readers and keeps nothing about them."""

    def __init__(
        self, answerer: Answerer, provider: IndexProvider, *, subject: str, examples: Sequence[Example] = ()
    ) -> None:
        self.chat = Chat(answerer, provider)
        self.provider = provider
        self.api = AskApi(answerer)
        self.subject = subject
        self.examples = examples

    def blocks(self) -> gr.Blocks:
        """The finished page, ready to be launched with ``theme.launch_options()``."""
        with gr.Blocks(title=front.NAME, analytics_enabled=False) as demo:
            self._components()
            self._events(demo)
        return demo.queue(default_concurrency_limit=CONCURRENCY, max_size=QUEUE_LENGTH)

    def _components(self) -> None:
        self.store = gr.BrowserState(None, storage_key=STORAGE_KEY, secret=STORAGE_OBFUSCATION)
        with gr.Row(elem_id="cv-head"):
            _markup(front.header(self.subject), "cv-top")
            self.clear = gr.Button("Clear", visible=False, size="sm", elem_id="cv-clear", scale=0)
        self.currency = _markup("", "cv-collection")
        self.transcript = _markup("", "cv-transcript")
        self.current = _markup("", "cv-current")
        self.live = _markup("", "cv-live")
        with gr.Column(elem_id="cv-follow-ups", visible=False) as self.follow_up_area:
            _markup(front.next_heading(), None)
            with gr.Row():
                self.follow_ups = [
                    gr.Button("", visible=False, size="sm", scale=0) for _ in range(FOLLOW_UPS)
                ]
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
        with gr.Column(elem_id="cv-examples", visible=bool(self.examples)) as self.example_area:
            _markup(front.examples_heading(), None)
            self.example_buttons = []
            with gr.Row(elem_classes="cv-example-groups"):
                for reader, examples in front.by_reader(self.examples).items():
                    with gr.Column(min_width=260, elem_classes="cv-example-group"):
                        _markup(front.reader_heading(reader), None)
                        self.example_buttons += [gr.Button(e.question, size="sm") for e in examples]

    def _events(self, demo: gr.Blocks) -> None:
        shown = [
            self.current,
            self.transcript,
            self.store,
            self.live,
            self.box,
            self.clear,
            self.example_area,
            self.follow_up_area,
            *self.follow_ups,
        ]
        private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        asking = [
            trigger(
                self._ask,
                inputs=[asked, self.store],
                outputs=shown,
                trigger_mode="once",
                concurrency_limit=CONCURRENCY,
                concurrency_id="ask",
                **private,
            )
            for trigger, asked in (
                (self.box.submit, self.box),
                *((button.click, button) for button in [*self.example_buttons, *self.follow_ups]),
            )
        ]
        self.box.stop(self._restore, inputs=[self.store], outputs=shown, cancels=asking, **private)
        self.clear.click(self._clear, outputs=shown, cancels=asking, **private)
        demo.load(self._restore, inputs=[self.store], outputs=shown, **private)
        demo.load(self._currency, outputs=[self.currency], **private)
        gr.api(self.api.ask, api_name="ask", api_description=DESCRIPTION, concurrency_limit=CONCURRENCY)

    def _ask(self, message: str, stored: object) -> Iterator[list[Any]]:
        for view in self.chat.ask(message, stored):
            yield self._update(view)

    def _restore(self, stored: object) -> list[Any]:
        return self._update(self.chat.restore(stored))

    def _clear(self) -> list[Any]:
        return self._update(self.chat.restore(None))

    def _currency(self) -> str:
        return front.currency(self.provider)

    def _update(self, view: View) -> list[Any]:
        """The new value of every component in the order of ``shown``.

        Each view carries all that differs, for the browser skips a view when the next one is there already.
        """
        working = view.phase is Phase.WORKING
        begun = bool(view.current or view.transcript)
        follow_ups = view.follow_ups[:FOLLOW_UPS]
        return [
            view.current,
            gr.skip() if view.transcript is None else view.transcript,
            gr.skip() if view.kept is None else view.kept,
            view.spoken,
            self._box(view),
            gr.Button(visible=begun and not working),
            gr.Column(visible=not begun and bool(self.examples)),
            gr.Column(visible=bool(follow_ups)),
            *[
                gr.Button(value=question, visible=True) if question else gr.Button(visible=False)
                for question in (*follow_ups, *[""] * (FOLLOW_UPS - len(follow_ups)))
            ],
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


def _markup(value: str, elem_id: str | None) -> gr.Markdown:
    """A component for markup of ours: sanitised again in the browser, no formulas, no unknown tags."""
    return gr.Markdown(value, sanitize_html=True, latex_delimiters=[], elem_id=elem_id, elem_classes="cv-md")
