"""Where sentences of biomedical prose begin and end: punkt, repaired for the field's abbreviations."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from caveat.domain.model import Span

_STOP = r"\.[\"'”’)\]]*$"
# A sentence never ends after these.
_NEVER_LAST = re.compile(
    r"\b(?:vs|e\.?g|i\.?e|cf|ca|approx|figs?|eqs?|refs?|tabs?|sp|spp|subsp|var|dr|prof|mr|mrs|ms|st|viz|resp|vit)"
    + _STOP,
    re.IGNORECASE,
)
# A sentence ends after these only before a capital that begins one: "et al. The …" but not "et al. found".
_SELDOM_LAST = re.compile(
    r"\b(?:et al|al|nos?|vols?|eds?|pp?|n|min|max|avg|suppl|dept|univ|inc|ltd|co|corp|wk|wks|mo|yrs?|hrs?"
    r"|i\.v|i\.p|s\.c|i\.m|p\.o|b\.i\.d|t\.i\.d|q\.d|a\.m|p\.m|U\.S|U\.K)" + _STOP,
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"(?:\[\d[\d,;– -]*\])+\s*")
_NUMBERED = re.compile(r"\b(?:figs?|nos?|vol|eqs?|refs?|pp?|n)\.$", re.IGNORECASE)
_CONTINUES = re.compile(r"[a-z,;:%)\]=<>≤≥±.]")
_TOO_CLOSE = re.compile(r"(?:^|[\s(])(?:[PpNn]|OR|HR|RR|SMD|CI|SD|SE)\.?$")
# Punkt leaves two sentences as one where no space stands between them: "… at day 14.The next …".
# And a single letter is an initial to it, which it is not in "vitamin D. The …".
_GLUED = re.compile(
    r"(?<=[a-z0-9)\]%])\.(?=[A-Z][a-z]+ )"
    r"|(?<=[\s-][A-Z])\.(?= (?:The|This|These|In|We|It|There|After|Among|No|Our|However|Results?|Patients)\b)"
)


@lru_cache(maxsize=1)
def _punkt() -> Any:
    """The tokeniser whose data LlamaIndex brings along, so that nothing is downloaded."""
    from llama_index.core.utils import globals_helper

    return globals_helper.punkt_tokenizer


def sentence_spans(text: str) -> list[Span]:
    """The sentences of a text without line ends, in order, without the spaces around them."""
    spans: list[Span] = []
    for start, end in _punkt().span_tokenize(text):
        if spans and (mark := _REFERENCE.match(text, start, end)):
            # A reference number after the full stop belongs to the sentence before it.
            spans[-1] = Span(spans[-1].start, start + len(mark.group().rstrip()))
            start = mark.end()
        if start == end:
            continue
        if spans and _goes_on(text[spans[-1].start : spans[-1].end], text[start:end]):
            spans[-1] = Span(spans[-1].start, end)
        else:
            spans.append(Span(start, end))
    return [part for span in spans for part in _unglued(text, span)]


def _goes_on(before: str, after: str) -> bool:
    """True when what looks like the end of a sentence is a full stop inside it."""
    if _CONTINUES.match(after) or _NEVER_LAST.search(before):
        return True
    if after[0].isdigit():
        return bool(_NUMBERED.search(before) or _SELDOM_LAST.search(before) or _TOO_CLOSE.search(before))
    return before.endswith("et al.") and after.startswith("(")


def _unglued(text: str, span: Span) -> list[Span]:
    """A span cut where a space is missing after a full stop."""
    cuts = [m.end() for m in _GLUED.finditer(text, span.start, span.end)]
    out: list[Span] = []
    at = span.start
    for cut in [*cuts, span.end]:
        while at < cut and text[at].isspace():
            at += 1
        if at < cut:
            out.append(Span(at, cut))
        at = cut
    return out
