"""A file to read: where its bytes are, what the user calls it, and how much of it may be read."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO

from charset_normalizer import from_bytes

from caveat.errors import CorpusError

MEGABYTE = 1_000_000
HEAD = 65_536
SAMPLE = 1_000_000
_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LATIN = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of what nobody has checked is read."""

    file_mb: int = 1000
    """Of one file, after unpacking."""
    archive_files: int = 10_000
    seconds: int = 120
    """For one PDF, Word file or web page."""
    memory_mb: int = 1500


@dataclass(frozen=True, slots=True)
class Item:
    """One file. ``name`` is shown in messages; inside an archive it is not the path on disk."""

    path: Path
    name: str
    limits: Limits = field(default_factory=Limits)

    @property
    def stem(self) -> str:
        """The file's own name without its ending."""
        return Path(self.name.replace("\\", "/").rsplit("/", 1)[-1]).stem

    @property
    def suffix(self) -> str:
        """The ending of its name in lower case, with the dot."""
        return Path(self.name).suffix.lower()

    def wrong(self, message: str, *, line: int | None = None) -> CorpusError:
        """An error about this file."""
        return CorpusError(message, path=self.name, line=line)

    def head(self, size: int = HEAD) -> bytes:
        """The first bytes; raises ``CorpusError``."""
        with self.opened() as stream:
            return stream.read(size)

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The file's bytes; raises ``CorpusError`` where it cannot be read or is too large."""
        try:
            with self.path.open("rb") as stream:
                if self.path.stat().st_size > self.limits.file_mb * MEGABYTE:
                    raise self.wrong(
                        f"it is larger than {self.limits.file_mb} MB; part it, or set CAVEAT_MAX_FILE_MB"
                    )
                yield stream
        except OSError as error:
            raise self.wrong(f"it cannot be opened ({error.strerror or error})") from error

    @contextmanager
    def text(self) -> Iterator[IO[str]]:
        """Its text, decoded as it goes. Bytes that are no text of its encoding come as half characters."""
        with self.opened() as stream:
            sample = stream.read(SAMPLE)
            stream.seek(0)
            encoding = encoding_of(sample)
            errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
            yield io.TextIOWrapper(stream, encoding, errors)


def encoding_of(sample: bytes) -> str:
    """The encoding of the text a sample begins: its mark, what its XML head says, UTF-8, or the likeliest."""
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    if sample[:4] in (b"<\0?\0", b"\0<\0?"):
        return "utf-16-le" if sample[1] == 0 else "utf-16-be"
    declared = _DECLARED.search(sample[:400])
    if declared:
        name = declared.group(1).decode("ascii").lower()
        try:
            codecs.lookup(name)
        except LookupError:
            name = "utf-8"
        return "utf-8" if name.startswith("utf-16") or name in ("ascii", "us-ascii") else name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
        return "utf-8"
    except UnicodeDecodeError:
        found = from_bytes(sample[:100_000]).best()
    # A few bytes of Western text look like many encodings: the commonest is meant.
    few = len(_LATIN.findall(sample)) * 20 < len(sample)
    name = found.encoding if found and not few else "cp1252"
    return "cp1252" if name in ("latin_1", "iso8859_1", "ascii") else name
