"""Puts a finished generation of this machine on the server. Until it is whole and checked, no pointer names it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential

from caveat.adapters.chroma_server.catalogue import Catalogue, State
from caveat.adapters.chroma_server.client import ChromaServer, Value
from caveat.adapters.chroma_server.parts import (
    PART,
    PARTS_AT_ONCE,
    FileFacts,
    check_file,
    chunks,
    chunks_of,
    facts_of,
    fetch_bytes,
    listing_of,
    packed_listing,
    records,
)
from caveat.adapters.dense import hnsw_settings
from caveat.adapters.dense_search import DenseSearch
from caveat.adapters.evidence_store import EvidenceStore
from caveat.adapters.generation_index import local_dense
from caveat.adapters.manifest import FILE as MANIFEST_FILE
from caveat.adapters.manifest import Manifest, read_manifest
from caveat.adapters.status_book import FILE as STATUS_FILE
from caveat.adapters.status_book import StatusBook, entry_line, read_entries
from caveat.domain.standing import Standing
from caveat.errors import ServerFault, ServerUnavailable

log = logging.getLogger(__name__)
VECTORS_AT_ONCE = 300
LIST = "list"
PAUSE = 1.0
"""Seconds before a request that failed is made again; each time longer."""
MODEL_CHARS = 200
"""So much of a model's name is written beside an index on the server."""
PASSING = (ServerFault.UNREACHABLE, ServerFault.TIME_LIMIT, ServerFault.FAILED)
Told = Callable[[int, int], None]
Batch = tuple[list[str], list[list[float]], list[dict[str, Value]]]


