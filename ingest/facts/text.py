"""What the rules read: the title, and the sentences in which a work speaks of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from caveat.domain.model import FactRead, Source
from ingest.split import SplitDocument

WHOLE = 8000
"""A text up to this long is read whole; of a longer one without an abstract, only as much of its beginning."""
MOST_QUOTE = 400
ABSTRACT = 20_000
"""So much of the sections that call themselves an abstract is read: a whole book may call itself one."""
LONGEST = 1500
"""A longer sentence or title is none, and no rule reads it: some rules take longer than its length, and none may hold a build."""


class Role(StrEnum):
    """What a section is for."""

    BACKGROUND = "background"
    METHODS = "methods"
    RESULTS = "results"
    CONCLUSION = "conclusion"
    FUNDING = "funding"
    CONFLICTS = "conflicts"
    REGISTRATION = "registration"
    ANY = "any"


_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern, re.IGNORECASE))
    for role, pattern in (
        (Role.REGISTRATION, r"regist"),
        (Role.FUNDING, r"\bfund|financ|\bsupport\b|sponsor"),
        (Role.CONFLICTS, r"conflict|competing|declaration of interest|disclosure"),
        (Role.CONCLUSION, r"conclu|interpretation|discussion|implication|significance|take.?away"),
        (Role.RESULTS, r"result|finding|what was found|outcome data"),
        (Role.METHODS, r"method|design|participant|patients|setting|intervention|subjects|procedure|materials"
                       r"|what was done|data source|study selection|measure|outcomes"),
        (Role.BACKGROUND, r"background|introduction|objective|purpose|\baims?\b|rationale|context|importance|hypothes|question"),
    )
)  # fmt: skip
_BACK_MATTER = frozenset({Role.FUNDING, Role.CONFLICTS, Role.REGISTRATION})


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with its place in the work's text."""

    text: str
    start: int
    section: str
    role: Role
    of_others: bool
    """It speaks of other work than the one at hand."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as the rules see it."""

    source: Source
    title: str
    sentences: tuple[Sentence, ...]

    def of(self, *roles: Role) -> Iterator[Sentence]:
        """The sentences of sections for these, and of sections that say nothing of what they are for."""
        return (s for s in self.sentences if s.role in roles or s.role is Role.ANY)

    def own(self) -> Iterator[Sentence]:
        """Sentences on the work itself: none of its background, none about other work."""
        return (s for s in self.of(Role.METHODS, Role.RESULTS, Role.CONCLUSION) if not s.of_others)


OTHERS = re.compile(
    r"\b(?:previous(?:ly)?|prior|earlier|existing|published|other|several|many|most|few|recent|two|both|these) "
    r"(?:\w+[ -]){0,3}(?:trials|studies|reports|analyses|work|literature|reviews?)\b"
    r"|\b(?:previous|prior|earlier|another|recent) (?:\w+[ -]){0,3}(?:trial|study|report|analysis)\b"
    r"|\b(?:has|have) (?:been )?(?:shown|reported|suggested|demonstrated|found|proved|proven)\b|\bet al\b"
    r"|\b(?:further|future|larger|additional|more) (?:\w+[ -]){0,4}(?:trials?|studies|study|research)\b"
    r"|\b(?:trials?|studies|research) (?:are|is) (?:needed|warranted|required)\b",
    re.IGNORECASE,
)  # fmt: skip
"""A sentence that speaks of other work than the one at hand."""


def reading_of(done: SplitDocument) -> Reading:
    """The title and the sentences that may be quoted: of a full text its abstract and back matter."""
    passages = [p for p in done.passages if p.quotable and p.section != "title"]
    roles = {p.section: role_of(p.section) for p in passages}
    if any(_is_abstract(p.section) for p in passages):
        start = min(p.start for p in passages if _is_abstract(p.section))
        passages = [
            p
            for p in passages
            if (_is_abstract(p.section) and p.end <= start + ABSTRACT) or roles[p.section] in _BACK_MATTER
        ]
    elif sum(len(p.text) for p in passages) > WHOLE:
        passages = [p for p in passages if p.end <= WHOLE or roles[p.section] in _BACK_MATTER]
    found = tuple(
        _sentence(p.text[s.start : s.end], p.start + s.start, p.section, roles[p.section])
        for p in passages
        for s in p.sentences
        if s.end - s.start <= LONGEST
    )
    source = done.document.source
    return Reading(source, source.title if len(source.title) <= LONGEST else "", found)


def _sentence(text: str, start: int, section: str, role: Role) -> Sentence:
    return Sentence(text, start, section, role, OTHERS.search(text) is not None)


def role_of(section: str) -> Role:
    """What a section is for, by its name."""
    return next((role for role, pattern in _ROLES if pattern.search(section)), Role.ANY)


def _is_abstract(section: str) -> bool:
    return section.casefold().startswith("abstract") or section.casefold() == "summary"


def at(name: str, value: object, sentence: Sentence, match: re.Match[str] | None = None) -> FactRead:
    """A fact read in a sentence; the quote is the sentence, or the match in it where the sentence is long."""
    start, end = 0, len(sentence.text)
    if end > MOST_QUOTE:
        start, end = match.span() if match else (0, MOST_QUOTE)
    start, end = sentence.start + start, sentence.start + end
    quote = sentence.text[start - sentence.start : end - sentence.start]
    return FactRead(name, str(value), sentence.section, quote, start, end)


def in_title(name: str, value: object, title: str) -> FactRead:
    """A fact read in the title."""
    return FactRead(name, str(value), "title", title)


def in_field(name: str, value: object, field: str, written: str) -> FactRead:
    """A fact that a field of the record says."""
    return FactRead(name, str(value), field, written)
