"""The lines of PDF pages put together again: running heads go, cut words are joined, the reference list is set apart."""

from __future__ import annotations

import re
from collections import Counter

_DIGITS = re.compile(r"\d+")
_REFERENCES = re.compile(
    r"^\s*(?:\d+\.?\s*)?(?:references|bibliography|literature cited|works cited|literatur|références)\s*:?\s*$",
    re.IGNORECASE,
)
_CUT = re.compile(r"([^\W\d_]{2,})[-‐\u00ad]$")
_LIGATURES = str.maketrans({"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"})
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?:;)\]\"”]$")
_PREFIXES = frozenset("anti non self post pre co meta well long short high low double single placebo open follow cross case multi pro semi sub drug dose age sex time evidence".split())  # fmt: skip


def page_sections(texts: list[str]) -> list[tuple[str, list[tuple[str, bool]], bool]]:
    """A section a page, named by its number; what follows the heading "References" is not quotable."""
    pages = [
        [line.strip() for line in text.translate(_LIGATURES).splitlines() if line.strip()] for text in texts
    ]
    running = _running(pages)
    known = Counter(word.lower() for page in pages for line in page for word in _WORD.findall(line))
    sections: list[tuple[str, list[tuple[str, bool]], bool]] = []
    listing = False
    for number, page in enumerate(pages, 1):
        body: list[str] = []
        after: list[str] = []
        for line in page:
            if _DIGITS.sub("#", line) in running:
                continue
            if _REFERENCES.match(line) and number > len(pages) / 3:
                listing = True
                continue
            (after if listing else body).append(line)
        for name, lines, quotable in (
            (f"page {number}", body, True),
            (f"references page {number}", after, False),
        ):
            if lines:
                sections.append((name, [(p, False) for p in _paragraphs(lines, known)], quotable))
    return sections


def _running(pages: list[list[str]]) -> set[str]:
    """Heads and feet: lines that stand, but for their numbers, at the edge of at least half of the pages."""
    if len(pages) < 3:
        return set()
    counted = Counter(
        shape for page in pages for shape in {_DIGITS.sub("#", line) for line in (*page[:3], *page[-3:])}
    )
    return {shape for shape, count in counted.items() if count >= max(3, len(pages) / 2)}


def _paragraphs(lines: list[str], known: Counter[str]) -> list[str]:
    """Lines joined; a new paragraph begins after a short line that ends a sentence."""
    width = sorted(len(line) for line in lines)[len(lines) * 3 // 4]
    out: list[str] = []
    fresh = True
    for line in lines:
        if fresh or not out:
            out.append(line)
        else:
            out[-1] = _joined(out[-1], line, known)
        fresh = bool(_SENTENCE_END.search(line)) and len(line) < 0.8 * width
    return out


def _joined(left: str, right: str, known: Counter[str]) -> str:
    """Two lines as one; a word that was cut at the end of a line is made whole, a compound keeps its hyphen."""
    cut = _CUT.search(left)
    follows = _WORD.match(right)
    if cut and follows and follows.group()[0].islower():
        first, second = cut.group(1), follows.group()
        whole, compound = (first + second).lower(), f"{first}-{second}".lower()
        if known[whole] > known[compound] or (not known[compound] and first.lower() not in _PREFIXES):
            return left[:-1] + right
        return left + right
    return (
        left + right if left.endswith(("-", "–")) and not left.endswith((" -", " –")) else f"{left} {right}"
    )
