"""Draft sentences of a language model: proven against their passages, or removed with a reason. Nothing is trusted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from caveat.answering.evidence import Candidate, Evidence
from caveat.answering.forms.association import of_something_else
from caveat.answering.forms.common import Chosen
from caveat.answering.forms.effect import tells_of_drug
from caveat.answering.model_prompt import MOST_CITATIONS, Sent, refenced
from caveat.answering.model_reasons import NOT_NEEDED, REASONS
from caveat.answering.model_reply import Draft
from caveat.answering.relevance import Relevance
from caveat.domain.hostile import talks_to_the_machine
from caveat.domain.lanes import association_stance, effect_stance
from caveat.domain.model import DraftVerdict, Passage, Removed, Source, Span, Stance
from caveat.domain.model import QuestionKind as Q
from caveat.domain.topic import Topic
from caveat.domain.verify import locate, verify
from caveat.domain.words_for import WITHOUT_PEOPLE, is_taken_back
from caveat.errors import ModelFault

MOST_SHOWN = 10
SHORTEST_QUOTE = 12
LONG_ENOUGH_TO_FIND = 40
_MARKUP = re.compile(
    r"</?[a-z!]|\]\(|https?:|www\.|[`{}|\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", re.IGNORECASE
)
_ORDERS = re.compile(
    r"\b(?:you|your)\b|^\W*(?:please|take|stop|ask|talk to|consult|avoid|consider)\b|\bI(?:'m| am|'ve| have| think| believe)\b",
    re.IGNORECASE,
)
_MARKS = re.compile(r"\s*[\[(](?:passages?\s*)?P[A-Z]{2}\d(?:\s*[,;]\s*P[A-Z]{2}\d)*[\])]")


@dataclass(frozen=True, slots=True)
class Proof:
    """An exact stretch of a passage that a drafted sentence rests on."""

    source: Source
    passage: Passage
    span: Span

    @property
    def quote(self) -> str:
        """The words as the passage has them."""
        return self.passage.text[self.span.start : self.span.end]


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence that a model wrote and the verifier proved, with its lane by rule."""

    text: str
    proofs: tuple[Proof, ...]
    stance: Stance

    @property
    def sources(self) -> tuple[Source, ...]:
        """The works it rests on, each once, in order."""
        return tuple({p.source.id: p.source for p in self.proofs}.values())

    def quotes(self, item: Chosen) -> bool:
        """True when one of its quotes touches that sentence."""
        span = item.candidate.passage.sentences[item.candidate.sentence_index]
        return any(
            p.passage.id == item.candidate.passage.id and p.span.start < span.end and p.span.end > span.start
            for p in self.proofs
        )


@dataclass(frozen=True, slots=True)
class Checked:
    """What is left of a draft; ``verdicts`` has one entry a sentence."""

    kept: tuple[Drafted, ...]
    removed: tuple[Removed, ...]
    verdicts: tuple[DraftVerdict, ...]

    @property
    def reasons(self) -> dict[str, int]:
        """How many were left out for which reason."""
        return dict(Counter(v.reason for v in self.verdicts if v.reason))


@dataclass(frozen=True, slots=True)
class DraftResult:
    """What came of the draft. ``fault`` is set when there is none; ``notice`` is one line for the reader."""

    model: str
    notice: str
    kept: tuple[Drafted, ...] = ()
    removed: tuple[Removed, ...] = ()
    verdicts: tuple[DraftVerdict, ...] = ()
    fault: ModelFault | None = None


