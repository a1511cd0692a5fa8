"""``python -m ingest fetch``: its arguments, its progress and its report."""

from __future__ import annotations

import argparse
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from caveat.errors import CaveatError, ConfigError
from caveat.settings import Settings
from ingest.outcome import OK, PARTLY
from ingest.show import say
from ingest.sources.fetch import FetchReport, Tell, fetch
from ingest.sources.identifiers import Identifier, read_identifiers
from ingest.sources.live import LiveSource, Query
from ingest.sources.open import NAMES, Pause, open_source
from ingest.sources.store import Store

STOPPED = "Stopped. What was fetched is kept; the same command goes on where it stopped."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``fetch``."""
    parser.add_argument("source", choices=NAMES, help="where to search")
    parser.add_argument("query", nargs="?", help="a search, in the source's own search language")
    parser.add_argument("--since", type=_day, metavar="DATE", help="only records since this day (YYYY-MM-DD)")
    parser.add_argument("--max", type=_count, default=1000, metavar="N", help="at most so many (1000)")
    parser.add_argument(
        "--ids", type=Path, metavar="FILE", help="fetch the PMIDs, DOIs or NCT numbers of a file"
    )
    parser.add_argument("--again", action="store_true", help="fetch anew what is on disk already")


def run_fetch(options: argparse.Namespace, settings: Settings, pause: Pause = time.sleep) -> int:
    """0: all is on disk. 1: nothing matched, or some of the identifiers were not found."""
    with stopping(), open_source(options.source, settings, pause) as source:
        query = _query(options, source)
        store = Store(settings.home_dir, source.name, source.suffix)
        with progress(f"Fetching from {source.label}", options.json) as tell:
            report = fetch(source, query, store, again=options.again, tell=tell)
    if options.json:
        say({"event": "report", **report.as_dict()})
    else:
        _show(report, source)
    return PARTLY if report.missing or report.nothing else OK


def _query(options: argparse.Namespace, source: LiveSource) -> Query:
    text = (options.query or "").strip()
    if bool(text) == bool(options.ids):
        raise ConfigError("Give either a search or --ids FILE.")
    if options.ids and options.since:
        raise ConfigError("--since goes with a search, not with --ids.")
    ids: tuple[Identifier, ...] = read_identifiers(options.ids) if options.ids else ()
    for one in ids:
        if one.kind not in source.takes:
            known = ", ".join(sorted(source.takes))
            raise ConfigError(f"{source.label} cannot look up {one.value}; it knows: {known}.")
    return Query(text, options.since, options.max, ids)


@contextmanager
def progress(label: str, as_json: bool) -> Iterator[Tell]:
    """A bar on standard error for people, events on standard output for machines."""
    if as_json:
        yield lambda done, total: say({"event": "progress", "stage": "fetch", "done": done, "total": total})
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task(label, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


def _show(report: FetchReport, source: LiveSource) -> None:
    console = Console(highlight=False)
    if report.nothing:
        console.print(f"{source.label} has nothing for this query.", soft_wrap=True)
        return
    matching = f" of {report.matching:,} that match" if report.matching is not None else ""
    console.print(
        f"{source.label}: {report.fetched:,} records fetched{matching} ({report.new:,} new, {report.changed:,} "
        f"changed, {report.unchanged:,} unchanged), {report.on_disk:,} on disk already.",
        soft_wrap=True,
    )
    if report.resumed_at:
        console.print(f"Taken up after record {report.resumed_at:,}, where the last run stopped.")
    for notice in report.notices:
        console.print(escape(notice), soft_wrap=True)
    for name in report.missing:
        console.print(f"[yellow]not found:[/] {escape(name)}", soft_wrap=True)
    console.print(
        f"They lie in {escape(report.folder)}; `python -m ingest build` indexes them.", soft_wrap=True
    )


class Stopped(CaveatError):
    """Somebody asked to stop; everything that was done so far is kept."""


@contextmanager
def stopping(message: str = STOPPED) -> Iterator[None]:
    """Ctrl-C and a request to end both stop at once, which is safe here: every file is written whole."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        raise Stopped(message) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("write the day as YYYY-MM-DD") from None
    if day > date.today():
        raise argparse.ArgumentTypeError("that day has not come yet")
    return day


def _count(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError("give a whole number above zero")
    return int(text)
