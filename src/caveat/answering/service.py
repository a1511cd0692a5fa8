"""The use case: a question becomes progress events and then exactly one answer."""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from caveat.answering.about_itself import about_itself
from caveat.answering.beside import balanced, outside
from caveat.answering.compose import compose, said_first
from caveat.answering.context import Asked, Screen, lap
from caveat.answering.corrections import corrected, corrections, put_first
from caveat.answering.decline import declined
from caveat.answering.early import early
from caveat.answering.events import Progress, Stage, Turn
from caveat.answering.evidence import FactsCache
from caveat.answering.finding import Finding
from caveat.answering.gate import Refusal, refusal
from caveat.answering.limited import LimitedIndex
from caveat.answering.list_answer import list_parts
from caveat.answering.model_call import Use
from caveat.answering.model_claims import Drafted
from caveat.answering.model_mode import draft, no_draft
from caveat.answering.model_plain import PlainWriter
from caveat.answering.names import NameIndex
from caveat.answering.replies import cited, not_answered
from caveat.answering.rest import rest_of
from caveat.answering.second_half import and_then, other_half, with_half
from caveat.answering.select import Selection, select
from caveat.answering.tables import TableAsked
from caveat.answering.understanding import AsTyped, Understanding, of_a_work, read_with_names
from caveat.answering.words_only import WordsOnly
from caveat.domain.model import (
    Answer,
    DeclineReason,
)
from caveat.domain.model import QuestionKind as Q
from caveat.domain.ports import ChatModel, Clock, EvidenceIndex, Filters, IndexProvider, ModelInfo
from caveat.domain.text import whole
from caveat.domain.topic import Topic
from caveat.errors import SearchUnavailable

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _One:
    """One question on its way: against what it is asked, what was noticed in it, and since when."""

    index: EvidenceIndex
    names: NameIndex
    asked: AsTyped
    notices: tuple[str, ...]
    timings: dict[str, float]
    started: float


