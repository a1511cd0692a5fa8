"""Cuts text into words, identifiers (IL-6, NCT02473289), numbers and marks, and into sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from caveat.domain.verify.stems import spelling, stem

_GREEK = str.maketrans(
    {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa", "ζ": "zeta", "ω": "omega", "Β": "beta",
     "ε": "epsilon", "λ": "lambda", "μ": "mu", "µ": "mu", "σ": "sigma", "τ": "tau", "η": "eta", "θ": "theta"}
)  # fmt: skip
_TOKEN = re.compile(
    r"""
    (?P<i>[A-Za-zα-ω]{1,12}-?\d+(?:[A-Za-zα-ω]+\d*)?(?![A-Za-zα-ω]))
  | (?P<n>(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)?(?:\.\d+)|\d+·\d+|\d{1,3}(?:,\d{3})+(?!\d)|\d+)
      (?P<x>\ ?[x×]\ ?10(?:\^\(?[-+]?\d{1,3}\)?|\([-+]?\d{1,3}\)|[-+]\d{1,3}|[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})|[⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}|\^[-+]?\d{1,3}(?!\d))?
  | (?P<w>[^\W\d_]+(?:'[^\W\d_]+)*)
  | (?P<p>[^\w\s]|_)
    """,
    re.VERBOSE,
)
_IDENT = re.compile(r"([A-Za-zα-ω]+)(-?)(\d.*)")
# Before a number these are words of their own: "day-28", "week12", "aged-18".
_NOT_IDENT = frozenset(
    """day days week weeks month months year years visit phase age aged n p grade stage type hour hours arm group line lines
    and or to of at in on by the than vs versus top last first next week's least most about near over under mid post pre version wave
    figure table item items part step level score scores dose doses trial study case x""".split()
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:et al|vs|e\.g|i\.e|cf|approx|ca|no|fig|figs|dr|mr|mrs|prof|st|ref|refs|resp|incl|vol|pp?|sd|eg|ie|etc|inc|ltd|spp?)"
    r"|\b[A-Z]|\d)\.$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.?!][\"')\]]*\s+(?=[\"'(\[]*[A-Z0-9])|\n\s*\n|\n(?=\s?[-*•])")


@dataclass(frozen=True, slots=True)
class Token:
    """A word (w), identifier (i), number (n) or mark (p) with its lower-case form, stem and place."""

    kind: str
    text: str
    low: str
    stem: str
    start: int
    end: int


_UPPER = {"OR": "odds_ratio", "ORs": "odds_ratio", "US": "usa", "USA": "usa", "U": "u"}


@lru_cache(maxsize=50_000)
def _word(text: str) -> tuple[str, str]:
    low = _UPPER.get(text)
    if low is None:
        low = text.lower()
        if "'" in low:
            low = "not" if low.endswith("n't") else low.partition("'")[0]
        low = spelling(low.translate(_GREEK))
    return low, stem(low)


def tokenise(text: str) -> list[Token]:
    """The tokens of a gently normalised text, in order."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "p"
        raw, start, end = match.group(), match.start(), match.end()
        if kind == "x":
            kind = "n"
        if kind == "i":
            letters, hyphen, rest = _IDENT.fullmatch(raw).groups()  # type: ignore[union-attr]
            plain = letters[1:].islower() and (len(letters) > 5 or bool(hyphen and len(letters) > 3))
            if letters.lower() in _NOT_IDENT or (hyphen and plain):
                low, root = _word(letters)
                tokens.append(Token("w", letters, low, root, start, start + len(letters)))
                tail = start + len(letters) + len(hyphen)
                tokens.extend(
                    Token(t.kind, t.text, t.low, t.stem, t.start + tail, t.end + tail) for t in tokenise(rest)
                )
                continue
            low = (letters + rest).lower().translate(_GREEK)
            tokens.append(Token("i", raw, low, low, start, end))
        elif kind == "w":
            low, root = _word(raw)
            tokens.append(Token("w", raw, low, root, start, end))
        else:
            tokens.append(Token(kind, raw, raw, raw, start, end))
    return tokens


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Where each sentence of the text starts and ends; abbreviations and decimals do not end one."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        stop = match.start() + 1
        if match.group()[0] == "." and _ABBREVIATION.search(text, max(start, stop - 8), stop):
            head = text[max(start, stop - 8) : stop]
            if not (head[-2:-1].isdigit() and text[match.end() : match.end() + 1].isalpha()):
                continue
        end = match.end() - len(match.group()) + len(match.group().rstrip())
        if text[start:end].strip():
            spans.append((start, end))
        start = match.end()
    if text[start:].strip():
        spans.append((start, len(text)))
    return spans
