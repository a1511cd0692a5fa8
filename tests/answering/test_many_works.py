"""A collection of so many works that not all can be looked at for each question; the starter collection stands in for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from caveat.answering import many_works
from caveat.answering.evidence import FactsCache
from caveat.answering.names import NameIndex
from caveat.answering.service import Answerer
from caveat.domain.model import Cited, Source, Trace
from caveat.domain.ports import EvidenceIndex, HoldsManyWorks, TellsOfEveryWork
from caveat.domain.question import read_question


@pytest.fixture
def many(real: Answerer, monkeypatch: pytest.MonkeyPatch) -> Answerer:
    """An answerer to whom the starter collection is a very large one: to hold all its works at once is an error."""
    holds_none(real.provider.current(), monkeypatch)
    return replace(real)


def holds_none(index: EvidenceIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the index is a very large one."""

    def refuse(_: object) -> list[Source]:
        raise AssertionError("every work was read")

    monkeypatch.setattr(many_works, "MOST_SOURCES", 10)
    monkeypatch.setattr(type(index), "all_sources", refuse)


def test_a_work_is_found_by_number_and_by_author_and_year(many: Answerer) -> None:
    """Numbers and first authors of records are known however many works there are."""
    index = many.provider.current()
    assert isinstance(index, HoldsManyWorks)
    known = NameIndex(index, many.topic, FactsCache(many.topic).works(index).shelf)
    named = 0
    for work in index.newest_sources(1000):
        for number in work.registry_ids:
            asked = read_question(f"What did {number} find?", many.topic)
            assert asked.registry_ids
            assert work.id in known.find(asked)[0]
        surname = (work.authors or ("",))[0].split(",")[0].split(" ")[0]
        asked = read_question(f"What did {surname} {work.year} find?", many.topic)
        if asked.author_years and work.year:
            named += 1
            assert work.id in known.find(asked)[0]
    assert named > 50


def test_a_very_large_collection_is_answered_from_as_a_small_one(
    real: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lists, rankings, money, corrections and the other side of a benefit are the same however many works there are."""
    questions = (
        "Does tocilizumab help depression?",
        "Which randomised trials tested tocilizumab?",
        "Which trials are still recruiting?",
        "Which study is the strongest?",
        "Who paid for the research?",
        "Why does tocilizumab cure depression?",
        "Does tocilizumab, a TNF blocker, help depression?",
        "What happens when people are given IL-6 injections?",
    )
    few = [replace(real.answer(q), trace=Trace()) for q in questions]
    assert all(isinstance(answer, Cited) for answer in few)
    holds_none(real.provider.current(), monkeypatch)
    asked = replace(real)
    assert [replace(asked.answer(q), trace=Trace()) for q in questions] == few


def test_the_newest_works_come_first_and_no_more_than_asked(real: Answerer) -> None:
    """The works that a page lists of a very large collection are the newest; those without a year are the last."""
    index: EvidenceIndex = real.provider.current()
    assert isinstance(index, HoldsManyWorks)
    newest = index.newest_sources(7)
    years = sorted((s.year or 0 for s in index.all_sources()), reverse=True)
    assert [s.year or 0 for s in newest] == years[:7]
    assert index.newest_sources(7) is newest


def test_what_a_record_alone_says_is_what_the_work_is_about(real: Answerer) -> None:
    """What is kept of every work reads no text, and says the same as the reading of the whole work."""
    index = real.provider.current()
    cache = FactsCache(real.topic)
    shelf = cache.works(index).shelf
    assert shelf.ids == [s.id for s in index.all_sources()]
    for row, source in enumerate(index.all_sources()):
        facts = cache.facts_of(index, source)
        for marks, known in ((shelf.identity, facts.identity), (shelf.tested, facts.tested)):
            assert {e.id for e in real.topic.entities if marks.of(e.id) >> row & 1} == known


def test_the_words_of_a_work_are_known_without_reading_it(real: Answerer) -> None:
    """The index tells which works have a stem among their words: those whose record or quotable text has it, and no others."""
    index = real.provider.current()
    assert isinstance(index, TellsOfEveryWork)
    cache = FactsCache(real.topic)
    read = [cache.facts_of(index, source).stems for source in index.all_sources()]
    every = sorted(frozenset.union(*read))
    assert index.works_with([]) is not None
    for stem in (*every[::37], "nowhere"):
        assert index.works_with([stem]) == [row for row, stems in enumerate(read) if stem in stems]
    pair = every[:: len(every) // 2][:2]
    assert index.works_with(pair) == [row for row, stems in enumerate(read) if stems.issuperset(pair)]
