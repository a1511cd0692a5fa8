"""Puts chosen sentences into an answer: numbers, frames, caveats, certainty. Quotes are checked here, last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from caveat.answering.evidence import Evidence
from caveat.answering.forms.common import Chosen
from caveat.answering.headline import compared, headline
from caveat.answering.model_claims import Drafted
from caveat.answering.model_merge import Line, merge
from caveat.answering.relevance import Relevance
from caveat.answering.select import Selection
from caveat.answering.unknowns import follow_ups, unknowns
from caveat.domain.caveats import Situation, caveats_for
from caveat.domain.certainty import rate_association, rate_background, rate_effect, rate_single
from caveat.domain.independent import independent_groups
from caveat.domain.model import (
    Caveat,
    CaveatKind,
    Certainty,
    Citation,
    Claim,
    Design,
    Level,
    NumberedSource,
    Severity,
    Source,
    Stance,
    Table,
)
from caveat.domain.model import QuestionKind as Q
from caveat.domain.topic import Topic
from caveat.domain.words_for import LABORATORY, POOLED, frame, has_results

_ON_EFFECT = frozenset({Q.EFFECT, Q.HARM, Q.LAY_CLAIM, Q.COMPARISON})
NOT_COMPARED = "no study here sets them side by side"
_UNRATED = frozenset({Q.APPROVAL, Q.DEFINITION, Q.LIST, Q.GAP})


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a cited answer that come from its sentences."""

    headline: str
    claims: tuple[Claim, ...]
    sources: tuple[NumberedSource, ...]
    caveats: tuple[Caveat, ...]
    certainty: Certainty | None
    unknowns: tuple[str, ...]
    follow_ups: tuple[str, ...]
    removed: int
    table: Table | None = None


def said_first(parts: Parts, told: str) -> Parts:
    """The parts with this before the headline; the same parts where there is nothing to say."""
    return replace(parts, headline=f"{told} {parts.headline}") if told else parts


def sources_of(line: Line) -> tuple[Source, ...]:
    """The works a line rests on."""
    return line.sources if isinstance(line, Drafted) else (line.source,)


def number_sources(lines: Sequence[Line]) -> dict[str, int]:
    """Source ids with their numbers, in order of first use."""
    numbers: dict[str, int] = {}
    for line in lines:
        for source in sources_of(line):
            numbers.setdefault(source.id, len(numbers) + 1)
    return numbers


def to_claim(item: Chosen, number: int) -> Claim | None:
    """A claim that is an exact quote of its passage; None when the quote does not stand there."""
    passage, span = item.candidate.passage, item.candidate.passage.sentences[item.candidate.sentence_index]
    quote = item.candidate.text
    if not passage.quotable or passage.text[span.start : span.end] != quote or not quote.strip():
        return None
    citation = Citation(number, item.source.id, passage.id, quote, span.start, span.end)
    return Claim(quote, (citation,), item.stance, frame(item.source))


def drafted_claim(line: Drafted, numbers: dict[str, int]) -> Claim | None:
    """A claim in a model's words over its exact quotes; None when a quote does not stand there."""
    citations = []
    for proof in line.proofs:
        if not proof.passage.quotable or not proof.quote.strip():
            return None
        number = numbers.get(proof.source.id, 0)
        span = proof.span
        citations.append(
            Citation(number, proof.source.id, proof.passage.id, proof.quote, span.start, span.end)
        )
    frames = [frame(s) for s in line.sources]
    if len(frames) > 1:
        frames = [f"[{numbers.get(s.id, 0)}] {f}" for s, f in zip(line.sources, frames, strict=True)]
    return Claim(line.text, tuple(citations), line.stance, "; ".join(frames))


def _claim(line: Line, numbers: dict[str, int]) -> Claim | None:
    if isinstance(line, Drafted):
        return drafted_claim(line, numbers)
    return to_claim(line, numbers.get(line.source.id, 0))


