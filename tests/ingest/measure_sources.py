# ruff: noqa: T201 (a program that prints)
"""Measures fetching and refreshing against services on loopback: ``python tests/ingest/measure_sources.py [NUMBER]``.

Pauses are counted, not made: the column "pauses" is the time that the sources' pace would add.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(ROOT / "tests" / "fakes")]

from literature import Library, Study, Work, serving  # noqa: E402

from caveat.settings import Settings  # noqa: E402
from ingest.collect import documents  # noqa: E402
from ingest.refresh.refresh import refresh  # noqa: E402
from ingest.refresh.trials import registration  # noqa: E402
from ingest.sources.fetch import fetch  # noqa: E402
from ingest.sources.live import Query  # noqa: E402
from ingest.sources.open import NAMES, open_source  # noqa: E402
from ingest.sources.store import Store  # noqa: E402


def main(number: int) -> None:
    """Prints one line for each thing measured."""
    library = Library()
    with serving(library), tempfile.TemporaryDirectory() as home:
        os.environ.update(library.environment(), CAVEAT_HOME=home)
        settings = Settings()
        _starter(library, settings)
        for i in range(1, number + 1):
            day = date(2010, 1, 1) + timedelta(days=i % 4000)
            library.works.append(Work(f"Mood in trial {i}.", pmid=str(i), doi=f"10.1000/t{i}", entered=day))
            library.studies.append(Study(f"NCT{i:08d}", f"Mood study {i}", updated=day))
        for name in NAMES:
            pauses: list[float] = []
            library.asked.clear()
            started = time.monotonic()
            with open_source(name, settings, pauses.append) as source:
                store = Store(settings.home_dir, name, source.suffix)
                report = fetch(source, Query("mood", most=2 * number), store)
            _say(f"fetch {name}: {report.new:,} records", started, library, pauses)
            size = sum(p.stat().st_size for p in store.folder.iterdir()) / 1e6
            print(f"  {size:.1f} MB on disk")
        started = time.monotonic()
        read = sum(1 for _ in documents([settings.home_dir / "fetched" / "pubmed"], lambda e: print(e)))
        print(f"reading {read:,} PubMed files: {time.monotonic() - started:.1f} s")
    print(
        f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB, the server's included"
    )


def _starter(library: Library, settings: Settings) -> None:
    """The starter collection's works, as services that know every number of theirs would have them."""
    for document in documents([settings.corpus_dir], print):
        source = document.source
        if (nct := registration(source)) is not None:
            library.studies.append(Study(nct, source.title))
        elif source.pmid or source.doi:
            entered = date(source.year or 2020, 1, 1)
            library.works.append(Work(source.title, pmid=source.pmid, doi=source.doi, entered=entered))
    pauses: list[float] = []
    started = time.monotonic()
    report = refresh(settings, pauses.append, dry_run=True)
    _say(
        f"refresh of the starter collection: {report.checked} of {report.works} works",
        started,
        library,
        pauses,
    )
    print(
        f"  {len(report.new_texts)} texts, {len(report.not_found_by_title)} not found by title, "
        f"{len(report.not_checkable)} not to be looked up, {len(report.problems)} problems"
    )


def _say(what: str, started: float, library: Library, pauses: list[float]) -> None:
    took = time.monotonic() - started
    print(f"{what}: {took:.1f} s, {len(library.asked)} requests, pauses {sum(pauses):.1f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
