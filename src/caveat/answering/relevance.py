"""Whether a source or a sentence speaks to the question, and how well."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from math import log

from caveat.answering.about import WorkAbout
from caveat.answering.attributes import attribute_bonus, shapes_asked_for
from caveat.answering.evidence import Candidate, Evidence, SourceFacts
from caveat.domain.kinds import asks_whether_it_works_too, asks_who_responds
from caveat.domain.model import Design, Source
from caveat.domain.model import QuestionKind as Q
from caveat.domain.question import Question
from caveat.domain.stems import stem
from caveat.domain.text import STOP_WORDS, tokens
from caveat.domain.topic import Topic
from caveat.domain.watch_words import is_the_object, is_watched

# Outcomes so wide that any outcome of the topic answers them.
WIDE_OUTCOMES = frozenset({"mental_health", "mood"})
# Markers that stand for all of them.
WIDE_MARKERS = frozenset({"inflammation", "cytokine"})
# Outcomes of the body: a gain in one of them alone is no gain in mood or mental health.
BODILY_OUTCOMES = frozenset({"fatigue", "pain", "quality_of_life"})
# Concepts that tell the kind of a question and need not stand in a source.
ASKING_CONCEPTS = frozenset({"label", "side_effects"})

SECTION_BONUS: dict[Q, dict[str, float]] = {
    Q.GAP: {"limits": 0.5, "what_was_found": 0.3},
    Q.STUDY: {"what_was_found": 0.35, "what_was_done": 0.15},
    Q.FIGURE: {"what_was_found": 0.2, "what_was_done": 0.15},
    Q.LIST: {"what_was_done": 0.3, "what_was_found": 0.2},
}
DEFAULT_BONUS = {"what_was_found": 0.35}
EXPERIMENTS = frozenset({Design.EXPERIMENTAL_HUMAN, Design.ANIMAL, Design.RCT})
_GIVEN = frozenset(
    "infusion infusions infused injection injections injected injecting inject administered administering administration "
    "given giving give challenge".split()
)
_RUN = re.compile(r"[^\W_]+")
_A_WORK = re.compile(
    r"\b(?:trials?|stud(?:y|ies)|papers?|cohorts?|protocols?|articles?|registr\w+|group|team|researchers|meta-?analys\w+|"
    r"review|report|survey|series|abstract|note)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Relevance:
    """The question's terms, ready to be compared with sources and sentences."""

    question: Question
    topic: Topic
    names: frozenset[str] = frozenset()
    named_ids: tuple[str, ...] = ()
    _families: dict[str, frozenset[str]] = field(init=False, default_factory=dict)
    _rarity: dict[Evidence, dict[str, float]] = field(init=False, default_factory=dict)
    _identity_coverage: dict[frozenset[str], float] = field(init=False, default_factory=dict)
    _drugs_given: dict[str, bool] = field(init=False, default_factory=dict)
    _scores: dict[Evidence, dict[int, float]] = field(init=False, default_factory=dict)

    @cached_property
    def asks_who_responds(self) -> bool:
        """True when the question is whether a marker tells who a treatment helps."""
        return self.question.kind is Q.ASSOCIATION and asks_who_responds(self.question.text)

    @cached_property
    def asks_if_it_works_too(self) -> bool:
        """True for a question on safety with a second half on whether the drug works."""
        q = self.question
        return q.kind is Q.SAFETY and bool(q.drugs) and asks_whether_it_works_too(q.text)

    @cached_property
    def asks_of_giving(self) -> bool:
        """True when the question is what happens after a marker is put into people, as if it were a drug."""
        q = self.question
        words = tokens(q.text)
        near = {
            w
            for m in self.topic.mentions(q.text)
            if m.entity_id in q.markers and m.entity_id not in WIDE_MARKERS
            for w in (*words[max(0, m.start - 3) : m.start], *words[m.end : m.end + 3])
        }
        return bool(near & _GIVEN) and not q.drugs

    def tests_a_drug(self, source: Source) -> bool:
        """True when the work gave a drug; asked of each of its sentences."""
        given = source.intervention or ""
        if given not in self._drugs_given:
            named = self.topic.entity_ids(given)
            self._drugs_given[given] = any(self.topic.by_id[i].group in {"drug", "drug_class"} for i in named)
        return self._drugs_given[given]

    def gave(self, source: Source) -> bool:
        """True when the work put a marker that was asked about into people or animals."""
        given = self.topic.entity_ids(source.intervention or "")
        asked = {f for m in self.question.markers for f in self.family(m)}
        return bool(given & asked) and source.design in EXPERIMENTS

    @cached_property
    def asks_of_a_work(self) -> bool:
        """True when the question points at a work by number, author or the word trial, study and the like."""
        q = self.question
        if self.named_ids and not q.entity_ids:
            return True
        return bool(q.registry_ids or q.author_years) or bool(_A_WORK.search(q.text)) or q.kind is Q.STUDY

    @property
    def unresolved_works(self) -> tuple[str, ...]:
        """Registry numbers and authors with a year that the question names and no work of the collection has."""
        q = self.question
        if self.named_ids:
            return ()
        return (*q.registry_ids, *(f"{name} {year}" for name, year in q.author_years if year))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Stems of plain words that are not names of works."""
        return tuple(stem(w) for w in self.question.plain_words if w not in self.names)

    @property
    def added_words(self) -> tuple[str, ...]:
        """Health words and names of the question that the topic does not know."""
        q = self.question
        plain = [w for w in q.plain_words if w not in self.names]
        return tuple(w for w in plain if is_watched(w, q.text) or is_the_object(w, q.text))

    def family(self, entity_id: str) -> frozenset[str]:
        """What counts as the entity; a wide outcome counts every outcome."""
        if entity_id not in self._families:
            if entity_id in WIDE_OUTCOMES:
                ids = frozenset(e.id for e in self.topic.entities if e.group == "outcome")
            else:
                ids = self.topic.family(entity_id)
            self._families[entity_id] = ids
        return self._families[entity_id]

    def any_of(self, ids: tuple[str, ...], among: frozenset[str]) -> bool:
        """True when nothing is asked or one of the asked is there."""
        return not ids or any(self.family(i) & among for i in ids)

    def missing_groups(self, facts: SourceFacts) -> list[str]:
        """The groups of entities the question names and the source does not."""
        q = self.question
        concepts = tuple(c for c in q.concepts if c not in ASKING_CONCEPTS)
        groups = {
            "drug": q.drugs,
            "marker": q.markers,
            "outcome": q.outcomes,
            "condition": q.conditions,
            "concept": concepts,
        }
        missing = [name for name, ids in groups.items() if not self.any_of(ids, facts.everywhere)]
        if missing == ["condition"] and self.in_condition(facts):
            return []
        return missing

    def is_about_all(self, facts: WorkAbout) -> bool:
        """True when the work itself is about one of each group of things the question names."""
        q = self.question
        groups = (q.drugs, q.markers, q.outcomes, q.conditions)
        return bool(q.entity_ids) and all(self.any_of(ids, facts.identity) for ids in groups)

    def in_condition(self, facts: WorkAbout) -> bool:
        """True when the people studied have an illness that was asked about, or one it is a form of."""
        return not self.asked_conditions or bool(self.asked_conditions & facts.identity)

    @cached_property
    def asked_conditions(self) -> frozenset[str]:
        """The illnesses asked about, with their forms and those they are a form of."""
        asked = self.question.conditions
        return frozenset(f for c in asked for f in (*self.family(c), *self.topic.ancestors(c)))

    def on_drug(self, facts: WorkAbout) -> bool:
        """True when the work tested a drug that was asked for, and not only gave it to everyone."""
        q = self.question
        if not self.any_of(q.drugs, facts.tested):
            return False
        if not q.drugs or not all(self.topic.by_id[d].background for d in q.drugs):
            return True
        others = (self.topic.by_id[i] for i in facts.tested)
        return not any(e.group in {"drug", "drug_class"} and not e.background for e in others)

    def is_named(self, source: Source) -> bool:
        """True when the question points at this work."""
        return source.id in self.named_ids

    def other_illness(self, facts: WorkAbout) -> bool:
        """True when the people studied have an illness that the question does not name."""
        studied = {i for i in facts.identity if self.topic.by_id[i].group == "condition"}
        studied -= {"children", "older_people", "pregnancy", "obesity"}
        asked = {f for c in self.question.conditions for f in self.family(c)}
        return bool(studied - asked) and not (studied & asked)

    def outcome_words(self, sentence: str) -> tuple[str, ...]:
        """The outcomes asked about, as the sentence calls them; any outcome of the topic for a wide question."""
        asked = self.question.outcomes or ("mental_health",)
        wide = bool(WIDE_OUTCOMES & set(asked))
        wanted = {f for o in asked for f in self.family(o)}
        spans = [m.span() for m in _RUN.finditer(sentence)]
        return tuple(
            sentence[spans[m.start][0] : spans[m.end - 1][1]]
            for m in self.topic.mentions(sentence)
            if m.end <= len(spans)
            and (m.entity_id in wanted or (wide and self.topic.by_id[m.entity_id].group == "outcome"))
        )

    def coverage(self, entities: frozenset[str], stems: frozenset[str]) -> float:
        """Share of the question's terms that are there, 0 to 1; a wider entity counts half."""
        total = found = 0.0
        for family, wider, weight in self._terms:
            total += weight
            if not family.isdisjoint(entities):
                found += weight
            elif not wider.isdisjoint(entities):
                found += weight / 2
        for word in self.words:
            total += 0.9
            found += 0.9 * (word in stems)
        return found / total if total else 0.0

    @cached_property
    def _terms(self) -> tuple[tuple[frozenset[str], frozenset[str], float], ...]:
        """Each entity of the question: what counts as it, what is wider, and its weight."""
        q = self.question
        groups = (
            (q.drugs, 1.0),
            (q.markers, 1.0),
            (q.outcomes, 1.0),
            (q.conditions, 0.9),
            (q.concepts, 0.8),
        )
        return tuple(
            (self.family(i), frozenset(self.topic.ancestors(i)), weight)
            for ids, weight in groups
            for i in ids
        )

    def _coverage_of_work(self, facts: SourceFacts) -> float:
        """Share of the question's entities that the work is about."""
        known = self._identity_coverage.get(facts.identity)
        if known is None:
            known = self._identity_coverage[facts.identity] = self.coverage(facts.identity, frozenset())
        return known

    @cached_property
    def _shapes(self) -> tuple[re.Pattern[str], ...]:
        return shapes_asked_for(self.question.text)

    @cached_property
    def asked_words(self) -> frozenset[str]:
        """Stems of all words of the question, everyday ones included: for telling close sentences apart."""
        return frozenset(stem(t) for t in tokens(self.question.text) if len(t) > 3)

    def rarity(self, evidence: Evidence) -> dict[str, float]:
        """How telling each word of the question is among the candidates: rare words weigh more; sums to 1."""
        if evidence not in self._rarity:
            own = {stem(t) for t in tokens(self.question.text) if len(t) > 1 and t not in STOP_WORDS}
            n = len(evidence.candidates)
            seen = Counter(w for c in evidence.candidates for w in own & c.stems)
            weights = {w: log((n + 1) / (df + 0.5)) for w, df in sorted(seen.items())}
            total = sum(weights.values()) or 1.0
            self._rarity[evidence] = {w: v / total for w, v in weights.items()}
        return self._rarity[evidence]

    def score(self, c: Candidate, evidence: Evidence) -> float:
        """How well the sentence fits the question; about 0 to 4. Weights: docs/decisions/0004-answering.md."""
        known = self._scores.setdefault(evidence, {})
        if id(c) not in known:  # the evidence holds on to its candidates: their ids stay theirs
            known[id(c)] = self._score(c, evidence)
        return known[id(c)]

    def _score(self, c: Candidate, evidence: Evidence) -> float:
        facts = evidence.facts[c.source.id]
        kind = self.question.kind
        telling = self.rarity(evidence)
        shared = sum(v for w, v in telling.items() if w in c.stems or w in facts.identity_stems)
        score = 1.0 * c.similarity + 0.7 * c.rank_score
        score += 0.4 * self.coverage(c.entities, c.stems) + 0.2 * self._coverage_of_work(facts)
        score += 0.5 * shared + 0.06 * min(len(self.asked_words & c.stems), 5)
        score += SECTION_BONUS.get(kind, DEFAULT_BONUS).get(c.section, 0.0)
        score += 0.3 * self.is_named(c.source) + 0.4 * (kind is Q.FIGURE and c.has_number)
        return score + 1.2 * attribute_bonus(self._shapes, c.text)
