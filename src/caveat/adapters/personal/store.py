"""Where the files of single persons lie: a folder a person, named by the hash of a key that only their browser holds."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

from caveat.domain.personal import OwnFile, OwnLimits
from caveat.errors import UploadRefused

SUFFIXES = (
    ".pdf", ".docx", ".html", ".htm", ".txt", ".md", ".xml", ".nxml",
    ".ris", ".nbib", ".bib", ".enw", ".csv", ".tsv", ".json", ".jsonl",
)  # fmt: skip
"""What may be added; archives may not, for one of them could hold any number of files."""
FOLDER = "personal"
NAME_LENGTH = 120
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
_NAMES = "names.json"
_USED = "used"
_DAY = 86_400


def new_key() -> str:
    """A key that cannot be guessed: whoever has it has the files."""
    return secrets.token_urlsafe(32)


class PersonalStore:
    """Adds, lists and removes files. Keys are never written down, so no folder can be opened from what is on disk."""

    def __init__(self, home: Path, limits: OwnLimits, clock: Callable[[], float] = time.time) -> None:
        self.root = home / FOLDER
        self.limits = limits
        self._clock = clock
        self._lock = threading.RLock()
        self._busy: set[Path] = set()

    def folder(self, key: object) -> Path | None:
        """The folder of a key; None when nobody has it."""
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            return None
        folder = self._place(key)
        return folder if (folder / _NAMES).is_file() else None

    def _place(self, key: str) -> Path:
        return self.root / hashlib.sha256(key.encode()).hexdigest()

    def files(self, key: object) -> tuple[OwnFile, ...]:
        """The files of a key, oldest first; none when nobody has it."""
        folder = self.folder(key)
        return _read(folder) if folder else ()

    def add(self, key: object, uploads: Sequence[tuple[Path, str]]) -> str:
        """Takes in files (path and the reader's name for it) and gives the key, a new one where there was none.

        All or none: raises ``UploadRefused`` when one is too large, of a kind that is not read, or one too many.
        """
        with self._lock:
            self.sweep()
            folder = self.folder(key)
            present = _read(folder) if folder else ()
            self._check(uploads, len(present))
            if folder is None:
                if sum(1 for _ in self._folders()) >= self.limits.people:
                    raise UploadRefused(
                        "No more personal collections can be kept here just now. Please try another day, or ask "
                        "whoever runs this page."
                    )
                key = new_key()
                folder = self._place(key)
            self._must_be_idle(folder)
            (folder / "files").mkdir(parents=True, exist_ok=True, mode=0o700)
            added = []
            for path, name in uploads:
                ident = secrets.token_hex(8)
                shown = plain_name(name)
                kept = folder / "files" / ident / kept_name(shown)
                kept.parent.mkdir(mode=0o700)
                shutil.copyfile(path, kept)
                kept.chmod(0o600)
                added.append(OwnFile(ident, shown, kept.stat().st_size))
            _write(folder, (*present, *added))
            self.touch(folder)
            return str(key)

    def _check(self, uploads: Sequence[tuple[Path, str]], present: int) -> None:
        if not uploads:
            raise UploadRefused("No file was chosen.")
        if present + len(uploads) > self.limits.files:
            raise UploadRefused(
                f"At most {self.limits.files} files can be kept for one person: there are {present} already. "
                "Remove some first."
            )
        for path, name in uploads:
            shown = plain_name(name)
            if Path(shown).suffix.lower() not in SUFFIXES:
                raise UploadRefused(
                    f"{shown}: files of this kind are not read. There are: {', '.join(SUFFIXES)}."
                )
            size = path.stat().st_size
            if size > self.limits.file_mb * 1_000_000:
                raise UploadRefused(f"{shown} is too large: at most {self.limits.file_mb} MB a file.")
            if size == 0:
                raise UploadRefused(f"{shown} is empty.")

    def remove(self, key: object, ids: Sequence[str]) -> tuple[OwnFile, ...]:
        """Deletes files, and the index that was made with them; gives what is left. The last one takes all with it."""
        with self._lock:
            folder = self.folder(key)
            if folder is None:
                return ()
            self._must_be_idle(folder)
            left = tuple(f for f in _read(folder) if f.id not in set(ids))
            if not left:
                _delete(folder)
                return ()
            _write(folder, left)
            for path in (folder / "files").iterdir():
                if path.name not in {f.id for f in left}:
                    shutil.rmtree(path)
            shutil.rmtree(folder / "index", ignore_errors=True)
            return left

    def remove_all(self, key: object) -> None:
        """Deletes everything of a key."""
        self.remove(key, [f.id for f in self.files(key)])

    def sweep(self) -> int:
        """Deletes what nobody has used for too long; says how many collections went."""
        before = self._clock() - self.limits.unused_days * _DAY
        with self._lock:
            old = [f for f in self._folders() if f not in self._busy and _last_used(f) < before]
            for folder in old:
                _delete(folder)
        return len(old)

    def touch(self, folder: Path) -> None:
        """Notes that a collection was used now; one that was removed meanwhile stays removed."""
        used, now = folder / _USED, self._clock()
        with suppress(OSError):  # a full disk must not keep a question from its answer
            used.touch()
            os.utime(used, (now, now))

    @contextmanager
    def at_work(self, folder: Path) -> Iterator[None]:
        """While an index is made nothing of it can be added or removed."""
        with self._lock:
            self._must_be_idle(folder)
            self._busy.add(folder)
        try:
            yield
        finally:
            with self._lock:
                self._busy.discard(folder)

    def _must_be_idle(self, folder: Path) -> None:
        if folder in self._busy:
            raise UploadRefused("Your files are being indexed. Please wait until that is done.")

    def _folders(self) -> Iterator[Path]:
        if self.root.is_dir():
            yield from (p for p in self.root.iterdir() if re.fullmatch(r"[0-9a-f]{64}", p.name))


def plain_name(name: str) -> str:
    """A name to show: no folders, nothing that cannot be seen or that turns the direction of writing, not too long."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip()
    stem, dot, suffix = seen.rpartition(".")
    if dot and len(suffix) <= 10:
        return (stem[: NAME_LENGTH - len(suffix) - 1] or "file") + dot + suffix
    return seen[:NAME_LENGTH] or "file"


def kept_name(shown: str) -> str:
    """The name a file is kept under: letters, digits and hyphens of the reader's name, and its ending."""
    path = Path(shown)
    ascii_stem = unicodedata.normalize("NFKD", path.stem).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z0-9]+", "-", ascii_stem).strip("-")[:60]
    return (stem or "file") + path.suffix.lower()


def _read(folder: Path) -> tuple[OwnFile, ...]:
    try:
        rows = json.loads((folder / _NAMES).read_text(encoding="utf-8"))
        return tuple(OwnFile(str(r["id"]), str(r["name"]), int(r["size"])) for r in rows)
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def _write(folder: Path, files: Sequence[OwnFile]) -> None:
    part = folder / (_NAMES + ".part")
    part.write_text(json.dumps([asdict(f) for f in files]), encoding="utf-8")
    part.replace(folder / _NAMES)


def _last_used(folder: Path) -> float:
    for path in (folder / _USED, folder):
        try:
            return path.stat().st_mtime
        except OSError:
            continue
    return 0.0


def _delete(folder: Path) -> None:
    (folder / _NAMES).unlink(missing_ok=True)  # first: a folder removed by half belongs to nobody
    shutil.rmtree(folder, ignore_errors=True)
