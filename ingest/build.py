"""One build: read, split, embed, write, check, activate. The generation that serves is never touched."""

from __future__ import annotations

import errno
import logging
import os
import re
import secrets
import shutil
import sqlite3
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from caveat.adapters.disk import flush
from caveat.adapters.encoding import ALONE, Encoder, sentence_vectors
from caveat.adapters.evidence_store import EvidenceStore
from caveat.adapters.generations import UNFINISHED, Generations
from caveat.adapters.manifest import SCHEMA_VERSION, Manifest, checksums, sizes
from caveat.adapters.words import VERSION as TERMS_VERSION
from caveat.domain.topic import KnownQuestion
from caveat.errors import BuildFailed, CaveatError
from ingest.clean import CLEAN_ERRORS, clean, overgrown, sweep
from ingest.collect import collect
from ingest.embed import TOKEN_VECTOR_PASSAGES
from ingest.events import Listener, Problem, Progress, Report, Stage, silent
from ingest.lock import build_lock
from ingest.readers.item import Limits
from ingest.refresh.apply import refreshed
from ingest.reuse import earlier
from ingest.searches import STILL, Searches, write_searches
from ingest.split import VERSION

log = logging.getLogger(__name__)
MOST_PROBLEMS = 200
_STAMP = re.compile(r"\d{8}T\d{9}")


def build(
    inputs: Sequence[Path],
    home: Path,
    encoder: Encoder,
    *,
    keep: int = 3,
    topic: str | None = None,
    known: Sequence[KnownQuestion] = (),
    listen: Listener = silent,
    limits: Limits | None = None,
) -> Report:
    """Builds and activates a generation; raises ``BuildLocked`` or ``BuildFailed``, changing nothing."""
    started = time.monotonic()
    report = Report()
    try:
        with build_lock(home):
            generations = Generations(home)
            sweep(generations)
            ident = _new_id(generations)
            work = generations.root / (UNFINISHED + ident)
            final = generations.folder(ident)
            try:
                work.mkdir(parents=True)
                _write(inputs, work, home, encoder, report, ident, topic, known, listen, limits)
                _compare(generations, work, report)
                flush(work)
                os.replace(work, final)
                listen(Progress(Stage.ACTIVATE, 0, 1))
                generations.activate(ident)
            except BaseException:
                if not _serves(generations, ident):
                    shutil.rmtree(work, ignore_errors=True)
                    shutil.rmtree(final, ignore_errors=True)
                raise
            report.generation = ident
            _prune(generations, keep, report)
            _clean(home, report, encoder)
            listen(Progress(Stage.ACTIVATE, 1, 1))
    except CaveatError:
        raise
    except Exception as error:
        log.debug("the build stopped", exc_info=True)
        raise BuildFailed(_reason(error)) from error
    report.seconds = round(time.monotonic() - started, 2)
    return report


def _write(
    inputs: Sequence[Path],
    folder: Path,
    home: Path,
    encoder: Encoder,
    report: Report,
    ident: str,
    topic: str | None,
    known: Sequence[KnownQuestion],
    listen: Listener,
    limits: Limits | None,
) -> None:
    """Fills the new generation's folder and checks it."""
    with earlier(Generations(home)) as before:
        collect(inputs, folder / "evidence.sqlite", report, listen, refreshed(home), limits, before)
    if not report.passages:
        raise BuildFailed(
            f"Nothing could be read; {STILL}." if report.errors else f"No document found; {STILL}."
        )
    tokens = encoder.token_vectors and report.passages <= TOKEN_VECTOR_PASSAGES
    if not encoder.token_vectors:
        report.notices.append(
            "This embedding model gives no vectors of words: passages are not re-ranked by them."
        )
    elif not tokens:
        report.notices.append(
            f"More than {TOKEN_VECTOR_PASSAGES:,} passages: none are re-ranked by their words' vectors."
        )

    def manifest(vectors: str | None, edited: int, graph: int) -> Manifest:
        return Manifest(
            id=ident,
            created=_created(),
            schema=SCHEMA_VERSION,
            model_id=encoder.model_id,
            dimension=encoder.dimension,
            splitter=VERSION,
            sources=report.works,
            passages=report.passages,
            sentences=report.sentences,
            token_vectors=tokens,
            inputs=tuple(str(path) for path in inputs),
            topic=topic,
            skipped=len(report.errors),
            problems=tuple(_by_name(problem) for problem in report.errors[:MOST_PROBLEMS]),
            terms=TERMS_VERSION,
            checksums=checksums(folder),
            sizes=sizes(folder),
            vectors=vectors,
            edited=edited,
            sentence_vectors=sentence_vectors(encoder),
            graph=graph,
        )

    write_searches(Searches(home, folder, encoder, tokens, known, report, listen, manifest))


def _by_name(problem: Problem) -> str:
    """The problem without the folders of its file, which are no reader's business."""
    if not problem.path:
        return problem.message
    return problem.message.replace(problem.path, Path(problem.path).name)


def _new_id(generations: Generations) -> str:
    """A name that no other generation has, and that sorts after all that are there, whatever the clock says."""
    now = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"[:-3]
    last = max((ident.partition("-")[0] for ident in generations.ids()), default="")
    if _STAMP.fullmatch(last) and last >= now:
        day, _, time_of_day = last.partition("T")
        now = f"{day}T{int(time_of_day) + 1:09d}"
    return f"{now}-{secrets.token_hex(2)}"


def _created() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _serves(generations: Generations, ident: str) -> bool:
    """True once the pointer names it: an interruption after that must not take it away."""
    try:
        return generations.current_id() == ident
    except CaveatError:
        return False


def _compare(generations: Generations, folder: Path, report: Report) -> None:
    """Counts works that are new, changed, unchanged and gone since the generation that serves."""
    before: dict[str, str] = {}
    try:
        current = generations.current_id()
        if current is not None:
            before = _digests(generations.folder(current))
    except (CaveatError, sqlite3.Error):
        log.debug("no earlier generation to compare with", exc_info=True)
    now = _digests(folder)
    report.new = len(now.keys() - before.keys())
    report.removed = len(before.keys() - now.keys())
    report.unchanged = sum(before.get(ident) == digest for ident, digest in now.items())
    report.changed = len(now) - report.new - report.unchanged


def _digests(folder: Path) -> dict[str, str]:
    store = EvidenceStore(folder / "evidence.sqlite")
    try:
        return store.digests()
    finally:
        store.close()


def _prune(generations: Generations, keep: int, report: Report) -> None:
    """Old generations go; if that fails the new one serves all the same."""
    try:
        report.pruned = generations.prune(keep)
    except (OSError, CaveatError) as error:
        report.notices.append(f"Old generations could not be removed ({error}).")


def _clean(home: Path, report: Report, encoder: Encoder) -> None:
    """An overgrown cache is cleaned; if that fails it only stays larger."""
    used = report.passages + (report.sentences if sentence_vectors(encoder) == ALONE else 0)
    try:
        if overgrown(home, used):
            report.vectors_dropped = clean(home).vectors_removed
    except CLEAN_ERRORS as error:
        report.notices.append(f"Vectors that are no longer needed could not be removed ({error}).")


def _reason(error: Exception) -> str:
    """One plain line on why a build stopped."""
    text = str(error)
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    if full or "disk is full" in text or "No space left" in text:
        return f"The disk is full; {STILL}. Free some space and build again."
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}; {STILL}."
    first = (text.splitlines() or ["no reason given"])[0]
    return f"The build stopped ({type(error).__name__}: {first}); {STILL}."
