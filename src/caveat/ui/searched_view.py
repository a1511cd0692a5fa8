"""What stands below an answer: what was searched, what is nearest, and the disclosure."""

from __future__ import annotations

from caveat.domain.model import DISCLOSURE
from caveat.ui import words
from caveat.ui.fields import Record, number, record, text, texts
from caveat.ui.markup import Html, el


def searched(answer: Record, nearest: list[Record]) -> Html | None:
    """What a declined answer looked for, and the works that come nearest without answering."""
    looked = record(answer, "searched")
    queries, works = texts(looked, "queries"), number(looked, "sources_in_index")
    if not queries and not nearest:
        return None
    considered = number(looked, "passages_considered")
    return el(
        "section",
        el("h4", "What was searched"),
        el(
            "p",
            el("bdi", f"“{queries[0]}”"),
            f" in {words.count(works, 'work', 'works')}" if works else None,
            f"; {words.count(considered, 'passage', 'passages')} considered" if considered else None,
            ".",
        )
        if queries
        else None,
        el("details", el("summary", "Other wordings searched"), el("ul", [el("li", q) for q in queries[1:]]))
        if queries[1:]
        else None,
        el("p", "Nearest in the collection, though not an answer:") if nearest else None,
        el("ul", [_near(work) for work in nearest]) if nearest else None,
        cls="cv-searched",
    )


def _near(work: Record) -> Html:
    title, year = text(work, "title"), number(work, "year")
    url = text(work, "url")
    return el("li", el("a", title, href=url) if url else el("bdi", title), f" ({year})" if year else None)


def disclosure(answer: Record) -> Html:
    """The one line that stands under every answer, with how many works were searched."""
    looked = record(answer, "searched")
    works = number(looked, "sources_in_index")
    how_many = words.count(works, "work", "works") if works else ""
    extent = f" Searched {how_many}." if texts(looked, "queries") else f" The collection holds {how_many}."
    return el("footer", el("p", DISCLOSURE + (extent if works else "")), cls="cv-disclosure")
