"""Vectors from an OpenAI-compatible server's embeddings interface. Unit vectors only: such servers give none a word."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

import numpy as np

from caveat.adapters.encoding import Encoding
from caveat.adapters.openai_server import Server, fault_of
from caveat.errors import EmbedderUnavailable, ModelFault

log = logging.getLogger(__name__)
AT_ONCE = 64
LONGEST = 8000
"""Characters of one text that are sent; passages are far shorter."""
BUILD_SECONDS, BUILD_RETRIES = 60.0, 4
ASK_SECONDS = 8.0
PAUSE_SECONDS = 20.0
"""After a question that got no vector, so long no other is sent: the search by words answers meanwhile."""
REMEMBERED = 64


class OpenAIEncoder:
    """Fulfils ``Encoder``. Safe to share between threads; the vectors of the last questions are remembered."""

    token_vectors = False

    def __init__(self, server: Server, model: str, *, requests: int = 1) -> None:
        """Asks for one vector at once, to know their length; raises ``EmbedderUnavailable``.

        A build sends up to ``requests`` batches at one time.
        """
        self._requests = requests
        self._server = server
        self._model = model
        self._build = server.client(seconds=BUILD_SECONDS, retries=BUILD_RETRIES)
        self._ask = server.client(seconds=ASK_SECONDS, retries=0)
        self._lock = threading.Lock()
        self._recent: OrderedDict[str, Encoding] = OrderedDict()
        self._quiet_until = 0.0
        self._dimension: int | None = None
        self._dimension = len(self._vectors(self._ask, ["a"], ASK_SECONDS)[0].vector)

    @property
    def model_id(self) -> str:
        """The model and the host that computes it; never the key."""
        return f"openai:{self._model}@{self._server.host}"

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return self._dimension or 0

    @property
    def notice(self) -> str:
        """What a build sends where."""
        where = "stays on this machine" if self._server.local else f"is sent to {self._server.host}"
        return f"The text of the collection {where} ({self._model}), to be turned into vectors."

    @property
    def question_notice(self) -> str | None:
        """What each question sends where; None when nothing leaves the machine."""
        if self._server.local:
            return None
        return (
            f"Each question is sent to {self._server.host} (model {self._model}) to be searched by meaning; "
            "personal details that are noticed are struck out first, and a message that calls for help is not sent."
        )

    def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """One unit vector a text, in order."""
        return [encoding.vector.tolist() for encoding in self.encode(texts)]

    def encode(self, texts: Sequence[str], *, tokens: bool = False) -> list[Encoding]:  # noqa: ARG002
        """One encoding a text, in order, never with token vectors; raises ``EmbedderUnavailable``."""
        if len(texts) == 1:
            return [self._one(texts[0])]
        found: list[Encoding | None] = [None] * len(texts)
        for start, encodings in self.parts(texts):
            found[start : start + len(encodings)] = encodings
        return [encoding for encoding in found if encoding is not None]

    def parts(self, texts: Sequence[str], *, tokens: bool = False) -> Iterator[tuple[int, list[Encoding]]]:  # noqa: ARG002
        """Batches as they come back, each with the place of its first text; raises ``EmbedderUnavailable``.

        After a failure no other batch is sent; those that are under way are still handed over, then it is raised.
        """
        fault: EmbedderUnavailable | None = None
        pool = ThreadPoolExecutor(self._requests, thread_name_prefix="embedding")
        try:
            waiting = {
                pool.submit(self._vectors, self._build, texts[start : start + AT_ONCE], BUILD_SECONDS): start
                for start in range(0, len(texts), AT_ONCE)
            }
            for done in as_completed(waiting):
                if done.cancelled():
                    continue
                try:
                    encodings = done.result()
                except EmbedderUnavailable as error:
                    fault = fault or error
                    for other in waiting:
                        other.cancel()
                else:
                    yield waiting[done], encodings
        finally:
            pool.shutdown(cancel_futures=True)
        if fault is not None:
            raise fault

    def _one(self, text: str) -> Encoding:
        with self._lock:
            if known := self._recent.get(text):
                self._recent.move_to_end(text)
                return known
            if time.monotonic() < self._quiet_until:
                raise EmbedderUnavailable(
                    f"The embedding model at {self._server.host} did not answer lately."
                )
        try:
            encoding = self._vectors(self._ask, [text], ASK_SECONDS)[0]
        except EmbedderUnavailable:
            with self._lock:
                self._quiet_until = time.monotonic() + PAUSE_SECONDS
            raise
        with self._lock:
            self._recent[text] = encoding
            while len(self._recent) > REMEMBERED:
                self._recent.popitem(last=False)
        return encoding

    def _vectors(self, client: Any, texts: Sequence[str], seconds: float) -> list[Encoding]:
        sent = [text[:LONGEST] or " " for text in texts]
        try:
            reply = client.embeddings.create(model=self._model, input=sent, encoding_format="float")
            rows = sorted(reply.data, key=lambda row: int(row.index))
            vectors = [np.asarray(row.embedding, dtype=np.float64) for row in rows]
        except Exception as error:  # the message of an error may hold what was sent; its type does not
            log.debug("embedding failed (%s)", type(error).__name__)
            raise EmbedderUnavailable(
                _told(fault_of(error, self._server, seconds).fault, self._server)
            ) from None
        if [int(row.index) for row in rows] != list(range(len(texts))):
            raise EmbedderUnavailable(
                f"The embedding model at {self._server.host} did not give one vector a text."
            )
        return [Encoding(self._unit(vector)) for vector in vectors]

    def _unit(self, vector: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float32]]:
        length = float(np.linalg.norm(vector)) if vector.ndim == 1 and vector.size else 0.0
        if not np.isfinite(length) or length == 0:
            raise EmbedderUnavailable(
                f"The embedding model at {self._server.host} gave a vector that cannot be searched."
            )
        if self._dimension is not None and vector.size != self._dimension:
            raise EmbedderUnavailable(
                f"The embedding model at {self._server.host} gave {vector.size} numbers where it gave "
                f"{self._dimension} before."
            )
        return (vector / length).astype(np.float32)


def _told(fault: ModelFault, server: Server) -> str:
    where = f"The embedding model at {server.host}"
    words = {
        ModelFault.UNREACHABLE: "cannot be reached; check OPENAI_BASE_URL.",
        ModelFault.TIME_LIMIT: "did not answer in time.",
        ModelFault.KEY_REFUSED: "refused the key; check OPENAI_API_KEY.",
        ModelFault.NO_SUCH_MODEL: "is not there; check CAVEAT_EMBEDDING_MODEL and OPENAI_BASE_URL.",
        ModelFault.TOO_MANY_REQUESTS: "takes no more requests for now (or its credit is used up).",
        ModelFault.TOO_LONG: "found a text too long.",
        ModelFault.CUT_OFF: "broke off in the middle.",
    }
    return f"{where} {words.get(fault, 'failed.')}"
