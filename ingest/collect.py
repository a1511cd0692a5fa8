"""The first step of a build: files to records, records to works, works to passages in a new evidence store."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from caveat.adapters.evidence_writer import EvidenceWriter
from caveat.domain.model import Document
from caveat.errors import CorpusError
from ingest.dedupe.combine import combine
from ingest.dedupe.group import Works, group
from ingest.dedupe.report import account, write
from ingest.dedupe.spool import Spool
from ingest.events import Listener, Problem, Progress, Report, Stage
from ingest.facts import with_facts
from ingest.readers import read_file
from ingest.readers.item import Limits
from ingest.reuse import Earlier, digest_of
from ingest.sources.folder import files
from ingest.split import split

EVERY = 50
SECONDS = 0.5
"""Slow documents are told one by one, and a stop that was asked for is heeded between them."""
SPOOL = "records.sqlite"

Fail = Callable[[CorpusError], None]
Finish = Callable[[Document, Fail], Document]
"""What is done to a document before it is split."""


def documents(
    inputs: Sequence[Path],
    fail: Fail,
    ignore: Callable[[Path, str], None] = lambda _path, _why: None,
    limits: Limits | None = None,
) -> Iterator[Document]:
    """Every record of files and folders; what cannot be read is handed to ``fail``."""
    for given in inputs:
        for file in files(given, ignore, fail):
            yield from read_file(file, fail, limits)


def collect(
    inputs: Sequence[Path],
    store: Path,
    report: Report,
    listen: Listener,
    finish: Finish = lambda document, _fail: document,
    limits: Limits | None = None,
    before: Earlier | None = None,
) -> None:
    """Writes the store, and beside it what was merged; counts in the report. Nothing of a file that fails is in it.

    What ``before`` holds of the very same records is copied, not made again.
    """
    before = before or Earlier(None)

    def fail(error: CorpusError) -> None:
        problem = Problem(str(error), error.path, error.line)
        report.errors.append(problem)
        listen(problem)

    def ignore(_path: Path, why: str) -> None:
        report.ignored[why] = report.ignored.get(why, 0) + 1

    with Spool(store.with_name(SPOOL)) as spool, EvidenceWriter(store) as writer:
        told = 0.0
        for document in documents(inputs, fail, ignore, limits):
            spool.add(document)
            if len(spool) % EVERY == 0 or time.monotonic() - told > SECONDS:
                listen(Progress(Stage.READ, len(spool)))
                told = time.monotonic()
        listen(Progress(Stage.READ, len(spool), len(spool)))
        works = group(spool.identities, lambda: listen(Progress(Stage.WORKS, 0)))
        ids, origins = _united(spool, works)
        overlaps = _overlaps(works, ids)
        taken: dict[str, str] = {}
        for done, records in enumerate(works.groups):
            if done % EVERY == 0:
                listen(Progress(Stage.WORKS, done, len(works.groups)))
            document = finish(spool.get(records[0]), fail)
            source = document.source
            if source.id in taken:
                why = f"the id {source.id!r} is already that of {taken[source.id]}"
                fail(CorpusError(why, path=document.origin))
                continue
            taken[source.id] = document.origin
            linked = tuple(dict.fromkeys([*source.overlaps, *overlaps.get(source.id, ())]))
            document = replace(document, source=replace(source, overlaps=linked))
            digest = digest_of(document)
            if (finished := before.work(document, digest)) is not None:
                writer.copy(finished, document.origin, digest)
                continue
            cut = with_facts(split(document))
            writer.add(cut.document, cut.text, cut.passages, digest)
        listen(Progress(Stage.WORKS, len(works.groups), len(works.groups)))
        report.works, report.passages, report.sentences = writer.sources, writer.passages, writer.sentences
        report.records = len(spool)
        decided = account(works, ids, origins)
        report.merged, report.kept_apart = len(decided.merged), len(decided.kept_apart)
        write(store.parent, decided)


def _united(spool: Spool, works: Works) -> tuple[dict[int, str], list[str]]:
    """Puts each work of several records in the place of its first; the id of every record's work, and where each was read."""
    ids: dict[int, str] = {}
    for records in works.groups:
        if len(records) > 1:
            work = combine([spool.get(i) for i in records])
            spool.replace(records[0], work)
            ids.update(dict.fromkeys(records, work.source.id))
        else:
            ids[records[0]] = spool.ids[records[0]]
    origins = [spool.origin(i) for i in range(len(spool))]
    return ids, origins


def _overlaps(works: Works, ids: dict[int, str]) -> dict[str, list[str]]:
    """For each work the works on the same people that the records themselves tie to it."""
    found: dict[str, list[str]] = {}
    for tie in works.linked:
        a, b = ids[tie.a], ids[tie.b]
        if a != b:
            found.setdefault(a, []).append(b)
            found.setdefault(b, []).append(a)
    return found
