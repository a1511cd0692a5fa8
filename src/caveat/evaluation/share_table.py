"""A table of shares with their intervals, and below it what went wrong."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from caveat.evaluation.intervals import weighted_mean


def share_table(
    title: str, rows: Sequence[tuple[str, Sequence[float | None]]], wrong: Sequence[str]
) -> Table:
    """One row a measure (None is "could not score"), then one a line of ``wrong``."""
    out = Table(title=title, title_justify="left")
    out.add_column("measure", overflow="fold")
    for heading in ("share", "95 % interval", "scored", "could not score"):
        out.add_column(heading, justify="right")
    for label, values in rows:
        scored = [v for v in values if v is not None]
        estimate = weighted_mean(scored)
        interval = "–" if estimate.low is None else f"{estimate.low:.3f} to {estimate.high:.3f}"
        share = "–" if estimate.value is None else f"{estimate.value:.3f}"
        out.add_row(label, share, interval, str(len(scored)), str(len(values) - len(scored)))
    for line in wrong:
        out.add_row(Text(line), "", "", "", "")
    return out
