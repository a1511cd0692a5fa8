"""What the core needs from outside. Adapters fulfil these; tests fulfil them with fakes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, runtime_checkable

from caveat.domain.model import Design, Passage, Source, Status


@dataclass(frozen=True, slots=True)
class Filters:
    """Limits on what a search may return; an empty field does not limit."""

    year_from: int | None = None
    year_to: int | None = None
    designs: tuple[Design, ...] = ()
    statuses: tuple[Status, ...] = ()
    population: str | None = None
    """Case-insensitive words, all of which stand in the source's population or conditions."""
    source_ids: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """True when nothing is limited."""
        return self == Filters()


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage of one ranking, best first; scores compare only within the same ranking."""

    passage_id: str
    score: float


class EvidenceIndex(Protocol):
    """One finished, immutable generation of the collection."""

    @property
    def generation(self) -> str:
        """The generation's id."""

    @property
    def source_count(self) -> int:
        """How many works are indexed."""

    @property
    def passage_count(self) -> int:
        """How many passages are indexed."""

    def search_dense(self, query: str, k: int, filters: Filters | None = None) -> list[Hit]:
        """The k nearest passages by embedding, best first; raises ``SearchUnavailable``."""

    def search_lexical(self, query: str, k: int, filters: Filters | None = None) -> list[Hit]:
        """The k best passages by BM25 with a score above zero; raises ``SearchUnavailable``."""

    def late_interaction(self, query: str, passage_ids: Sequence[str]) -> dict[str, float]:
        """Mean over query tokens of the best cosine with a passage token; empty when not available."""

    def sentence_similarity(self, query: str, passage_ids: Sequence[str]) -> dict[str, tuple[float, ...]]:
        """Cosine of the query with each sentence of each passage, in the passage's sentence order."""

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """The passages with these ids; an unknown id is left out."""

    def source_passages(self, source_id: str) -> list[Passage]:
        """All passages of one work, in the order of its text."""

    def sources(self, ids: Sequence[str]) -> dict[str, Source]:
        """The works with these ids; an unknown id is left out."""

    def all_sources(self) -> Sequence[Source]:
        """Every work of the collection, in id order."""


@dataclass(frozen=True, slots=True)
class BuildFacts:
    """How a generation was made, as far as readers should know."""

    created: str
    model_id: str
    skipped: int = 0
    problems: tuple[str, ...] = ()
    """What could not be read, one line each; fewer than ``skipped`` when there were very many."""


@runtime_checkable
class KnowsItsBuild(Protocol):
    """An index that can say how it was made."""

    @property
    def build_facts(self) -> BuildFacts:
        """When, with which embedding model, and what was left out."""


@runtime_checkable
class HoldsManyWorks(Protocol):
    """An index of so many works that a page shows only some of them."""

    def newest_sources(self, most: int) -> Sequence[Source]:
        """The newest works, at most so many; those without a year last."""


@runtime_checkable
class TellsOfEveryWork(Protocol):
    """An index that hands out its works one after the other, so that none has to hold them all."""

    def each_source(self) -> Iterator[Source]:
        """Every work in id order, as it was when the index was built: no later check of it is in it."""

    def works_with(self, stems: Iterable[str]) -> Sequence[int] | None:
        """The works that have all of these stems among their words, as places in ``each_source``; None where it is not known."""

    def doubted(self) -> Mapping[str, Status]:
        """The ids of the works that are retracted, withdrawn or under concern today, with that status."""


class IndexProvider(Protocol):
    """Hands out the current generation, so that a new one is picked up between two questions."""

    def current(self) -> EvidenceIndex:
        """The generation the pointer names; raises ``IndexMissing`` or ``IndexMismatch``."""


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def model_id(self) -> str:
        """Names the weights; two embedders with one id give the same vectors."""

    @property
    def dimension(self) -> int:
        """Length of each vector."""

    def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """One unit vector a text, in order; raises ``EmbedderUnavailable``."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """The language model that may write a draft, and what the reader is told before anything is sent to it."""

    name: str
    host: str
    """Host (and port) that the text goes to."""
    local: bool
    """True when the host is this machine: nothing leaves it."""
    notice: str
    """One line: what goes where. Shown before the first use."""
    on_by_default: bool = False
    """True when whoever runs Caveat has consented for its readers (``CAVEAT_MODEL_CONSENT``)."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message to the model; ``role`` is ``system``, ``user`` or ``assistant``."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model wrote, unchecked, and what it cost; tokens are None where the server does not count."""

    text: str
    seconds: float
    tokens_in: int | None = None
    tokens_out: int | None = None
    cut: bool = False
    """True when the limit on length ended it."""


class ChatModel(Protocol):
    """A language model behind a chat interface."""

    @property
    def info(self) -> ModelInfo:
        """Which model, where."""

    def write(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, object] | None,
        *,
        seconds: float | None = None,
    ) -> Iterator[int | Completion]:
        """How many characters have come so far, now and then, and last the completion.

        ``schema`` is the JSON schema the text should follow, None for free text; ``seconds`` shortens the time limit. Closing the
        iterator stops the model. Raises ``ModelUnavailable``.
        """


class Clock(Protocol):
    """Today, replaceable in tests."""

    def today(self) -> date:
        """The date that "today" means for ages of evidence and of status checks."""
