"""Files on disk: a folder and all that is in it, or one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from caveat.errors import CorpusError
from ingest.readers import SUFFIXES


def files(path: Path, ignore: Callable[[Path], None]) -> Iterator[Path]:
    """The files to read, in name order; what is no document is handed to ``ignore``. Links are not followed."""
    if path.is_file():
        yield path
        return
    if not path.is_dir():
        raise CorpusError("there is no such file or folder", path=str(path))
    for entry in sorted(path.iterdir(), key=lambda p: p.name):
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir():
            yield from files(entry, ignore)
        elif entry.suffix.lower() in SUFFIXES and entry.stem.lower() != "readme":
            yield entry
        else:
            ignore(entry)
