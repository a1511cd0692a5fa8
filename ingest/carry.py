"""What the generation that serves has of the same passages is copied, not made again."""

from __future__ import annotations

import hashlib
import logging
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from caveat.adapters.encoding import Encoder, sentence_vectors
from caveat.adapters.evidence_store import EvidenceStore
from caveat.adapters.generations import Generations
from caveat.adapters.manifest import DATABASE, Manifest, read_manifest
from caveat.adapters.model_files import sha256
from caveat.errors import CaveatError
from ingest.split import VERSION

log = logging.getLogger(__name__)
OPENED = "acquire_write"
"""Chroma adds a row to this table whenever it opens the database."""
MOST_EDITED = 0.02
"""Beyond this share of edits since the vectors were written whole, they are written anew: each leaves the graph a little worse."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What stands of an earlier generation in the folder of a new one."""

    old: Path
    manifest: Manifest
    """What the generation says that it was copied from."""
    rows: npt.NDArray[np.int64]
    """For each passage its row there, -1 for one that is to be made."""
    gone: tuple[str, ...]
    """Passages of the copied vectors that are to be taken out."""

    @property
    def whole(self) -> bool:
        """True when nothing is left to do: the same passages in the same order."""
        return not self.gone and bool((self.rows == np.arange(len(self.rows))).all())

    @property
    def fresh(self) -> list[int]:
        """The rows that are to be made."""
        made: list[int] = np.flatnonzero(self.rows < 0).tolist()
        return made

    @property
    def edits(self) -> int:
        """How many passages go out of the vectors or come in."""
        return len(self.gone) + len(self.fresh)


def carry_over(
    generations: Generations, store: EvidenceStore, folder: Path, encoder: Encoder, *, tokens: bool
) -> Carried | None:
    """Copies into ``folder`` what the generation that serves has of these passages; ``None``, and nothing there, when all
    is to be made.

    Where all passages are the same, vectors and word index are copied: the build's check proves the copy. Where few
    are not, the vectors of passages alone are, and only if they are those that were written.
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
        if manifest.sentence_vectors != sentence_vectors(encoder):
            return None
        carried = _carried(old, manifest, store)
        if carried is None:
            return None
        _copy_vectors(old, folder)
        if carried.whole:
            _copy_files(old, folder, manifest)
        elif manifest.vectors is None or vectors_digest(folder / "chroma") != manifest.vectors:
            raise OSError("the vectors are not those that were written")
    except (CaveatError, OSError, sqlite3.Error):
        log.debug("nothing could be carried over", exc_info=True)
        undo(folder)
        return None
    return carried


def _carried(old: Path, manifest: Manifest, store: EvidenceStore) -> Carried | None:
    """``None`` where too much has changed since the vectors were written."""
    most = int(MOST_EDITED * store.passage_count)
    if abs(manifest.passages - store.passage_count) > most:
        return None
    rows = store.rows_in(old / "evidence.sqlite")
    before = EvidenceStore(old / "evidence.sqlite")
    try:
        ids = np.asarray(before.passage_ids(), dtype=object)
    finally:
        before.close()
    stays = np.zeros(len(ids), dtype=bool)
    stays[rows[rows >= 0]] = True
    carried = Carried(old, manifest, rows, tuple(map(str, ids[~stays])))
    return carried if carried.whole or manifest.edited + carried.edits <= most else None


def verified(old: Path, manifest: Manifest, name: str) -> None:
    """Raises ``OSError`` where a file of an earlier generation is not the one that was written."""
    if sha256(old / name) != manifest.checksums.get(name):
        raise OSError(f"{name} is not the file that was written")


def vectors_digest(chroma: Path) -> str | None:
    """A checksum of Chroma's graph and of each row of its database but those that opening it adds.

    Equal only for folders that hold the same; ``None`` when it cannot be read. Chroma writes the graph of a single
    passage anew at each opening: two such folders never look equal.
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


def _copy_files(old: Path, folder: Path, manifest: Manifest) -> None:
    for name in [n for n in manifest.checksums if n.startswith(("lexical/", "sentences.", "tokens."))]:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(old / name, target)
        verified(folder, manifest, name)


def _copy_vectors(old: Path, folder: Path) -> None:
    shutil.copytree(old / "chroma", folder / "chroma", ignore=shutil.ignore_patterns(DATABASE + "*"))
    # A chat may have it open: SQLite's own copy is whole whatever that does meanwhile.
    with (
        closing(
            sqlite3.connect(f"{(old / 'chroma' / DATABASE).resolve().as_uri()}?mode=ro", uri=True)
        ) as source,
        closing(sqlite3.connect(folder / "chroma" / DATABASE)) as target_db,
    ):
        source.backup(target_db)


def undo(folder: Path) -> None:
    """Takes all searches out of a generation's folder."""
    for name in ("chroma", "lexical"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for path in [*folder.glob("sentences.*"), *folder.glob("tokens.*")]:
        path.unlink(missing_ok=True)
