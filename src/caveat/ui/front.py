"""The first screen: what this is, what it cannot do, how current the collection is, first questions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from caveat.domain.ports import IndexProvider
from caveat.domain.topic import Example
from caveat.errors import CaveatError
from caveat.ui import words
from caveat.ui.markup import Html, el, join
from caveat.ui.shown_works import listed_works

NAME = "Caveat"
CANNOT = (
    "It cannot tell you what to do: no diagnosis, no prescription, no advice. It is software, it knows "
    "only this "
    "collection, it can be wrong, and it is not an emergency service."
)


def by_reader(examples: Sequence[Example]) -> dict[str, list[Example]]:
    """The examples grouped by reader, in order of first mention."""
    groups: dict[str, list[Example]] = {}
    for example in examples:
        groups.setdefault(example.reader, []).append(example)
    return groups


def header(subject: str, search_notice: str | None = None) -> Html:
    """Name and two lines: what this is and what it cannot do; a third where questions leave the machine."""
    return el(
        "header",
        el("h1", NAME),
        el(
            "p",
            f"What published studies say about {subject}. Each sentence is tied to an exact quote you can "
            f"check.",
            cls="cv-lead",
        ),
        el("p", CANNOT, cls="cv-cannot"),
        el("p", search_notice, cls="cv-cannot") if search_notice else None,
        cls="cv-header",
    )


def currency(provider: IndexProvider) -> Html:
    """How current the collection is, or the one line that says how to get one."""
    try:
        index = provider.current()
        sources = listed_works(index)
        works, passages, generation = index.source_count, index.passage_count, index.generation
    except CaveatError as error:
        return el("p", el("strong", "No collection to answer from. "), str(error), cls="cv-error")
    years = [source.year for source in sources if source.year]
    checks = [source.status_checked_on for source in sources if source.status_checked_on]
    notes = sum(source.note_not_original for source in sources) if len(sources) == works else 0
    facts = [
        f"{words.count(works, 'work', 'works')} in {words.count(passages, 'passage', 'passages')}",
        f"newest of {max(years)}" if years else "",
        f"retractions last checked {max(checks)}" if checks else "retraction status not checked",
        _built(generation),
    ]
    return el(
        "p",
        el("strong", "The collection: "),
        join([fact for fact in facts if fact], between=" · "),
        "." if not notes else f". {_notes(notes, works)}",
        cls="cv-currency",
    )


def _notes(notes: int, works: int) -> str:
    which = "All are" if notes == works else f"{notes:,} are"
    return f"{which} notes in our own words, each with a link to the original."


def _built(generation: str) -> str:
    match = re.search(r"(20\d\d)-?(\d\d)-?(\d\d)", generation)
    return "built " + "-".join(match.groups()) if match else f"generation {generation}"


def examples_heading() -> Html:
    """The heading above the questions to start with."""
    return el("h2", "Questions to start with", cls="cv-examples-heading")


def reader_heading(reader: str) -> Html:
    """The heading above one reader's questions."""
    return el("h3", reader, cls="cv-reader")
