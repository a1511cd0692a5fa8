"""The whole conversation as one text for Gradio's Markdown component: one block of markup a turn."""

from __future__ import annotations

from collections.abc import Sequence

from caveat.answering.events import Progress
from caveat.ui.answer_view import answer_view
from caveat.ui.fields import record, text, texts
from caveat.ui.history import Exchange
from caveat.ui.markup import Html, el, join
from caveat.ui.sources_view import sources_panel

END_OF_BLOCK = "\n\n"
"""Gradio keeps each block that did not change, so earlier turns keep their opened passages. A block's blank
line is part of it, and Gradio cuts the last one: hence an empty block at the end."""
DROPPED = "Older questions of this conversation are gone: this browser keeps the newest ones only."
FOLLOW_UPS = 4
SHOWN_QUESTION = 600
"""A longer question is shown cut; it is answered (or declined) as a whole."""


def transcript(exchanges: Sequence[Exchange], *, dropped: bool = False) -> str:
    """All answered turns in order, after a line that says so when older ones were let go."""
    turns = [turn(exchange) for exchange in exchanges]
    before = [el("p", DROPPED, cls="cv-dropped")] if dropped else []
    return END_OF_BLOCK.join([*before, *turns, el("div")]) if turns else ""


def turn(exchange: Exchange) -> Html:
    """One question with its answer and, beside it, its sources."""
    panel = sources_panel(exchange.id, exchange.answer, exchange.passages, exchange.own)
    return el(
        "section",
        _question(exchange.question),
        el(
            "div",
            answer_view(exchange.id, exchange.answer, exchange.nearest),
            panel,
            cls="cv-columns" if panel else "cv-columns cv-alone",
        ),
        _follow_ups(texts(exchange.answer, "follow_ups")[:FOLLOW_UPS]),
        cls="cv-turn",
        id=exchange.id,
        tabindex="-1",
    )


def working(question: str, steps: Sequence[Progress]) -> Html:
    """The question with the steps done so far; the last one is still going on."""
    last = len(steps) - 1
    return el(
        "section",
        _question(question),
        el(
            "ol",
            [el("li", step.text, cls="cv-doing" if i == last else "cv-done") for i, step in enumerate(steps)]
            or el("li", "Reading the question", cls="cv-doing"),
            cls="cv-progress",
        ),
        cls="cv-turn",
    )


def failed(question: str, message: str, hint: str = "") -> Html:
    """The question with one plain line that says why there is no answer."""
    return el(
        "section",
        _question(question),
        el(
            "div",
            el("p", el("strong", "No answer. "), message),
            el("p", hint) if hint else None,
            cls="cv-error",
        ),
        cls="cv-turn",
    )


def _follow_ups(questions: Sequence[str]) -> Html | None:
    """What could be asked next, as buttons; the style sheet shows those of the newest answer alone."""
    if not questions:
        return None
    return el(
        "section",
        el("p", "You could ask next", cls="cv-next"),
        [el("button", question, cls="cv-follow") for question in questions],
        cls="cv-follow-ups",
    )


def _question(question: str) -> Html:
    shown = question if len(question) <= SHOWN_QUESTION else question[:SHOWN_QUESTION] + " …"
    return el("h2", el("bdi", shown or "(empty question)"), cls="cv-question")


def announcement(exchange: Exchange) -> Html:
    """What a screen reader hears, once, when an answer is there."""
    card = text(record(exchange.answer, "card"), "text")
    return spoken(card, text(exchange.answer, "headline"))


def spoken(*parts: str) -> Html:
    """Plain text for the live region."""
    return join(el("p", part) for part in parts if part)
