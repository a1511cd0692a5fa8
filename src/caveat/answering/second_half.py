"""The other of two questions in one message: its sentences stand behind those of the first, its verdict after the first's."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from caveat.answering.compose import Parts
from caveat.answering.decline import implied_question
from caveat.answering.finding import Finding
from caveat.answering.gate import refusal
from caveat.answering.headline import headline
from caveat.answering.names import NameIndex
from caveat.answering.relevance import Relevance
from caveat.answering.rest import questions_in, without_note
from caveat.answering.select import Selection, select
from caveat.answering.understanding import read_with_names
from caveat.domain.kinds import tells_its_kind
from caveat.domain.model import QuestionKind as Q
from caveat.domain.model import Stance
from caveat.domain.question import Question, read_question
from caveat.domain.topic import Topic

MOST = 4
_POINTS = re.compile(r"\b(?:it|its|this|that|they|them|one)\b", re.IGNORECASE)
_ALIKE = {Q.LAY_CLAIM: Q.EFFECT}
_LANED = frozenset({Q.EFFECT, Q.HARM, Q.LAY_CLAIM, Q.ASSOCIATION})


@dataclass(frozen=True, slots=True)
class Half:
    """The other question as it was understood, and what was chosen for it; nothing where the collection is silent."""

    asked: str
    told: str
    selection: Selection | None = None


def other_half(whole: Relevance, names: NameIndex, finding: Finding) -> Half | None:
    """The question of the two that the answer to the whole leaves out; None where there is no such question.

    Of a work that is named both are answered by what is told of the work.
    """
    topic = finding.topic
    said, note = without_note(whole.question.text)
    parts = questions_in(said)
    if len(parts) != 2 or whole.named_ids or whole.question.kind is Q.LIST or whole.asks_if_it_works_too:
        return None
    reads = [read_question(f"{part}?", topic) for part in parts]
    texts = [_filled(reads[0], reads[1], note, topic), _filled(reads[1], reads[0], note, topic)]
    covered = _ALIKE.get(whole.question.kind, whole.question.kind)
    for asked, own, text in zip(parts, reads, texts, strict=True):
        relevance = read_with_names(text, names, topic)
        kind = relevance.question.kind
        if _ALIKE.get(kind, kind) is covered or kind is Q.LIST:
            continue
        if not (own.entity_ids or _says_its_kind(relevance.question)):
            continue
        return _half(asked, relevance, whole.question.kind, finding)
    return None


def _says_its_kind(read: Question) -> bool:
    """ "What happens if they do?" has no subject of its own to look up."""
    return tells_its_kind(read.text, drugs=read.drugs, markers=read.markers, outcomes=read.outcomes)


def _filled(read: Question, other: Question, note: str, topic: Topic) -> str:
    """One question of the two, with what its "it" leaves to the other: the drug or marker, the outcome, the illness."""
    add: list[str] = []
    if not read.entity_ids or _POINTS.search(read.text):
        subject = () if read.drugs or read.markers else other.drugs or other.markers
        outcomes = () if read.outcomes or read.concepts else other.outcomes
        conditions = () if read.conditions or read.concepts else other.conditions
        add = [] if subject else [word for word in note.split(", ") if word]
        add += [topic.by_id[i].label for i in (*subject, *outcomes, *conditions)]
    text = f"{read.text} ({', '.join(dict.fromkeys(add))})" if add else read.text
    return implied_question(text, read_question(text, topic), topic, named=False)


def _half(asked: str, relevance: Relevance, beside: Q, finding: Finding) -> Half:
    evidence = finding.read(relevance, finding.search(relevance))
    no = refusal(evidence, relevance)
    found = None if no else select(evidence, relevance, finding.topic)
    if found is None or not found.chosen:
        on = f"; it holds nothing on: {', '.join(no.missing)}" if no and no.missing else ""
        return Half(asked, f"this collection does not answer that{on}.")
    chosen = found.chosen[:MOST]
    if beside in _LANED:  # the lanes are those of the first question
        chosen = tuple(replace(c, stance=Stance.CONTEXT) for c in chosen)
    found = replace(found, chosen=chosen)
    return Half(asked, headline(found, relevance, finding.topic), found)


def with_half(selection: Selection, half: Half | None) -> Selection:
    """The selection with the sentences of the other question behind its own."""
    if half is None or half.selection is None:
        return selection
    have = {(c.candidate.passage.id, c.candidate.sentence_index) for c in selection.chosen}
    more = tuple(
        c for c in half.selection.chosen if (c.candidate.passage.id, c.candidate.sentence_index) not in have
    )
    return replace(
        selection,
        chosen=(*selection.chosen, *more),
        direct=selection.direct | half.selection.direct,
        main_illness=selection.main_illness | half.selection.main_illness,
        other_illness=selection.other_illness | half.selection.other_illness,
        forms={**half.selection.forms, **selection.forms},
    )


def and_then(parts: Parts, half: Half | None) -> Parts:
    """The parts with what is said to the other question after the headline."""
    if half is None:
        return parts
    return replace(parts, headline=f"{parts.headline} Also asked, “{half.asked.strip(' ?')}?”: {half.told}")
