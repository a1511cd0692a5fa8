"""Sentences that give orders to whoever processes a document are taken out before anything is indexed.

Never quoting them is not enough: they would still pull their passage's vector and words towards themselves, and so
change which other sentences are found.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from caveat.domain.hostile import talks_to_the_machine
from caveat.domain.model import Section, Span
from ingest.readers.sections import MarkedSection


def orders_in(text: str, sentences: Sequence[Span]) -> list[Span]:
    """The sentences that talk to the machine, invisible characters in them or not."""
    return [s for s in sentences if talks_to_the_machine(_seen(text[s.start : s.end]))]


def without(section: Section, sentences: Sequence[Span], orders: Sequence[Span]) -> Section:
    """The section without these sentences; a line that held nothing else is gone."""
    whole = section.whole if isinstance(section, MarkedSection) else ()
    lines: list[str] = []
    spans: list[Span] = []
    at = length = 0
    for line in section.text.split("\n"):
        span = Span(at, at + len(line))
        at += len(line) + 1
        here = [s for s in sentences if span.start <= s.start < span.end]
        if any(s in orders for s in here):
            line = " ".join(section.text[s.start : s.end].strip() for s in here if s not in orders)
            if not line:
                continue
        if span in whole:
            spans.append(Span(length, length + len(line)))
        lines.append(line)
        length += len(line) + 1
    if isinstance(section, MarkedSection):
        return replace(section, text="\n".join(lines), whole=tuple(spans))
    return replace(section, text="\n".join(lines))


def _seen(text: str) -> str:
    """The text as a person sees it: without characters that have no shape."""
    return "".join(c for c in text if unicodedata.category(c) != "Cf")
