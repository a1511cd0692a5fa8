"""Figures, intervals and reports of a whole set."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from hand_made import SmallIndex, citation, cited, claim, declined, passage, question
from rich.console import Console

from caveat.domain.model import Answer, CaveatKind, DeclineReason
from caveat.evaluation.evaluate import WARM_UP, Report, run
from caveat.evaluation.intervals import percentile, weighted_mean
from caveat.evaluation.metrics import Target
from caveat.evaluation.questions import QuestionSet
from caveat.evaluation.report import render, to_json

OWN = passage()
INDEX = SmallIndex([OWN])
GOOD = cited(
    claim("Depression fell by 53.9% on the drug.", citation("Depression fell by 53.9% on the drug.", OWN)),
    caveats=(CaveatKind.SMALL_SAMPLE,),
    certain=True,
)
SET = QuestionSet(
    "by-hand",
    (
        question(
            ident="t1", text="good", facts=(("53\\.9",), ("absent",)), caveats=((CaveatKind.SMALL_SAMPLE,),)
        ),
        question(ident="t2", text="declines", facts=(("53\\.9",),), caveats=((CaveatKind.SMALL_SAMPLE,),)),
        question(ident="t3", text="pizza secret", decline=(DeclineReason.OFF_TOPIC,)),
        question(ident="t4", text="answers all the same", decline=(DeclineReason.OFF_TOPIC,)),
    ),
)


def ask(text: str, history: Sequence[str]) -> Answer:
    """Answers or declines by the question's words."""
    return {"declines": declined(), "pizza secret": declined(DeclineReason.OFF_TOPIC)}.get(text, GOOD)


def printed(report: Report, **options: bool) -> str:
    """What the tables look like on a wide screen."""
    console = Console(file=io.StringIO(), width=200)
    console.print(render(report, **options))
    stream = console.file
    assert isinstance(stream, io.StringIO)
    return stream.getvalue()


def test_a_mean_of_equal_values_has_no_width_and_nothing_has_no_mean() -> None:
    """Intervals come from the data alone."""
    same = weighted_mean([0.5, 0.5, 0.5])
    assert (same.value, same.low, same.high) == (0.5, 0.5, 0.5)
    assert weighted_mean([]).value is None
    assert weighted_mean([1.0], [0.0]).value is None
    assert percentile([], 95).value is None


def test_a_weighted_mean_is_the_share_of_all_things_counted() -> None:
    """One of one and one of three are two of four."""
    mean = weighted_mean([1.0, 1 / 3], [1, 3])
    assert mean.value == pytest.approx(0.5)


def test_intervals_repeat_and_narrow_with_more_questions() -> None:
    """A fixed seed gives the same bounds, which lie around the mean; more data bring them closer."""
    few, many = [0.0, 1.0] * 5, [0.0, 1.0] * 100
    assert weighted_mean(few) == weighted_mean(few)
    wide, narrow = weighted_mean(few), weighted_mean(many)
    assert wide.low is not None
    assert wide.high is not None
    assert narrow.low is not None
    assert narrow.high is not None
    assert wide.low < narrow.low < 0.5 < narrow.high < wide.high
    # The normal approximation of a share of one half over 200 questions: 0.5 ± 1.96 x sqrt(0.25 / 200).
    assert narrow.low == pytest.approx(0.5 - 0.0693, abs=0.015)
    assert narrow.high == pytest.approx(0.5 + 0.0693, abs=0.015)


def test_percentiles_are_linear_between_neighbours() -> None:
    """The 50th of 1 to 4 is 2.5; the 95th of 0 to 100 is 95."""
    assert percentile([4, 1, 3, 2], 50).value == 2.5
    assert percentile(range(101), 95).value == 95


