"""What a reader sets for their own browser: help lines by country, text size, colours, motion."""

from __future__ import annotations

from collections.abc import Sequence

import gradio as gr

from caveat.domain.model import HelpLine
from caveat.ui.markup import el, join
from caveat.ui.parts import PRIVATE, markup

ANY_COUNTRY = "Not chosen"
SIZES = [("Normal", "normal"), ("Large", "large"), ("Largest", "largest")]
COLOURS = [("As on this device", "device"), ("Light", "light"), ("Dark", "dark")]
MOTION = [("As on this device", "device"), ("Less motion", "less")]


class SettingsTab:
    """Looks are applied by the page's script and kept in this browser; the server never learns of them."""

    def __init__(self, lines: Sequence[HelpLine]) -> None:
        self.countries = list(dict.fromkeys(line.country for line in lines))

    def components(self) -> None:
        """Lays the tab out."""
        markup(_heading(), "cv-settings-heading")
        with gr.Column(elem_id="cv-settings"):
            self.country = gr.Dropdown(
                [ANY_COUNTRY, *self.countries],
                value=ANY_COUNTRY,
                label="Country of help lines",
                info="Lines of this country come first on a help card.",
                elem_id="cv-country",
            )
            self.size = gr.Radio(SIZES, value="normal", label="Text size", elem_id="cv-size")
            self.colours = gr.Radio(COLOURS, value="device", label="Colours", elem_id="cv-colours")
            self.motion = gr.Radio(MOTION, value="device", label="Motion", elem_id="cv-motion")

    def events(self, demo: gr.Blocks) -> None:
        """Looks change at once, in the browser alone."""
        looks = [self.size, self.colours, self.motion]
        demo.load(None, outputs=looks, js="() => window.caveat.looks()", **PRIVATE)
        for control in looks:
            control.input(
                None, inputs=looks, js="(...looks) => { window.caveat.setLooks(looks); }", **PRIVATE
            )


def _heading() -> str:
    return join(
        [
            el("h2", "Settings", cls="cv-tab-heading"),
            el("p", "They are kept in this browser only.", cls="cv-tab-lead"),
        ]
    )
