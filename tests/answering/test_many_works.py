"""A collection of so many works that not all can be looked at for each question; the starter collection stands in for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from caveat.answering import many_works
from caveat.answering.evidence import FactsCache
from caveat.answering.names import NameIndex
from caveat.answering.service import Answerer
from caveat.domain.model import Cited, Direction, Source
from caveat.domain.ports import EvidenceIndex, HoldsManyWorks
from caveat.domain.question import read_question


@pytest.fixture
def many(real: Answerer, monkeypatch: pytest.MonkeyPatch) -> Answerer:
    """An answerer to whom the starter collection is a very large one: to read all its works is an error."""
    monkeypatch.setattr(many_works, "MOST_SOURCES", 10)
    index = real.provider.current()

    def refuse(_: object) -> list[Source]:
        raise AssertionError("every work was read")

    monkeypatch.setattr(type(index), "all_sources", refuse)
    return replace(real)


def test_a_work_is_found_by_number_and_by_author_and_year(many: Answerer) -> None:
    """Numbers and first authors of records are known however many works there are."""
    index = many.provider.current()
    assert isinstance(index, HoldsManyWorks)
    known = NameIndex(index, many.topic)
    work = next(w for w in index.work_names() if w.registry_ids and w.author and w.year)
    asked = read_question(f"What did {work.registry_ids[0]} find?", many.topic)
    assert work.source_id in known.find(asked)[0]
    surname = str(work.author).split(",")[0].split()[0]
    asked = read_question(f"What did {surname} {work.year} find?", many.topic)
    assert work.source_id in known.find(asked)[0]


def test_benefit_never_stands_alone_in_a_very_large_collection(many: Answerer) -> None:
    """The work against a benefit is looked for among all that the searches found, and no question reads every work."""
    answer = many.answer("Does tocilizumab help depression?")
    assert isinstance(answer, Cited)
    shown = [s.source for s in answer.sources]
    assert any(s.primary_outcome_met is False or s.direction is Direction.HARM for s in shown)


def test_the_newest_works_come_first_and_no_more_than_asked(real: Answerer) -> None:
    """The works that a page lists of a very large collection are the newest; those without a year are the last."""
    index: EvidenceIndex = real.provider.current()
    assert isinstance(index, HoldsManyWorks)
    newest = index.newest_sources(7)
    years = sorted((s.year or 0 for s in index.all_sources()), reverse=True)
    assert [s.year or 0 for s in newest] == years[:7]
    assert index.newest_sources(7) is newest


def test_what_a_record_alone_says_is_what_the_work_is_about(real: Answerer) -> None:
    """What is asked of every work reads no text, and says the same as the reading of the whole work."""
    index = real.provider.current()
    alone, whole = FactsCache(real.topic), FactsCache(real.topic)
    for source in index.all_sources():
        facts = whole.facts_of(index, source)
        about = alone.about(index.generation, source)
        assert (about.identity, about.tested) == (facts.identity, facts.tested)
