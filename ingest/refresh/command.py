"""``python -m ingest refresh``: its arguments and its report."""

from __future__ import annotations

import argparse
import time

from rich.console import Console
from rich.markup import escape

from caveat.settings import Settings
from ingest.outcome import OK, PARTLY
from ingest.refresh.refresh import RefreshReport, refresh
from ingest.show import say
from ingest.sources.command import progress, stopping
from ingest.sources.open import Pause

FAILED = 2
STOPPED = "Stopped. Nothing was changed; the next refresh begins anew."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``refresh``."""
    parser.add_argument("--dry-run", action="store_true", help="look everything up, change nothing")


def run_refresh(options: argparse.Namespace, settings: Settings, pause: Pause = time.sleep) -> int:
    """0: every work that can be was checked. 1: not all of them. 2: none."""
    with stopping(STOPPED), progress("Looking works up", options.json) as tell:
        report = refresh(settings, pause, dry_run=options.dry_run, tell=tell)
    if options.json:
        say({"event": "report", **report.as_dict()})
    else:
        _show(report)
    if report.errors and not report.checked:
        return FAILED
    return PARTLY if report.errors or report.problems else OK


def _show(report: RefreshReport) -> None:
    console = Console(highlight=False)

    def line(text: str) -> None:
        console.print(text, soft_wrap=True)

    found = ", ".join(f"{count:,} {status}" for status, count in sorted(report.by_status.items()))
    line(f"{report.checked:,} of {report.works:,} works checked{f': {found}' if found else ''}.")
    for change in report.changes:
        colour = "red" if change in report.taken_back else "yellow"
        was = f"was {change.before}" if change.before else "first check"
        notices = f" — {'; '.join(change.notices)}" if change.notices else ""
        line(f"[{colour}]{change.now}[/] ({was}): {escape(f'{change.id}, {change.title}{notices}')}")
    line(
        f"Official texts: {len(report.new_texts):,} new, {len(report.changed_texts):,} changed, "
        f"{report.unchanged_texts:,} unchanged; {len(report.without_text):,} notes stay, as the official record "
        "has no abstract."
    )
    if report.dry_run:
        for name in report.new_texts + report.changed_texts:
            line(f"  text of {escape(name)}")
    for change_of_stage in report.trial_changes:
        line(f"Trial: {escape(change_of_stage)}.")
    if report.not_checkable:
        line(
            f"{len(report.not_checkable):,} works cannot be looked up: no PMID, DOI or NCT number, no usable title."
        )
    if report.not_found_by_title:
        names = ", ".join(report.not_found_by_title)
        line(f"No number, and not found by title: {escape(names)}.")
    for problem in report.problems:
        line(f"[yellow]not found:[/] {escape(problem)}")
    for error in report.errors:
        line(f"[red]not asked:[/] {escape(error)}")
    if report.dry_run:
        line("This was a trial run: nothing was changed.")
    elif report.new_texts or report.changed_texts:
        line("Statuses count from the next question on; `python -m ingest build` takes the new texts in.")
