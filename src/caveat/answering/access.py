"""Questions of which evidence seldom speaks: who pays, the price, where it can be had, what people write online."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from caveat.answering.evidence import Candidate


def _r(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Access:
    """What is asked, how a sentence looks that tells it, and what to call it."""

    asked: re.Pattern[str]
    told: re.Pattern[str]
    label: str


_PAYERS = (
    r"(?:nhs|medicare|medicaid|tricare|insur\w+|health (?:service|plan|fund|system)s?|social security|(?:my|the|our) (?:plan|policy|state|government)"
    r"|(?:government|state|taxpayers?)|sick fund|krankenkasse|public system|national health)"
)
_PAYS = r"(?:pays?|paid|paying|covers?|covered|coverage|funds?|funded|reimburs\w*|foots?)"
_OF_RESEARCH = re.compile(r"\b(?:trials?|stud(?:y|ies)|research|papers?)\b", re.IGNORECASE)
_I = r"(?:i|we|you|one|he|she|they|somebody|someone|people|patients|anyone|my \w+|depressed people)"

_QUESTIONS: tuple[_Access, ...] = (
    _Access(
        _r(
            rf"\b{_PAYERS}\b.{{0,40}}\b{_PAYS}\b|\b{_PAYS}\b.{{0,50}}\b{_PAYERS}\b|\breimburs\w+|\bco-?pay\w*\b"
            rf"|\bout of (?:my |your |their )?(?:own )?pocket|\bwho (?:would |will |is going to )?(?:pays?|covers?) for\b"
            r"|\bget (?:it |this |that |\w+ )?(?:paid for|for free|free)\b|\bon the NHS\b"
        ),
        _r(rf"\breimburs|\binsur(?:ance|er)|\b{_PAYERS}\b.{{0,40}}\b{_PAYS}\b|\bcost.?effective"),
        "who pays for treatment",
    ),
    _Access(
        _r(
            r"\b(?:prices?|costs?|expensive|cheap\w*|afford\w*)\b(?!.{0,12}\b(?:of (?:living|care|depression|illness)|to society)\b)"
        ),
        _r(r"\bcosts?\b|\bprices?\b|[£$€]\s?\d"),
        "what it costs",
    ),
    _Access(
        _r(
            rf"\b(?:where|how|can|could|may|would)\b(?: \w+)? {_I}\b(?: \w+){{0,3}}? (?:get|buy|order|obtain|access|have|try)\b.{{0,60}}"
            r"\b(?:on prescription|prescri(?:bed|ption)\w*|privately|private(?:ly)? clinic|online|over.the.counter|pharmac\w+|compassionate|abroad|overseas)\b"
            rf"|\bwhere (?:can|could|do|would|should) {_I} (?:get|buy|order|obtain|have|find|go for)\b(?!.{{0,20}}\b(?:stud|trial|paper|data|evidence|information))"
            r"|\b(?:buy|order|get|sold|sell|for sale|available|prescribed)\b.{0,40}\b(?:online|over.the.counter|on prescription|on the NHS|privately|without (?:a )?prescription|abroad|on the internet)\b"
            r"|\b(?:private|privately)\b.{0,20}\bprescri\w+|\bprescri\w+\b.{0,20}\b(?:abroad|privately|in (?-i:[A-Z][a-z]+))"
            rf"|\b(?:which|what|any) (?:clinics?|hospitals?|pharmac(?:y|ies)|doctors?) (?:\w+ )?(?:offers?|sells?|gives?|prescribes?|will|can|stock)\b"
        ),
        _r(
            r"\bon prescription\b|\bpharmacies\b|\bover.the.counter\b|\bfor sale\b|\bcompassionate use\b|\bshortage\b"
        ),
        "where and how it can be had",
    ),
)
# What no study tells, whatever the treatment.
_ELSEWHERE: tuple[_Access, ...] = (
    _Access(
        _r(
            r"\b(?:people|patients?|users?|folks?|others|everyone|they|posts?|threads?|stories|testimonials?|experiences?)\b(?: \w+){0,2} (?:on|in|from|at) "
            r"(?:reddit|facebook|twitter|tiktok|youtube|instagram|mumsnet|forums?|social media|support groups?|the internet|online)\b(?=.{0,12}\b(?:says?|think|report|about|on|claim|tell|feel))"
            r"|\bwhat (?:does|do|is) (?:reddit|facebook|twitter|tiktok|mumsnet)\b"
        ),
        _r(r"\b(?:reddit|facebook|twitter|tiktok|forum posts?|social media)\b"),
        "what people write online",
    ),
    _Access(
        _r(
            r"\b(?:how many|number of) (?:\w+ ){0,2}prescriptions?\b|\bprescri(?:bing|ption) (?:rates?|figures|numbers|data|volumes?)\b|\bhow (?:often|many times) (?:is|was|are) (?:it|\w+) (?:\w+ )?prescribed\b"
        ),
        _r(r"\bprescriptions\b"),
        "how often it is prescribed",
    ),
    _Access(
        _r(
            r"\b(?:share|stock) (?:price|market|value)s?\b|\bsales (?:figures|of|revenue)\b|\brevenues?\b|\bprofits?\b.{0,20}\b(?:of|from|make|made)\b"
        ),
        _r(r"\bsales\b|\brevenue|\bshare price"),
        "what a company earns",
    ),
)


def asks_of_access(text: str) -> bool:
    """True for a question on getting or paying for a treatment."""
    return any(_asks(a, text) for a in _QUESTIONS)


def _asks(access: _Access, text: str) -> bool:
    """Who paid for the trials is no question on who pays for a treatment."""
    return bool(access.asked.search(text)) and not (access is _QUESTIONS[0] and _OF_RESEARCH.search(text))


def not_told(text: str, candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """What the question asks of price, payment, supply and the like that none of these sentences tells."""
    return tuple(
        a.label
        for a in (*_QUESTIONS, *_ELSEWHERE)
        if _asks(a, text) and not any(a.told.search(c.text) for c in candidates)
    )
