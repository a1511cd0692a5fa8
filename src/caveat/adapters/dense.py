"""Passage vectors in Chroma, through LlamaIndex's vector store."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")

import chromadb
import numpy as np
from chromadb.config import Settings as ChromaSettings
from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode
from llama_index.vector_stores.chroma import ChromaVectorStore

from caveat.adapters.encoding import FloatArray
from caveat.domain.model import Passage

COLLECTION = "passages"
HNSW: dict[str, Any] = {"space": "cosine", "ef_construction": 200, "ef_search": 400, "max_neighbors": 32}
FILTER_IDS = 1000
"""Up to so many works a filter is handed to Chroma; a wider one is applied to what Chroma returns."""


def _client(folder: Path) -> Any:
    return chromadb.PersistentClient(path=str(folder), settings=ChromaSettings(anonymized_telemetry=False))


def write_dense(
    folder: Path, rows: Iterable[tuple[Passage, FloatArray]], graph: Mapping[str, Any] | None = None
) -> int:
    """Writes a new collection, in batches no larger than Chroma takes; returns how many passages it holds.

    ``graph`` has what is other than in ``HNSW``.
    """
    client = _client(folder)
    try:
        collection = client.create_collection(
            COLLECTION, embedding_function=None, configuration={"hnsw": {**HNSW, **(graph or {})}}
        )
        return _add(client, collection, rows)
    finally:
        client.close()


def change_dense(folder: Path, gone: Sequence[str], rows: Iterable[tuple[Passage, FloatArray]]) -> int:
    """Takes passages out of a collection and then puts others in; returns how many passages it holds."""
    client = _client(folder)
    try:
        collection = client.get_collection(COLLECTION, embedding_function=None)
        size = _batch(client)
        for start in range(0, len(gone), size):
            collection.delete(ids=list(gone[start : start + size]))
        return _add(client, collection, rows)
    finally:
        client.close()


def _batch(client: Any) -> int:
    return min(1000, int(client.get_max_batch_size()))


def _add(client: Any, collection: Any, rows: Iterable[tuple[Passage, FloatArray]]) -> int:
    store = ChromaVectorStore.from_collection(collection)
    iterator = iter(rows)
    while batch := [_node(passage, vector) for passage, vector in islice(iterator, _batch(client))]:
        store.add(batch)
    return int(collection.count())


def _node(passage: Passage, vector: FloatArray) -> TextNode:
    node = TextNode(
        id_=passage.id,
        text=passage.text,
        embedding=vector.tolist(),
        metadata={"source_id": passage.source_id, "section": passage.section},
        start_char_idx=passage.start,
        end_char_idx=passage.end,
    )
    node.relationships[NodeRelationship.SOURCE] = RelatedNodeInfo(node_id=passage.source_id)
    return node


class DenseIndex:
    """A finished collection. Chroma holds on to its files until ``close``."""

    def __init__(self, folder: Path) -> None:
        if not (folder / "chroma.sqlite3").is_file():
            raise FileNotFoundError(folder / "chroma.sqlite3")
        self._client = _client(folder)
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
        if source_ids is None or len(source_ids) <= FILTER_IDS:
            return self._query(vector, min(k, self.size), source_ids)
        wanted = set(source_ids)
        width = k
        while True:
            width = min(4 * width, self.size)
            hits = self._query(vector, width, None)
            found = [hit for hit in hits if hit[0].rpartition("#")[0] in wanted][:k]
            if len(found) == k or width == self.size:
                return found

    def _query(self, vector: FloatArray, k: int, source_ids: Sequence[str] | None) -> list[tuple[str, float]]:
        # Asked of Chroma itself: LlamaIndex would rebuild every node, in three to five times the time.
        where = None if source_ids is None else {"source_id": {"$in": list(source_ids)}}
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
        for offset in range(0, self.size, 5000):
            found.update(self._collection.get(include=[], limit=5000, offset=offset)["ids"])
        return found

    def close(self) -> None:
        """Lets go of the files."""
        self._client.close()
