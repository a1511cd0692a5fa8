"""What a generation says about itself: ``manifest.json``, written last."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from caveat.adapters.model_files import sha256
from caveat.adapters.words import VERSION as TERMS_VERSION
from caveat.errors import IndexCorrupt, IndexMismatch

SCHEMA_VERSION = 1
"""Raise it whenever an index of the old kind can no longer be read, or would answer otherwise."""
FILE = "manifest.json"
DATABASE = "chroma.sqlite3"
REPAIR = "run `python -m ingest rollback` or `python -m ingest build`."


@dataclass(frozen=True, slots=True)
class Manifest:
    """How a generation was made and what it holds."""

    id: str
    created: str
    schema: int
    model_id: str
    dimension: int
    splitter: str
    sources: int
    passages: int
    sentences: int
    token_vectors: bool
    inputs: tuple[str, ...] = ()
    topic: str | None = None
    skipped: int = 0
    problems: tuple[str, ...] = ()
    """The first of what was skipped, one line each, by the file's name alone."""
    terms: int = TERMS_VERSION
    """The version of the search terms (``words.VERSION``): a query must be cut as the passages were."""
    checksums: dict[str, str] = field(default_factory=dict)
    """SHA-256 by file; Chroma's own files are left out, because opening them may change them."""
    sizes: dict[str, int] = field(default_factory=dict)
    """Bytes by file, of those that opening never changes: what a copy must have. Unknown in older generations."""
    vectors: str | None = None
    """A checksum of what Chroma's files hold, whatever opening them changes; unknown in older generations."""
    edited: int = 0
    """How many passages were taken out of Chroma's files or put in since these were last written whole."""
    sentence_vectors: str = "alone"
    """How the vectors of sentences were made (``encoding.sentence_vectors``): those of older generations one by one."""
    graph: int = 0
    """Which settings its graph has: 0 the usual ones, 1 the stronger ones of a graph that lost passages."""


_manifest = TypeAdapter(Manifest)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Writes it, complete or not at all."""
    part = folder / (FILE + ".part")
    part.write_text(json.dumps(asdict(manifest), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(folder / FILE)


def read_manifest(folder: Path) -> Manifest:
    """Raises ``IndexCorrupt`` when it cannot be read and ``IndexMismatch`` for another schema."""
    try:
        raw = json.loads((folder / FILE).read_text(encoding="utf-8"))
        schema = raw["schema"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexCorrupt(f"Index {folder.name} has no readable manifest; {REPAIR}") from error
    if schema != SCHEMA_VERSION:
        raise IndexMismatch(
            f"Index {folder.name} has format {schema}, this version reads format {SCHEMA_VERSION}; "
            "run `python -m ingest build`."
        )
    try:
        manifest = _manifest.validate_python({"terms": 1, **raw})
    except ValidationError as error:
        raise IndexCorrupt(f"The manifest of index {folder.name} is damaged; {REPAIR}") from error
    if manifest.terms != TERMS_VERSION:
        raise IndexMismatch(
            f"Index {folder.name} was made with other rules for words; run `python -m ingest build`."
        )
    return manifest


def sizes(folder: Path) -> dict[str, int]:
    """Bytes of every file of a generation but Chroma's database, which opening it changes, and the manifest."""
    files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    return {
        n: p.stat().st_size for n, p in sorted(files.items()) if DATABASE not in n and not n.startswith(FILE)
    }


def whole(folder: Path, manifest: Manifest, part: str = "") -> None:
    """Raises ``IndexCorrupt`` when a file whose name begins with ``part`` is missing or is shorter than it was."""
    for name, wanted in manifest.sizes.items():
        if not name.startswith(part):
            continue
        path = folder / name
        found = path.stat().st_size if path.is_file() else None
        if found is None or found < wanted:
            what = "is missing" if found is None else f"has {found:,} bytes, not {wanted:,}"
            raise IndexCorrupt(f"Index {folder.name} is not whole: {name} {what}; copy it again or {REPAIR}")


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a generation but Chroma's and the manifest."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    names = {p.relative_to(folder).as_posix(): p for p in files}
    return {n: sha256(p) for n, p in names.items() if not n.startswith("chroma/") and not n.startswith(FILE)}
