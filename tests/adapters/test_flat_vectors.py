"""Sentence and token vectors in flat files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_encoder import WordEncoder

from caveat.adapters.encoding import ALONE, POOLED, Encoding, scaled, unit
from caveat.adapters.vectors import RAISED, Ragged, RaggedWriter, late_interaction, sentence_likeness

D = 16


def _write(folder: Path, blocks: list[np.ndarray], dtype: type) -> Ragged:
    with RaggedWriter(folder, "x", dtype) as writer:
        for block in blocks:
            writer.add(block)
    return Ragged(folder, "x", dtype, D)


def test_late_interaction_is_the_mean_of_the_best_cosines(tmp_path: Path) -> None:
    """The quick sum over mapped files equals the definition, passage by passage."""
    rng = np.random.default_rng(1)
    blocks = [rng.standard_normal((n, D)).astype(np.float32) for n in (3, 1, 0, 7)]
    tokens = _write(tmp_path, [scaled(b) if len(b) else b for b in blocks], np.int8)
    asked = rng.standard_normal((4, D)).astype(np.float32)
    query = Encoding(unit(asked.mean(axis=0, keepdims=True))[0], scaled(asked))
    got = late_interaction(query, tokens, [3, 0, 2])
    expected = [float((unit(asked) @ unit(blocks[n]).T).max(axis=1).mean()) for n in (3, 0)]
    assert got[:2] == pytest.approx(expected, abs=0.01)
    assert got[2] == 0.0


def test_sentences_keep_their_order(tmp_path: Path) -> None:
    """One cosine a sentence, in the order of the passage; a passage may have one or many."""
    encoder = WordEncoder(dimension=D)
    texts = [["mood rose", "nothing changed"], ["remission"], []]
    blocks = [np.array([e.vector for e in encoder.encode(t)]).reshape(-1, D) for t in texts]
    sentences = _write(tmp_path, blocks, np.float16)
    got = sentence_likeness(encoder.encode(["remission"])[0], sentences, [1, 2, 0], ALONE)
    assert [len(row) for row in got] == [1, 0, 2]
    assert got[0][0] == pytest.approx(1, abs=1e-2)
    assert sentence_likeness(encoder.encode(["x"])[0], sentences, [], ALONE) == []


def test_both_kinds_of_sentence_vectors_are_read_on_one_scale(tmp_path: Path) -> None:
    """What a vector taken from its passage lacks is added, so that no threshold has to know how an index was made."""
    encoder = WordEncoder(dimension=D)
    sentences = _write(tmp_path, [np.array([encoder.encode(["mood rose"])[0].vector])], np.float16)
    query = encoder.encode(["mood"])[0]
    ((alone,),) = sentence_likeness(query, sentences, [0], ALONE)
    ((pooled,),) = sentence_likeness(query, sentences, [0], POOLED)
    assert pooled - alone == pytest.approx(RAISED[POOLED], abs=1e-6)


def test_a_file_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    """Half a file never gives vectors of the wrong passage."""
    _write(tmp_path, [np.ones((4, D))], np.int8)
    path = tmp_path / "x.bin"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="bytes"):
        Ragged(tmp_path, "x", np.int8, D)


@given(st.lists(st.integers(0, 4), max_size=6))
def test_blocks_come_back_as_they_were_added(sizes: list[int]) -> None:
    """Any mixture of block sizes is read back exactly, an empty file too."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        blocks = [np.full((n, D), i, dtype=np.int8) for i, n in enumerate(sizes)]
        ragged = _write(Path(folder), blocks, np.int8)
        assert len(ragged) == len(sizes)
        for i, block in enumerate(blocks):
            assert np.array_equal(ragged.block(i), block)
