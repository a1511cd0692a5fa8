"""Packed files: each member in a file of its own for as long as it is read, never under a name of the archive's choice."""

from __future__ import annotations

import gzip
import lzma
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from caveat.errors import CorpusError
from ingest.readers.item import MEGABYTE, Item

MAX_DEPTH = 2
_DAMAGED = (
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)


@contextmanager
def gunzipped(item: Item) -> Iterator[Item]:
    """The one file in a gzip file; raises ``CorpusError`` where it is damaged or unpacks to too much."""
    name = item.name[:-3] if item.name.lower().endswith(".gz") else item.name
    with tempfile.TemporaryDirectory(prefix="caveat-") as folder:
        target = Path(folder) / "member"
        try:
            with item.opened() as raw, gzip.GzipFile(fileobj=raw) as stream:
                _copy(stream, target, item.limits.file_mb * MEGABYTE, item)
        except _DAMAGED as error:
            raise item.wrong("the archive is damaged or cut off") from error
        yield Item(target, name, item.limits)


def unzipped(item: Item, fail: Callable[[CorpusError], None]) -> Iterator[Item]:
    """The files of a zip file, one after the other; what may not be unpacked is handed to ``fail``."""
    left = item.limits.file_mb * MEGABYTE
    with tempfile.TemporaryDirectory(prefix="caveat-") as folder, item.opened() as raw:
        target = Path(folder) / "member"
        try:
            archive = zipfile.ZipFile(raw)
            members = [m for m in archive.infolist() if _is_document(m)]
        except _DAMAGED as error:
            raise item.wrong("the archive is damaged or cut off") from error
        if len(members) > item.limits.archive_files:
            raise item.wrong(f"the archive holds more than {item.limits.archive_files} files; part it")
        if not members:
            raise item.wrong("the archive holds no document")
        for member in members:
            inside = Item(target, f"{item.name}/{_shown(member.filename)}", item.limits)
            try:
                _check(member, inside)
                with archive.open(member) as stream:
                    left -= _copy(stream, target, left, inside)
            except CorpusError as error:
                fail(error)
                if left <= 0:
                    return
                continue
            except _DAMAGED:
                fail(inside.wrong("this part of the archive is damaged or cut off"))
                continue
            yield inside


def _is_document(member: zipfile.ZipInfo) -> bool:
    parts = member.filename.replace("\\", "/").split("/")
    hidden = any(p.startswith(".") and p not in (".", "..") for p in parts) or "__MACOSX" in parts
    return not member.is_dir() and not hidden and Path(parts[-1]).stem.lower() != "readme"


def _check(member: zipfile.ZipInfo, inside: Item) -> None:
    name = member.filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":":
        raise inside.wrong("its name leads out of the archive; it is not unpacked")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise inside.wrong("it is a link; it is not followed")
    if member.flag_bits & 0x1:
        raise inside.wrong("it is locked with a password; unpack it first")


def _copy(stream: IO[bytes] | gzip.GzipFile, target: Path, most: int, item: Item) -> int:
    """Unpacks into a file and says how much; stops where it is more than ``most``, whatever its head says."""
    done = 0
    with target.open("wb") as out:
        while block := stream.read(1 << 20):
            done += len(block)
            if done > most:
                raise item.wrong(
                    f"it unpacks to more than {item.limits.file_mb} MB; part it, or set CAVEAT_MAX_FILE_MB"
                )
            out.write(block)
    return done


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name)[:200]
