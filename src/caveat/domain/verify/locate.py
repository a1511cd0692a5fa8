"""Finds a quote in its passage, letter for letter after gentle normalisation, and never half a word or number."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from caveat.domain.model import Span

_DASHES = dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")
_SINGLE = dict.fromkeys("‘’‚‛′＇ʼ", "'")
_DOUBLE = dict.fromkeys("“”„‟″«»＂", '"')
_INVISIBLE = dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
_CHARS = {**_DASHES, **_SINGLE, **_DOUBLE, **_INVISIBLE}
_SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉"


@lru_cache(maxsize=512)
def _mapped(text: str) -> tuple[str, tuple[int, ...]]:
    """``gentle`` of the text, with for each of its characters the offset it came from (one past the end last)."""
    chars: list[str] = []
    at: list[int] = []
    i, n = 0, len(text)
    while i < n:
        j = i + 1
        while j < n and unicodedata.combining(text[j]):
            j += 1
        for char in unicodedata.normalize("NFC", text[i:j]):
            plain = _CHARS.get(char, char)
            if plain.isspace():
                if chars and chars[-1] != " ":
                    chars.append(" ")
                    at.append(i)
            elif plain:
                chars.append(plain)
                at.append(i)
        i = j
    if chars and chars[-1] == " ":
        chars.pop()
        at.pop()
    return "".join(chars), (*at, n)


def gentle(text: str) -> str:
    """The text with NFC, single spaces, one kind of dash and of quotation mark; nothing else is changed."""
    return _mapped(text)[0]


def _cuts_word(text: str, start: int, end: int) -> bool:
    """Would the stretch begin or end inside a word, a number or a signed number?"""
    if start > 0:
        before, first = text[start - 1], text[start]
        if before.isalnum() and first.isalnum():
            return True
        two = text[start - 2] if start > 1 else " "
        if first.isdigit() and before in ".," and two.isdigit():
            return True
        if first in ".," and before.isdigit() and start + 1 < len(text) and text[start + 1].isdigit():
            return True
        if first.isdigit() and before == "-" and not (two.isalnum() or two in ")]%"):
            return True
    if end < len(text):
        last, after = text[end - 1], text[end]
        if last.isalnum() and (after.isalnum() or after in _SUPERSCRIPT):
            return True
        three = text[end + 1] if end + 1 < len(text) else " "
        if last.isdigit() and after in ".," and three.isdigit():
            return True
    return False


def locate(quote: str, passage: str) -> Span | None:
    """Where the quote stands in the passage, as offsets of the stored text; ``None`` when it does not."""
    wanted = _mapped(quote)[0]
    if not wanted:
        return None
    text, at = _mapped(passage)
    start = text.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        if not _cuts_word(text, start, end):
            stop = at[end - 1] + 1
            while stop < len(passage) and (
                unicodedata.combining(passage[stop]) or passage[stop] in _INVISIBLE
            ):
                stop += 1
            return Span(at[start], stop)
        start = text.find(wanted, start + 1)
    return None
