"""Which works of a whole collection are about the things that a question names; the same rules as for one work in ``relevance``."""

from __future__ import annotations

from collections.abc import Iterable

from caveat.answering.relevance import Relevance
from caveat.answering.rows import Bits, Marks
from caveat.answering.shelf import Is
from caveat.answering.works import Works


def naming_all(works: Works, relevance: Relevance, groups: Iterable[tuple[str, ...]]) -> Bits:
    """The works about at least one thing of each group; an empty group asks for nothing."""
    found = works.shelf.those(Is.A_WORK)
    for ids in groups:
        found &= naming(works, relevance, ids, works.shelf.identity)
    return found


def naming(works: Works, relevance: Relevance, ids: tuple[str, ...], marks: Marks[str]) -> Bits:
    """The works that have one of these things among their ``marks``; all where nothing is asked."""
    wanted = {f for i in ids for f in relevance.family(i)}
    return marks.any(wanted) if ids else works.shelf.those(Is.A_WORK)


def on_drug(works: Works, relevance: Relevance) -> Bits:
    """The works that tested a drug that was asked for, and not only gave it to everyone."""
    drugs, by_id = relevance.question.drugs, relevance.topic.by_id
    found = naming(works, relevance, drugs, works.shelf.tested)
    if drugs and all(by_id[d].background for d in drugs):
        found &= ~works.shelf.tested.any(
            e.id for e in by_id.values() if e.group in {"drug", "drug_class"} and not e.background
        )
    return found


def in_condition(works: Works, relevance: Relevance) -> Bits:
    """The works whose people have an illness that was asked about, or one it is a form of."""
    asked = relevance.asked_conditions
    return works.shelf.identity.any(asked) if asked else works.shelf.those(Is.A_WORK)
