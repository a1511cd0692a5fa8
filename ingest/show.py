"""What the ingest program shows: progress and tables for people, JSON Lines for machines."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from caveat.adapters.generations import GenerationInfo
from ingest import events
from ingest.check import Check
from ingest.dedupe.report import Account
from ingest.events import Event, Problem, Report, Stage

LABELS = {
    Stage.READ: "Reading documents",
    Stage.WORKS: "Making works of records",
    Stage.EMBED: "Embedding passages",
    Stage.WRITE: "Writing the word index",
    Stage.CHECK: "Checking",
    Stage.ACTIVATE: "Activating",
    Stage.PUBLISH: "Copying to the Chroma server",
}


def fail(message: str, as_json: bool) -> None:
    """Says on standard error why something was not done; as an event too where JSON is wanted."""
    if as_json:
        say({"event": "error", "message": message})
    sys.stderr.write(message + "\n")


def say(value: object) -> None:
    """A line on standard output: text as it is, anything else as JSON."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


class Pace:
    """How fast a step goes, and how long it will still take at that rate."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began: dict[Stage, tuple[float, int]] = {}

    def of(self, event: events.Progress) -> dict[str, float | None]:
        """Units a second since the step began and seconds left; ``None`` while that is not known."""
        began, first = self._began.setdefault(event.stage, (self._clock(), event.done))
        passed, done = self._clock() - began, event.done - first
        rate = done / passed if passed > 0 and done > 0 else None
        left = None if rate is None or event.total is None else (event.total - event.done) / rate
        return {
            "per_second": rate and round(rate, 1),
            "seconds_left": left if left is None else round(left, 1),
        }


class Screen:
    """Shows a build's events as they come: on standard error for people, on standard output as JSON."""

    def __init__(self, *, as_json: bool) -> None:
        self._json = as_json
        self._console = Console(stderr=True, highlight=False)
        self._tasks: dict[Stage, TaskID] = {}
        self._pace = Pace()
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=self._console,
            disable=as_json,
        )

    def __enter__(self) -> Screen:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def listen(self, event: Event) -> None:
        """Shows one event."""
        if self._json:
            if isinstance(event, Problem):
                say({"event": "problem", **asdict(event)})
            else:
                say({"event": "progress", **asdict(event), **self._pace.of(event)})
        elif isinstance(event, Problem):
            self._console.print(f"[yellow]not indexed:[/] {escape(event.message)}", soft_wrap=True)
        else:
            self._advance(event)

    def notice(self, text: str) -> None:
        """Shows one line that is no error."""
        if self._json:
            say({"event": "notice", "message": text})
        else:
            self._console.print(escape(text), soft_wrap=True)

    def _advance(self, event: events.Progress) -> None:
        task = self._tasks.get(event.stage)
        if task is None:
            task = self._bars.add_task(LABELS[event.stage], total=event.total, rate="")
            self._tasks[event.stage] = task
        speed = self._bars.tasks[task].speed
        rate = f"{speed:.0f} a second" if speed else ""
        self._bars.update(task, completed=event.done, total=event.total, rate=rate)


def show_report(report: Report) -> None:
    """The end of a build, for a person."""
    console = Console(highlight=False)
    console.print(
        f"Index {report.generation} serves now: {report.works:,} works, {report.passages:,} passages "
        f"({report.passages_embedded:,} embedded, {report.passages_reused:,} unchanged), "
        f"{report.seconds:.1f} seconds.",
        soft_wrap=True,
    )
    console.print(
        f"Works: {report.new:,} new, {report.changed:,} changed, {report.unchanged:,} unchanged, "
        f"{report.removed:,} no longer there.",
        soft_wrap=True,
    )
    if report.merged or report.kept_apart:
        console.print(
            f"Records: {report.records:,} read; {report.merged:,} works were made of more than one, "
            f"{report.kept_apart:,} pairs kept apart because their identifiers conflict "
            "(python -m ingest status --explain ID tells of one, --explain all of all).",
            soft_wrap=True,
        )
    for why, count in sorted(report.ignored.items()):
        console.print(f"Passed over: {count:,} × {why}.")
    for notice in report.notices:
        console.print(escape(notice), soft_wrap=True)
    if report.errors:
        console.print(f"[yellow]Not indexed: {len(report.errors):,}[/]")
        for problem in report.errors:
            console.print(f"  {escape(problem.message)}", soft_wrap=True)


def show_status(generations: Sequence[GenerationInfo], current: str | None) -> None:
    """The generations on disk, newest first."""
    table = Table("", "index", "built (UTC)", "works", "passages", "skipped", box=None)
    for generation in generations:
        mark = "serves" if generation.id == current else ""
        made = generation.manifest
        if made is None:
            table.add_row(mark, generation.id, escape(generation.problem or ""))
        else:
            built = made.created[:16].replace("T", " ")
            numbers = (f"{made.sources:,}", f"{made.passages:,}", f"{made.skipped:,}")
            table.add_row(mark, made.id, built, *numbers)
    console = Console(highlight=False)
    console.print(table if generations else "No index on disk.")
    serving = next((g.manifest for g in generations if g.id == current and g.manifest), None)
    if serving is not None:
        console.print(
            f"Embedding model: {escape(serving.model_id)}. Read from: {escape(', '.join(serving.inputs))}."
        )


def show_account(found: Account, about: str) -> None:
    """What was merged, linked and kept apart, and why: of one work, or of ``all``."""
    console = Console(highlight=False)
    of = {m.id for m in found.merged} if about == "all" else {about}
    for work in (m for m in found.merged if m.id in of):
        console.print(f"[bold]{escape(work.id)}[/bold] is one work, read in {len(work.records)} records:")
        for line in (*work.records, *(f"because of {why}" for why in work.why)):
            console.print(f"  {escape(line)}", soft_wrap=True)
    linked = [x for x in found.linked if about == "all" or about in x[:2]]
    for a, b, why in linked:
        console.print(
            f"Same people, not counted twice: {escape(a)} and {escape(b)} ({escape(why)}).", soft_wrap=True
        )
    records = {r for m in found.merged if m.id in of for r in m.records}
    apart = [x for x in found.kept_apart if about == "all" or records & set(x[:2])]
    for a, b, why in apart:
        console.print(f"Kept apart: {escape(a)} and {escape(b)} ({escape(why)}).", soft_wrap=True)
    if not (of & {m.id for m in found.merged} or linked or apart):
        console.print("Nothing was merged." if about == "all" else f"{escape(about)} was read in one record.")


def show_check(result: Check) -> None:
    """The outcome of a check."""
    console = Console(highlight=False)
    if result.sound:
        console.print(
            f"Index {result.generation} is sound: {result.passages:,} passages, the same in every store; "
            f"{result.found_by_vector:,} of {result.looked_for_by_vector:,} found by their own vector, "
            f"{result.found_by_words:,} of {result.looked_for_by_words:,} by their own words.",
            soft_wrap=True,
        )
    for problem in result.problems:
        console.print(f"[red]wrong:[/] {escape(problem)}", soft_wrap=True)
