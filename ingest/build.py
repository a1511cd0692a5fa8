"""One build: read, split, embed, write, check, activate. The generation that serves is never touched."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from caveat.adapters.dense import write_dense
from caveat.adapters.encoding import Encoder
from caveat.adapters.evidence_store import EvidenceStore, EvidenceWriter
from caveat.adapters.generations import Generations
from caveat.adapters.lexical import write_lexical
from caveat.adapters.manifest import SCHEMA_VERSION, Manifest, checksums, write_manifest
from caveat.adapters.vector_cache import VectorCache, vector_cache
from caveat.adapters.vectors import RaggedWriter, stack, token_rows
from caveat.domain.model import Passage
from caveat.errors import BuildFailed, CorpusError
from ingest.readers import read_file
from ingest.sources.folder import files
from ingest.split import VERSION, split

CHUNK = 256


@dataclass
class Report:
    """What a build did."""

    generation: str | None = None
    read: int = 0
    passages: int = 0
    embedded: int = 0
    unchanged: int = 0
    errors: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    seconds: float = 0.0


def indexed_text(title: str, passage: Passage) -> str:
    """What stands for a passage in both searches: its work's title, then its text."""
    return f"{title}\n{passage.text}"


def build(inputs: Sequence[Path], home: Path, encoder: Encoder, *, keep: int = 3) -> Report:
    """Builds and activates a generation from files and folders."""
    started = time.monotonic()
    report = Report()
    generations = Generations(home)
    ident = datetime.now(UTC).strftime("%Y%m%dT%H%M%S") + "-" + secrets.token_hex(2)
    folder = generations.folder(ident)
    folder.mkdir(parents=True)
    try:
        with EvidenceWriter(folder / "evidence.sqlite") as writer:
            seen: dict[str, str] = {}
            for path in inputs:
                for file in files(path, lambda p: report.ignored.append(str(p))):
                    for document in read_file(file, lambda e: report.errors.append(str(e))):
                        if document.source.id in seen:
                            error = CorpusError(
                                f"the id {document.source.id!r} is already used by {seen[document.source.id]}",
                                path=document.origin,
                            )
                            report.errors.append(str(error))
                            continue
                        seen[document.source.id] = document.origin
                        done = split(document)
                        writer.add(document, done.text, done.passages)
                        report.read += 1
            sources, passages, sentences = writer.sources, writer.passages, writer.sentences
        if not passages:
            raise BuildFailed("Nothing could be read; the index is unchanged.")
        store = EvidenceStore(folder / "evidence.sqlite")
        with vector_cache(home / "vectors.sqlite", encoder) as cache:
            write_dense(folder / "chroma", _vectors(store, cache, folder))
            report.embedded, report.unchanged = cache.embedded, cache.reused
        write_lexical(folder / "lexical", (indexed_text(t, p) for p, t in store.indexed()))
        store.close()
        manifest = Manifest(
            id=ident,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            schema=SCHEMA_VERSION,
            model_id=encoder.model_id,
            dimension=encoder.dimension,
            splitter=VERSION,
            sources=sources,
            passages=passages,
            sentences=sentences,
            token_vectors=True,
            inputs=tuple(str(p) for p in inputs),
            skipped=len(report.errors),
            checksums=checksums(folder),
        )
        write_manifest(folder, manifest)
        generations.activate(ident)
        generations.prune(keep)
        report.generation, report.passages = ident, passages
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    report.seconds = time.monotonic() - started
    return report


def _vectors(store: EvidenceStore, cache: VectorCache, folder: Path) -> Iterator[tuple[Passage, np.ndarray]]:
    with ExitStack() as stack_:
        sentences = stack_.enter_context(RaggedWriter(folder, "sentences", np.float16))
        tokens = stack_.enter_context(RaggedWriter(folder, "tokens", np.int8))
        for at in range(0, store.passage_count, CHUNK):
            rows = list(store.indexed(at, min(at + CHUNK, store.passage_count)))
            texts = [s for p, _ in rows for s in (p.sentence(i) for i in range(len(p.sentences)))]
            sentence_encodings = iter(cache.encode(texts))
            for (passage, _), encoding in zip(
                rows, cache.encode([indexed_text(t, p) for p, t in rows], tokens=True), strict=True
            ):
                own = [next(sentence_encodings) for _ in passage.sentences]
                sentences.add(stack(own, cache.dimension))
                tokens.add(token_rows(encoding))
                yield passage, encoding.vector
