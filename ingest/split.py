"""Documents to passages: stable ids, exact offsets, cuts only between sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import Document as LlamaDocument
from llama_index.core.utils import get_tokenizer

from caveat.domain.model import Document, Passage, Section, Span
from ingest.orders import orders_in, without
from ingest.readers.sections import MarkedSection
from ingest.sentences import sentence_spans

TARGET_TOKENS = 160
MAX_TOKENS = 200
VERSION = f"sentences-3/{TARGET_TOKENS}-{MAX_TOKENS}"
"""Names this way of splitting in the manifest."""
GAP = "\n\n"
PHRASE = r"(?:[^,;:]|[,;:](?!\s))+(?:[,;:]\s+)?|[,;:]\s+"
"""Where a sentence longer than a passage is cut: never inside a number such as 0.05 or 1,200."""


@dataclass(frozen=True, slots=True)
class SplitDocument:
    """A document with its full text and its passages."""

    document: Document
    text: str
    passages: tuple[Passage, ...]


def split(document: Document) -> SplitDocument:
    """Every passage is a slice of the full text, which is the sections with a blank line between them.

    Sentences that talk to the machine are in neither, nor in the document that is returned.
    """
    read = [_obeying_nothing(section) for section in document.sections]
    read = [(section, sentences) for section, sentences in read if section.text.strip()]
    document = replace(document, sections=tuple(section for section, _ in read))
    text = GAP.join(section.text for section in document.sections)
    passages: list[Passage] = []
    at = 0
    for section, (_, sentences) in zip(_with_own_names(document.sections), read, strict=True):
        name = f"{document.source.id}#{section.name}"
        pieces = _pieces(section.text, sentences)
        for i, piece in enumerate(pieces):
            ident = name if len(pieces) == 1 else f"{name}.{i}"
            inside = tuple(
                Span(s.start - piece.start, s.end - piece.start) for s in _clipped(sentences, piece)
            )
            passages.append(
                Passage(
                    *(ident, document.source.id, section.name, section.text[piece.start : piece.end]),
                    *(at + piece.start, at + piece.end, inside, section.quotable),
                )
            )
        at += len(section.text) + len(GAP)
    return SplitDocument(document, text, tuple(passages))


def _obeying_nothing(section: Section) -> tuple[Section, list[Span]]:
    """The section without sentences that give orders, and the sentences it has."""
    sentences = _sentences(section)
    orders = orders_in(section.text, sentences)
    if not orders:
        return section, sentences
    section = without(section, sentences, orders)
    return section, _sentences(section)


def _with_own_names(sections: tuple[Section, ...]) -> Iterator[Section]:
    """A name used twice gets a number: ``results``, ``results_2``."""
    used: set[str] = set()
    for section in sections:
        name, n = section.name, 1
        while name in used:
            n += 1
            name = f"{section.name}_{n}"
        used.add(name)
        yield section if name == section.name else replace(section, name=name)


def _sentences(section: Section) -> list[Span]:
    """Items are one sentence each; lines of prose are parted by punkt."""
    whole = set(section.whole) if isinstance(section, MarkedSection) else set()
    spans: list[Span] = []
    at = 0
    for line in section.text.split("\n"):
        span = Span(at, at + len(line))
        if span in whole:
            spans.append(span)
        else:
            spans += [Span(at + s.start, at + s.end) for s in sentence_spans(line)]
        at += len(line) + 1
    return [span for span in spans if span.start < span.end]


def _pieces(text: str, sentences: list[Span]) -> list[Span]:
    """Stretches of about ``TARGET_TOKENS``, cut by LlamaIndex at the ends of these sentences."""
    size = count_tokens(text)
    if size <= MAX_TOKENS:
        return [Span(0, len(text))]
    parts = math.ceil(size / TARGET_TOKENS)
    limit = min(MAX_TOKENS, math.ceil(size / parts) + 20)
    starts = [0, *(s.start for s in sentences[1:]), len(text)]
    cuts = {text: [text[a:b] for a, b in pairwise(starts)]}

    def chunk(stretch: str) -> list[str]:
        return cuts.get(stretch) or [stretch]

    splitter = SentenceSplitter(
        chunk_size=limit,
        chunk_overlap=0,
        paragraph_separator="\0",
        chunking_tokenizer_fn=chunk,
        secondary_chunking_regex=PHRASE,
    )
    nodes = splitter.get_nodes_from_documents([LlamaDocument(text=text)])
    pieces: list[Span] = []
    at = 0
    for node in nodes:
        # LlamaIndex's own offsets are those of an earlier copy where a text repeats itself.
        at = text.index(node.text, at)
        pieces.append(Span(at, at + len(node.text)))
        at += len(node.text)
    return pieces


def _clipped(sentences: list[Span], piece: Span) -> Iterator[Span]:
    """The sentences of a piece; one that is longer than a passage is cut where the passage is."""
    for sentence in sentences:
        start, end = max(sentence.start, piece.start), min(sentence.end, piece.end)
        if start < end:
            yield Span(start, end)


def count_tokens(text: str) -> int:
    """Length in the splitter's tokens."""
    return len(get_tokenizer()(text))
