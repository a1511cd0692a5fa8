"""False premises of a question, each with the sentence of the collection that shows how it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from caveat.answering.compose import Parts
from caveat.answering.drug_classes import said_classes
from caveat.answering.evidence import FactsCache
from caveat.answering.forms.common import Chosen
from caveat.answering.limited import whole_index
from caveat.answering.named_premises import Granted, NamedWork
from caveat.answering.relevance import Relevance
from caveat.answering.rows import rows_of
from caveat.answering.shown_by import Correction, Quotes
from caveat.domain import premises as said
from caveat.domain.lanes import effect_stance
from caveat.domain.model import Design, Source, Stance
from caveat.domain.ports import EvidenceIndex
from caveat.domain.words_for import has_results

MOST = 2


def _holds(words: str, sentence: str) -> bool:
    return words.casefold() in sentence.casefold()


@dataclass(frozen=True, slots=True)
class _Finder(Granted):
    @property
    def index(self) -> EvidenceIndex:
        return self.quotes.index

    def all(self) -> list[Correction]:
        found = [
            *self._of_topic(),
            *self._of_class(),
            *(NamedWork(self.relevance, self.quotes, self.named).all() if self.named else ()),
        ]
        if not found:
            found = self._of_effect()
        return list({c.text: c for c in found}.values())[:MOST]

    # What the topic file knows.

    def _of_topic(self) -> list[Correction]:
        out = []
        for rule in self.topic.premises:
            if not rule.fits(self.text) or not self._on_our_drug():
                continue
            for source in self.index.sources(rule.source_ids).values():
                made = self.quotes.made(rule.says, source, partial(_holds, rule.shows))
                if made:
                    out.append(made)
                    break
        return out

    def _on_our_drug(self) -> bool:
        drugs = set(self.relevance.question.drugs)
        ours = {self.topic.main_drug, *self.topic.ancestors(self.topic.main_drug)[:1]}
        return not drugs or bool(drugs & ours)

    # "tocilizumab, a TNF blocker"

    def _of_class(self) -> list[Correction]:
        for drug, stated in said_classes(self.text, self.topic):
            right = self.topic.by_id[(self.topic.ancestors(drug) or [drug])[0]]
            family = {right.id, *self.topic.ancestors(right.id)}
            if stated in family or right.id == drug or right.group != "drug_class":
                continue
            name = self.topic.by_id[drug].label
            text = (
                f"{name[0].upper()}{name[1:]} is not one of the {self.topic.by_id[stated].label}; "
                f"it belongs to the {right.label}."
            )
            for source in self._describing(drug):
                made = self.quotes.made(text, source, partial(self._names, {drug, right.id}))
                if made:
                    return [made]
            for source in self._describing(drug):
                if self._names({drug, right.id}, source.title):
                    made = self.quotes.made(text, source, partial(self._names, {drug}))
                    if made:
                        return [made]
        return []

    def _names(self, entities: set[str], sentence: str) -> bool:
        return entities <= self.topic.entity_ids(sentence, nested=True)

    def _describing(self, drug: str) -> list[Source]:
        order = {Design.DRUG_LABEL: 0, Design.RESOURCE: 1, Design.RCT: 2}
        works = self.quotes.cache.works(self.index)
        on = works.sources(rows_of(works.shelf.titled.of(drug)))
        on = [s for s in on if drug in self.topic.entity_ids(f"{s.title} . {s.intervention}")]
        return sorted(on, key=lambda s: (order.get(s.design, 3) if s.design else 4, s.id))

    # "Why does it cure …", where no trial shows that it does.

    def _of_effect(self) -> list[Correction]:
        q = self.relevance.question
        told = [part for part in self.granted if said.claims_effect(part)]
        named = {i for part in told for i in self.topic.entity_ids(part)}
        outcomes = [o for o in q.outcomes if o in named]
        drugs = [d for d in q.drugs if d in named and not self.topic.by_id[d].background]
        if not outcomes or not drugs or self.named:
            return []
        works = self.quotes.cache.works(self.index)
        testing = works.shelf.tested.any(self.topic.family(drugs[0]))
        testing &= works.with_results() & works.shelf.designed({Design.RCT})
        trials = [s for s in works.sources(rows_of(testing)) if self._measured(s, outcomes)]
        if any(s.primary_outcome_met is True for s in trials):
            return []
        missed = [s for s in trials if s.primary_outcome_met is False]
        if not missed:
            return []
        first = max(missed, key=lambda s: (s.year or 0, s.id))
        drug, outcome = self.topic.by_id[drugs[0]], self.topic.by_id[outcomes[0]]
        tested = f"{len(missed)} trials" if len(missed) > 1 else "the one that tested it"
        text = f"No controlled trial in this collection shows that {drug.label} works for {outcome.label}: {tested} missed the main outcome."
        made = self.quotes.made(
            text,
            first,
            lambda s: (
                "primary outcome" in s.casefold() and effect_stance(s, first) is Stance.NO_CLEAR_DIFFERENCE
            ),
        )
        return [made] if made else []

    def _measured(self, source: Source, outcomes: Sequence[str]) -> bool:
        main = re.sub(r"\([^)]*\)", " ", source.primary_outcome or "")
        wanted = {f for o in outcomes for f in (*self.topic.family(o), *self.topic.ancestors(o))}
        illness = self.topic.entity_ids(" . ".join(source.conditions), nested=True)
        measured = self.topic.entity_ids(main, nested=True) or illness
        return bool(wanted & (measured | illness))


def corrections(relevance: Relevance, index: EvidenceIndex, cache: FactsCache) -> tuple[Correction, ...]:
    """What the question takes for granted and the collection shows to be otherwise; at most two, surest first."""
    everything = whole_index(index)
    named = list(everything.sources(relevance.named_ids).values())
    named.sort(key=lambda s: (not has_results(s), relevance.named_ids.index(s.id)))
    return tuple(_Finder(relevance, Quotes(everything, cache), tuple(named)).all())


def put_first(chosen: Sequence[Chosen], found: Sequence[Correction]) -> tuple[Chosen, ...]:
    """The sentences that correct the question before all others."""
    first = [c.shown_by for c in found]
    places = {(c.candidate.passage.id, c.candidate.sentence_index) for c in first}
    rest = [c for c in chosen if (c.candidate.passage.id, c.candidate.sentence_index) not in places]
    shown = {(c.candidate.passage.id, c.candidate.sentence_index): c for c in chosen}
    return (*(shown.get((c.candidate.passage.id, c.candidate.sentence_index), c) for c in first), *rest)


def corrected(parts: Parts, found: Sequence[Correction]) -> Parts:
    """The parts with the correction in front: in the headline, and as the first of the claims."""
    if not found:
        return parts
    quotes = [c.shown_by.candidate.text for c in found]
    first = [x for quote in quotes for x in parts.claims if any(quote == c.quote for c in x.citations)][:MOST]
    rest = [x for x in parts.claims if x not in first]
    told = " ".join(c.text for c in found)
    return replace(parts, headline=f"{told} {parts.headline}".strip(), claims=(*first, *rest))
