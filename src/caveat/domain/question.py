"""What a question asks: its kind, the entities it names, the studies it points at."""

from __future__ import annotations

import re
from dataclasses import dataclass

from caveat.domain.generic_words import GENERIC_WORDS
from caveat.domain.kinds import asks_who_responds, kind_of
from caveat.domain.model import QuestionKind
from caveat.domain.text import content_words, singular, tokens
from caveat.domain.topic import Topic

REGISTRY_ID = re.compile(r"\b(?:NCT\s?\d{8}|ISRCTN\s?\d{8}|\d{4}-\d{6}-\d{2}(?:-\d{2})?)\b", re.IGNORECASE)
AUTHOR_YEAR = re.compile(
    r"\b([A-Z][\w'’-]{2,})(?:\s+et\s+al\.?|\s+and\s+(?:colleagues|co-workers|others))?,?\s*\(?((?:19|20)\d\d)\b"
)
AUTHOR_TEAM = re.compile(r"\b([A-Z][\w'’-]{2,})\s+(?:et\s+al\b|and\s+(?:colleagues|co-workers))")
CODE = re.compile(r"\b[A-Z]{2,5}[- ]?\d{1,3}[A-Za-z]?\b")
SHOUTED = re.compile(r"\b[A-Z]{4,}\b")

_SAFETY_CONCEPTS = frozenset(
    "infection perforation liver side_effects interaction vaccine contraception mortality lipids blood_counts".split()
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question that stands alone, read by rule."""

    text: str
    kind: QuestionKind
    drugs: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    registry_ids: tuple[str, ...] = ()
    author_years: tuple[tuple[str, str | None], ...] = ()
    plain_words: tuple[str, ...] = ()
    """Content words that name nothing the topic knows and that are not everyday words, singular and folded."""
    codes: tuple[str, ...] = ()
    """Names such as "IL-17" that the topic does not know, lower case, as typed."""

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """All entities, in the order of their groups."""
        return (*self.drugs, *self.markers, *self.outcomes, *self.conditions, *self.concepts)


def read_question(text: str, topic: Topic) -> Question:
    """The question as the rules read it; never raises."""
    mentions = topic.mentions(text)
    by_group: dict[str, list[str]] = {}
    for mention in mentions:
        group = topic.by_id[mention.entity_id].group
        ids = by_group.setdefault(group, [])
        if mention.entity_id not in ids:
            ids.append(mention.entity_id)
    drugs = by_group.get("drug", []) + by_group.get("drug_class", [])
    markers = by_group.get("marker", [])
    outcomes = by_group.get("outcome", [])
    registry = registry_numbers(text)
    authors = _author_years(text)
    kind = kind_of(
        text,
        drugs=drugs,
        markers=markers,
        outcomes=outcomes,
        named_study=bool(registry or authors),
        tested=sum(not topic.by_id[d].background for d in drugs),
    )
    covered = {i for m in mentions for i in range(m.start, m.end)}
    all_tokens = tokens(text)
    codes = tuple(
        dict.fromkeys(
            m.group(0).casefold()
            for m in CODE.finditer(text)
            if not topic.mentions(m.group(0)) and not REGISTRY_ID.match(m.group(0))
        )
    )
    in_codes = {t for code in codes for t in tokens(code)}
    shouted = set() if text.isupper() else {t for m in SHOUTED.findall(text) for t in tokens(m)}
    names = {t for name, _ in authors for t in tokens(name)} | {t for r in registry for t in tokens(r)}
    keep = set(content_words(text))
    plain = []
    for i, token in enumerate(all_tokens):
        word = singular(token)
        if i in covered or token not in keep or token in names or token in in_codes or token.isdigit():
            continue
        everyday = token in GENERIC_WORDS or word in GENERIC_WORDS
        if (everyday and token not in shouted) or word in plain:
            continue
        plain.append(word)
    if kind is QuestionKind.DEFINITION and plain and (drugs or markers or outcomes):
        kind = QuestionKind.EFFECT
    if kind is QuestionKind.LAY_CLAIM and markers and asks_who_responds(text):
        kind = QuestionKind.ASSOCIATION
    concepts = set(by_group.get("concept", []))
    if kind is QuestionKind.EFFECT and drugs and not outcomes and concepts & _SAFETY_CONCEPTS:
        kind = QuestionKind.SAFETY
    if kind in {QuestionKind.EFFECT, QuestionKind.HARM} and markers and not drugs:
        kind = QuestionKind.ASSOCIATION
    return Question(
        text=text,
        kind=kind,
        drugs=tuple(drugs),
        markers=tuple(markers),
        outcomes=tuple(outcomes),
        conditions=tuple(by_group.get("condition", [])),
        concepts=tuple(by_group.get("concept", [])),
        registry_ids=registry,
        author_years=authors,
        plain_words=tuple(plain),
        codes=codes,
    )


def registry_numbers(text: str) -> tuple[str, ...]:
    """The numbers of trial registers in a text, each written in one way."""
    return tuple(m.group(0).upper().replace(" ", "") for m in REGISTRY_ID.finditer(text))


def _author_years(text: str) -> tuple[tuple[str, str | None], ...]:
    found: dict[str, str | None] = {m.group(1): m.group(2) for m in AUTHOR_YEAR.finditer(text)}
    for match in AUTHOR_TEAM.finditer(text):
        found.setdefault(match.group(1), None)
    return tuple((name, year) for name, year in found.items() if name.casefold() not in GENERIC_WORDS)
