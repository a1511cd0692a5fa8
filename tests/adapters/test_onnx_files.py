"""Reading and writing ONNX files: onnxruntime is the judge of what is written."""

from __future__ import annotations

import numpy as np
import onnxruntime as ort
import pytest

from caveat.adapters.int8_graph import LAYERS, TOP, int8_graph
from caveat.adapters.model_files import locate
from caveat.adapters.onnx_proto import Graph, weights


def _small() -> bytes:
    graph = Graph({"": 18})
    table = graph.store("table", np.arange(-6, 6, dtype=np.int8).reshape(4, 3))
    graph.node("Gather", [table, "ids"], "rows", axis=0)
    graph.node("Cast", ["rows"], "floats", to=1)
    graph.node("LeakyRelu", ["floats"], "out", alpha=0.25)
    return graph.model({"ids": ("n",)}, {"out": ("n", 3)})


def test_onnxruntime_runs_what_is_written() -> None:
    """Tensors, whole and fractional attributes, shapes by name and by number."""
    session = ort.InferenceSession(_small(), providers=["CPUExecutionProvider"])
    (out,) = session.run(None, {"ids": np.array([0, 3])})
    assert out.tolist() == [[-1.5, -1.25, -1.0], [3.0, 4.0, 5.0]]
    assert session.get_inputs()[0].shape == ["n"]


def test_what_is_written_is_read() -> None:
    """Name, shape, type and numbers of a tensor."""
    (table,) = weights(_small()).values()
    assert (table.dtype, table.shape) == (np.int8, (4, 3))
    assert table.ravel().tolist() == list(range(-6, 6))


@pytest.mark.parametrize("size", [1, 10, 60, 90])
def test_a_file_cut_short_is_refused(size: int) -> None:
    """Half a file is no model."""
    with pytest.raises(ValueError):
        int8_graph(_small()[:size])


def test_another_model_is_refused() -> None:
    """A sound file of another model does not pass for the bundled one."""
    with pytest.raises((KeyError, ValueError)):
        int8_graph(_small())


def test_the_weights_are_those_of_the_wheel() -> None:
    """Every number of every layer is kept bit for bit: only the way to multiply is another."""
    before = weights(locate("minilm").model.read_bytes())
    after = weights(int8_graph(locate("minilm").model.read_bytes()))
    names = sorted(
        (n for n in before if n.startswith("val_") and n.endswith("_q")), key=lambda n: int(n[4:-2])
    )
    query, out = before[names[0]], before[names[3]]
    kept = after["layer0.three.weight"].reshape(3 * 384, 384)[:384].T
    assert np.array_equal(kept.astype(int) - 128, query)
    assert np.array_equal(after["layer0.out.weight"].reshape(384, 384).T.astype(int) - 128, out)
    scales = after["layer0.out.scale"].reshape(384, -1)
    assert np.array_equal(scales[:, 0], before[names[3].replace("_q", "_scale")].ravel())
    assert (scales == scales[:, :1]).all()


def test_the_quick_graph_has_the_same_weights() -> None:
    """Bit for bit as well; and no two products of it leave sixteen bits, in which older processors add them."""
    before = weights(locate("minilm").model.read_bytes())
    after = weights(int8_graph(locate("minilm").model.read_bytes(), quick=True))
    names = sorted(
        (n for n in before if n.startswith("val_") and n.endswith("_q")), key=lambda n: int(n[4:-2])
    )
    assert np.array_equal(after["layer0.three.weight"][:, :384], before[names[0]])
    assert np.array_equal(after["layer5.narrow.weight"], before[names[-1]])
    kept = [array for name, array in after.items() if name.endswith(".weight") and array.dtype == np.int8]
    assert len(kept) == 4 * LAYERS
    pairs = [np.abs(w.astype(int)).reshape(-1, 2, w.shape[1]).sum(axis=1).max() for w in kept]
    assert (2 * TOP + 1) * max(pairs) < 2**15
