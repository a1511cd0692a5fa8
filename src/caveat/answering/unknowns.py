"""What an answer does not tell, by rule from the facts of its sources; and what one may ask next."""

from __future__ import annotations

import re
from collections.abc import Sequence

from caveat.answering.evidence import Evidence
from caveat.answering.relevance import Relevance
from caveat.answering.select import Selection
from caveat.answering.verdict import labels
from caveat.domain.duration import in_words, is_single_dose, longest_days
from caveat.domain.model import Caveat, CaveatKind, Design, Direction, Source
from caveat.domain.model import QuestionKind as Q
from caveat.domain.topic import Topic
from caveat.domain.words_for import has_results

_ON_EFFECT = frozenset({Q.EFFECT, Q.HARM, Q.LAY_CLAIM, Q.COMPARISON})
_EXCLUDED = re.compile(r"\bexclud\w+\b.{0,60}\bsuicid\w+", re.IGNORECASE)


def unknowns(selection: Selection, evidence: Evidence, relevance: Relevance, topic: Topic) -> tuple[str, ...]:
    """Short phrases that complete "This does not tell …"."""
    q = relevance.question
    kind = q.kind
    outcome = labels(q.outcomes, topic, " or ") or topic.outcome_word
    if kind is Q.ASSOCIATION:
        marker = labels(q.markers, topic) or "inflammation"
        if relevance.asks_who_responds:
            return (
                f"whether choosing a treatment by {marker} helps anyone",
                "what is true of any one person",
            )
        return (f"whether lowering {marker} changes {outcome}", "what is true of any one person")
    if kind is Q.MECHANISM:
        return (f"whether blocking this route changes {topic.outcome_word} in people",)
    if kind not in _ON_EFFECT:
        return ()
    out: list[str] = []
    sources = {c.source.id: c.source for c in selection.chosen}
    treated = [
        s
        for s in sources.values()
        if s.id in selection.direct
        and has_results(s)
        and s.design in {Design.RCT, Design.OPEN_LABEL, Design.COHORT}
    ]
    main = [s for s in treated if s.id in selection.main_illness]
    if main and all(is_single_dose(s.intervention) for s in main):
        out.append("whether repeated doses would do better or worse")
    days = [d for s in main or treated if (d := longest_days(s.duration))]
    if days:
        out.append(f"what happens after {in_words(max(days))}")
    if not main:
        out.append(
            f"the effect in people whose main illness is {outcome}"
            if q.outcomes
            else f"the effect on {topic.outcome_word} itself"
        )
    if any(
        _EXCLUDED.search(c.text) for c in evidence.candidates if c.section in {"limits", "what_was_found"}
    ):
        out.append("effects in people with current suicidal thoughts, whom a trial left out")
    out.append("whether it would help or harm any one person")
    return tuple(out)


def follow_ups(relevance: Relevance, topic: Topic) -> tuple[str, ...]:
    """Up to three next questions that the collection can answer."""
    q = relevance.question
    drug = labels(q.drugs[:1], topic) or topic.by_id[topic.main_drug].label
    outcome = labels(q.outcomes[:1], topic) or topic.by_id[topic.main_outcome].label
    offers = (
        (Q.HARM, f"Did anyone get worse on {drug}?"),
        (Q.EFFECT, f"Does {drug} help {outcome}?"),
        (Q.LIST, "Which trials are still recruiting?"),
        (Q.SAFETY, f"What are the serious risks of {drug}?"),
        (Q.GAP, f"What is not known about {drug} and {outcome}?"),
    )
    return tuple(text for kind, text in offers if kind is not q.kind)[:3]


def for_the_prescriber(
    selection_sources: Sequence[Source], caveats: Sequence[Caveat], drug: str
) -> tuple[str, ...]:
    """Up to three questions to take to a prescriber, each from a fact of the works that were found."""
    kinds = {c.kind for c in caveats}
    out: list[str] = []
    if CaveatKind.NOT_APPROVED in kinds:
        out.append(
            f"{drug[0].upper()}{drug[1:]} is not approved for any psychiatric use: what would that mean for me?"
        )
    if any(s.primary_outcome_met is False for s in selection_sources):
        out.append("A trial did not reach its main outcome: does that change what I can expect?")
    if any(s.direction is Direction.HARM for s in selection_sources):
        out.append("In one group people did worse: could that happen to me, and how would we notice?")
    if CaveatKind.DIFFERENT_POPULATION in kinds:
        out.append("Most people studied had another illness than mine: how far does that carry over?")
    return tuple(out[:3])
