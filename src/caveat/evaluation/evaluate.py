"""Asking every question of the sets and measuring the answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from caveat.domain.model import Answer
from caveat.domain.ports import EvidenceIndex
from caveat.evaluation.metrics import Metric, Result, summarise
from caveat.evaluation.questions import Question, QuestionSet
from caveat.evaluation.scores import Score
from caveat.evaluation.scoring import score

Ask = Callable[[str, Sequence[str]], Answer]
"""Answers a question, given the earlier questions of the conversation, oldest first."""

WARM_UP = "What is interleukin-6?"


@dataclass(frozen=True, slots=True)
class SetReport:
    """One set measured: its figures, and the questions behind them."""

    name: str
    held_out: bool
    results: tuple[Result, ...]
    metrics: tuple[Metric, ...]

    @property
    def errors(self) -> int:
        """How many questions ended in an error instead of an answer."""
        return sum(r.error is not None for r in self.results)

    def metric(self, name: str) -> Metric:
        """The figure of that name."""
        return next(m for m in self.metrics if m.name == name)


@dataclass(frozen=True, slots=True)
class Report:
    """Every set measured in one run over one generation of the index."""

    sets: tuple[SetReport, ...]
    generation: str | None

    @property
    def missed_targets(self) -> tuple[str, ...]:
        """The figures that fall short of their target, and sets in which a question ended in an error."""
        short = [f"{s.name}: {m.label}" for s in self.sets for m in s.metrics if m.missed]
        return tuple(short + [f"{s.name}: {s.errors} errors" for s in self.sets if s.errors])


def _failed(question: Question, error: str) -> dict[str, Score]:
    """An error counts as no answer: wrong where there is one to give, unscored where there is none."""
    why = f"error: {error}"
    if not question.answerable:
        return {"wrong_answer": Score(None, why)}
    scores = {name: Score(0.0, why) for name in ("sources_all", "sources_share")}
    if question.facts:
        scores["facts"] = Score(0.0, why, len(question.facts))
    return {"wrong_decline": Score(1.0, why), **scores}


def _ask_one(ask: Ask, question: Question, index: EvidenceIndex | None) -> Result:
    started = time.perf_counter()
    try:
        answer = ask(question.question, question.history)
    except Exception as error:  # the run goes on: one broken question must not hide the figures of the rest
        seconds = time.perf_counter() - started
        name = type(error).__name__
        return Result(question, None, name, seconds, _failed(question, name))
    seconds = time.perf_counter() - started
    return Result(question, answer, None, seconds, dict(score(question, answer, index)))


def run(
    ask: Ask,
    index: EvidenceIndex | None,
    sets: Sequence[QuestionSet],
    *,
    on_question: Callable[[str], None] | None = None,
) -> Report:
    """Asks every question once, after one warm-up question, and returns the figures of each set.

    ``on_question`` is called with the set's name before each question, for progress.
    """
    _ask_one(ask, _warm_up_question(), None)
    reports: list[SetReport] = []
    for question_set in sets:
        results: list[Result] = []
        for question in question_set.questions:
            if on_question:
                on_question(question_set.name)
            results.append(_ask_one(ask, question, index))
        reports.append(
            SetReport(question_set.name, question_set.held_out, tuple(results), summarise(results))
        )
    return Report(tuple(reports), index.generation if index else None)


def _warm_up_question() -> Question:
    return Question(
        id="warm-up",
        question=WARM_UP,
        history=(),
        voice="patient",
        kinds=(),
        answerable=True,
        expect_sources=(("-",),),
        facts=(),
        caveats=(),
        decline=(),
        notes="loads models and caches",
    )