@dataclass
class Answerer:
    """Answers questions from whatever generation is current. Safe to share between threads."""

    provider: IndexProvider
    topic: Topic
    clock: Clock
    screen: Screen
    max_chars: int = 4000
    rerank: bool = True
    status_max_age_days: int = 365
    chat: ChatModel | None = None
    """The language model that may write drafts; nothing is sent to it unless a caller says ``use_model=True``."""
    search_notice: str | None = None
    """What each question sends where, when the search by meaning is run elsewhere; told with every answer."""
    judge: bool = False
    """Let the model read proven sentences a second time; it can only remove."""
    plain: PlainWriter | None = None
    """Words the answers it gave with the model for lay readers; made from ``chat`` unless given."""
    _cache: FactsCache = field(init=False)
    _names: NameIndex | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._cache = FactsCache(self.topic)
        if self.plain is None and self.chat is not None:
            self.plain = PlainWriter(self.chat, self.topic)

    @property
    def model(self) -> ModelInfo | None:
        """The language model, where there is one, with the line to show before it is used."""
        return self.chat.info if self.chat else None

    def warm(self, most_sources: int = 2000) -> None:
        """Reads what every question needs, so that the first one is as quick as the rest."""
        index = self.provider.current()
        self._name_index(index)
        if index.source_count <= most_sources:
            for source in index.all_sources():
                passages = index.source_passages(source.id)
                self._cache.facts(index.generation, source, passages)
                for passage in passages:
                    self._cache.sentences(index.generation, passage)
        for search in (index.search_dense, index.search_lexical):
            with suppress(SearchUnavailable):  # the answers say so
                search(self.topic.name, 1)
        for example in self.topic.examples[:1]:
            with suppress(SearchUnavailable):
                self.answer(example.question)

    def answer(
        self,
        question: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        *,
        use_model: bool = False,
    ) -> Answer:
        """The answer alone."""
        for event in self.ask(question, history, filters, use_model=use_model):
            if not isinstance(event, Progress):
                return event
        raise RuntimeError("ask() ended without an answer")

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        *,
        use_model: bool = False,
    ) -> Iterator[Progress | Answer]:
        """Progress events, then one answer; only with ``use_model`` is anything sent to the language model. Raises ``CaveatError`` when there is no index to answer from."""
        started = time.perf_counter()
        timings: dict[str, float] = {}
        yield Progress(Stage.TRIAGE, "Reading the question")
        screening = self.screen(question, [t.question for t in history])
        question = whole(screening.clean_text if screening.clean_text is not None else question)
        at_once = early(question, screening, self.topic, self.max_chars)
        if at_once is not None:
            yield at_once
            return
        try:
            index: EvidenceIndex = self.provider.current()
            names = self._name_index(index)
            if filters is not None and not filters.empty:
                index = LimitedIndex(index, filters)
            if self.search_notice and screening.card is not None:
                index = WordsOnly(index)
            use = Use(self.chat) if use_model and self.chat and screening.card is None else None
            asked = AsTyped(question, history, screening, use, use_model)
            yield from self._from_index(index, names, asked, timings, started)
        except Exception as error:
            if screening.card is None:
                raise
            # The message of an error may hold the question; its type does not.
            log.error("answering failed (%s); the card is shown alone", type(error).__name__)
            reason = DeclineReason(screening.card.kind.value)
            yield declined(question, reason, self.topic, card=screening.card, notices=screening.all_notices())

    def _from_index(
        self,
        index: EvidenceIndex,
        names: NameIndex,
        asked: AsTyped,
        timings: dict[str, float],
        started: float,
    ) -> Iterator[Progress | Answer]:
        itself = about_itself(asked.question, self.topic, index.source_count, self.model, self.search_notice)
        if itself is not None and not of_a_work(asked.question, asked.history, names, self.topic):
            reason, screening = DeclineReason.ABOUT_CAVEAT, asked.screening
            yield declined(
                asked.question,
                reason,
                self.topic,
                headline=itself,
                card=screening.card,
                notices=screening.all_notices(),
            )
            return
        yield Progress(Stage.FOLLOW_UP, "Working out what is asked")
        understanding = Understanding(self.topic, self.screen, self.max_chars)
        alone, notices = yield from understanding.of(asked, index, names)
        if self.search_notice and asked.screening.card is None:
            notices = (*notices, self.search_notice)
        one = _One(index, names, asked, notices, timings, started)
        refused = yield from self._answered(one, alone)
        if refused is None:
            return
        common, no = refused
        rest = rest_of(common.read, no.missing, self.topic)
        if rest is not None and (yield from self._answered(one, rest.text, rest.told)) is None:
            return
        yield not_answered(common, self.topic, no)

    def _answered(
        self, one: _One, alone: str, lead: str = ""
    ) -> Generator[Progress | Answer, None, tuple[Asked, Refusal] | None]:
        """Yields the answer; what was asked and why not, where the collection does not answer it.

        ``lead`` is what the headline says before all else: which part of the question is left out.
        """
        index, asked, timings = one.index, one.asked, one.timings
        relevance = read_with_names(alone, one.names, self.topic)
        read = relevance.question
        mark = lap(timings, "understand", one.started)

        hide = asked.screening.on_self_harm
        finding = Finding(index, self.topic, self._cache, self.rerank, hide)
        yield Progress(Stage.SEARCH, f"Searching {index.source_count:,} works for: {alone}")
        retrieval = finding.search(relevance)
        mark = lap(timings, "search", mark)

        yield Progress(Stage.READ, f"Reading {min(len(retrieval.ranked), 60)} passages")
        evidence = finding.read(relevance, retrieval)
        mark = lap(timings, "read", mark)

        common = Asked(
            asked.question,
            alone,
            read,
            index,
            retrieval,
            asked.screening,
            one.notices,
            timings,
            one.started,
            asked.use,
        )
        wrong = corrections(relevance, index, self._cache)
        if read.kind is Q.LIST:
            today, age = self.clock.today(), self.status_max_age_days
            parts = list_parts(
                TableAsked(index, relevance, evidence, self.topic, self._cache, today, age, wrong)
            )
            if parts is not None:
                yield cited(common, said_first(parts, lead), self.topic)
                return None
        no = refusal(evidence, relevance)
        if no is not None and not wrong:
            return common, no
        yield Progress(Stage.CHECK, "Checking every quote against its passage")
        selection = select(evidence, relevance, self.topic) if no is None else Selection(())
        selection = replace(selection, chosen=put_first(selection.chosen, wrong))
        if not selection.chosen:
            return common, Refusal(DeclineReason.NOT_IN_COLLECTION)
        drafted: tuple[Drafted, ...] = ()
        if asked.use is not None:
            made = yield from draft(
                asked.use, alone, selection, evidence, relevance, self.topic, judge=self.judge
            )
            common, drafted = replace(common, draft=made), made.kept
            mark = lap(timings, "model", mark)
        elif asked.wants_model:
            common = replace(common, draft=no_draft(self.chat))
        half = other_half(relevance, one.names, finding) if no is None else None
        selection = balanced(with_half(selection, half), index, relevance, self._cache, drafted)
        common = replace(common, notices=(*common.notices, *outside(selection.beside, index)))
        parts = compose(
            selection,
            evidence,
            relevance,
            self.topic,
            today=self.clock.today(),
            status_max_age_days=self.status_max_age_days,
            drafted=drafted,
        )
        parts = said_first(and_then(corrected(parts, wrong), half), lead)
        yield Progress(Stage.WEIGH, f"Weighing {len(parts.claims)} sentences from {len(parts.sources)} works")
        lap(timings, "compose", mark)
        answer = cited(common, parts, self.topic)
        if self.plain is not None and common.draft is not None and asked.use and not common.draft.fault:
            self.plain.remember(answer)
        yield answer
        return None

    def _name_index(self, index: EvidenceIndex) -> NameIndex:
        names = self._names
        if names is None or names.generation != index.generation:
            names = NameIndex(index, self.topic, self._cache.works(index).shelf)
            self._names = names
        return names