def compose(
    selection: Selection,
    evidence: Evidence,
    relevance: Relevance,
    topic: Topic,
    *,
    today: date,
    status_max_age_days: int,
    drafted: Sequence[Drafted] = (),
) -> Parts:
    """The answer's parts; what fails its check is left out and counted.

    ``drafted`` are proven sentences of a model. They change wording and order within a lane, nothing else: headline,
    certainty, caveats and what is unknown come from the same rules over the works that are shown.
    """
    lines = merge(selection.chosen, drafted)
    numbers = number_sources([line for line in lines if _claim(line, {})])
    built = [(line, _claim(line, numbers)) for line in lines]
    claims = tuple(c for _, c in built if c)
    used = {c.source_id for claim in claims for c in claim.citations}
    sources = [s for s in {s.id: s for line, _ in built for s in sources_of(line)}.values() if s.id in used]
    if drafted:
        selection = replace(selection, chosen=tuple(c for c in selection.chosen if c.source.id in used))
    kind = relevance.question.kind
    stances = {c.stance for c in claims} - {Stance.CONTEXT}
    situation = Situation(
        numbers=numbers,
        today=today,
        drug_discussed=drug_discussed(relevance, sources, topic),
        other_population=selection.other_illness if kind in _ON_EFFECT | {Q.STUDY} else frozenset(),
        conflicting=kind in _ON_EFFECT | {Q.ASSOCIATION} and len(stances) > 1,
        on_effect=kind in _ON_EFFECT | {Q.ASSOCIATION, Q.MECHANISM},
        on_association=kind is Q.ASSOCIATION or not relevance.question.drugs,
        status_max_age_days=status_max_age_days,
    )
    certainty = _certainty(selection, relevance, topic, sources, stances)
    caveats = list(caveats_for(sources, situation, topic.approval, topic.label_warnings))
    shared = shared_people(sources, numbers)
    if shared:
        caveats.append(shared)
    return Parts(
        headline=headline(selection, relevance, topic, certainty.level if certainty else None),
        claims=claims,
        sources=tuple(NumberedSource(numbers[s.id], s) for s in sources),
        caveats=tuple(caveats),
        certainty=certainty,
        unknowns=unknowns(selection, evidence, relevance, topic),
        follow_ups=follow_ups(relevance, topic),
        removed=sum(1 for _, c in built if c is None),
    )


def drug_discussed(relevance: Relevance, sources: Sequence[Source], topic: Topic) -> bool:
    """True when the question, or a source that gave it to people, is about an IL-6 blocker."""
    ours = {topic.main_drug, *topic.ancestors(topic.main_drug)[:1]}
    family = frozenset(i for o in ours for i in topic.family(o))
    if set(relevance.question.drugs) & family:
        return True
    given = [s.intervention for s in sources if s.intervention and s.design not in LABORATORY]
    return any(topic.entity_ids(text) & family for text in given)


def shared_people(sources: Sequence[Source], numbers: dict[str, int]) -> Caveat | None:
    """Says which of the works shown report the same people, so that nobody counts them twice."""
    groups = [sorted(numbers[s.id] for s in g) for g in independent_groups(sources) if len(g) > 1]
    if not groups:
        return None
    listed = "; ".join(", ".join(f"[{n}]" for n in group) for group in sorted(groups))
    members = {n for group in groups for n in group}
    shared = sorted((s for s in sources if numbers[s.id] in members), key=lambda s: numbers[s.id])
    pools = any(s.design in POOLED or s.design is Design.TRIAL_PROTOCOL for s in shared)
    why = "one pools the other, or they" if pools else "they"
    return Caveat(
        CaveatKind.FEW_SOURCES,
        Severity.INFO,
        f"Not independent, because {why} report some of the same people: {listed}.",
        tuple(s.id for s in shared),
    )


def _certainty(
    selection: Selection,
    relevance: Relevance,
    topic: Topic,
    sources: Sequence[Source],
    stances: set[Stance],
) -> Certainty | None:
    kind = relevance.question.kind
    if kind in _UNRATED or not sources:
        return None
    if kind is Q.ASSOCIATION:
        return rate_association(sources, stances)
    if kind is Q.COMPARISON and not compared(selection, relevance, topic):
        rated = rate_effect(sources, stances, direct=selection.direct, main_illness=selection.main_illness)
        return Certainty(Level.VERY_LOW, (*(rated.reasons if rated else ()), NOT_COMPARED))
    if kind in _ON_EFFECT:
        return rate_effect(sources, stances, direct=selection.direct, main_illness=selection.main_illness)
    if kind in {Q.STUDY, Q.FIGURE}:
        # A plan shown first says nothing of the results shown after it.
        return rate_single(next((s for s in sources if has_results(s)), sources[0]))
    return rate_background(sources)
