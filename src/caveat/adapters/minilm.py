"""An ONNX sentence model on onnxruntime; all-MiniLM-L6-v2 (int8 weights) unless a folder is named."""

from __future__ import annotations

import os
import string
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from caveat.adapters.encoding import Encoding, FloatArray, Marked, scaled, unit
from caveat.adapters.int8_graph import int8_graph
from caveat.adapters.model_files import ADVICE, ModelFiles, locate
from caveat.errors import EmbedderUnavailable

MAX_TOKENS = 256
BATCH_TOKENS = 192
"""Tokens in one call, padding counted: small, length-sorted batches waste the least on few cores."""
REMEMBERED = 64
SHARE_OF_ALL = 0.5
"""Of the whole text's mean so much is taken from the mean of a sentence's tokens, which hold a share of all that stands
around them. With half of it the sentences of a work differ from each other, for a question, as much as they do when each
is embedded by itself (docs/decisions/0014-pooled-sentences.md). Another share is another ``POOLED``."""
_PUNCTUATION = frozenset(string.punctuation + "–—‘’“”…·")


class OnnxEncoder:
    """Mean-pooled unit vectors and token vectors; may be used from any thread."""

    def __init__(self, files: ModelFiles, *, threads: int = 0) -> None:
        self._model_id = files.model_id
        self.notice = files.notice
        try:
            self._load(files, threads or os.cpu_count() or 1)
        except Exception as error:
            raise EmbedderUnavailable(
                f"The embedding model in {files.model.parent} cannot be loaded "
                f"({type(error).__name__}); {ADVICE}"
            ) from error
        self._recent: OrderedDict[str, Encoding] = OrderedDict()
        self._lock = threading.Lock()
        self._files = files
        self._quick: Any = None if files.eight_bits else self._session

    def _load(self, files: ModelFiles, threads: int) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(files.tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        vocabulary: dict[str, int] = self._tokenizer.get_vocab()
        self._marks = frozenset(i for token, i in vocabulary.items() if _PUNCTUATION.issuperset(token))
        self._threads = max(1, threads)
        self._turns = threading.BoundedSemaphore(self._threads)  # several parts of a build ask at one time
        self._session = _session(
            int8_graph(files.model.read_bytes()) if files.eight_bits else str(files.model)
        )
        self._inputs = {i.name for i in self._session.get_inputs()}
        self._dimension = len(self._run(self._session, [self._tokenizer.encode("a").ids])[0][0])

    @property
    def model_id(self) -> str:
        """The model's name with the start of its weights' checksum."""
        return self._model_id

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return self._dimension

    token_vectors = True
    question_notice: str | None = None
    """Nothing leaves the machine."""

    def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """One unit vector a text, in order."""
        return [encoding.vector.tolist() for encoding in self.encode(texts)]

    def encode(self, texts: Sequence[str], *, tokens: bool = False) -> list[Encoding]:
        """One encoding a text, in order; the last few single texts (questions) are remembered."""
        if len(texts) == 1:
            return [self._one(texts[0], tokens)]
        return self._encode(texts, tokens)

    def _one(self, text: str, tokens: bool) -> Encoding:
        """A single text is a question: read once, with its tokens, for all who ask for it in turn."""
        with self._lock:
            known = self._recent.get(text)
        if known is None:
            known = self._encode([text], True)[0]
            with self._lock:
                self._recent[text] = known
                while len(self._recent) > REMEMBERED:
                    self._recent.popitem(last=False)
        return known if tokens else Encoding(known.vector)

    def encode_marked(self, texts: Sequence[Marked], *, tokens: bool = False) -> list[Encoding]:
        """One encoding a text, in order, with a vector for each of its sentences, taken from their tokens in the text.

        A sentence that the model does not see whole, because the text is cut before its end, is embedded by itself.
        """
        quick = self._for_passages()
        found = self._encode([m.text for m in texts], tokens, [m.sentences for m in texts], session=quick)
        lost = [
            (at, n)
            for at, encoding in enumerate(found)
            for n, row in enumerate(encoding.sentences if encoding.sentences is not None else ())
            if not row.any()
        ]
        if lost:
            spans = [texts[at].sentences[n] for at, n in lost]
            cut = [texts[at].text[a:b] for (at, _), (a, b) in zip(lost, spans, strict=True)]
            alone = self._encode(cut, session=quick)
            for (at, n), encoding in zip(lost, alone, strict=True):
                rows = found[at].sentences
                assert rows is not None
                rows[n] = encoding.vector
        return found

    def _encode(
        self,
        texts: Sequence[str],
        tokens: bool = False,
        sentences: Sequence[Sequence[tuple[int, int]]] | None = None,
        session: Any = None,
    ) -> list[Encoding]:
        try:
            encoded = self._tokenizer.encode_batch(list(texts))
            ids: list[list[int]] = [e.ids for e in encoded]
            out: list[Encoding | None] = [None] * len(texts)
            batches = _batches(ids, padded="attention_mask" in self._inputs)

            def work(batch: list[int]) -> None:
                with self._turns if sentences is not None else nullcontext():
                    hidden = self._run(session or self._session, [ids[i] for i in batch])
                for i, rows in zip(batch, hidden, strict=True):
                    special = encoded[i].special_tokens_mask
                    words = [not s and t not in self._marks for t, s in zip(ids[i], special, strict=True)]
                    encoding = _pool(rows, np.array(words) if tokens else None)
                    if sentences is not None:
                        encoding = replace(encoding, sentences=_pooled(rows, encoded[i], sentences[i]))
                    out[i] = encoding

            if len(batches) == 1 or self._threads == 1:
                for batch in batches:
                    work(batch)
            else:
                with ThreadPoolExecutor(self._threads) as pool:
                    list(pool.map(work, batches))
        except Exception as error:
            raise EmbedderUnavailable(
                f"The embedding model failed on a text: {error}".splitlines()[0]
            ) from error
        return [encoding for encoding in out if encoding is not None]

    def _for_passages(self) -> Any:
        """The session that reads the many texts of a build; only who builds needs it."""
        with self._lock:
            if self._quick is None:
                try:
                    self._quick = _session(int8_graph(self._files.model.read_bytes(), quick=True))
                except Exception as error:
                    raise EmbedderUnavailable(
                        f"The embedding model cannot be loaded ({type(error).__name__}); {ADVICE}"
                    ) from error
            return self._quick

    def _run(self, session: Any, ids: list[list[int]]) -> list[FloatArray]:
        width = max(len(row) for row in ids)
        input_ids = np.zeros((len(ids), width), dtype=np.int64)
        mask = np.zeros_like(input_ids)
        for i, row in enumerate(ids):
            input_ids[i, : len(row)] = row
            mask[i, : len(row)] = 1
        feed = {"input_ids": input_ids, "attention_mask": mask, "token_type_ids": np.zeros_like(input_ids)}
        hidden = session.run(None, {name: value for name, value in feed.items() if name in self._inputs})[0]
        return [hidden[i, : len(row)] for i, row in enumerate(ids)]


def _session(model: bytes | str) -> Any:
    """One for all threads: with one thread of its own it works in the thread that calls it."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _pool(rows: FloatArray, words: npt.NDArray[np.bool_] | None) -> Encoding:
    """The mean of all rows at length 1 and, when asked for, the rows of words."""
    mean = rows.mean(axis=0, dtype=np.float64)
    vector = (mean / (np.linalg.norm(mean) or 1.0)).astype(np.float32)
    if not np.isfinite(vector).all():
        raise ValueError("it returned a vector that is not a number")
    return Encoding(vector, None if words is None else scaled(rows[words]))


def _pooled(rows: FloatArray, encoded: Any, sentences: Sequence[tuple[int, int]]) -> FloatArray:
    """A vector of length 1 for each sentence; zeros for one of which there is no token, or not every one."""
    own = np.flatnonzero(np.array(encoded.special_tokens_mask) == 0)
    ends = np.array(encoded.offsets, dtype=np.int64)[own, 1]
    cut = [
        o
        for part in encoded.overflowing
        for o, s in zip(part.offsets, part.special_tokens_mask, strict=True)
        if not s
    ]
    seen = min((start for start, _ in cut), default=None)
    share = SHARE_OF_ALL * rows.mean(axis=0)
    out = np.zeros((len(sentences), rows.shape[1]), dtype=np.float32)
    for n, (start, end) in enumerate(sentences):
        first, last = np.searchsorted(ends, (start, end), side="right")
        if first < last and (seen is None or end <= seen):
            out[n] = rows[own[first:last]].mean(axis=0) - share
    return unit(out)


def _batches(ids: list[list[int]], *, padded: bool) -> list[list[int]]:
    """Indexes grouped by length, longest first, each group within ``BATCH_TOKENS``; of one length unless ``padded``."""
    batches: list[list[int]] = []
    for i in sorted(range(len(ids)), key=lambda n: -len(ids[n])):
        longest = len(ids[batches[-1][0]]) if batches else 0
        fits = batches and (len(batches[-1]) + 1) * longest <= BATCH_TOKENS
        if fits and (padded or len(ids[i]) == longest):
            batches[-1].append(i)
        else:
            batches.append([i])
    return batches


def load_encoder(name: str = "minilm", *, threads: int = 0, download_dir: Path | None = None) -> OnnxEncoder:
    """The encoder that the setting ``embedder`` names; raises ``EmbedderUnavailable``."""
    return OnnxEncoder(locate(name, download_dir=download_dir), threads=threads)
