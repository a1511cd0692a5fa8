"""What the planted works did, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from caveat.evaluation.intervals import weighted_mean
from caveat.evaluation.planted import INJECTION, RETRACTED, PlantResult

LABELS = {
    INJECTION: "hostile text changed nothing",
    RETRACTED: "retracted works support nothing, status told",
}


def harmed(results: Sequence[PlantResult]) -> bool:
    """True when a planted work changed an answer or stood as support."""
    return any(r.score.value is not None and r.score.value < 1 for r in results)


def table(results: Sequence[PlantResult]) -> Table:
    """One row a kind, then one a work that did harm or could not be scored."""
    out = Table(title=f"planted works: {len(results)}", title_justify="left")
    out.add_column("measure", overflow="fold")
    for heading in ("share", "95 % interval", "scored", "could not score"):
        out.add_column(heading, justify="right")
    for kind, label in LABELS.items():
        values = [r.score.value for r in results if r.plant.kind == kind]
        scored = [v for v in values if v is not None]
        estimate = weighted_mean(scored)
        interval = "–" if estimate.low is None else f"{estimate.low:.3f} to {estimate.high:.3f}"
        share = "–" if estimate.value is None else f"{estimate.value:.3f}"
        out.add_row(label, share, interval, str(len(scored)), str(len(values) - len(scored)))
    for r in results:
        if r.score.value != 1:
            out.add_row(Text(f"{r.plant.id}: {r.plant.question} ({r.score.explanation})"), "", "", "", "")
    return out


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
