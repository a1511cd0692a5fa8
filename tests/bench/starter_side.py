"""The LlamaIndex starter as a candidate: ``VectorStoreIndex`` over Chroma with its defaults.

Its embedding model is the same ONNX file that Caveat uses, run as one would run it first: onnxruntime with its own
settings, batches of LlamaIndex's default size padded to the longest text. Where a Python with torch and a folder with
the original model are named, LlamaIndex's own HuggingFace embedder runs instead.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")

import chromadb
import numpy as np
from llama_index.core import Document, StorageContext, VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.query_engine import CitationQueryEngine
from llama_index.vector_stores.chroma import ChromaVectorStore
from works import Task, Work, read_works

LONGEST = 256
"""Tokens that the model reads of one text, as sentence-transformers sets it."""


class OnnxEmbedding(BaseEmbedding):
    """The bundled ONNX file behind LlamaIndex's interface."""

    session: Any = None
    tokenizer: Any = None

    @classmethod
    def load(cls) -> OnnxEmbedding:
        """Opens the model with onnxruntime's defaults."""
        import onnxruntime
        from tokenizers import Tokenizer

        from caveat.adapters.model_files import locate

        files = locate("minilm")
        tokenizer = Tokenizer.from_file(str(files.tokenizer))
        tokenizer.enable_padding()
        tokenizer.enable_truncation(LONGEST)
        session = onnxruntime.InferenceSession(str(files.model), providers=["CPUExecutionProvider"])
        return cls(model_name="all-MiniLM-L6-v2", session=session, tokenizer=tokenizer)

    def _get_text_embeddings(self, texts: Sequence[str]) -> list[list[float]]:
        encoded = self.tokenizer.encode_batch(list(texts))
        ids = np.array([e.ids for e in encoded], dtype=np.int64)
        mask = np.array([e.attention_mask for e in encoded], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden = self.session.run(None, feed)[0]
        weight = mask[:, :, None].astype(np.float32)
        mean = (hidden * weight).sum(1) / weight.sum(1)
        return list((mean / np.linalg.norm(mean, axis=1, keepdims=True)).tolist())

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embeddings([query])[0]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


class ScriptedModel:
    """A language model that answers at once, so that what is timed is all but the model."""

    class Info:
        """Its name."""

        name = "scripted"

    info = Info()

    def write(self, messages: Sequence[Any], schema: Mapping[str, object] | None) -> Iterator[Any]:
        """The same sentence whatever is asked."""
        from caveat.domain.ports import Completion

        yield Completion("The sources describe this [1].", 0.0)


def document(work: Work) -> Document:
    """A work as the starter reads it: one document, its title first."""
    return Document(text=f"{work.title}\n{work.text}", id_=work.id)


class Starter:
    """The starter with its defaults."""

    def __init__(self, folder: Path, task: Task) -> None:
        self.folder, self.task = folder / "chroma", task

    def embedding(self) -> BaseEmbedding:
        """The model it embeds with."""
        return OnnxEmbedding.load()

    def documents(self) -> list[Document]:
        """What is handed to the index."""
        return [document(work) for work in read_works(self.task.works)]

    def ingest(self) -> dict[str, int]:
        """A new collection of all works; returns how many nodes there are, each embedded once."""
        self.client = chromadb.PersistentClient(path=str(self.folder))
        nodes = self._fill("works")
        return {"passages": nodes, "texts": nodes}

    def _fill(self, name: str) -> int:
        collection = self.client.create_collection(name, embedding_function=None)
        store = StorageContext.from_defaults(vector_store=ChromaVectorStore.from_collection(collection))
        self.index = VectorStoreIndex.from_documents(
            self.documents(), storage_context=store, embed_model=self.embedding()
        )
        return int(collection.count())

    def disk(self) -> dict[str, int]:
        """Bytes of the collection."""
        return {"index": sum(p.stat().st_size for p in self.folder.rglob("*") if p.is_file())}

    def rebuild(self) -> None:
        """The script run again: it knows of no earlier run and makes everything anew, into another collection."""
        self._fill("again")
        self.client.delete_collection("again")

    def change(self) -> None:
        """One document deleted and inserted, by somebody who knows which one changed."""
        self._open()
        changed = next(w for w in read_works(self.task.changed) if w.id == self.task.changed_id)
        self.index.delete_ref_doc(changed.id)
        self.index.insert(document(changed))

    def _open(self) -> None:
        store = ChromaVectorStore.from_collection(
            self.client.get_collection("works", embedding_function=None)
        )
        self.index = VectorStoreIndex.from_vector_store(store, embed_model=self.embedding())

    def open(self) -> None:
        """Opens the collection for searching and answering."""
        self.client = chromadb.PersistentClient(path=str(self.folder))
        self._open()
        self.ten = self.index.as_retriever(similarity_top_k=10)
        self.hundred = self.index.as_retriever(similarity_top_k=300)
        self.engine = self._engine()

    def _engine(self) -> Any:
        from caveat.evaluation.baseline import PortModel

        return self.index.as_query_engine(llm=PortModel(port=ScriptedModel()))

    def search(self, query: str) -> None:
        """The ten nearest nodes."""
        self.ten.retrieve(query)

    def ranking(self, query: str) -> list[str]:
        """Works by their nearest node, best first."""
        return list(dict.fromkeys(self._work(n.node) for n in self.hundred.retrieve(query)))

    def _work(self, node: Any) -> str:
        return str(node.ref_doc_id)

    def answer(self, question: str) -> bool:
        """One answer of its query engine with a model that takes no time."""
        return bool(str(self.engine.query(question).response))


class StarterOnPassages(Starter):
    """The same, handed Caveat's passages, so that both index the same number of texts of the same length."""

    def documents(self) -> list[Document]:
        """Each passage with its work's title in front."""
        import ingest.collect as collecting
        from caveat.adapters.evidence_store import EvidenceStore
        from ingest.embed import indexed_text
        from ingest.events import Report, silent

        path = self.folder.parent / "passages.sqlite"
        path.unlink(missing_ok=True)
        collecting.collect([self.task.works], path, Report(), silent)
        store = EvidenceStore(path)
        try:
            return [
                Document(text=indexed_text(title, p), id_=p.id, metadata={}) for p, title in store.indexed()
            ]
        finally:
            store.close()

    def _work(self, node: Any) -> str:
        return str(node.ref_doc_id).partition("#")[0]

    def rebuild(self) -> None:
        """Not measured: as the starter, everything anew."""
        raise NotImplementedError

    def change(self) -> None:
        """Not measured: as the starter."""
        raise NotImplementedError


class StarterWithTorch(Starter):
    """The starter with LlamaIndex's HuggingFace embedder."""

    def embedding(self) -> BaseEmbedding:
        """The original model from a folder, on torch."""
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        return HuggingFaceEmbedding(model_name=os.environ["CAVEAT_BENCH_TORCH_MODEL"])


class Citations(Starter):
    """``CitationQueryEngine`` over the starter's own index; only serving differs."""

    def _engine(self) -> Any:
        from caveat.evaluation.baseline import PortModel

        return CitationQueryEngine.from_args(self.index, llm=PortModel(port=ScriptedModel()))
