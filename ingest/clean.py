"""Removes what no index needs any more: cached vectors, and what stopped builds left."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from caveat.adapters.encoding import POOLED, marked_key, text_key
from caveat.adapters.evidence_store import EvidenceStore
from caveat.adapters.generations import POINTER, UNFINISHED, Generations
from caveat.adapters.manifest import read_manifest
from caveat.adapters.vector_cache import count_vectors, keep_only
from caveat.errors import CaveatError
from ingest.embed import indexed_text, marked

CACHE = "vectors.sqlite"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What was removed, and what the vectors that stay take on disk."""

    vectors_removed: int
    vectors_kept: int
    megabytes_before: float
    megabytes_after: float


def sweep(generations: Generations) -> None:
    """Removes what a killed build left behind; only the holder of the lock may."""
    if generations.root.is_dir():
        for folder in generations.root.glob(UNFINISHED + "*"):
            shutil.rmtree(folder, ignore_errors=True)
    for part in generations.home.glob(f"{POINTER}.*.part"):
        if not _alive(part.name.split(".")[-2]):
            part.unlink(missing_ok=True)


def _alive(process: str) -> bool:
    """True when such a process runs: it may be about to move the pointer."""
    try:
        os.kill(int(process), 0)
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return True


def clean(home: Path) -> Cleaned:
    """Keeps the vectors that a generation on disk needs, and drops the rest; only the holder of the lock may.

    Raises ``CaveatError`` or an error of SQLite or the system when a generation cannot be read: nothing is dropped then.
    A kill on the way loses nothing: what goes, goes in one transaction.
    """
    generations = Generations(home)
    sweep(generations)
    cache = home / CACHE
    cache.with_suffix(".damaged").unlink(missing_ok=True)
    before = _megabytes(cache)
    if not cache.is_file():
        return Cleaned(0, 0, 0.0, 0.0)
    removed = keep_only(cache, _needed(generations))
    return Cleaned(removed, count_vectors(cache), before, _megabytes(cache))


def overgrown(home: Path, in_use: int) -> bool:
    """True when the cache holds more than twice what a build used, and so may be worth cleaning."""
    cache = home / CACHE
    return cache.is_file() and count_vectors(cache) > 2 * max(in_use, 1)


def _needed(generations: Generations) -> Iterator[bytes]:
    for ident in generations.ids():
        folder = generations.folder(ident)
        try:
            manifest = read_manifest(folder)
        except CaveatError:
            # It cannot serve any more, so nothing will be rebuilt from it.
            continue
        with closing(EvidenceStore(folder / "evidence.sqlite")) as store:
            for passage, title in store.indexed():
                if manifest.sentence_vectors == POOLED:
                    yield marked_key(manifest.model_id, manifest.dimension, marked(title, passage))
                    continue
                texts = [passage.sentence(i) for i in range(len(passage.sentences))]
                for text in (indexed_text(title, passage), *texts):
                    yield text_key(manifest.model_id, manifest.dimension, text)


def _megabytes(cache: Path) -> float:
    files = (cache, cache.with_name(cache.name + "-wal"))
    return round(sum(p.stat().st_size for p in files if p.is_file()) / 1e6, 1)


CLEAN_ERRORS = (CaveatError, OSError, sqlite3.Error)
"""What may go wrong while cleaning; a build that has ended well takes no harm from it."""
