"""Questions that take something false for granted: the answer must open with the correction and the work that shows it.

Each line is ``id``, ``question``, ``must_correct`` (words the headline must open with or hold early; null where the
premise is true) and ``source`` (the work the first claim must cite; null for any). Only false premises are scored here;
that true ones are left alone is a test of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from caveat.domain.model import Answer, Cited
from caveat.errors import CaveatError, CorpusError
from caveat.evaluation.scores import Score
from caveat.evaluation.share_table import share_table

FILE = "premises.jsonl"
EARLY = 200
"""Characters of the headline within which the correction must stand."""


@dataclass(frozen=True, slots=True)
class Premise:
    """One question with a false premise."""

    id: str
    question: str
    must_correct: str
    source: str | None


@dataclass(frozen=True, slots=True)
class PremiseResult:
    """The question asked, and whether the correction came first."""

    premise: Premise
    score: Score


def load(path: Path) -> list[Premise]:
    """The false premises of the file; raises ``CorpusError`` with file and line where it is wrong."""
    found: list[Premise] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            if row["must_correct"]:
                found.append(Premise(row["id"], row["question"], row["must_correct"], row["source"]))
        except (ValueError, KeyError, TypeError) as error:
            raise CorpusError(f"Correct this premise: {error}.", path=str(path), line=number) from error
    return found


def corrected(premise: Premise, answer: Answer) -> Score:
    """1 when the headline opens with the correction and the first claim cites the work that shows it."""
    if not isinstance(answer, Cited):
        return Score(0.0, f"no cited answer: {answer.headline[:80]}")
    if premise.must_correct.casefold() not in answer.headline[:EARLY].casefold():
        return Score(0.0, f"not corrected: {answer.headline[:80]}")
    first = answer.claims[0].citations[0].source_id
    if premise.source is not None and first != premise.source:
        return Score(0.0, f"shown by {first}, not {premise.source}")
    return Score(1.0, "corrected first")


def measure(
    premises: Sequence[Premise],
    ask: Callable[[str, Sequence[str]], Answer],
    on_question: Callable[[], None] | None = None,
) -> list[PremiseResult]:
    """Asks each; what ends in an error could not be scored."""
    results: list[PremiseResult] = []
    for premise in premises:
        if on_question:
            on_question()
        try:
            score = corrected(premise, ask(premise.question, ()))
        except CaveatError as error:
            score = Score(None, f"error: {type(error).__name__}")
        results.append(PremiseResult(premise, score))
    return results


def table(results: Sequence[PremiseResult]) -> Table:
    """The share that was corrected first, then each that was not."""
    wrong = [
        f"{r.premise.id}: {r.premise.question} ({r.score.explanation})" for r in results if r.score.value != 1
    ]
    rows = [("corrected first, with the work that shows it", [r.score.value for r in results])]
    return share_table(f"false premises: {len(results)}", rows, wrong)


def to_json(results: Sequence[PremiseResult]) -> list[dict[str, object]]:
    """Every premise with its score."""
    return [
        {
            "id": r.premise.id,
            "question": r.premise.question,
            "value": r.score.value,
            "explanation": r.score.explanation,
        }
        for r in results
    ]
