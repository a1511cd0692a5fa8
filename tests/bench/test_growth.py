"""The growth measurement on a toy collection: every figure is there, and those that are proofs hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from growth import grow, stores
from opened import measure
from recombined import MARKED, MARKED_TITLE, Recombined, real_works

from caveat.adapters.encoding import Encoding
from ingest.sentences import sentence_spans

ASKED = ["Does tocilizumab help in depression?", "What lowers the dose of group 3?"]


class Words:
    """A real encoder's place, for texts of this test: it counts letters."""

    model_id, dimension, token_vectors = "letters-1", 26, False

    def embed(self, texts: list[str]) -> list[list[float]]:
        return [encoding.vector.tolist() for encoding in self.encode(texts)]

    def encode(self, texts: list[str], *, tokens: bool = False) -> list[Encoding]:
        import numpy as np

        rows = [np.array([text.lower().count(chr(97 + i)) + 0.1 for i in range(26)]) for text in texts]
        return [Encoding((row / np.linalg.norm(row)).astype(np.float32)) for row in rows]


@pytest.fixture
def encoder(tmp_path: Path) -> Recombined:
    texts = tmp_path / "texts"
    texts.mkdir()
    with (texts / "works.jsonl").open("w") as stream:
        for i in range(12):
            own = [
                f"In group {i} the dose number {k} lowered the mood of mice by {i + k} points."
                for k in range(9)
            ]
            stream.write(json.dumps({"title": f"Doses and moods of group {i}", "sentences": own}) + "\n")
    return Recombined(real_works(texts, 100), Words(), tmp_path / "pool.sqlite")


def test_works_are_the_same_each_time_and_of_real_sentences(encoder: Recombined) -> None:
    """Real works first, then new ones of whole real sentences; one in so many is marked."""
    once, again = list(encoder.works_of(600)), list(encoder.works_of(600))
    assert once == again
    assert [row["title"] for row in once[:12]] == [work.title for work in encoder.works]
    known = {sentence for work in encoder.works for sentence in work.sentences}
    for row in once:
        lines = str(row["text"]).split("\n")
        assert set(lines) <= known
        assert all(len(sentence_spans(line)) == 1 for line in lines)
    assert [i for i, row in enumerate(once) if row["title"] == MARKED_TITLE] == [MARKED // 2]


@pytest.mark.parametrize("way", [grow, stores])
def test_every_column_is_filled(encoder: Recombined, tmp_path: Path, way: object) -> None:
    """A build and an open index yield all that the table of growth has; recall and filters are exact at this size."""
    assert callable(way)
    built = way(tmp_path, 150, encoder)
    assert {"works", "passages", "sentences", "peak_mb", "steps", "disk_mb", "load"} <= set(built)
    assert {"works", "embed", "check"} <= set(built["steps"])
    assert not built.get("problems")
    made = measure(tmp_path / "home-150", encoder, ASKED)
    assert made["passages"] == built["passages"]
    assert made["recall_at_10"] == 1.0
    for name in ("search_dense", "search_lexical", "answer"):
        times = made[name]
        assert isinstance(times, dict)
        assert 0 < times["p50"] <= times["p95"] <= times["p99"]
    found = made["filters"]
    assert isinstance(found, dict)
    assert found["dense_found"] == found["lexical_found"] == found["passages"]