def test_the_figures_of_a_set_are_those_counted_by_hand() -> None:
    """Two answerable questions (one declined), two unanswerable ones (one answered)."""
    measured = run(ask, INDEX, [SET]).sets[0]
    value = {m.name: m.estimate.value for m in measured.metrics}
    assert value["sources_all"] == 0.5
    assert value["facts"] == pytest.approx(1 / 3)
    assert value["caveats"] == 1.0
    assert measured.metric("caveats").scored == 1
    assert measured.metric("caveats").unscored == 1
    assert value["wrong_decline"] == 0.5
    assert value["wrong_answer"] == 0.5
    assert value["decline_reason"] == 1.0
    assert value["quotes"] == 1.0
    assert value["claims"] == 1.0
    assert value["with_caveat"] == value["with_certainty"] == 1.0
    latency = value["latency_p95"]
    assert latency is not None
    assert latency >= 0
    assert {m.name for m in measured.metrics if m.missed} == {
        "sources_all",
        "facts",
        "wrong_decline",
        "wrong_answer",
    }


def test_a_warm_up_question_is_asked_first_and_not_counted() -> None:
    """Each question of the set is asked once, with its history, after the warm-up."""
    asked: list[tuple[str, tuple[str, ...]]] = []

    def record(text: str, history: Sequence[str]) -> Answer:
        asked.append((text, tuple(history)))
        return GOOD

    follow_up = QuestionSet("f", (question(text="and there?", history=("Does it help?",)),))
    report = run(record, INDEX, [follow_up])
    assert asked == [(WARM_UP, ()), ("and there?", ("Does it help?",))]
    assert len(report.sets[0].results) == 1


def test_an_error_counts_against_the_answer_and_the_run_goes_on() -> None:
    """A question that raises is not answered: wrong where there was an answer to give, unscored where not."""

    def broken(text: str, history: Sequence[str]) -> Answer:
        if text in {"good", "pizza secret"}:
            raise RuntimeError("secret detail")
        return ask(text, history)

    measured = run(broken, INDEX, [SET]).sets[0]
    assert measured.errors == 2
    assert measured.metric("wrong_decline").estimate.value == 1.0
    assert measured.metric("wrong_answer").scored == 1
    assert measured.metric("wrong_answer").unscored == 1
    assert "by-hand: 2 errors" in run(broken, INDEX, [SET]).missed_targets


def test_targets_say_which_way_is_better() -> None:
    """At least for recall, at most for mistakes and times."""
    assert Target(0.9).met(0.9)
    assert not Target(0.9).met(0.89)
    assert Target(0.1, at_most=True).met(0.1)
    assert not Target(0.1, at_most=True).met(0.11)


def test_a_held_out_set_shows_figures_alone_unless_asked_otherwise() -> None:
    """Neither tables nor JSON hold a question or an id of it; with the option both do."""
    held = QuestionSet("held", SET.questions, held_out=True)
    report = run(ask, INDEX, [held])
    for text in (printed(report, failures=True), str(to_json(report))):
        assert "pizza secret" not in text
        assert "answers all the same" not in text
        assert "t4" not in text
    assert "answers all the same" in printed(report, failures=True, show_held_out=True)
    assert "pizza secret" in str(to_json(report, show_held_out=True))


def test_failures_name_the_question_and_what_was_missing() -> None:
    """Only questions with something wrong are listed, each with its reasons."""
    text = printed(run(ask, INDEX, [SET]), failures=True)
    assert "missing facts: absent" in text
    assert "declined: not_in_collection" in text
    assert "answers all the same" in text
    assert "pizza secret" not in text


def test_the_json_holds_every_figure_with_interval_target_and_verdict() -> None:
    """A machine can read what the table shows."""
    data = to_json(run(ask, INDEX, [SET]))
    assert data["generation"] == "by-hand"
    sets = data["sets"]
    assert isinstance(sets, list)
    metric = next(m for m in sets[0]["metrics"] if m["name"] == "facts")
    assert metric["value"] == pytest.approx(1 / 3)
    assert metric["target"] == "≥ 0.85"
    assert metric["missed"] is True
    assert len(sets[0]["results"]) == 4
