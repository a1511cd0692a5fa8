"""Figures of a whole set, each with its definition, its target and a 95 % bootstrap interval.

Every figure is a mean over the questions it applies to, resampled by question. Facts, caveats and quotes
are weighted by how many a question has, so that the figure is the share of all facts, caveats or quotes.
What could not be scored is left out of the mean and counted beside it. Latency is the wall time of one
question, asked one after the other, after a warm-up question that is not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from caveat.domain.model import Answer, Cited
from caveat.evaluation.intervals import Estimate, percentile, weighted_mean
from caveat.evaluation.questions import Question
from caveat.evaluation.scores import Score

Unit = Literal["share", "number", "ms"]


@dataclass(frozen=True, slots=True)
class Result:
    """One question asked: the answer (or the error that came instead), its scores and how long it took."""

    question: Question
    answer: Answer | None
    error: str | None
    seconds: float
    scores: dict[str, Score] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """What the project asks of a figure; ``at_most`` when smaller is better."""

    value: float
    at_most: bool = False

    def met(self, value: float) -> bool:
        """True when the figure is as good as the target, or better."""
        return value <= self.value if self.at_most else value >= self.value

    def __str__(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {self.value:g}"


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure, over how many questions, and how many of them could not be scored."""

    name: str
    label: str
    unit: Unit
    estimate: Estimate
    scored: int
    unscored: int
    target: Target | None = None

    @property
    def missed(self) -> bool:
        """True when there is a target and the figure does not reach it."""
        value = self.estimate.value
        return self.target is not None and value is not None and not self.target.met(value)


SCORE_METRICS: tuple[tuple[str, str, Target | None], ...] = (
    ("sources_all", "expected sources all cited", Target(0.90)),
    ("sources_share", "expected sources cited, mean share", None),
    ("facts", "stated facts found", Target(0.85)),
    ("caveats", "required caveats given", Target(0.95)),
    ("kind", "question kind right", None),
    ("wrong_decline", "not answered though answerable", Target(0.10, at_most=True)),
    ("wrong_answer", "answered though unanswerable", Target(0.10, at_most=True)),
    ("decline_reason", "reason for declining right", None),
    ("quotes", "quotes exact", Target(1.0)),
    ("support", "claims borne out by what they cite", Target(0.95)),
    ("citation_precision", "citations that are needed", None),
    ("contradicted", "claims their quotes speak against", Target(0.0, at_most=True)),
    ("two_sided", "findings in favour shown with others", None),
)


def _score_metric(name: str, label: str, target: Target | None, results: Sequence[Result]) -> Metric:
    scores = [r.scores[name] for r in results if name in r.scores]
    scored = [(s.value, s.weight) for s in scores if s.value is not None]
    estimate = weighted_mean([v for v, _ in scored], [w for _, w in scored])
    return Metric(name, label, "share", estimate, len(scored), len(scores) - len(scored), target)


def _cited_metric(
    name: str, label: str, unit: Unit, results: Sequence[Result], value: Callable[[Cited], float]
) -> Metric:
    values = [value(r.answer) for r in results if isinstance(r.answer, Cited)]
    return Metric(name, label, unit, weighted_mean(values), len(values), 0)


def summarise(results: Sequence[Result]) -> tuple[Metric, ...]:
    """Every figure of the set, in the order in which it is shown."""
    metrics = [_score_metric(name, label, target, results) for name, label, target in SCORE_METRICS]
    metrics.append(_cited_metric("claims", "claims an answer", "number", results, lambda a: len(a.claims)))
    metrics.append(
        _cited_metric(
            "with_caveat", "answers with a caveat", "share", results, lambda a: float(bool(a.caveats))
        )
    )
    metrics.append(
        _cited_metric(
            "with_certainty",
            "answers with a certainty",
            "share",
            results,
            lambda a: float(a.certainty is not None),
        )
    )
    times = [r.seconds * 1000 for r in results if r.error is None]
    metrics.append(
        Metric("latency_p50", "time of a question, p50", "ms", percentile(times, 50), len(times), 0)
    )
    p95 = percentile(times, 95)
    metrics.append(
        Metric("latency_p95", "time of a question, p95", "ms", p95, len(times), 0, Target(300, True))
    )
    return tuple(metrics)
