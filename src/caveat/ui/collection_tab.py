"""The collection page: what is indexed, and (if the operator allows it) files of the reader's own."""

from __future__ import annotations

import gradio as gr

from caveat.domain.ports import IndexProvider
from caveat.errors import CaveatError
from caveat.ui.collection_view import collection
from caveat.ui.explore_tab import Rows
from caveat.ui.markup import Html, el, join
from caveat.ui.parts import PRIVATE, markup


class CollectionTab:
    """What the index says of itself, read anew whenever the tab is opened."""

    def __init__(self, provider: IndexProvider, rows: Rows) -> None:
        self.provider = provider
        self.rows = rows

    def components(self) -> None:
        """Lays the tab out."""
        markup(_heading())
        self.facts = markup("", "cv-collection-facts")

    def events(self, tab: gr.Tab) -> None:
        """Reads the index when the tab is opened."""
        tab.select(self._facts, outputs=[self.facts], **PRIVATE)

    def _facts(self) -> Html:
        try:
            return collection(self.provider.current(), self.rows.of_collection())
        except CaveatError as error:
            return el("p", str(error), cls="cv-error")


def _heading() -> Html:
    return join(
        [
            el("h2", "The collection", cls="cv-tab-heading"),
            el("p", "Every answer comes from these works and from nothing else.", cls="cv-tab-lead"),
        ]
    )
