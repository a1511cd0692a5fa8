"""LlamaIndex's ``CitationQueryEngine`` with its defaults, over the same index and the same language model.

It is what somebody would build from the same parts in an afternoon: a vector search, numbered sources, a prompt that
asks for ``[n]``. Nothing checks what comes back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.llms import CompletionResponse, CustomLLM, LLMMetadata
from llama_index.core.query_engine import CitationQueryEngine
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from caveat.domain.ports import ChatModel, Completion, EvidenceIndex, Message

TOP_K = 6
"""Passages given to the model; Caveat's own prompt holds about as many."""
_MARK = re.compile(r"\s*\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]")
_NO_ANSWER = re.compile(
    r"\b(?:none of the (?:provided )?sources|(?:sources?|text|passages?|information)(?: provided)? (?:do(?:es)? not|don't|cannot)"
    r"|no (?:relevant )?(?:information|source)|not (?:mentioned|provided|available|helpful)|cannot (?:be )?(?:answer|determin)\w*"
    r"|unable to (?:answer|provide|find))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of a reply, without its marks, and the numbers it cites."""

    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the engine wrote, in sentences, and the ids of the passages its numbers stand for."""

    text: str
    statements: tuple[Statement, ...]
    passage_ids: tuple[str, ...]

    @property
    def says_nothing(self) -> bool:
        """True when the reply says that the sources do not answer."""
        return not self.text.strip() or bool(_NO_ANSWER.search(self.text))


def statements_of(text: str) -> tuple[Statement, ...]:
    """The sentences of a reply; a mark belongs to the sentence it stands in or right behind."""
    marked = re.sub(r"([.!?])((?:\s*\[\d[\d\s,]*\])+)", r"\2\1", text)
    found: list[Statement] = []
    for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z\"“(])|\n+", marked):
        numbers = tuple(int(n) for group in _MARK.findall(sentence) for n in re.findall(r"\d+", group))
        plain = _MARK.sub("", sentence).strip(" -*•")
        if any(c.isalpha() for c in plain):
            found.append(Statement(plain, numbers))
    return tuple(found)


class PortModel(CustomLLM):  # type: ignore[misc]
    """Caveat's model port as a LlamaIndex model: the same server, the same limits."""

    port: Any

    @property
    def metadata(self) -> LLMMetadata:
        """Room for the passages and the reply."""
        return LLMMetadata(context_window=8000, num_output=800, model_name=self.port.info.name)

    def complete(self, prompt: str, *_: Any, **__: Any) -> CompletionResponse:
        """The model's text for this prompt; raises ``ModelUnavailable``."""
        chat: ChatModel = self.port
        for event in chat.write([Message("user", prompt)], None):
            if isinstance(event, Completion):
                return CompletionResponse(text=event.text)
        return CompletionResponse(text="")

    def stream_complete(self, prompt: str, *_: Any, **__: Any) -> Any:
        """Not streamed: the whole text is one piece."""
        yield self.complete(prompt)


class VectorRetriever(BaseRetriever):  # type: ignore[misc]
    """The nearest passages of the index by vector alone."""

    def __init__(self, index: EvidenceIndex, k: int = TOP_K) -> None:
        super().__init__()
        self._index, self._k = index, k

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._index.search_dense(query_bundle.query_str, self._k)
        passages = self._index.passages([h.passage_id for h in hits])
        return [
            NodeWithScore(
                node=TextNode(
                    id_=h.passage_id, text=passages[h.passage_id].text, metadata={"id": h.passage_id}
                ),
                score=h.score,
            )
            for h in hits
            if h.passage_id in passages
        ]


class Baseline:
    """Asks the engine; each reply is parted into statements."""

    def __init__(self, index: EvidenceIndex, chat: ChatModel) -> None:
        self._engine = CitationQueryEngine.from_args(
            index=None, retriever=VectorRetriever(index), llm=PortModel(port=chat)
        )

    def ask(self, question: str) -> Reply:
        """One reply; raises ``ModelUnavailable``."""
        response = self._engine.query(question)
        text = str(response.response or "")
        ids: Sequence[str] = [str(n.node.metadata.get("id", "")) for n in response.source_nodes]
        return Reply(text, statements_of(text), tuple(ids))
