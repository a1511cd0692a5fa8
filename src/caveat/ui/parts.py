"""The few pieces that every tab is made of."""

from __future__ import annotations

from typing import Any

import gradio as gr

PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""Options of the page's own events: programs do not see them, and nothing flickers while they run."""


def markup(value: str, elem_id: str | None = None, *, visible: bool = True) -> gr.Markdown:
    """A component for markup of ours: sanitised again in the browser, no formulas, no unknown tags."""
    return gr.Markdown(
        value,
        sanitize_html=True,
        latex_delimiters=[],
        elem_id=elem_id,
        elem_classes="cv-md",
        visible=visible,
    )
