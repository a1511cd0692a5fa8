"""The vector cache."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from small_encoder import PoolingEncoder, WordEncoder

from caveat.adapters.encoding import Encoding, Marked
from caveat.adapters.vector_cache import COMMIT_EVERY, vector_cache
from caveat.errors import EmbedderUnavailable


def test_a_text_is_embedded_once(tmp_path: Path, encoder: WordEncoder) -> None:
    """What is in the file is not computed again, and comes back exactly."""
    path = tmp_path / "vectors.sqlite"
    with vector_cache(path, encoder) as cache:
        first = cache.encode(["one", "two", "one"], tokens=True)
        assert (cache.embedded, cache.reused) == (2, 0)
    with vector_cache(path, encoder) as cache:
        again = cache.encode(["two", "one", "three"], tokens=True)
        assert (cache.embedded, cache.reused) == (1, 2)
    assert sorted(encoder.seen) == ["one", "three", "two"]
    for old, new in ((first[0], again[1]), (first[1], again[0])):
        assert np.array_equal(old.vector, new.vector)
        assert np.array_equal(old.tokens, new.tokens)


def test_another_model_shares_nothing(tmp_path: Path) -> None:
    """The same text by another model, or in another dimension, is another entry."""
    path = tmp_path / "vectors.sqlite"
    for encoder in (WordEncoder("a"), WordEncoder("b"), WordEncoder("a", 32)):
        with vector_cache(path, encoder) as cache:
            assert cache.encode(["one"])[0].vector.shape == (encoder.dimension,)
            assert cache.embedded == 1


def test_token_vectors_are_added_when_they_are_needed(tmp_path: Path, encoder: WordEncoder) -> None:
    """A text known without token vectors is embedded once more for them, and then known with them."""
    with vector_cache(tmp_path / "vectors.sqlite", encoder) as cache:
        assert cache.encode(["one"])[0].tokens is None
        assert cache.encode(["one"], tokens=True)[0].tokens is not None
        assert cache.encode(["one"], tokens=True)[0].tokens is not None
        assert cache.encode(["one"])[0].tokens is None
        assert cache.embedded == 2


def test_work_done_before_a_failure_is_kept(tmp_path: Path, encoder: WordEncoder) -> None:
    """An interrupted run goes on where it stopped."""
    texts = [f"text {i}" for i in range(COMMIT_EVERY * 3)]
    calls = 0

    def fail_third(_: Sequence[str]) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise EmbedderUnavailable("gone")

    encoder.before = fail_third
    path = tmp_path / "vectors.sqlite"
    with vector_cache(path, encoder) as cache, pytest.raises(EmbedderUnavailable):
        cache.encode(texts)
    with vector_cache(path, encoder) as cache:
        cache.encode(texts)
        assert (cache.embedded, cache.reused) == (COMMIT_EVERY, COMMIT_EVERY * 2)


def test_passages_done_before_a_failure_are_kept(tmp_path: Path) -> None:
    """Though several parts are under way at one time: those before the one that failed are in the file, in their order."""

    class Failing(PoolingEncoder):
        bad = "text 000000"

        def encode_marked(self, texts: Sequence[Marked], *, tokens: bool = False) -> list[Encoding]:
            if any(self.bad in m.text for m in texts):
                raise EmbedderUnavailable("gone")
            return super().encode_marked(texts, tokens=tokens)

    longest_first = [Marked(f"text {n:06} " + "x" * n, ((0, 4), (5, 11))) for n in range(COMMIT_EVERY * 5)]
    path, encoder = tmp_path / "vectors.sqlite", Failing()
    with vector_cache(path, encoder) as cache, pytest.raises(EmbedderUnavailable):
        cache.encode_marked(longest_first)
    encoder.bad = "nothing"
    with vector_cache(path, encoder) as cache:
        found = cache.encode_marked(longest_first)
        assert (cache.embedded, cache.reused) == (COMMIT_EVERY, COMMIT_EVERY * 4)
    for text, one in zip(longest_first, found, strict=True):
        assert np.array_equal(one.vector, encoder.encode([text.text])[0].vector)
        assert one.sentences is not None
        assert np.array_equal(one.sentences[1], encoder.encode([text.text[5:11]])[0].vector)


def test_a_damaged_file_is_put_aside(tmp_path: Path, encoder: WordEncoder) -> None:
    """The cache only saves time: a broken one costs time, not the build."""
    path = tmp_path / "vectors.sqlite"
    path.write_bytes(b"this is no database, whatever its name says" * 100)
    with vector_cache(path, encoder) as cache:
        cache.encode(["one"])
    assert path.with_suffix(".damaged").exists()
    with vector_cache(path, encoder) as cache:
        cache.encode(["one"])
        assert cache.reused == 1
