"""Where no passage has changed, the searches of the generation that serves are copied, not made again."""

from __future__ import annotations

import hashlib
import logging
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from caveat.adapters.encoding import Encoder
from caveat.adapters.evidence_store import EvidenceStore
from caveat.adapters.generations import Generations
from caveat.adapters.manifest import Manifest, read_manifest
from caveat.adapters.model_files import sha256
from caveat.errors import CaveatError
from ingest.split import VERSION

log = logging.getLogger(__name__)
DATABASE = "chroma.sqlite3"
OPENED = "acquire_write"
"""Chroma adds a row to this table whenever it opens the database."""


def carry_over(
    generations: Generations, store: EvidenceStore, folder: Path, encoder: Encoder, *, tokens: bool
) -> Manifest | None:
    """Copies vectors and word index into ``folder``; ``None`` when they must be made, and nothing is there.

    Otherwise what the generation says that they were copied from. The build's check proves the copy.
    """
    try:
        current = generations.current_id()
        if current is None:
            return None
        old = generations.folder(current)
        manifest = read_manifest(old)
        made = (manifest.model_id, manifest.dimension, manifest.splitter, manifest.token_vectors)
        if made != (encoder.model_id, encoder.dimension, VERSION, tokens):
            return None
        if manifest.passages != store.passage_count or not _same_passages(old, store):
            return None
        _copy(old, folder, manifest)
    except (CaveatError, OSError, sqlite3.Error):
        log.debug("nothing could be carried over", exc_info=True)
        _undo(folder)
        return None
    return manifest


def vectors_digest(chroma: Path) -> str | None:
    """A checksum of Chroma's graph and of each row of its database but those that opening it adds.

    Equal only for folders that hold the same; ``None`` when it cannot be read. Chroma writes the graph of fewer than
    1,000 passages anew at each opening: two such folders never look equal.
    """
    total = hashlib.sha256()
    try:
        for path in sorted(p for p in chroma.rglob("*") if p.is_file() and not p.name.startswith(DATABASE)):
            total.update(f"{path.relative_to(chroma).as_posix()}\0{sha256(path)}\0".encode())
        with closing(
            sqlite3.connect(f"{(chroma / DATABASE).resolve().as_uri()}?mode=ro", uri=True)
        ) as database:
            names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            for (name,) in names.fetchall():
                if name == OPENED:
                    continue
                total.update(f"{name}\0".encode())
                for row in database.execute(f'SELECT * FROM "{name}"'):  # noqa: S608
                    total.update(repr(row).encode("utf-8", "surrogatepass"))
    except (OSError, sqlite3.Error):
        log.debug("the vectors have no checksum", exc_info=True)
        return None
    return total.hexdigest()


def _same_passages(old: Path, store: EvidenceStore) -> bool:
    before = EvidenceStore(old / "evidence.sqlite")
    try:
        return before.fingerprint() == store.fingerprint()
    finally:
        before.close()


def _copy(old: Path, folder: Path, manifest: Manifest) -> None:
    flat = [n for n in manifest.checksums if n.startswith(("lexical/", "sentences.", "tokens."))]
    for name in flat:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(old / name, target)
        if sha256(target) != manifest.checksums[name]:
            raise OSError(f"{name} is not the file that was written")
    shutil.copytree(old / "chroma", folder / "chroma", ignore=shutil.ignore_patterns(DATABASE + "*"))
    # A chat may have it open: SQLite's own copy is whole whatever that does meanwhile.
    with (
        closing(
            sqlite3.connect(f"{(old / 'chroma' / DATABASE).resolve().as_uri()}?mode=ro", uri=True)
        ) as source,
        closing(sqlite3.connect(folder / "chroma" / DATABASE)) as target_db,
    ):
        source.backup(target_db)


def _undo(folder: Path) -> None:
    for name in ("chroma", "lexical"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for path in [*folder.glob("sentences.*"), *folder.glob("tokens.*")]:
        path.unlink(missing_ok=True)
