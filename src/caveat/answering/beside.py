"""No benefit alone: whatever led to a sentence that a drug helps mood, the work against it is quoted beside it.

Lists, comparisons, questions on one study and filters may all leave out the trial that missed its main outcome and
the group that got worse; here they are put back, from the whole collection.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from caveat.answering.evidence import Candidate, FactsCache
from caveat.answering.forms.common import Chosen
from caveat.answering.forms.effect import tells_of_drug
from caveat.answering.limited import whole_index
from caveat.answering.model_claims import Drafted
from caveat.answering.relevance import Relevance
from caveat.answering.rows import Bits, rows_of
from caveat.answering.select import Selection
from caveat.answering.shelf import Is
from caveat.answering.works import Works
from caveat.domain.lanes import effect_stance
from caveat.domain.model import Direction, Source, Stance
from caveat.domain.model import QuestionKind as Q
from caveat.domain.ports import EvidenceIndex
from caveat.domain.topic import Topic
from caveat.domain.words_for import has_results, is_taken_back

_MOOD = frozenset({"anxiety", "suicidality", "mental_health"})
_NOT_FINDINGS = frozenset({"what_was_done", "limits"})
_AGAINST = frozenset({Stance.OPPOSES, Stance.NO_CLEAR_DIFFERENCE})


def with_the_other_side(
    chosen: Sequence[Chosen],
    index: EvidenceIndex,
    relevance: Relevance,
    cache: FactsCache,
    drafted: Sequence[Drafted] = (),
) -> tuple[list[Chosen], frozenset[str]]:
    """The sentences with those a benefit may not stand without, and the ids of the works that were added."""
    topic = relevance.topic
    lines = [*chosen, *(as_chosen for line in drafted for as_chosen in _told_by(line))]
    benefits = [c for c in lines if tells_benefit(c, relevance)]
    everything = whole_index(index)
    if not benefits:
        return list(chosen), frozenset()
    shown = {c.source.id for c in chosen if _lane(c.candidate.text, c.source, topic) in _AGAINST}
    wanted = [s for s in _against(benefits, cache.works(everything), relevance) if s.id not in shown]
    added = [c for s in wanted if (c := _sentence_against(s, everything, cache, topic))]
    if not added:
        return list(chosen), frozenset()
    if relevance.question.kind is Q.ASSOCIATION:
        return [*chosen, *(replace(c, stance=Stance.CONTEXT) for c in added)], frozenset(
            c.source.id for c in added
        )
    marked = [replace(c, stance=Stance.SUPPORTS) if c in benefits else c for c in chosen]
    return [*marked, *added], frozenset(c.source.id for c in added)


def balanced(
    selection: Selection,
    index: EvidenceIndex,
    relevance: Relevance,
    cache: FactsCache,
    drafted: Sequence[Drafted] = (),
) -> Selection:
    """The selection with the other side of every benefit in it, or in the sentences that a model wrote."""
    chosen, added = with_the_other_side(selection.chosen, index, relevance, cache, drafted)
    if not added:
        return selection
    everything = whole_index(index)
    elsewhere = frozenset(
        i for i, s in everything.sources(sorted(added)).items()
        if relevance.other_illness(cache.facts_of(everything, s))
    )  # fmt: skip
    return replace(
        selection,
        chosen=tuple(chosen),
        other_illness=selection.other_illness | elsewhere,
        beside=added,
    )


OUTSIDE_FILTERS = "Shown although the filters leave it out: work that points the other way."


def outside(added: Iterable[str], index: EvidenceIndex) -> tuple[str, ...]:
    """A notice where a work was added that the filters leave out."""
    return (OUTSIDE_FILTERS,) if set(added) - set(index.sources(sorted(added))) else ()


def tells_benefit(item: Chosen, relevance: Relevance) -> bool:
    """True for a sentence that reports better mood or mental health on a drug of the topic's own class."""
    topic, source = relevance.topic, item.source
    if item.candidate.section in _NOT_FINDINGS or not tells_of_drug(item.candidate, relevance, topic):
        return False
    told = topic.entity_ids(item.candidate.text, nested=True)
    if not told & _mental(topic) or not _drugs(item, relevance):
        return False
    return _lane(item.candidate.text, source, topic) is Stance.SUPPORTS


def _told_by(line: Drafted) -> list[Chosen]:
    """A drafted sentence as if each of its works said it."""
    return [
        Chosen(
            Candidate(p.source, p.passage, 0, line.text, frozenset(), frozenset(), 0.0, 0.0), line.stance, 0.0
        )
        for p in line.proofs
    ]


def _lane(sentence: str, source: Source, topic: Topic) -> Stance:
    return effect_stance(sentence, source)


def _ours(topic: Topic) -> frozenset[str]:
    return topic.family(topic.own_class)


