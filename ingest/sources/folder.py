"""Files on disk: a folder and all that is in it, or one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from caveat.errors import CorpusError
from ingest.readers import is_document


def files(
    path: Path, ignore: Callable[[Path, str], None], fail: Callable[[CorpusError], None]
) -> Iterator[Path]:
    """The files to read, in name order. Inside a folder, what is no document is ignored, and links too."""
    if path.is_file():
        yield path
    elif path.is_dir():
        yield from _inside(path, ignore, fail)
    else:
        fail(CorpusError("there is no such file or folder", path=str(path)))


def _inside(
    folder: Path, ignore: Callable[[Path, str], None], fail: Callable[[CorpusError], None]
) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        fail(CorpusError(f"it cannot be opened ({error.strerror})", path=str(folder)))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_symlink():
            ignore(entry, "a link")
        elif entry.is_dir():
            yield from _inside(entry, ignore, fail)
        elif entry.stem.lower() == "readme":
            ignore(entry, "a readme")
        elif is_document(entry):
            yield entry
        else:
            ignore(entry, "not a document")
