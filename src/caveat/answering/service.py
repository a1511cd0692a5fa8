"""The use case: a question becomes progress events and then exactly one answer."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice

from caveat.answering.about_itself import about_itself, told
from caveat.answering.beside import balanced, outside
from caveat.answering.both_sides import counter_evidence
from caveat.answering.compose import compose
from caveat.answering.context import (
    Asked,
    Screen,
    Screening,
    known_word,
    lap,
)
from caveat.answering.corrections import corrected, corrections, put_first
from caveat.answering.decline import declined, greeting, implied_question, is_greeting, no_words
from caveat.answering.events import Progress, Stage, Turn
from caveat.answering.evidence import FactsCache, gather
from caveat.answering.followup import leans, standalone
from caveat.answering.gate import Refusal, refusal
from caveat.answering.limited import LimitedIndex
from caveat.answering.list_answer import asks_for_works, list_parts
from caveat.answering.model_call import Use
from caveat.answering.model_claims import Drafted
from caveat.answering.model_followup import rewrite
from caveat.answering.model_mode import draft, no_draft
from caveat.answering.model_plain import PlainWriter
from caveat.answering.names import NameIndex
from caveat.answering.relevance import Relevance
from caveat.answering.replies import cited, not_answered
from caveat.answering.retrieve import Retriever
from caveat.answering.rows import rows_of
from caveat.answering.select import Selection, select
from caveat.answering.tables import TableAsked
from caveat.answering.words_only import WordsOnly
from caveat.domain.model import (
    Answer,
    DeclineReason,
    Design,
)
from caveat.domain.model import QuestionKind as Q
from caveat.domain.ports import ChatModel, Clock, EvidenceIndex, Filters, IndexProvider, ModelInfo
from caveat.domain.question import read_question
from caveat.domain.safety import redact
from caveat.domain.text import whole
from caveat.domain.topic import Topic
from caveat.errors import SearchUnavailable

log = logging.getLogger(__name__)
MOST_EXPERIMENTS = 12
_ON_EFFECT = frozenset({Q.EFFECT, Q.HARM, Q.LAY_CLAIM, Q.COMPARISON, Q.ASSOCIATION})


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked, as far as it is known before the index is read."""

    question: str
    history: Sequence[Turn]
    screening: Screening
    use: Use | None
    wants_model: bool


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
        self._cache.works(index)
        if index.source_count <= most_sources:
            for source in index.all_sources():
                passages = index.source_passages(source.id)
                self._cache.facts(index.generation, source, passages)
                for passage in passages:
                    self._cache.sentences(index.generation, passage)
        for search in (index.search_dense, index.search_lexical):
            with suppress(SearchUnavailable):  # the answers say so
                search(self.topic.name, 1)

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
        early = self._early(question, screening)
        if early is not None:
            yield early
            return
        try:
            index: EvidenceIndex = self.provider.current()
            names = self._name_index(index)
            if filters is not None and not filters.empty:
                index = LimitedIndex(index, filters)
            if self.search_notice and screening.card is not None:
                index = WordsOnly(index)
            use = Use(self.chat) if use_model and self.chat and screening.card is None else None
            asked = _Asked(question, history, screening, use, use_model)
            yield from self._from_index(index, names, asked, timings, started)
        except Exception as error:
            if screening.card is None:
                raise
            # The message of an error may hold the question; its type does not.
            log.error("answering failed (%s); the card is shown alone", type(error).__name__)
            reason = DeclineReason(screening.card.kind.value)
            yield declined(question, reason, self.topic, card=screening.card, notices=screening.all_notices())

    def _early(self, question: str, screening: Screening) -> Answer | None:
        """Answers that need no index: cards, empty, too long, another language, a greeting."""
        if screening.card and not screening.answer_evidence:
            reason = DeclineReason(screening.card.kind.value)
            return declined(
                question, reason, self.topic, card=screening.card, notices=screening.all_notices()
            )
        card, notices = screening.card, screening.all_notices()
        if no_words(question):
            return declined(question, DeclineReason.EMPTY, self.topic, card=card, notices=notices)
        if len(question) > self.max_chars:
            text = f"The question is too long: {len(question):,} characters; at most {self.max_chars:,} are read."
            return declined(
                question[:300] + " …",
                DeclineReason.TOO_LONG,
                self.topic,
                headline=text,
                card=card,
                notices=notices,
            )
        if screening.language_notice:
            text = screening.language_notice
            return declined(
                question, DeclineReason.LANGUAGE, self.topic, headline=text, card=card, notices=notices
            )
        if is_greeting(question):
            return greeting(question, self.topic, card=card, notices=notices)
        return None

    def _from_index(
        self,
        index: EvidenceIndex,
        names: NameIndex,
        asked: _Asked,
        timings: dict[str, float],
        started: float,
    ) -> Iterator[Progress | Answer]:
        itself = about_itself(asked.question, self.topic, index.source_count, self.model, self.search_notice)
        if itself is not None:
            yield told(asked.question, itself, asked.screening.card, asked.screening.all_notices())
            return
        yield Progress(Stage.FOLLOW_UP, "Working out what is asked")
        alone, notices = yield from self._understand(asked, index, names)
        read = read_question(alone, self.topic)
        named_ids, name_words = names.find(read)
        if not named_ids and asks_for_works(read.text):
            read = replace(read, kind=Q.LIST)
        if (
            named_ids
            and len(named_ids) <= 6
            and read.kind in {Q.EFFECT, Q.ASSOCIATION, Q.MECHANISM, Q.LAY_CLAIM}
        ):
            read = read if read.drugs and read.outcomes else replace(read, kind=Q.STUDY)
        relevance = Relevance(read, self.topic, name_words, tuple(named_ids[:6]))
        mark = lap(timings, "understand", started)

        yield Progress(Stage.SEARCH, f"Searching {index.source_count:,} works for: {alone}")
        retriever = Retriever(self.topic, self.rerank)
        retrieval = retriever.search(
            index, read, opposite=read.kind in _ON_EFFECT, named_sources=named_ids[:4]
        )
        mark = lap(timings, "search", mark)

        yield Progress(Stage.READ, f"Reading {min(len(retrieval.ranked), 60)} passages")
        extra = [
            *named_ids[:6],
            *self._always(relevance, index),
            *counter_evidence(self._cache.works(index), relevance),
        ]
        hide = asked.screening.on_self_harm
        evidence = gather(index, read, retrieval, self._cache, extra, hide_methods=hide)
        mark = lap(timings, "read", mark)

        common = Asked(
            asked.question,
            alone,
            read,
            index,
            retrieval,
            asked.screening,
            notices,
            timings,
            started,
            asked.use,
        )
        wrong = corrections(relevance, index, self._cache)
        if read.kind is Q.LIST:
            today, age = self.clock.today(), self.status_max_age_days
            parts = list_parts(
                TableAsked(index, relevance, evidence, self.topic, self._cache, today, age, wrong)
            )
            if parts is not None:
                yield cited(common, parts, self.topic)
                return
        no = refusal(evidence, relevance)
        if no is not None and not wrong:
            yield not_answered(common, self.topic, no)
            return
        yield Progress(Stage.CHECK, "Checking every quote against its passage")
        selection = select(evidence, relevance, self.topic) if no is None else Selection(())
        selection = replace(selection, chosen=put_first(selection.chosen, wrong))
        if not selection.chosen:
            yield not_answered(common, self.topic, Refusal(DeclineReason.NOT_IN_COLLECTION))
            return
        drafted: tuple[Drafted, ...] = ()
        if asked.use is not None:
            made = yield from draft(
                asked.use, alone, selection, evidence, relevance, self.topic, judge=self.judge
            )
            common, drafted = replace(common, draft=made), made.kept
            mark = lap(timings, "model", mark)
        elif asked.wants_model:
            common = replace(common, draft=no_draft(self.chat))
        selection = balanced(selection, index, relevance, self._cache, drafted)
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
        parts = corrected(parts, wrong)
        yield Progress(Stage.WEIGH, f"Weighing {len(parts.claims)} sentences from {len(parts.sources)} works")
        lap(timings, "compose", mark)
        answer = cited(common, parts, self.topic)
        if self.plain is not None and common.draft is not None and asked.use and not common.draft.fault:
            self.plain.remember(answer)
        yield answer

    def _understand(
        self, asked: _Asked, index: EvidenceIndex, names: NameIndex
    ) -> Generator[Progress, None, tuple[str, tuple[str, ...]]]:
        """The question that stands alone, and what was changed in it."""
        text = re.sub(r"\s+", " ", asked.question).strip()
        mended, changes = self.topic.repair_spelling(text)
        real = {w: b for w, b in changes.items() if not known_word(index, w)}
        if real != changes:
            mended, changes = self.topic.repair_spelling(text, frozenset(changes) - frozenset(real))
        history = self._resolved(asked.history)
        alone = whole(standalone(mended, history, self.topic))
        if asked.use is not None and leans(mended, history, self.topic):
            alone = (yield from self._rewritten(asked.use, mended, history)) or alone
        read = read_question(alone, self.topic)
        named, _ = names.find(read)
        if not asked.screening.person_in_need and not asks_for_works(alone):
            alone = implied_question(alone, read, self.topic, named=bool(named))
        notices = [f'Read "{old}" as "{new}".' for old, new in changes.items()]
        if self.search_notice and asked.screening.card is None:
            notices.append(self.search_notice)
        return alone, tuple(notices)

    def _rewritten(
        self, use: Use, question: str, history: Sequence[Turn]
    ) -> Generator[Progress, None, str | None]:
        """The follow-up in the model's words; None where the rules' words are better or safer.

        An earlier message that called for help is not sent, and a rewriting that would call for help is not used.
        """
        earlier = [redact(t.standalone_question or t.question) for t in history]
        earlier = [e for e in earlier if self.screen(e, []).card is None]
        text = yield from rewrite(use, question, earlier, self.topic)
        if text is None or len(text) > self.max_chars or self.screen(text, []).card is not None:
            return None
        return whole(text)

    def _resolved(self, history: Sequence[Turn]) -> list[Turn]:
        """The earlier turns, each as a question that stands alone."""
        out: list[Turn] = []
        for turn in history[-6:]:
            alone = redact(turn.standalone_question or standalone(turn.question, out, self.topic))
            out.append(replace(turn, standalone_question=alone))
        return out

    def _name_index(self, index: EvidenceIndex) -> NameIndex:
        names = self._names
        if names is None or names.generation != index.generation:
            names = NameIndex(index, self.topic)
            self._names = names
        return names

    def _always(self, relevance: Relevance, index: EvidenceIndex) -> Sequence[str]:
        """Works whose facts a kind of question cannot do without."""
        if relevance.question.kind is Q.APPROVAL:
            return self.topic.approval.source_ids
        if relevance.question.kind is Q.SAFETY:
            return self.topic.label_warnings.source_ids
        if relevance.asks_of_giving:
            works = self._cache.works(index)
            experiments = works.allowed(works.shelf.designed({Design.EXPERIMENTAL_HUMAN}))
            return [works.shelf.ids[row] for row in islice(rows_of(experiments), MOST_EXPERIMENTS)]
        return ()
