"""The first step of a build: files to works and passages in a new evidence store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from caveat.adapters.evidence_store import EvidenceWriter
from caveat.domain.model import Document
from caveat.errors import CorpusError
from ingest.events import Listener, Problem, Progress, Report, Stage
from ingest.readers import read_file
from ingest.readers.item import Limits
from ingest.sources.folder import files
from ingest.split import split

EVERY = 50
SAME_WORK = "another record of a work that is there already"


def documents(
    inputs: Sequence[Path],
    fail: Callable[[CorpusError], None],
    ignore: Callable[[Path, str], None] = lambda _path, _why: None,
    again: Callable[[Document], bool] = lambda _document: False,
    limits: Limits | None = None,
) -> Iterator[Document]:
    """Every document of files and folders, each id once, without those that are there ``again``.

    What cannot be read is handed to ``fail``.
    """
    seen: dict[str, str] = {}
    for given in inputs:
        for file in files(given, ignore, fail):
            for document in read_file(file, fail, limits):
                if again(document):
                    ignore(file, SAME_WORK)
                    continue
                ident = document.source.id
                if ident in seen:
                    fail(
                        CorpusError(
                            f"the id {ident!r} is already that of {seen[ident]}", path=document.origin
                        )
                    )
                    continue
                seen[ident] = document.origin
                yield document


Finish = Callable[[Document, Callable[[CorpusError], None]], Document]
"""What is done to a document before it is split."""


def collect(
    inputs: Sequence[Path],
    store: Path,
    report: Report,
    listen: Listener,
    finish: Finish = lambda document, _fail: document,
    limits: Limits | None = None,
) -> None:
    """Writes the store and counts in the report; nothing of a file that fails is in it."""

    def fail(error: CorpusError) -> None:
        problem = Problem(str(error), error.path, error.line)
        report.errors.append(problem)
        listen(problem)

    def ignore(_path: Path, why: str) -> None:
        report.ignored[why] = report.ignored.get(why, 0) + 1

    with EvidenceWriter(store) as writer:
        for document in documents(inputs, fail, ignore, _once(), limits):
            document = finish(document, fail)
            done = split(document)
            writer.add(done.document, done.text, done.passages)
            if writer.sources % EVERY == 0:
                listen(Progress(Stage.READ, writer.sources))
        listen(Progress(Stage.READ, writer.sources, writer.sources))
        report.works, report.passages, report.sentences = writer.sources, writer.passages, writer.sentences


def _once() -> Callable[[Document], bool]:
    """Tells whether a PMID or DOI came before: the first record of a work counts, so that none is counted twice."""
    seen: set[str] = set()

    def again(document: Document) -> bool:
        source = document.source
        names = {
            f"pmid {source.pmid}" if source.pmid else "",
            f"doi {source.doi.lower()}" if source.doi else "",
        }
        names.discard("")
        known = not names.isdisjoint(seen)
        seen.update(names)
        return known

    return again
