"""Passage vectors in Chroma, through LlamaIndex's vector store."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")

import chromadb
import numpy as np
from chromadb.config import Settings as ChromaSettings
from llama_index.core.schema import TextNode
from llama_index.vector_stores.chroma import ChromaVectorStore

from caveat.adapters.encoding import FloatArray, unit
from caveat.adapters.manifest import DATABASE
from caveat.domain.model import Passage

COLLECTION = "passages"
HNSW: dict[str, Any] = {"space": "cosine", "ef_construction": 200, "ef_search": 400, "max_neighbors": 32}
WIDER = ((50_000, 400), (200_000, 800), (500_000, 1500), (1_000_000, 2000), (2_000_000, 4000))
"""Up to so many passages a search looks at so many: measured at 100,000 and at a million, see docs/BENCHMARK.md."""
FILTER_IDS = 1000
"""Up to so many works a filter is handed to Chroma; a wider one is applied to what Chroma returns."""
EXACT = 2000
"""Up to so many passages that pass a filter are compared one by one, so that all are found whatever the graph is."""
KEPT = 4
"""Sets of so few passages whose vectors are kept: a question asks several times with one filter."""
BATCH = 1000
PAGE = 50_000
"""Ids read at once. Chroma skips what comes before each page, so small pages take the square of the collection."""
SYNC = 20_000
"""Chroma writes the list of all ids anew after so many passages: by default after each thousand, which grows as the
square of the collection."""


def _client(folder: Path) -> Any:
    return chromadb.PersistentClient(path=str(folder), settings=ChromaSettings(anonymized_telemetry=False))


def hnsw_settings(count: int, graph: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """How the graph of a collection of so many passages is made and searched; ``graph`` has what is other than in ``HNSW``."""
    sync = sync_threshold(count)
    hnsw = {**HNSW, **(graph or {}), "sync_threshold": sync, "batch_size": min(100, sync)}
    return {**hnsw, "ef_search": max(hnsw["ef_search"], ef_search(count))}


def write_dense(
    folder: Path,
    rows: Iterable[tuple[Passage, FloatArray]],
    graph: Mapping[str, Any] | None = None,
    count: int = 0,
) -> int:
    """Writes a new collection and returns how many passages it holds.

    ``graph`` has what is other than in ``HNSW``. ``count`` is how many will come: where it is known, (nearly) all are in
    the graph's files at the end, and none has to be put in at each opening.
    """
    client = _client(folder)
    try:
        hnsw = hnsw_settings(count, graph)
        collection = client.create_collection(
            COLLECTION, embedding_function=None, configuration={"hnsw": hnsw}
        )
        return _add(client, collection, rows, hnsw["sync_threshold"])
    finally:
        client.close()


def change_dense(folder: Path, gone: Sequence[str], rows: Iterable[tuple[Passage, FloatArray]]) -> int:
    """Takes passages out of a collection and then puts others in; returns how many passages it holds."""
    client = _client(folder)
    try:
        collection = client.get_collection(COLLECTION, embedding_function=None)
        # Few come: were the graph written as seldom as in a build, each opening would put them in anew.
        collection.modify(configuration={"hnsw": {"sync_threshold": BATCH}})
        size = min(BATCH, int(client.get_max_batch_size()))
        for start in range(0, len(gone), size):
            collection.delete(ids=list(gone[start : start + size]))
        return _add(client, collection, rows, BATCH)
    finally:
        client.close()


def _add(client: Any, collection: Any, rows: Iterable[tuple[Passage, FloatArray]], sync: int) -> int:
    store = ChromaVectorStore.from_collection(collection)
    iterator = iter(rows)
    for size in _batches(sync, min(BATCH, int(client.get_max_batch_size()))):
        batch = [_node(passage, vector) for passage, vector in islice(iterator, size)]
        if not batch:
            break
        store.add(batch)
    return int(collection.count())


def sync_threshold(count: int) -> int:
    """After how many passages Chroma is to write its graph, so that the last of ``count`` are nearly the end."""
    if not count:
        return BATCH
    return max(2, count // -(-count // SYNC))


def ef_search(count: int) -> int:
    """How many passages a search looks at: more in a larger graph, so that the ten nearest are still found."""
    return next((ef for most, ef in WIDER if count <= most), WIDER[-1][1])


def _batches(sync: int, most: int) -> Iterator[int]:
    """Sizes of batches, without end, of which some always end where Chroma is to write."""
    while True:
        for at in range(0, sync, most):
            yield min(most, sync - at)


def _node(passage: Passage, vector: FloatArray) -> TextNode:
    """Without its text, which the evidence store holds: in Chroma it would take five times the room of the vector."""
    return TextNode(
        id_=passage.id, text="", embedding=vector.tolist(), metadata={"source_id": passage.source_id}
    )


class DenseIndex:
    """A finished collection. Chroma holds on to its files until ``close``."""

    def __init__(self, folder: Path) -> None:
        if not (folder / DATABASE).is_file():
            raise FileNotFoundError(folder / DATABASE)
        self._client = _client(folder)
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, ...], tuple[list[str], FloatArray] | None] = OrderedDict()
        try:
            self._collection = self._client.get_collection(COLLECTION, embedding_function=None)
            self.size = int(self._collection.count())
            if self.size:
                # A first question loads the vectors, so that a file removed later does no harm.
                self._collection.query(query_embeddings=self._some_vector(), n_results=1, include=[])
        except BaseException:
            self._client.close()
            raise

    def _some_vector(self) -> list[list[float]]:
        return [
            list(map(float, row))
            for row in self._collection.get(limit=1, include=["embeddings"])["embeddings"]
        ]

    def search(
        self, vector: FloatArray, k: int, source_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Up to k passage ids with their cosine, best first; of these works only, when given."""
        if k < 1 or (source_ids is not None and not source_ids):
            return []
        if source_ids is None:
            return self._query(vector, min(k, self.size))
        if len(source_ids) <= FILTER_IDS:
            return self._among(vector, k, tuple(source_ids))
        wanted = set(source_ids)
        width = k
        while True:
            width = min(4 * width, self.size)
            hits = self._query(vector, width)
            found = [hit for hit in hits if hit[0].rpartition("#")[0] in wanted][:k]
            if len(found) == k or width == self.size:
                return found

    def _among(self, vector: FloatArray, k: int, source_ids: tuple[str, ...]) -> list[tuple[str, float]]:
        """Of few passages every one is looked at: in the graph they lie far apart, and a search goes through all of it."""
        few = self._few(source_ids)
        if few is None:
            return self._query(vector, min(k, self.size), {"source_id": {"$in": list(source_ids)}})
        ids, rows = few
        if not ids:
            return []
        cosines = rows @ (vector / np.maximum(np.linalg.norm(vector), 1e-12))
        ranked = sorted(zip(ids, cosines.tolist(), strict=True), key=lambda hit: (-hit[1], hit[0]))
        return ranked[:k]

    def _few(self, source_ids: tuple[str, ...]) -> tuple[list[str], FloatArray] | None:
        """Ids and unit vectors of these works' passages, ``None`` when they are many; kept for a question's next search."""
        with self._lock:
            if source_ids not in self._kept:
                found = self._collection.get(
                    where={"source_id": {"$in": list(source_ids)}}, include=[], limit=EXACT + 1
                )["ids"]
                self._kept[source_ids] = None if len(found) > EXACT else self._unit_rows(found)
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            return self._kept[source_ids]

    def _unit_rows(self, ids: Sequence[str]) -> tuple[list[str], FloatArray]:
        if not ids:
            return [], np.zeros((0, 1), dtype=np.float32)
        got = self._collection.get(ids=list(ids), include=["embeddings"])
        return [str(i) for i in got["ids"]], unit(np.asarray(got["embeddings"], dtype=np.float32))

    def _query(
        self, vector: FloatArray, k: int, where: dict[str, Any] | None = None
    ) -> list[tuple[str, float]]:
        # Asked of Chroma itself: LlamaIndex would rebuild every node, in three to five times the time.
        got = self._collection.query(
            query_embeddings=[vector.tolist()], n_results=k, where=where, include=["distances"]
        )
        return [(str(i), 1.0 - float(d)) for i, d in zip(got["ids"][0], got["distances"][0], strict=True)]

    def nearest(self, vectors: Sequence[Sequence[float]], k: int) -> list[list[str]]:
        """The k nearest ids of each of many vectors."""
        got = self._collection.query(query_embeddings=list(vectors), n_results=min(k, self.size), include=[])
        return [[str(i) for i in ids] for ids in got["ids"]]

    def vectors(self, ids: Sequence[str]) -> dict[str, FloatArray]:
        """The stored vectors of these passages."""
        got = self._collection.get(ids=list(ids), include=["embeddings"])
        return {str(i): np.asarray(v, np.float32) for i, v in zip(got["ids"], got["embeddings"], strict=True)}

    def ids(self) -> set[str]:
        """Every passage id of the collection."""
        found: set[str] = set()
        for offset in range(0, self.size, PAGE):
            found.update(self._collection.get(include=[], limit=PAGE, offset=offset)["ids"])
        return found

    def close(self) -> None:
        """Lets go of the files."""
        self._client.close()
