"""Files as records of a collection: cut into parts, packed, and put together again with proof.

A record's metadata holds a part as text in pieces, because a server indexes a document's every three letters, which took
ten times as long. The sizes keep within what Chroma's own cloud allows a record.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from caveat.adapters.chroma_server.client import ChromaServer, Value
from caveat.adapters.model_files import sha256
from caveat.errors import ServerFault, ServerUnavailable

PIECE = 4000
"""Characters of one metadata value."""
PIECES = 28
PART = PIECE * PIECES * 3 // 4 - 64
"""Bytes of a part; packed they fit the pieces even when they cannot be made smaller."""
PARTS_AT_ONCE = 32
_NAME = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/){0,3}[A-Za-z0-9_-][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file of a generation, as it must be when it is put together again."""

    size: int
    sha256: str

    @property
    def parts(self) -> int:
        """In how many parts it is stored."""
        return -(-self.size // PART)

    @classmethod
    def of(cls, data: bytes) -> FileFacts:
        """The facts of these bytes."""
        return cls(len(data), hashlib.sha256(data).hexdigest())


_facts = TypeAdapter(dict[str, FileFacts])
Listing = dict[str, FileFacts]


def facts_of(about: object) -> FileFacts:
    """What a collection says of the file in it; raises ``ServerUnavailable``."""
    size, digest = (about.get("size"), about.get("sha256")) if isinstance(about, Mapping) else (None, None)
    if not isinstance(size, int) or not isinstance(digest, str):
        raise _damaged()
    return FileFacts(size, digest)


def listing_of(folder: Path, names: Iterator[str]) -> Listing:
    """Size and checksum of these files."""
    return {n: FileFacts((folder / n).stat().st_size, sha256(folder / n)) for n in names}


def packed_listing(listing: Mapping[str, FileFacts]) -> bytes:
    """The listing as it is stored."""
    return json.dumps({n: asdict(f) for n, f in sorted(listing.items())}).encode()


def read_listing(data: bytes) -> Listing:
    """The listing, if each name is one of a file below the folder and nothing else."""
    try:
        found = _facts.validate_json(data)
    except ValidationError:
        raise _damaged() from None
    if not all(_NAME.fullmatch(name) and facts.size >= 0 for name, facts in found.items()):
        raise _damaged()
    return found


def records(name: str, chunks: Iterator[bytes]) -> Iterator[tuple[str, dict[str, Value]]]:
    """Id and metadata of each part."""
    for number, chunk in enumerate(chunks):
        text = base64.b64encode(zlib.compress(chunk, 1)).decode()
        pieces = range(0, len(text), PIECE)
        yield part_id(name, number), {f"p{i:02}": text[at : at + PIECE] for i, at in enumerate(pieces)}


def part_id(name: str, number: int) -> str:
    """The id of a part of a file."""
    return f"{name}:{number:06}"


def chunks_of(path: Path) -> Iterator[bytes]:
    """A file in parts."""
    with path.open("rb") as stream:
        while chunk := stream.read(PART):
            yield chunk


def chunks(data: bytes) -> Iterator[bytes]:
    """Bytes in parts."""
    for at in range(0, len(data), PART):
        yield data[at : at + PART]


def unpacked(metadata: Mapping[str, Value] | None) -> bytes:
    """A part's bytes; raises ``ServerUnavailable`` when it is not one."""
    pieces = sorted((metadata or {}).items())
    try:
        data = base64.b64decode("".join(str(text) for _, text in pieces), validate=True)
        unpacker = zlib.decompressobj()
        chunk = unpacker.decompress(data, PART + 1)
    except (ValueError, zlib.error):
        raise _damaged() from None
    if len(chunk) > PART or not unpacker.eof:
        raise _damaged()
    return chunk


def fetched(server: ChromaServer, ident: str, name: str, parts: int) -> Iterator[bytes]:
    """The parts of a file, in order."""
    for start in range(0, parts, PARTS_AT_ONCE):
        wanted = [part_id(name, n) for n in range(start, min(start + PARTS_AT_ONCE, parts))]
        got = server.get(ident, wanted, ["metadatas"])
        by = dict(zip(got.ids, got.metadatas or [], strict=False))
        for each in wanted:
            yield unpacked(by.get(each))


def check_file(server: ChromaServer, ident: str, name: str, facts: FileFacts) -> None:
    """Raises ``ServerUnavailable`` when the stored file is another."""
    total = hashlib.sha256()
    for chunk in fetched(server, ident, name, facts.parts):
        total.update(chunk)
    if total.hexdigest() != facts.sha256:
        raise _damaged()


def fetch_bytes(server: ChromaServer, ident: str, name: str, facts: FileFacts) -> bytes:
    """A small file, checked."""
    data = b"".join(fetched(server, ident, name, facts.parts))
    if len(data) != facts.size or hashlib.sha256(data).hexdigest() != facts.sha256:
        raise _damaged()
    return data


def fetch_file(
    server: ChromaServer, ident: str, name: str, facts: FileFacts, to: Path, told: Callable[[int], None]
) -> None:
    """A file, checked and on disk; raises ``ServerUnavailable`` when it is not the one that was stored."""
    total = hashlib.sha256()
    to.parent.mkdir(parents=True, exist_ok=True)
    with to.open("wb") as stream:
        for chunk in fetched(server, ident, name, facts.parts):
            stream.write(chunk)
            total.update(chunk)
            told(len(chunk))
    if to.stat().st_size != facts.size or total.hexdigest() != facts.sha256:
        to.unlink()
        raise _damaged()


def _damaged() -> ServerUnavailable:
    return ServerUnavailable(
        "What the Chroma server holds of the index is not what was put there; run `python -m ingest publish`.",
        ServerFault.DAMAGED,
    )
