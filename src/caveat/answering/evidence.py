"""Turns retrieved passages into candidate sentences with all that the rules need to choose among them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from caveat.answering.about import WorkAbout, about_work
from caveat.answering.retrieve import Retrieval
from caveat.answering.shelf import Shelf
from caveat.answering.works import Works, every_work, stored_index
from caveat.domain.hostile import talks_to_the_machine
from caveat.domain.model import Passage, Source
from caveat.domain.ports import EvidenceIndex
from caveat.domain.question import Question
from caveat.domain.record import work_words
from caveat.domain.safety import tells_of_methods
from caveat.domain.stems import stems
from caveat.domain.text import tokens
from caveat.domain.topic import Topic

POOL_PASSAGES = 60
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence of one passage, with what it names and how well it fits the question."""

    source: Source
    passage: Passage
    sentence_index: int
    text: str
    entities: frozenset[str]
    stems: frozenset[str]
    similarity: float
    rank_score: float

    @property
    def section(self) -> str:
        """Name of the section it stands in."""
        return self.passage.section

    @property
    def has_number(self) -> bool:
        """True when the sentence states a figure."""
        return any(map(str.isdigit, self.text))


@dataclass(frozen=True, slots=True)
class SourceFacts(WorkAbout):
    """What a source is about: entities of its facts, of its whole text, and its word stems."""

    everywhere: frozenset[str]
    stems: frozenset[str]
    identity_stems: frozenset[str]


class ReadSentence(NamedTuple):
    """One sentence, as far as it is the same for every question."""

    text: str
    entities: frozenset[str]
    stems: frozenset[str]
    to_the_machine: bool
    """True where it gives orders to whoever processes it: never quoted."""


class Evidence:
    """The candidates of one question, and what their sources are about."""

    def __init__(self, candidates: list[Candidate], facts: dict[str, SourceFacts]) -> None:
        self.candidates = candidates
        self.facts = facts

    @property
    def sources(self) -> dict[str, Source]:
        """The sources that have a candidate."""
        return {c.source.id: c.source for c in self.candidates}

    def of(self, source_ids: Iterable[str]) -> list[Candidate]:
        """The candidates of these sources."""
        wanted = set(source_ids)
        return [c for c in self.candidates if c.source.id in wanted]


class FactsCache:
    """Remembers what sources are about, for one generation at a time; safe to lose."""

    def __init__(self, topic: Topic, size: int = 5000) -> None:
        self._topic = topic
        self._size = size
        self._facts: OrderedDict[tuple[str, str], SourceFacts] = OrderedDict()
        self._shelf: Shelf | None = None
        self._lock = threading.Lock()
        self._sentences: OrderedDict[tuple[str, str], tuple[ReadSentence, ...]] = OrderedDict()

    def facts(self, generation: str, source: Source, passages: Sequence[Passage]) -> SourceFacts:
        """Entities and stems of the source."""
        key = (generation, source.id)
        known = self._facts.get(key)
        if known is None:
            about = about_work(source, self._topic)
            words = work_words(source, (p.text for p in passages if p.quotable))
            known = SourceFacts(
                about.identity,
                about.tested,
                self._topic.entities_among(words),
                stems(words),
                stems(work_words(source, ())),
            )
            _remember(self._facts, key, known, self._size)
        return known

    def works(self, index: EvidenceIndex) -> Works:
        """Every work that a question may look at; the first one of a generation reads them all."""
        with self._lock:
            if self._shelf is None or self._shelf.generation != index.generation:
                stored, _ = stored_index(index)
                self._shelf = Shelf(index.generation, every_work(stored), self._topic)
            return Works(index, self._shelf)

    def facts_of(self, index: EvidenceIndex, source: Source) -> SourceFacts:
        """The same, of a work of this index; its passages are read only where the facts are not known yet."""
        known = self._facts.get((index.generation, source.id))
        return known or self.facts(index.generation, source, index.source_passages(source.id))

    def sentences(self, generation: str, passage: Passage) -> tuple[ReadSentence, ...]:
        """The passage's sentences, in order, with what each names."""
        key = (generation, passage.id)
        known = self._sentences.get(key)
        if known is None:
            known = tuple(self._read(passage.sentence(i)) for i in range(len(passage.sentences)))
            _remember(self._sentences, key, known, self._size * 4)
        return known

    def _read(self, text: str) -> ReadSentence:
        words = tokens(text)
        return ReadSentence(text, self._topic.entities_among(words), stems(words), talks_to_the_machine(text))


def _remember(store: OrderedDict[_Key, _Value], key: _Key, value: _Value, most: int) -> None:
    """Keeps the value; the oldest go. Other threads may do the same at the same time."""
    store[key] = value
    while len(store) > most:
        try:
            store.popitem(last=False)
        except KeyError:  # another thread was quicker
            return


def gather(
    index: EvidenceIndex,
    question: Question,
    retrieval: Retrieval,
    cache: FactsCache,
    extra: Sequence[str] = (),
    *,
    hide_methods: bool = False,
) -> Evidence:
    """Every quotable sentence of the sources behind the best passages (and of ``extra`` source ids).

    With ``hide_methods`` no sentence comes from a passage that tells how people harm themselves.
    """
    order = [retrieval.passages[i].source_id for i in retrieval.ranked[:POOL_PASSAGES]]
    source_ids = list(dict.fromkeys([*extra, *order]))
    sources = index.sources(source_ids)
    best: dict[str, float] = {}
    for passage_id in retrieval.ranked:
        source_id = retrieval.passages[passage_id].source_id
        best[source_id] = max(best.get(source_id, 0.0), retrieval.scores[passage_id])
    candidates: list[Candidate] = []
    facts: dict[str, SourceFacts] = {}
    per_source = {i: index.source_passages(i) for i in source_ids if i in sources}
    wanted = [p.id for ps in per_source.values() for p in ps if p.quotable]
    similarity = index.sentence_similarity(question.text, wanted)
    for source_id, passages in per_source.items():
        source = sources[source_id]
        facts[source_id] = cache.facts(index.generation, source, passages)
        for passage in passages:
            if not passage.quotable or (hide_methods and tells_of_methods(passage.text)):
                continue
            sims = similarity.get(passage.id, ())
            score = max(best.get(source_id, 0.0) * 0.8, retrieval.scores.get(passage.id, 0.0))
            for i, sentence in enumerate(cache.sentences(index.generation, passage)):
                if sentence.to_the_machine:
                    continue
                candidates.append(
                    Candidate(
                        source=source,
                        passage=passage,
                        sentence_index=i,
                        text=sentence.text,
                        entities=sentence.entities,
                        stems=sentence.stems,
                        similarity=sims[i] if i < len(sims) else 0.0,
                        rank_score=score,
                    )
                )
    return Evidence(candidates, facts)
