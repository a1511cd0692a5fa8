"""The collection page: what is indexed, and (if the operator allows it) files of the reader's own."""

from __future__ import annotations

from typing import Any

import gradio as gr

from caveat.domain.ports import IndexProvider
from caveat.errors import CaveatError
from caveat.ui.collection_view import collection
from caveat.ui.explore_tab import Rows
from caveat.ui.markup import Html, el, join
from caveat.ui.own_area import OwnArea
from caveat.ui.parts import PRIVATE, markup


class CollectionTab:
    """What the index says of itself, read anew whenever the tab is opened."""

    def __init__(self, provider: IndexProvider, rows: Rows, own: OwnArea | None = None) -> None:
        self.provider = provider
        self.rows = rows
        self.own = own

    def components(self) -> None:
        """Lays the tab out."""
        markup(_heading())
        self.facts = markup("", "cv-collection-facts")
        if self.own is not None:
            self.own.components()

    def events(self, tab: gr.Tab, key: Any) -> None:
        """Reads the index when the tab is opened."""
        tab.select(self._facts, outputs=[self.facts], **PRIVATE)
        if self.own is not None:
            self.own.events(tab, key)

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
