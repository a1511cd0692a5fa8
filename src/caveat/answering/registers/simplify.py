"""A claim in fewer and plainer words, by rule: statistics in brackets and names of papers go, jargon is replaced.

Nothing here is believed: the caller lets the verifier decide whether a wording may be shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from caveat.answering.registers.hidden import without_one_dose
from caveat.answering.registers.wording import capital, replaced

_STAT_WORD = r"(?:\b(?:CI|SMD|OR|aOR|RR|HR|IRR|ROR|ES|SE|SD|NNT|AUC|I2|IQR|Hedges'? ?g|Cohen'?s d|beta|eta2|[pP]|[nNgdrtFzBbR]|df|q|MD|WMD)|I²|β)"
_STAT = rf"(?:{_STAT_WORD}\s?(?:=|<|>|≤|≥|of)\s?[-−+]?[\d.]|\b95% ?CI\b|\b(?:SMD|OR|aOR|RR|HR|IRR|ROR|ES|WMD)\b\s[-−]?\d|\bbeta [-−]?\d|\b[gd] [-−]?0?\.\d|×\s?10)"
HARD = re.compile(
    rf"{_STAT}|\b(?:hazard|odds|risk|rate) ratios?\b|\bstandardi[sz]ed mean|\bconfidence interval|\brelative risks?\b"
    r"|\b(?:SMD|AUC|eta2)\b|\bHedges'?\b|\beffect sizes?\b|\bestimate \d|\brs\d{3,}\b|\d\.\d{2,}(?!.*\bper 1(?:00|,?000)\b)|\bcorrected P\b|\bcoefficients?\b|[=<>≤≥]\s?\d",
)
"""Figures and terms of statistics that a lay reader cannot use."""
_BRACKET = re.compile(r"\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
_REFERENCE = re.compile(
    r"^[^a-z]*$|\b(?:19|20)\d\d\b|\b(?:NCT|ISRCTN|EudraCT)\d*|^(?:[A-Z][\w-]*\s?)+$|\brs\d{3,}|^Table \d|^[A-Z]{2,}"
)
_TAIL = re.compile(
    rf"(?::|,|;)\s*(?:[\w'-]+\s){{0,3}}?{_STAT}[^;]*$|:\s(?:[a-z-]+ ){{0,4}}[-+−]?\d[\d.]*(?: ?%| p?n?g/m?L)?\.?$|,\s[-+−]\d[\d.]*%?\.?$"
)
_INTERVAL = re.compile(r"CI,?:? ?\(?([-−]?\d+(?:\.\d+)?) ?(?:to|,|–|-) ?([-−]?\d+(?:\.\d+)?)")
_P = re.compile(r"\b[pP] ?= ?(0?\.\d+)")
_RATIO = re.compile(r"\b(?:OR|aOR|RR|HR|IRR|ROR)\b|\bratios?\b|\brelative risk", re.IGNORECASE)
_UNSURE = re.compile(
    r"\b(?:not?|nor|neither|without|fell short|uncertain\w*|could be chance|crosses|includ\w+ no|unclear|little|failed)\b",
    re.IGNORECASE,
)
_SEMICOLON = re.compile(r";\s+(?![^()]*\))")
_INLINE = re.compile(
    r"\b(?:an? )?(?:SMD|Hedges'? g|Cohen'?s d|standardi[sz]ed mean difference)(?: of)? [-−]?\d[\d.]* (?:for|in|on)\b"
)
_NAME = r"[A-ZÀ-Ý][\w'’À-ÿ-]+"
_WORK = (
    r"(?:study|trial|cohort|analysis|meta-analysis|review|paper|registry|substudy|experiment|report|abstract)"
)
_LEAD = re.compile(
    rf"^In (?:the )?(?:{_NAME}(?:(?: and|,| &)? {_NAME}){{0,2}}|[A-Z][A-Z0-9-]+)(?: et al\.?| and colleagues)?(?: \(?\d{{4}}\)?)?(?: [a-z-]+){{0,2}}?(?: {_WORK})?(?: \([^)]*\))?, (?=\S)"
)
_LEAD_NUMBERED = re.compile(r"\d")


def wordings(text: str) -> Iterator[str]:
    """Wordings of a claim to try, the plainest first; each keeps what the claim says and adds nothing."""
    short = _TAIL.sub("", _INLINE.sub("a difference in", _without_brackets(text))).rstrip(" ,:;")
    if may_be_chance(text) and not tells_doubt(short):
        return
    short = without_one_dose(short)
    short = short if short.endswith((".", "?", "!")) else short + "."
    bare = _without_lead(short)
    seen: set[str] = {text}
    for base in (bare, short):
        plain = replaced(base, "claims")
        for wording in (_in_sentences(plain), plain, _in_sentences(base), base):
            if wording not in seen:
                seen.add(wording)
                yield wording


def _in_sentences(text: str) -> str:
    """The text with a full stop where a semicolon stood outside brackets."""
    parts = _SEMICOLON.split(text)
    return ". ".join([parts[0], *(capital(p) for p in parts[1:])])


def may_be_chance(text: str) -> bool:
    """True when an interval in the text takes in "no difference", or a P value is above one in twenty."""
    ratio = _RATIO.search(text) is not None
    for found in _INTERVAL.findall(text):
        low, high = sorted(_number(x) for x in found)
        if low <= (1 if ratio and low >= 0 else 0) <= high:
            return True
    return any(float(p) > 0.05 for p in _P.findall(text))


def tells_doubt(text: str) -> bool:
    """True when the text says in words that a result was not clear."""
    return _UNSURE.search(text) is not None


def _number(text: str) -> float:
    return float(text.replace("−", "-"))


def _without_brackets(text: str) -> str:
    """Brackets that hold statistics, years, numbers of records or abbreviations only are left out."""

    def drop(found: re.Match[str]) -> str:
        inner = found.group(1)
        return "" if HARD.search(inner) or _REFERENCE.search(inner) else found.group()

    return _BRACKET.sub(drop, text)


def _without_lead(text: str) -> str:
    """ "In Knight 2021, …" without its first words: the frame says which work it is."""
    found = _LEAD.match(text)
    if not found or _LEAD_NUMBERED.search(re.sub(r"\b(?:19|20)\d\d\b", "", found.group())):
        return text
    return capital(text[found.end() :])
