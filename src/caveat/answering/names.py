"""Which works a question points at by name: registry number, author and year, acronym, study name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from caveat.answering.many_works import too_many
from caveat.answering.rows import Marks
from caveat.answering.shelf import Shelf
from caveat.domain.generic_words import GENERIC_WORDS
from caveat.domain.ports import EvidenceIndex
from caveat.domain.question import Question
from caveat.domain.text import STOP_WORDS, fold, singular, tokens
from caveat.domain.topic import Topic
from caveat.domain.watch_words import is_name

MOST_WORKS_A_NAME = 9
_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)\b([A-Z][A-Za-z]{3,}|[A-Z]{3,}(?:-[A-Z0-9]+)*)\b")
_WORK = "trials?|stud(?:y|ies)|papers?|cohorts?|protocols?|reviews?|registry|meta[- ]?analys[ei]s|group|team|report|results|enrolled|recruited|randomi[sz]ed|showed|reported"
_LOWER = re.compile(r"\b[a-z]{4,}\b")
_ACRONYM = re.compile(r"\b[A-Z]{3,}(?:-[A-Z0-9]+)*\b")


_OF_A_PLACE = frozenset(
    "african american arab asian australian austrian belgian brazilian british canadian chinese danish dutch english "
    "european finnish french german greek indian iranian irish israeli italian japanese korean mexican nordic norwegian "
    "polish portuguese russian scandinavian scottish spanish swedish swiss taiwanese thai turkish western "
    "africa america argentina asia australia austria belgium brazil britain canada chile china colombia croatia cuba czechia "
    "denmark egypt england europe finland france germany greece hungary iceland india indonesia iran iraq ireland israel italy "
    "japan kenya korea malaysia mexico netherlands nigeria norway pakistan peru poland portugal romania russia scandinavia "
    "scotland singapore slovakia slovenia spain sweden switzerland taiwan thailand turkey ukraine vietnam wales".split()
)
"""A country or nationality tells where, never which work."""


class NameIndex:
    """Names of works of one generation: numbers, first authors and years of all; names out of texts unless the works are very many."""

    def __init__(self, index: EvidenceIndex, topic: Topic, shelf: Shelf) -> None:
        self.generation = index.generation
        self._shelf = shelf
        self._by_name = Marks[str]() if too_many(index) else _names_in_texts(index, topic, shelf)

    def find(self, question: Question) -> tuple[list[str], frozenset[str]]:
        """Source ids the question names, surest first, and the question's words that were names."""
        found: list[int] = []
        used: set[str] = set()

        def add(rows: Iterable[int], *words: str) -> None:
            found.extend(row for row in sorted(rows, key=self._newest) if row not in found)
            used.update(words)

        for number in question.registry_ids:
            add(self._shelf.numbered.rows(number), *tokens(number))
        for author, year in question.author_years:
            name = fold(author)
            rows = self._named(name)
            if year:
                then = {row for row in rows if self._shelf.years[row] == int(year)}
                rows = then or (rows if len(rows) <= 2 else set())
            if rows:
                add(rows, name)
        words = tokens(question.text)
        for length in (3, 2, 1):
            for i in range(len(words) - length + 1):
                name = "-".join(words[i : i + length])
                rows = self._named(name)
                if not 0 < len(rows) <= MOST_WORKS_A_NAME or used & set(words[i : i + length]):
                    continue
                if self._may_be_name(name, question):
                    add(rows, *words[i : i + length], *(singular(w) for w in words[i : i + length]))
        return [self._shelf.ids[row] for row in found], frozenset(used)

    def _named(self, name: str) -> set[int]:
        return {*self._shelf.authored.rows(name), *self._by_name.rows(name)}

    def _may_be_name(self, name: str, question: Question) -> bool:
        """A single word counts when it is written as a name or stands before "trial", "study" and the like."""
        parts = name.split("-")
        if len(parts) > 1:
            return True
        if name in _OF_A_PLACE:
            return False
        if singular(name) not in question.plain_words and name not in question.plain_words:
            return False
        pattern = rf"\b{re.escape(name)}(?:['’]s)?\b(?:\W+[\w-]+){{0,2}}?\W+(?:{_WORK})\b"
        return is_name(name, f". {question.text}") or bool(re.search(pattern, fold(question.text)))

    def _newest(self, row: int) -> tuple[int, int]:
        return -self._shelf.years[row], row


def _names_in_texts(index: EvidenceIndex, topic: Topic, shelf: Shelf) -> Marks[str]:
    """Acronyms, and words that no text writes small, by the works in whose texts they stand."""
    common: set[str] = set()
    keys = _Keys(topic)
    named, maybe = Marks[str](), Marks[tuple[str, str]]()
    for row, ident in enumerate(shelf.ids):
        text = " ".join(p.text for p in index.source_passages(ident) if p.quotable)
        common.update(_LOWER.findall(text))
        titles = " ".join(s.title for s in index.sources([ident]).values())
        acronyms = {keys[name] for name in _ACRONYM.findall(f"{titles} {text}")}
        named.add(row, {key for _, key in acronyms if key})
        maybe.add(row, {keys[name] for name in _NAME.findall(text)} - acronyms)
    for found in maybe:
        name, key = found
        if key and name not in common:
            for row in maybe.rows(found):
                named.add(row, (key,))
    return named


class _Keys(dict[str, tuple[str, str]]):
    """A word as written: folded, and under which key it names works; an empty key where all its parts are known words."""

    def __init__(self, topic: Topic) -> None:
        super().__init__()
        self._known = topic.vocabulary

    def __missing__(self, word: str) -> tuple[str, str]:
        name = fold(word)
        parts = tokens(name)
        known = all(singular(p) in self._known or p in GENERIC_WORDS or p in STOP_WORDS for p in parts)
        self[word] = found = (name, "" if known else "-".join(parts))
        return found
