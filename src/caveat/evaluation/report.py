"""A report as tables for people and as JSON for machines. Held-out questions appear only when asked for."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from caveat.evaluation.evaluate import Report, SetReport
from caveat.evaluation.metrics import Metric, Result
from caveat.evaluation.scoring import reply_name

# A score below this is worth a look; of these two, above it.
_GOOD = 1.0
_BAD_WHEN_HIGH = frozenset({"wrong_decline", "wrong_answer", "contradicted"})


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if unit == "share" else f"{value:.1f}"


def _interval(metric: Metric) -> str:
    e = metric.estimate
    if e.low is None or e.high is None:
        return "–"
    return f"{_number(e.low, metric.unit)} to {_number(e.high, metric.unit)}"


def _verdict(metric: Metric) -> Text:
    if metric.target is None or metric.estimate.value is None:
        return Text("")
    return Text("missed", style="bold red") if metric.missed else Text("met", style="green")


def set_table(report: SetReport) -> Table:
    """The figures of one set."""
    title = f"{report.name}: {len(report.results)} questions"
    if report.errors:
        title += f", {report.errors} ended in an error"
    table = Table(title=title, title_justify="left")
    table.add_column("measure")
    for heading in ("value", "95 % interval", "scored", "could not score", "target"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for m in report.metrics:
        table.add_row(
            m.label,
            _number(m.estimate.value, m.unit) + (" ms" if m.unit == "ms" and m.scored else ""),
            _interval(m),
            str(m.scored),
            str(m.unscored),
            str(m.target) if m.target else "",
            _verdict(m),
        )
    return table


def problems(result: Result) -> list[str]:
    """What went wrong with one question, one line each; empty when nothing did."""
    found = []
    for name, s in result.scores.items():
        if s.value is None or name == "sources_share":
            continue
        wrong = s.value > 0 if name in _BAD_WHEN_HIGH else s.value < _GOOD
        if wrong:
            found.append(f"{name}: {s.explanation}")
    return found


def failures_table(report: SetReport) -> Table:
    """Each question that was not answered as it should be, and why."""
    table = Table(title=f"{report.name}: what went wrong", title_justify="left", show_lines=True)
    for heading in ("id", "question", "problem"):
        table.add_column(heading, overflow="fold")
    for r in report.results:
        lines = problems(r)
        if lines:
            asked = " → ".join((*r.question.history, r.question.question))
            table.add_row(r.question.id, Text(asked), Text("\n".join(lines)))
    return table


def render(report: Report, *, failures: bool = False, show_held_out: bool = False) -> RenderableType:
    """Tables of all sets; failures of a held-out set only with ``show_held_out``."""
    parts: list[RenderableType] = []
    for s in report.sets:
        parts.append(set_table(s))
        if failures and (show_held_out or not s.held_out):
            parts.append(failures_table(s))
    return Group(*parts)


def _metric_json(m: Metric) -> dict[str, object]:
    return {
        "name": m.name,
        "label": m.label,
        "unit": m.unit,
        "value": m.estimate.value,
        "low": m.estimate.low,
        "high": m.estimate.high,
        "scored": m.scored,
        "could_not_score": m.unscored,
        "target": str(m.target) if m.target else None,
        "missed": m.missed,
    }


def _question_json(r: Result) -> dict[str, object]:
    return {
        "id": r.question.id,
        "question": r.question.question,
        "history": list(r.question.history),
        "reply": reply_name(r.answer) if r.answer else None,
        "error": r.error,
        "ms": r.seconds * 1000,
        "scores": {
            name: {"value": s.value, "weight": s.weight, "explanation": s.explanation}
            for name, s in r.scores.items()
        },
    }


def to_json(report: Report, *, show_held_out: bool = False) -> dict[str, object]:
    """The report as plain data; questions of a held-out set only with ``show_held_out``."""

    def questions(s: SetReport) -> Iterable[dict[str, object]]:
        return [_question_json(r) for r in s.results] if show_held_out or not s.held_out else []

    return {
        "generation": report.generation,
        "missed_targets": list(report.missed_targets),
        "sets": [
            {
                "name": s.name,
                "held_out": s.held_out,
                "questions": len(s.results),
                "errors": s.errors,
                "metrics": [_metric_json(m) for m in s.metrics],
                "results": list(questions(s)),
            }
            for s in report.sets
        ],
    }
