"""Where sentences of biomedical prose begin and end: punkt, repaired for the field's abbreviations."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from caveat.domain.model import Span

_NO_END = re.compile(
    r"(?:\b(?:vs|v|et al|al|e\.?g|i\.?e|cf|ca|approx|resp|fig|figs|eq|eqs|ref|refs|no|nos|vol|ed|eds|sp|spp|subsp|var"
    r"|dr|prof|mr|mrs|ms|st|dept|univ|inc|ltd|co|i\.v|i\.p|s\.c|p\.o|b\.i\.d|t\.i\.d|q\.d|p|n|min|max|avg|suppl|viz)"
    r"|\b[A-Z])\.[\"')\]]*$",
    re.IGNORECASE,
)
_ALWAYS_INSIDE = re.compile(
    r"\b(?:vs|v|e\.?g|i\.?e|cf|ca|approx|fig|figs|eq|eqs|ref|refs|sp|spp|subsp|dr|prof|mr|mrs)\.[\"')\]]*$",
    re.IGNORECASE,
)
_STARTS_LOW = re.compile(r"[a-z0-9.,;:%)\]=<>≤≥±]")
_GENUS = re.compile(r"(?:^|[\s(])[A-Z]\.$")


@lru_cache(maxsize=1)
def _punkt() -> Any:
    """The tokeniser whose data LlamaIndex brings along."""
    from llama_index.core.utils import globals_helper

    return globals_helper.punkt_tokenizer


def sentence_spans(text: str) -> list[Span]:
    """The sentences of a text without line ends, in order, without the spaces around them."""
    spans: list[Span] = []
    for start, end in _punkt().span_tokenize(text):
        if spans and _goes_on(text[spans[-1].start : spans[-1].end], text[start:end]):
            spans[-1] = Span(spans[-1].start, end)
        else:
            spans.append(Span(start, end))
    return spans


def _goes_on(before: str, after: str) -> bool:
    """True when the full stop between the two ends an abbreviation and not a sentence."""
    if not after or not before.endswith((".", '."', ".)", ".]", ".'")):
        return False
    if _ALWAYS_INSIDE.search(before):
        return True
    if _STARTS_LOW.match(after):
        return bool(_NO_END.search(before)) or after[0] in ".,;:%)]=<>≤≥±" or after[0].islower()
    return bool(_GENUS.search(before))
