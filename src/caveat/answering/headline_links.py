"""The first sentence of an answer on what goes with what, on who responds, and on what was never given."""

from __future__ import annotations

from collections.abc import Sequence, Set

from caveat.answering.relevance import Relevance
from caveat.answering.select import Selection
from caveat.answering.verdict import labels
from caveat.domain.model import Design, Source, Stance
from caveat.domain.topic import Topic
from caveat.domain.words_for import people


def shown(selection: Selection) -> list[Source]:
    """The works behind the sentences chosen, in their order."""
    return list({c.source.id: c.source for c in selection.chosen}.values())


def association(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    """The first sentence on what goes with what: on average, mixed, or not; never a cause."""
    q = relevance.question
    marker = labels(q.markers, topic) or "inflammation"
    other = labels(q.outcomes or q.conditions, topic, " or ")
    stances = {c.stance for c in selection.chosen}
    if relevance.asks_of_giving and not any(relevance.gave(s) for s in shown(selection)):
        return _not_given(marker, shown(selection))
    if relevance.asks_who_responds:
        return _who_responds(marker, stances)
    genes = "mr" in q.concepts
    against = {Stance.NO_CLEAR_DIFFERENCE, Stance.OPPOSES} & stances
    tail = "no drug was tested" if genes else "going together does not show cause"
    kind = "genetic studies" if genes else "studies"
    if not other:
        return f"What this collection says on {marker} stands below; {tail}."
    pooled = [c for c in selection.chosen if c.source.design in {Design.META_ANALYSIS, Design.MEGA_ANALYSIS}]
    for_it = {c.source.id for c in pooled if c.stance is Stance.SUPPORTS}
    not_for_it = {c.source.id for c in pooled if c.stance in against}
    if for_it and not not_for_it:
        single = ", though single studies disagree" if against else ""
        return f"On average {marker} and {other} go together in the pooled studies here{single}; {tail}."
    if for_it - not_for_it and not not_for_it - for_it:
        return f"On average {marker} and {other} go together in the pooled studies here, though not by every measure or in every group; {tail}."
    if Stance.SUPPORTS in stances and against:
        return f"Mixed: {kind} here disagree on the link between {marker} and {other}; {tail}."
    if Stance.SUPPORTS in stances:
        return f"{marker} and {other} go together in the {kind} quoted here; {tail}."
    if against:
        return f"The {kind} quoted here found no clear link between {marker} and {other}."
    return f"What this collection says on {marker} and {other} stands below; {tail}."


def _not_given(marker: str, sources: Sequence[Source]) -> str:
    """Says that nobody was given the marker, and what the nearest works did instead."""
    near = [
        f"{people(s) or 'people'} ({(s.intervention or '').casefold()})"
        for s in sources
        if s.design is Design.EXPERIMENTAL_HUMAN
    ]
    text = f"Nothing was found here on what happens after {marker} is given: no work quoted below gave it to anyone."
    return (
        f"{text} Nearest: {'; '.join(near[:2])}."
        if near
        else f"{text} They only measured it, or looked at genes."
    )


def _who_responds(marker: str, stances: Set[Stance]) -> str:
    """Whether a marker went with the response to treatment, as quoted; never that it can choose for one person."""
    yes, no = Stance.SUPPORTS in stances, bool({Stance.NO_CLEAR_DIFFERENCE, Stance.OPPOSES} & stances)
    tail = "none of this shows that it can choose a treatment for one person"
    if yes and no:
        return f"Mixed: in some works quoted here {marker} went with the response to treatment, in others it did not; {tail}."
    if yes:
        return f"In the works quoted here {marker} went with the response to treatment; {tail}."
    if no:
        return f"The works quoted here found no clear sign that {marker} tells who responds to treatment."
    return f"What this collection says on {marker} and the response to treatment stands below; {tail}."
