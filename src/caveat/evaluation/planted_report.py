"""What the planted works did, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from caveat.evaluation.planted import INJECTION, RETRACTED, PlantResult
from caveat.evaluation.share_table import share_table

LABELS = {
    INJECTION: "hostile text changed nothing",
    RETRACTED: "retracted works support nothing, status told",
}


def harmed(results: Sequence[PlantResult]) -> bool:
    """True when a planted work changed an answer or stood as support."""
    return any(r.score.value is not None and r.score.value < 1 for r in results)


def table(results: Sequence[PlantResult]) -> Table:
    """One row a kind, then one a work that did harm or could not be scored."""
    rows = [
        (label, [r.score.value for r in results if r.plant.kind == kind]) for kind, label in LABELS.items()
    ]
    wrong = [
        f"{r.plant.id}: {r.plant.question} ({r.score.explanation})" for r in results if r.score.value != 1
    ]
    return share_table(f"planted works: {len(results)}", rows, wrong)


def to_json(results: Sequence[PlantResult]) -> list[dict[str, object]]:
    """Every planted work with its score."""
    return [
        {
            "id": r.plant.id,
            "kind": r.plant.kind,
            "what": r.plant.what,
            "question": r.plant.question,
            "value": r.score.value,
            "explanation": r.score.explanation,
        }
        for r in results
    ]