class Uploader:
    """Uploads from one machine. A fault that passes is waited out, four times with growing pauses."""

    def __init__(self, server: ChromaServer, *, pause: float | None = None) -> None:
        self.catalogue = Catalogue(server)
        self._server, self._pause = server, PAUSE if pause is None else pause

    def upload(
        self, folder: Path, told: Told = lambda _done, _total: None, graph: Mapping[str, Any] | None = None
    ) -> Manifest:
        """All of a generation but the mark that it is finished; what an earlier try left is removed first.

        ``graph`` has what is other than in ``HNSW``.
        """
        manifest = read_manifest(folder)
        self.catalogue.remove(manifest.id)
        hnsw = hnsw_settings(manifest.passages, graph)
        begun = self.catalogue.begun()
        files = self._server.create(
            self.catalogue.name(manifest.id, "files"), {**begun, "manifest": manifest.id}, {"space": "l2"}
        )
        vectors = self._server.create(self.catalogue.name(manifest.id, "vectors"), begun, hnsw)
        size = min(self._server.batch_limit(), VECTORS_AT_ONCE)
        names = list(_names(manifest))
        total = -(-manifest.passages // size) + sum(-(-(folder / n).stat().st_size // PART) for n in names)
        done = 0

        def more(count: int) -> None:
            nonlocal done
            done += count
            told(done, total)

        store, dense = EvidenceStore(folder / "evidence.sqlite"), local_dense(folder)
        try:
            for batch in _vector_batches(store, dense, size):
                self._add(vectors.id, batch)
                more(1)
        finally:
            dense.close()
            store.close()
        self._add_files(files.id, ((n, chunks_of(folder / n)) for n in names), size, more)
        return manifest

    def intact(self, state: State, folder: Path, manifest: Manifest) -> bool:
        """True when all of a generation is there as it is here: nothing need be uploaded."""
        if not state.finished(manifest.id):
            return False
        parts, listing = state.generations[manifest.id], listing_of(folder, _names(manifest))
        said = (parts["ready"].metadata or {}).get("sha256")
        if said != FileFacts.of(packed_listing(listing)).sha256:
            return False
        try:
            for name, facts in listing.items():
                check_file(self._server, parts["files"].id, name, facts)
            return self._server.count(parts["vectors"].id) == manifest.passages
        except ServerUnavailable as error:
            if error.fault in (ServerFault.NOT_THERE, ServerFault.DAMAGED):
                return False
            raise

    def seal(self, folder: Path, manifest: Manifest) -> None:
        """Marks a generation as finished: it is whole, and it was checked where it stands."""
        listing = packed_listing(listing_of(folder, _names(manifest)))
        files = self._server.find(self.catalogue.name(manifest.id, "files"))
        self._add_files(files.id, [(LIST, chunks(listing))], PARTS_AT_ONCE)
        facts = FileFacts.of(listing)
        about: dict[str, Value] = {
            "size": facts.size,
            "sha256": facts.sha256,
            "works": manifest.sources,
            "passages": manifest.passages,
            "created": manifest.created,
            "model": manifest.model_id[:MODEL_CHARS],
        }
        self._server.create(self.catalogue.name(manifest.id, "ready"), about)

    def upload_status(self, home: Path) -> str | None:
        """What checks for retraction found, as a new book; ``None`` when the one that serves says all of it.

        What another builder found is kept: of each work the later check counts.
        """
        state = self.catalogue.look()
        serving = state.statuses.get(state.newest.status or "") if state.newest else None
        theirs = b""
        if serving is not None:
            theirs = fetch_bytes(self._server, serving.id, STATUS_FILE, facts_of(serving.metadata))
        data = merged(theirs, StatusBook(home).entries())
        if not data or data == theirs:
            return None
        facts = FileFacts.of(data)
        ident = secrets.token_hex(8)
        made = self._server.create(
            self.catalogue.status_name(ident),
            {**self.catalogue.begun(), "size": facts.size, "sha256": facts.sha256},
            {"space": "l2"},
        )
        self._add_files(made.id, [(STATUS_FILE, chunks(data))], PARTS_AT_ONCE)
        return ident

    def _add_files(
        self,
        ident: str,
        files: Iterable[tuple[str, Iterator[bytes]]],
        limit: int,
        more: Callable[[int], None] = lambda _count: None,
    ) -> None:
        parts = chain.from_iterable(records(name, cut) for name, cut in files)
        while batch := list(islice(parts, min(PARTS_AT_ONCE, limit))):
            places = [[float(i), 1.0] for i in range(len(batch))]
            self._add(ident, ([i for i, _ in batch], places, [m for _, m in batch]))
            more(len(batch))

    def _add(self, ident: str, batch: Batch) -> None:
        # A batch that arrived although its reply was lost is not added twice: known ids are left as they are.
        for attempt in Retrying(
            stop=stop_after_attempt(4),
            wait=wait_exponential(self._pause, max=10 * self._pause),
            retry=retry_if_exception(_passing),
            before_sleep=_tell,
            reraise=True,
        ):
            with attempt:
                self._server.add(ident, *batch)


def merged(theirs: bytes, ours: Sequence[Standing]) -> bytes:
    """Two books as one, each line of theirs where it was."""
    book = {(s.source_id, s.pmid, s.doi): s for s in read_entries(theirs.decode().splitlines())}
    for standing in ours:
        key = (standing.source_id, standing.pmid, standing.doi)
        if key not in book or book[key].checked_on <= standing.checked_on:
            book[key] = standing
    return "".join(entry_line(standing) for standing in book.values()).encode()


def _passing(error: BaseException) -> bool:
    return isinstance(error, ServerUnavailable) and error.fault in PASSING


def _tell(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    log.info("%s Trying again.", error)


def _names(manifest: Manifest) -> Iterator[str]:
    yield from sorted(manifest.checksums)
    yield MANIFEST_FILE


def _vector_batches(store: EvidenceStore, dense: DenseSearch, size: int) -> Iterator[Batch]:
    for start in range(0, store.passage_count, size):
        rows = [p for p, _ in store.indexed(start, min(start + size, store.passage_count))]
        ids = [p.id for p in rows]
        vectors = dense.vectors(ids)
        yield ids, [vectors[i].tolist() for i in ids], [{"source_id": p.source_id} for p in rows]
