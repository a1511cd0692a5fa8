"""Questions that ask for a list: a table from the sources' facts, and a quote for each row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from fake_index import PLAN, WORKS, FakeIndex, Work, source

from caveat.answering.service import Answerer
from caveat.domain.model import CaveatKind, Cited, Design
from caveat.domain.model import QuestionKind as Q
from caveat.domain.words_for import design_words


def listed(answerer: Answerer, question: str) -> Cited:
    """The answer with its table."""
    answer = answerer.answer(question)
    assert isinstance(answer, Cited), answer.headline
    assert answer.question_kind is Q.LIST
    assert answer.table is not None
    return answer


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("Which trials tested tocilizumab?", ["alder-2024-trial", "cedar-2019-open", "ginkgo-2025-plan"]),
        ("Which randomised trials tested tocilizumab in depression?", ["alder-2024-trial"]),
        (
            "List all trials in depression",
            ["juniper-2022-sirukumab", "alder-2024-trial", "ginkgo-2025-plan", "cedar-2019-open"],
        ),
        ("Which trials are still recruiting?", ["ginkgo-2025-plan"]),
        ("Which meta-analyses looked at CRP in depression?", ["dogwood-2018-meta"]),
        ("Which cohorts looked at tocilizumab?", ["birch-2021-cohort"]),
        ("List the studies of sirukumab", ["juniper-2022-sirukumab"]),
    ],
)
def test_the_rows_are_the_works_that_fit(small: Answerer, question: str, ids: list[str]) -> None:
    """All that fit and no others, whatever the search ranked first."""
    table = listed(small, question).table
    assert table is not None
    assert sorted(table.source_ids) == sorted(ids)


@pytest.mark.parametrize(
    "question",
    [
        "Which trials tested tocilizumab?",
        "Which trials are still recruiting?",
        "List all trials in depression",
    ],
)
def test_each_row_says_what_its_source_says(small: Answerer, question: str) -> None:
    """Every cell is a fact of the row's source, or "not known"; each row has its source and its quote."""
    answer = listed(small, question)
    table = answer.table
    assert table is not None
    assert len(table.rows) == len(table.source_ids)
    sources = {s.source.id: s.source for s in answer.sources}
    quoted = {c.source_id for claim in answer.claims for c in claim.citations}
    for source_id, row in zip(table.source_ids, table.rows, strict=True):
        work = sources[source_id]
        cells = dict(zip(table.columns, row, strict=True))
        assert cells["Design"] == design_words(work)
        assert cells["Who"] == work.population_short
        assert cells["n"] == (f"{work.n_total:,}" if work.n_total else "not known")
        assert cells["Drug or exposure"] == work.intervention
        assert (work.primary_outcome or "not known") in cells["Main outcome"]
        assert source_id in quoted


def test_a_missed_outcome_is_marked_in_its_cell(small: Answerer) -> None:
    """The table does not hide what the caveat says."""
    answer = listed(small, "Which randomised trials tested tocilizumab in depression?")
    assert answer.table is not None
    assert "(missed)" in " ".join(answer.table.rows[0])
    assert CaveatKind.PRIMARY_OUTCOME_MISSED in {c.kind for c in answer.caveats}


def test_an_unknown_fact_is_called_so(make: Callable[..., Answerer]) -> None:
    """No empty cell and no guess."""
    bare = Work(
        source("bare", "A tocilizumab trial without facts", design=Design.RCT),
        {"what_was_done": ("A trial of tocilizumab was run.",)},
    )
    answer = listed(make(FakeIndex(works=[bare])), "Which trials tested tocilizumab?")
    assert answer.table is not None
    assert answer.table.rows[0][2:] == ("not known",) * 5


def test_a_long_list_is_cut_and_says_so(make: Callable[..., Answerer]) -> None:
    """At most twelve rows, and the number of works that fit is told."""
    many = [
        Work(
            replace(PLAN.source, id=f"plan-{i:02}", title=f"Planned trial {i}", registry_ids=()),
            PLAN.sections,
        )
        for i in range(20)
    ]
    answer = listed(make(FakeIndex(works=many)), "Which trials of tocilizumab are recruiting?")
    assert answer.table is not None
    assert len(answer.table.rows) == 12
    assert "20 works" in answer.headline
    assert "first 12" in answer.headline


def test_a_finished_trial_is_not_recruiting(make: Callable[..., Answerer]) -> None:
    """Completed and terminated registrations are left out of what is running."""
    done = Work(replace(PLAN.source, id="done", trial_status="Completed"), PLAN.sections)
    ended = Work(replace(PLAN.source, id="ended", trial_status="Terminated"), PLAN.sections)
    answer = listed(make(FakeIndex(works=[*WORKS, done, ended])), "Which trials are still recruiting?")
    assert answer.table is not None
    assert answer.table.source_ids == ("ginkgo-2025-plan",)


def test_one_work_is_counted_in_the_singular(small: Answerer) -> None:
    """ "1 work fits", "3 works fit"."""
    assert "1 work in this collection fits" in listed(small, "Which trials are still recruiting?").headline
    assert "3 works in this collection fit " in listed(small, "Which trials tested tocilizumab?").headline


def test_a_list_of_the_starter_collection_matches_its_facts(real: Answerer) -> None:
    """On the real index: every row is a work of the asked design, and none is missing."""
    answer = listed(real, "Which randomised trials tested tocilizumab in schizophrenia?")
    assert answer.table is not None
    index = real.provider.current()
    works = index.sources(answer.table.source_ids)
    assert works
    assert {w.design for w in works.values()} == {Design.RCT}
    assert "girgis-2018-tocilizumab-schizophrenia" in works
