"""Works out the question that stands alone: slips mended, a story left out, a follow-up filled in, what is implied said."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from caveat.answering.context import Screen, Screening, known_word
from caveat.answering.decline import implied_question
from caveat.answering.events import Progress, Turn
from caveat.answering.followup import leans, standalone
from caveat.answering.list_answer import asks_for_works
from caveat.answering.long_message import what_is_asked
from caveat.answering.model_call import Use
from caveat.answering.model_followup import rewrite
from caveat.answering.names import NameIndex
from caveat.answering.relevance import Relevance
from caveat.domain.model import QuestionKind as Q
from caveat.domain.ports import EvidenceIndex
from caveat.domain.question import read_question
from caveat.domain.safety import redact
from caveat.domain.text import whole
from caveat.domain.topic import Topic

ASKED_IN_A_STORY = (
    'Of a long message only what it asks was looked up, see "Understood as". '
    "If something else is meant, ask it by itself."
)


MOST_NAMED = 6
_TO_THE_PROGRAM = re.compile(
    r"\b(?:you|your|u|caveat|site|page|bot|chatbot|chat|tool|app|website|software|what i|my (?:data|messages?|questions?))\b|\bprivate\b|\banonymous\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class AsTyped:
    """A question as it came, with what is known of it before the index is read."""

    question: str
    history: Sequence[Turn]
    screening: Screening
    use: Use | None
    wants_model: bool


@dataclass(frozen=True, slots=True)
class Understanding:
    """Reads questions of one topic; safe to share between threads."""

    topic: Topic
    screen: Screen
    max_chars: int

    def of(
        self, asked: AsTyped, index: EvidenceIndex, names: NameIndex
    ) -> Generator[Progress, None, tuple[str, tuple[str, ...]]]:
        """The question that stands alone, and what was changed in it."""
        text = re.sub(r"\s+", " ", asked.question).strip()
        mended, changes = self.topic.repair_spelling(text)
        real = {w: b for w, b in changes.items() if not known_word(index, w)}
        if real != changes:
            mended, changes = self.topic.repair_spelling(text, frozenset(changes) - frozenset(real))
        notices = [f'Read "{old}" as "{new}".' for old, new in changes.items()]
        in_a_story = what_is_asked(
            mended, self.topic, lambda text: names.find(read_question(text, self.topic))[1]
        )
        if in_a_story is not None:
            mended = in_a_story
            notices.append(ASKED_IN_A_STORY)
        history = self._resolved(asked.history)
        alone = whole(standalone(mended, history, self.topic))
        if asked.use is not None and leans(mended, history, self.topic):
            alone = (yield from self._rewritten(asked.use, mended, history)) or alone
        read = read_question(alone, self.topic)
        named, _ = names.find(read)
        if not asked.screening.person_in_need and not asks_for_works(alone):
            alone = implied_question(alone, read, self.topic, named=bool(named))
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
            understood = turn.standalone_question if turn.standalone_question != turn.question else None
            alone = redact(understood or standalone(turn.question, out, self.topic))
            out.append(replace(turn, standalone_question=alone))
        return out


def read_with_names(alone: str, names: NameIndex, topic: Topic) -> Relevance:
    """The question with its kind, which the works that it names may change."""
    read = read_question(alone, topic)
    named_ids, name_words = names.find(read)
    if not named_ids and asks_for_works(read.text):
        read = replace(read, kind=Q.LIST)
    may_be_on_a_work = read.kind in {Q.EFFECT, Q.ASSOCIATION, Q.MECHANISM, Q.LAY_CLAIM}
    if named_ids and len(named_ids) <= MOST_NAMED and may_be_on_a_work and not (read.drugs and read.outcomes):
        read = replace(read, kind=Q.STUDY)
    return Relevance(read, topic, name_words, tuple(named_ids[:MOST_NAMED]))


def of_a_work(question: str, history: Sequence[Turn], names: NameIndex, topic: Topic) -> bool:
    """True when the question names a work of the collection, or its "it" and "this" are those of the last question."""
    if names.find(read_question(question, topic))[0]:
        return True
    return bool(history) and not _TO_THE_PROGRAM.search(question)
