"""The tuning questions are well formed, fair to the collection, and rich in every kind."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hand_made import declined
from test_evaluate_command import UNANSWERABLE, arguments
from test_question_sets import HERE, golden, shows, works

from caveat.domain.model import QuestionKind
from caveat.evaluation.command import chosen, run
from caveat.evaluation.matching import stands_in

TUNING = golden("tuning").questions


def test_every_kind_is_asked_about_often_and_by_all_voices() -> None:
    """At least 170 answerable questions, ten of each kind, and several follow-ups."""
    answerable = [q for q in TUNING if q.answerable]
    kinds = Counter(q.kinds[0] for q in answerable)
    assert len(answerable) >= 170
    assert all(kinds[kind] >= 10 for kind in QuestionKind)
    assert sum(bool(q.history) for q in answerable) >= 4
    assert {q.voice for q in TUNING} == {"patient", "carer", "clinician", "researcher", "journalist"}


def test_near_misses_and_other_subjects_are_both_there() -> None:
    """At least 50 questions in the field that no record answers, and 30 on something else."""
    reasons = Counter(q.decline[0].value for q in TUNING if not q.answerable)
    assert reasons["not_in_collection"] >= 50
    assert reasons["off_topic"] >= 30


def test_no_question_stands_in_the_development_half_too() -> None:
    """A question is measured once, in one set."""
    asked = {(q.question.casefold(), q.history) for q in TUNING}
    assert len(asked) == len(TUNING)
    assert not asked & {(q.question.casefold(), q.history) for q in golden("dev").questions}


def test_most_of_the_collection_is_asked_about() -> None:
    """No fewer than three works in four are expected by some question."""
    expected = {i for q in TUNING for a in q.expect_sources for i in a}
    assert expected <= set(works())
    assert len(expected) >= 0.75 * len(works())


def test_every_fact_stands_in_the_quotable_text_of_an_expected_source() -> None:
    """Each pattern, alternatives too, is found in what an expected work may be quoted for."""
    wrong = [
        (q.id, pattern)
        for q in TUNING
        for alternatives in q.facts
        for pattern in alternatives
        if not stands_in([pattern], [works()[i][1] for a in q.expect_sources for i in a])
    ]
    assert not wrong


def test_every_alternative_source_holds_the_facts_that_are_asked_for() -> None:
    """Where any one of several works will do, each of them can supply each fact."""
    wrong = [
        (q.id, i, alternatives)
        for q in TUNING
        if len(q.expect_sources) == 1
        for i in q.expect_sources[0]
        for alternatives in q.facts
        if not stands_in(alternatives, [works()[i][1]])
    ]
    assert not wrong


def test_every_required_caveat_can_be_shown_by_an_expected_source() -> None:
    """Whichever of its alternatives is cited, one expected list gives the reason for the caveat."""
    wrong = [
        (q.id, [k.value for k in kinds])
        for q in TUNING
        for kinds in q.caveats
        if not any(
            all(any(shows(k, works()[i][0], q) for k in kinds) for i in alternatives)
            for alternatives in q.expect_sources
        )
    ]
    assert not wrong


def test_the_tuning_set_runs_only_when_it_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is not in the default list, and is measured like the others."""
    assert "golden-tuning" not in chosen([])
    assert (HERE / "golden_tuning.jsonl").is_file()
    (tmp_path / "golden_tuning.jsonl").write_text(json.dumps(UNANSWERABLE), encoding="utf-8")
    args = arguments("golden-tuning", "--questions", str(tmp_path), "--json")
    assert run(args, lambda question, history: declined(), None) == 0
    (found,) = json.loads(capsys.readouterr().out)["sets"]
    assert found["name"] == "golden-tuning"
