"""Which works a question points at by name: registry number, author and year, acronym, study name."""

from __future__ import annotations

import re
from collections import defaultdict

from caveat.answering.many_works import too_many
from caveat.domain.generic_words import GENERIC_WORDS
from caveat.domain.model import Source
from caveat.domain.ports import EvidenceIndex, HoldsManyWorks
from caveat.domain.question import Question
from caveat.domain.text import STOP_WORDS, fold, singular, tokens
from caveat.domain.topic import Topic
from caveat.domain.watch_words import is_name

MOST_WORKS_A_NAME = 9
_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)\b([A-Z][A-Za-z]{3,}|[A-Z]{3,}(?:-[A-Z0-9]+)*)\b")
_WORK = "trials?|stud(?:y|ies)|papers?|cohorts?|protocols?|reviews?|registry|meta-?analys[ei]s|group|team|report|results|enrolled|recruited|randomi[sz]ed|showed|reported"
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
    """Names of works of one generation. Of very large collections only numbers, first authors and years, which are short."""

    def __init__(self, index: EvidenceIndex, topic: Topic) -> None:
        self.generation = index.generation
        self._by_number: dict[str, set[str]] = defaultdict(set)
        self._by_author: dict[str, set[str]] = defaultdict(set)
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._years: dict[str, int | None] = {}
        if too_many(index):
            self._by_records(index)
            return
        texts = {
            s.id: " ".join(p.text for p in index.source_passages(s.id) if p.quotable)
            for s in index.all_sources()
        }
        common = frozenset(w for text in texts.values() for w in _LOWER.findall(text))
        for source in index.all_sources():
            self._add(source, texts[source.id], topic, common)

    def _by_records(self, index: EvidenceIndex) -> None:
        """What stands in the works' records; names out of their texts would take every text."""
        for work in index.work_names() if isinstance(index, HoldsManyWorks) else ():
            self._years[work.source_id] = work.year
            for number in work.registry_ids:
                self._by_number[number.upper()].add(work.source_id)
            self._add_author(work.author, work.source_id)

    def _add_author(self, author: str | None, source_id: str) -> None:
        surname = fold(author or "").split(",")[0].split()
        if surname:
            self._by_author[surname[0]].add(source_id)

    def _add(self, source: Source, text: str, topic: Topic, common: frozenset[str]) -> None:
        self._years[source.id] = source.year
        for number in (*source.registry_ids, source.doi, source.pmid, source.pmcid):
            if number:
                self._by_number[number.upper()].add(source.id)
        for author in source.authors[:1]:
            self._add_author(author, source.id)
        acronyms = {fold(n) for n in _ACRONYM.findall(f"{source.title} {text}")}
        for name in {fold(n) for n in _NAME.findall(text)} | acronyms:
            parts = tokens(name)
            if all(singular(p) in topic.vocabulary or p in GENERIC_WORDS or p in STOP_WORDS for p in parts):
                continue
            if name in acronyms or name not in common:
                self._by_name["-".join(parts)].add(source.id)

    def find(self, question: Question) -> tuple[list[str], frozenset[str]]:
        """Source ids the question names, surest first, and the question's words that were names."""
        found: list[str] = []
        used: set[str] = set()

        def add(ids: set[str], *words: str) -> None:
            found.extend(i for i in sorted(ids, key=self._newest) if i not in found)
            used.update(words)

        for number in question.registry_ids:
            add(self._by_number.get(number, set()), *tokens(number))
        for author, year in question.author_years:
            name = fold(author)
            ids = self._by_author.get(name, set()) | self._by_name.get(name, set())
            if year:
                ids = {i for i in ids if self._years.get(i) == int(year)} or (ids if len(ids) <= 2 else set())
            if ids:
                add(ids, name)
        words = tokens(question.text)
        for length in (3, 2, 1):
            for i in range(len(words) - length + 1):
                name = "-".join(words[i : i + length])
                ids = self._by_author.get(name, set()) | self._by_name.get(name, set())
                if not 0 < len(ids) <= MOST_WORKS_A_NAME or used & set(words[i : i + length]):
                    continue
                if self._may_be_name(name, question):
                    add(ids, *words[i : i + length], *(singular(w) for w in words[i : i + length]))
        return found, frozenset(used)

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

    def _newest(self, source_id: str) -> tuple[int, str]:
        return (-(self._years.get(source_id) or 0), source_id)