class Refusal(Exception):
    """Why one draft sentence is not shown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = str(reason)


class DraftCheck:
    """Checks the drafts of one reply, one after the other."""

    def __init__(
        self, sent: Sent, chosen: Sequence[Chosen], evidence: Evidence, relevance: Relevance, topic: Topic
    ) -> None:
        self._sent = sent
        self._relevance = relevance
        self._topic = topic
        self._stances = {(c.candidate.passage.id, c.candidate.sentence_index): c.stance for c in chosen}
        self._candidates = {(c.passage.id, c.sentence_index): c for c in evidence.candidates}

    def check(self, drafts: Sequence[Draft | None], *, flood: bool = False) -> Checked:
        """Each draft kept or removed, in order; of a ``flood`` nothing is kept."""
        kept: list[Drafted] = []
        removed: list[Removed] = []
        verdicts: list[DraftVerdict] = []
        for draft in drafts:
            ids = self._passage_ids(draft)
            try:
                if flood:
                    raise Refusal("too_many_sentences")
                kept.append(self._prove(draft, kept))
                verdicts.append(DraftVerdict(True, None, tuple(p.passage.id for p in kept[-1].proofs)))
            except Refusal as no:
                if no.reason not in NOT_NEEDED:
                    why = REASONS.get(no.reason, "It could not be proven.")
                    removed.append(Removed(no.reason, why, ids))
                verdicts.append(DraftVerdict(False, no.reason, ids))
        return Checked(tuple(kept), tuple(removed), tuple(verdicts))

    def _passage_ids(self, draft: Draft | None) -> tuple[str, ...]:
        named = [c.passage for c in draft.citations] if draft else []
        return tuple(dict.fromkeys(self._sent.passages[i][1].id for i in named if i in self._sent.passages))

    def _prove(self, draft: Draft | None, kept: Sequence[Drafted]) -> Drafted:
        if draft is None:
            raise Refusal("unreadable")
        if len(draft.citations) > MOST_CITATIONS:
            raise Refusal("too_many_citations")
        proofs = list(dict.fromkeys(self._locate(c.passage, c.quote) for c in draft.citations))
        text = _MARKS.sub("", " ".join(draft.text.split())).strip()
        why = unfit(text)
        if why is not None:
            raise Refusal(why)
        proven = self._fewest(text, proofs)
        drafted = Drafted(text, proven, self._stance(text, proven))
        if any(_repeats(drafted, k) for k in kept):
            raise Refusal("repeats")
        if len(kept) >= MOST_SHOWN:
            raise Refusal("surplus")
        return drafted

    def _locate(self, ident: str, quote: str) -> Proof:
        found = self._sent.passages.get(ident.strip("[]()<> "))
        if found is None:
            raise Refusal("unknown_passage")
        proof = _quoted(quote, *found) or self._elsewhere(quote)
        if proof is None:
            raise Refusal("quote_not_in_passage")
        if len(proof.quote.strip()) < SHORTEST_QUOTE:
            raise Refusal("quote_too_short")
        if talks_to_the_machine(proof.quote) or any(
            talks_to_the_machine(proof.passage.sentence(i)) for i in touched(proof)
        ):
            raise Refusal("talks_to_the_machine")
        return proof

    def _elsewhere(self, quote: str) -> Proof | None:
        """The one other passage that was sent in which the words stand letter for letter: ids are easily mixed up.

        What is cited, and what the sentence is checked against, is then that passage and its work.
        """
        if len(quote) < LONG_ENOUGH_TO_FIND:
            return None
        found = [
            p for source, passage in self._sent.passages.values() if (p := _quoted(quote, source, passage))
        ]
        return found[0] if len(found) == 1 else None

    def _fewest(self, text: str, proofs: Sequence[Proof]) -> tuple[Proof, ...]:
        """The fewest of the quotes that prove the sentence; a quote that adds nothing is not cited."""
        reason = "not_in_quote"
        for size in range(1, len(proofs) + 1):
            for some in combinations(proofs, size):
                verdict = verify_all(text, some)
                if verdict is None:
                    return some
                reason = verdict
        raise Refusal(reason)

    def _stance(self, text: str, proofs: Sequence[Proof]) -> Stance:
        """The lane of the quotes, by the rules that sort quotes; the sentence's own words may not point elsewhere."""
        lanes = {s for p in proofs for s in self._lanes(p)} - {Stance.CONTEXT}
        if not lanes:
            return Stance.CONTEXT
        kind = self._relevance.question.kind
        rule = association_stance if kind is Q.ASSOCIATION else effect_stance
        own = {rule(text, p.source) for p in proofs} - {Stance.CONTEXT}
        if len(lanes) > 1:
            lanes &= own
        if len(lanes) != 1 or (own and own != lanes):
            raise Refusal("direction_unclear")
        return lanes.pop()

    def _lanes(self, proof: Proof) -> Iterator[Stance]:
        for i in touched(proof):
            key = (proof.passage.id, i)
            candidate = self._candidates.get(key)
            yield self._stances[key] if key in self._stances else self._by_rule(candidate)

    def _by_rule(self, c: Candidate | None) -> Stance:
        """As for a quote that is added because it is close to the question's words."""
        q = self._relevance.question
        if c is None or c.section in {"limits", "what_was_done"} or is_taken_back(c.source):
            return Stance.CONTEXT
        if q.kind in {Q.EFFECT, Q.HARM, Q.LAY_CLAIM}:
            told = tells_of_drug(c, self._relevance, self._topic)
            on_outcome = self._relevance.any_of(q.outcomes, c.entities)
            return effect_stance(c.text, c.source) if told and on_outcome else Stance.CONTEXT
        if q.kind is Q.ASSOCIATION:
            other = of_something_else(c, self._relevance, self._topic)
            on_outcome = not q.outcomes or self._relevance.any_of(q.outcomes, c.entities)
            if on_outcome and c.source.design not in WITHOUT_PEOPLE and not other:
                return association_stance(c.text, c.source)
        return Stance.CONTEXT


def _quoted(quote: str, source: Source, passage: Passage) -> Proof | None:
    for words in _as_copied(quote):
        span = locate(words, passage.text)
        if span is not None:
            return Proof(source, passage, span) if passage.quotable else None
    return None


def _as_copied(quote: str) -> Iterator[str]:
    """The quote, and what it was before a model began it with a capital or ended it with a full stop of its own.

    Whatever is found, the passage's own words are cited.
    """
    bare = quote.strip(' "“”…')
    for words in dict.fromkeys((quote, refenced(quote), bare, bare.rstrip(".,;:"))):
        if words:
            yield words
            yield words[0].swapcase() + words[1:]


def unfit(text: str) -> str | None:
    """Why no sentence of a model may be worded so, whatever it rests on; None where nothing speaks against it."""
    if talks_to_the_machine(text):
        return "talks_to_the_machine"
    if _MARKUP.search(text):
        return "markup"
    return "advice" if _ORDERS.search(text) else None


def verify_all(text: str, proofs: Sequence[Proof]) -> str | None:
    """None when the quotes together bear the sentence out, else the first reason why not."""
    verdict = verify(
        text, [p.quote for p in proofs], [p.passage.text for p in proofs], [p.source for p in proofs]
    )
    if verdict.supported:
        return None
    return verdict.reasons[0].kind if verdict.reasons else "not_in_quote"


def touched(proof: Proof) -> list[int]:
    """The sentences of the passage that the quote touches."""
    return [
        i
        for i, s in enumerate(proof.passage.sentences)
        if s.start < proof.span.end and s.end > proof.span.start
    ]


def _repeats(a: Drafted, b: Drafted) -> bool:
    """The same words, or the same quotes told again."""
    x, y = set(re.findall(r"\w+", a.text.casefold())), set(re.findall(r"\w+", b.text.casefold()))
    near = len(x & y) >= 0.9 * min(len(x), len(y))
    same = {(p.passage.id, p.span) for p in a.proofs} == {(p.passage.id, p.span) for p in b.proofs}
    return x == y or (near and same)
