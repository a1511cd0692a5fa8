"""The answer to a question that asks for works: a table, a quoted sentence a row, and the closest sentences."""

from __future__ import annotations

from caveat.answering.attributes import holds_what_is_asked
from caveat.answering.compose import Parts
from caveat.answering.listing import COLUMNS, matching, row
from caveat.answering.money import asks_who_paid
from caveat.answering.people_asked import asked_people, studied
from caveat.answering.people_in_all import NOT_COUNTED, asks_people_in_all, people_in_all
from caveat.answering.rows import Bits, rows_of
from caveat.answering.select import with_closest
from caveat.answering.strongest import asks_for_strongest, strongest
from caveat.answering.tables import MOST_ROWS, TableAsked, tabled
from caveat.answering.verdict import counted
from caveat.answering.who_paid import who_paid

CLOSE = 2.0
"""Score above which a sentence outside the table is shown beside it."""


def asks_for_works(text: str) -> bool:
    """True for questions who paid for the research, which study is the strongest, how many people all had: a table answers them."""
    return asks_who_paid(text) or asks_for_strongest(text) or asks_people_in_all(text)


def list_parts(at: TableAsked) -> Parts | None:
    """Table, claims and caveats; None when no work fits the question."""
    return who_paid(at) or strongest(at) or _listed(at)


def _listed(at: TableAsked) -> Parts | None:
    q = at.relevance.question
    fitting = matching(at)
    if not fitting or not holds_what_is_asked(q.text, at.evidence.candidates):
        return None
    works = at.works
    people = asked_people(q.text, at.topic, of_a_drug=bool(q.drugs))
    found = fitting & works.shelf.studied.any(people) if people else fitting
    first = works.sources(works.in_order(found or fitting)[:MOST_ROWS])
    chosen = [c for s in first if (c := at.quoted(s, lambda *_: False))]
    listed = [c.source for c in chosen]
    closest = [c for c in with_closest([], at.evidence, at.relevance, at.topic) if c.score > CLOSE]
    if people and found:
        closest = [c for c in closest if studied(c.source, people, at.topic)]
    chosen += [c for c in closest if c.source.id not in {s.id for s in listed}]
    return tabled(
        at,
        chosen,
        _headline(found.bit_count(), fitting.bit_count(), len(listed), _in_all(at, found or fitting)),
        COLUMNS,
        row,
        listed=listed,
        unknowns=("what has been registered or published since the collection was made",),
    )


def _in_all(at: TableAsked, rows: Bits) -> str:
    if not asks_people_in_all(at.relevance.question.text):
        return ""
    shelf = at.works.shelf
    counted_rows = list(rows_of(rows & ~shelf.designed(NOT_COUNTED)))
    sizes = {shelf.ids[row]: shelf.people[row] for row in counted_rows}
    return f" {people_in_all([shelf.linked(row) for row in counted_rows], sizes)}"


def _headline(found: int, fitting: int, listed: int, in_all: str) -> str:
    """How many works fit, and how many were left out because they studied other people."""
    others = fitting - found
    if not found:
        text = f"No work in this collection studied it in these people; {_them(others)} in others."
    else:
        fits = "1 work" if found == 1 else f"{found} works"
        text = f"{fits} in this collection fit{'s' * (found == 1)} the question; others may exist outside it."
        if others:
            text += f" Left out: {_them(others)} mood or mental health in people with other illnesses."
    more = (found or fitting) > listed
    return text + in_all + (f" The first {listed} are shown." if more else "")


def _them(n: int) -> str:
    return f"{counted(n, 'work')} that studied"