def _drugs(item: Chosen, relevance: Relevance) -> frozenset[str]:
    """The topic's own drugs that the sentence is about, by name or, where it names none, by its work.

    A wider class ("cytokine blockers") stands for the drugs of its work unless the question is on other drugs alone.
    """
    topic = relevance.topic
    named = {
        i for i in topic.entity_ids(item.candidate.text) if topic.by_id[i].group in {"drug", "drug_class"}
    }
    named = {i for i in named if not topic.by_id[i].background}
    given = topic.entity_ids(item.source.intervention or "") & _ours(topic)
    wider = set(topic.ancestors(topic.main_drug)) - _ours(topic)
    if named and not named <= wider:
        return frozenset(named) & _ours(topic)
    asked = set(relevance.question.drugs)
    elsewhere = bool(named) and bool(asked) and not asked & (_ours(topic) | wider)
    return frozenset() if elsewhere else given


def _mood(topic: Topic) -> frozenset[str]:
    return topic.family(topic.main_outcome) | (_MOOD & set(topic.by_id))


def _mental(topic: Topic) -> frozenset[str]:
    illnesses = {e.id for e in topic.entities if e.group == "outcome" and not e.symptom}
    return _mood(topic) | illnesses


def _against(benefits: Sequence[Chosen], works: Works, relevance: Relevance) -> list[Source]:
    """The strongest work that missed its main outcome and the strongest that reports harm, on the same drug and outcome."""
    topic, shelf = relevance.topic, works.shelf
    warning, harm = works.warning(), shelf.reporting({Direction.HARM})
    found: list[int] = []
    for outcomes in _outcome_groups(benefits, topic):
        about = [b for b in benefits if topic.entity_ids(b.candidate.text, nested=True) & outcomes]
        drugs = frozenset(f for b in about for d in _drugs(b, relevance) for f in topic.family(d))
        fitting = warning & shelf.tested.any(drugs) & shelf.identity.any(outcomes)
        found += (_first(side, works, topic) for side in (fitting & ~harm, fitting & harm) if side)
    return works.sources(dict.fromkeys(found))


def _first(rows: Bits, works: Works, topic: Topic) -> int:
    """Of the main drug before others, then of works that tested what they set out to test, the strongest and newest."""
    shelf = works.shelf
    for better in (shelf.titled.of(topic.main_drug), shelf.those(Is.MET) | shelf.those(Is.MISSED)):
        rows = rows & better or rows
    return min(rows_of(rows), key=shelf.strength)


def _outcome_groups(benefits: Iterable[Chosen], topic: Topic) -> list[frozenset[str]]:
    """Mood as one group; every other illness with its narrower forms."""
    told = {i for b in benefits for i in topic.entity_ids(b.candidate.text, nested=True) & _mental(topic)}
    groups = [_mood(topic)] if told & _mood(topic) else []
    for one in sorted(told - _mood(topic)):
        widest = ([one, *topic.ancestors(one)])[-1]
        if topic.family(widest) not in groups:
            groups.append(topic.family(widest))
    return groups


def _sentence_against(source: Source, index: EvidenceIndex, cache: FactsCache, topic: Topic) -> Chosen | None:
    """The sentence that says so; one on the main outcome before others, figures before words."""
    found: list[tuple[tuple[bool, bool, int], Chosen]] = []
    for passage in index.source_passages(source.id):
        if not passage.quotable or passage.section in _NOT_FINDINGS:
            continue
        for i, row in enumerate(cache.sentences(index.generation, passage)):
            text = row.text
            lane = _lane(text, source, topic)
            if lane not in _AGAINST or row.to_the_machine:
                continue
            candidate = Candidate(source, passage, i, text, row.entities, row.stems, 0.0, 0.0)
            expected = lane is (
                Stance.OPPOSES if source.direction is Direction.HARM else Stance.NO_CLEAR_DIFFERENCE
            )
            main = "primary outcome" in text.casefold() and source.direction is not Direction.HARM
            found.append(((not expected, not main, i), Chosen(candidate, lane, 0.0)))
    return min(found, key=lambda row: row[0])[1] if found else None


def said_beside(sources: Iterable[Source]) -> str:
    """The sentence that names the works that were added; empty when there are none."""
    listed = [s for s in sources if has_results(s) and not is_taken_back(s)]
    if not listed:
        return ""
    missed = any(s.direction is not Direction.HARM for s in listed)
    worse = any(s.direction is Direction.HARM for s in listed)
    parts = ["a trial that missed its main outcome"] * missed + [
        "a group in which people given the drug did worse"
    ] * worse
    return f" Where a gain is quoted, so {'are' if len(parts) > 1 else 'is'} {' and '.join(parts)}."
