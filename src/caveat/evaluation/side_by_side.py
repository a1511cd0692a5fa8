"""Caveat in model mode beside the baseline: the same questions, index, language model and judge, in one run.

The judge is the project's verifier, with the cited passages whole as the quotes for the baseline. That favours neither
extracts nor paraphrase on purpose, but it is ours: read the two columns against each other, not as truth.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from rich.table import Table

from caveat.domain.model import Answer, Cited, Declined
from caveat.domain.ports import EvidenceIndex
from caveat.domain.verify import verify
from caveat.errors import CaveatError
from caveat.evaluation.baseline import Baseline, Reply
from caveat.evaluation.intervals import Estimate, weighted_mean
from caveat.evaluation.matching import stands_in
from caveat.evaluation.questions import Question
from caveat.evaluation.scoring import score
from caveat.evaluation.support import contradicts

MEASURES = (
    ("support", "statements borne out by what they cite"),
    ("contradicted", "statements their sources speak against"),
    ("uncited", "statements without a citation"),
    ("out_of_range", "citations of a source that is not there"),
    ("sources_all", "expected works all cited"),
    ("facts", "stated facts found"),
    ("wrong_answer", "answered though unanswerable"),
    ("wrong_decline", "not answered though answerable"),
    ("written_by_model", "statements the model wrote"),
)


@dataclass
class Column:
    """Values and weights of each measure, a question at a time, and the seconds each took."""

    name: str
    values: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    errors: int = 0

    def add(self, measure: str, value: float | None, weight: float = 1.0) -> None:
        """Counts a value; None could not be scored and counts nowhere."""
        if value is not None and weight > 0:
            self.values.setdefault(measure, []).append((value, weight))

    def estimate(self, measure: str) -> Estimate:
        """Weighted mean with its bootstrap interval."""
        pairs = self.values.get(measure, [])
        return weighted_mean([v for v, _ in pairs], [w for _, w in pairs])


def run(
    questions: Sequence[Question],
    index: EvidenceIndex,
    ask: Callable[[str], Answer],
    baseline: Baseline,
    on_question: Callable[[], None] | None = None,
) -> tuple[Column, Column]:
    """Both columns: Caveat first, then the engine, question by question in turn."""
    ours, theirs = Column("Caveat, model mode"), Column("CitationQueryEngine")
    for question in questions:
        if on_question:
            on_question()
        started = time.perf_counter()
        try:
            _ours(ours, question, ask(question.question), index)
        except CaveatError:
            ours.errors += 1
        ours.seconds.append(time.perf_counter() - started)
        started = time.perf_counter()
        try:
            reply = baseline.ask(question.question)
        except CaveatError:
            theirs.errors += 1
        else:
            _theirs(theirs, question, reply, index)
        theirs.seconds.append(time.perf_counter() - started)
    return ours, theirs


def _ours(column: Column, question: Question, answer: Answer, index: EvidenceIndex) -> None:
    scores = score(question, answer, index)
    for name in ("support", "contradicted", "sources_all", "facts", "wrong_answer", "wrong_decline"):
        if name in scores:
            column.add(name, scores[name].value, scores[name].weight)
    if isinstance(answer, Cited):
        n = len(answer.claims)
        column.add("uncited", 0.0, n)
        column.add("out_of_range", 0.0, sum(len(c.citations) for c in answer.claims))
        column.add("written_by_model", sum(not c.verbatim for c in answer.claims) / max(n, 1), n)
    elif not isinstance(answer, Declined):
        column.add("wrong_decline", 1.0)


def _theirs(column: Column, question: Question, reply: Reply, index: EvidenceIndex) -> None:
    passages = index.passages([i for i in reply.passage_ids if i])
    sources = index.sources(sorted({p.source_id for p in passages.values()}))
    declined = reply.says_nothing
    if not question.answerable:
        column.add("wrong_answer", float(not declined))
    else:
        column.add("wrong_decline", float(declined))
    cited_works: set[str] = set()
    for statement in () if declined else reply.statements:
        inside = [n for n in statement.numbers if 1 <= n <= len(reply.passage_ids)]
        column.add("uncited", float(not statement.numbers))
        for n in statement.numbers:
            column.add("out_of_range", float(n not in inside))
        cited = [
            passages[i] for i in dict.fromkeys(reply.passage_ids[n - 1] for n in inside) if i in passages
        ]
        cited_works |= {p.source_id for p in cited}
        column.add("written_by_model", 1.0)
        if not cited:
            column.add("support", 0.0)
            column.add("contradicted", 0.0)
            continue
        texts = [p.text for p in cited]
        verdict = verify(statement.text, texts, texts, [sources.get(p.source_id) for p in cited])
        column.add("support", float(verdict.supported))
        column.add("contradicted", float(contradicts([r.kind for r in verdict.reasons])))
    if question.answerable:
        met = all(cited_works.intersection(a) for a in question.expect_sources)
        column.add("sources_all", float(met and not declined))
        for fact in question.facts:
            column.add("facts", float(not declined and stands_in(fact, [reply.text])))


def table(columns: Sequence[Column]) -> Table:
    """One row a measure, one column a way of answering."""
    out = Table(title="the same questions, index, language model and judge", title_justify="left")
    out.add_column("measure", overflow="fold")
    for column in columns:
        out.add_column(column.name, justify="right")
    for name, label in MEASURES:
        out.add_row(label, *(_cell(c.estimate(name), len(c.values.get(name, ()))) for c in columns))
    out.add_row(
        "seconds a question, median", *(f"{median(c.seconds):.1f}" if c.seconds else "–" for c in columns)
    )
    out.add_row("ended in an error", *(str(c.errors) for c in columns))
    return out


def _cell(estimate: Estimate, scored: int) -> str:
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return "–"
    return f"{estimate.value:.3f} ({estimate.low:.2f} to {estimate.high:.2f}; {scored})"


def to_json(columns: Sequence[Column]) -> list[dict[str, object]]:
    """Every measure of every column."""
    return [
        {
            "name": c.name,
            "measures": {
                n: vars_of(c.estimate(n)) | {"scored": len(c.values.get(n, ()))} for n, _ in MEASURES
            },
            "median_seconds": median(c.seconds) if c.seconds else None,
            "errors": c.errors,
        }
        for c in columns
    ]


def vars_of(estimate: Estimate) -> dict[str, float | int | None]:
    """An estimate as plain data."""
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high}
