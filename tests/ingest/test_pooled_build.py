"""An index whose sentences were taken from their passages: how it is made, kept, and told from one of the other kind."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from small_encoder import PoolingEncoder, WordEncoder

from caveat.adapters.encoding import ALONE, POOLED, Encoding, Marked
from caveat.adapters.generations import GenerationProvider, Generations
from caveat.adapters.manifest import read_manifest
from caveat.errors import BuildFailed, IndexMismatch
from ingest.build import build
from ingest.check import check
from ingest.clean import clean


def kind_of(home: Path) -> str:
    generations = Generations(home)
    return read_manifest(generations.folder(str(generations.current_id()))).sentence_vectors


def test_no_sentence_is_embedded_a_second_time(collection: Path, home: Path) -> None:
    """Passages go in once, with the places of their sentences, and each sentence is found in its place."""
    encoder = PoolingEncoder()
    report = build([collection], home, encoder)
    assert (len(encoder.marked), report.passages_embedded) == (report.passages, report.passages)
    assert encoder.seen == []
    assert kind_of(home) == POOLED
    index = GenerationProvider(home, encoder).current()
    for source in index.all_sources():
        for passage in index.source_passages(source.id):
            for n in range(len(passage.sentences)):
                (likeness,) = index.sentence_similarity(passage.sentence(n), [passage.id]).values()
                assert max(likeness) == likeness[n] > 1


def test_vectors_are_kept_and_cleaned_with_their_sentences(collection: Path, home: Path) -> None:
    """A new home with the old cache embeds nothing; cleaning keeps what this index needs; a changed passage is new."""
    encoder = PoolingEncoder()
    first = build([collection], home, encoder)
    assert clean(home).vectors_removed == 0
    shutil.rmtree(home / "generations")
    (home / "current.json").unlink()
    encoder.marked.clear()
    again = build([collection], home, encoder)
    assert (again.passages_embedded, encoder.marked) == (0, [])
    assert check(Generations(home).folder(str(again.generation)), encoder).sound
    path = collection / "insight.md"
    path.write_text(path.read_text().replace("53.9%", "54%"))
    assert build([collection], home, encoder, keep=1).passages_embedded == 1
    assert clean(home).vectors_kept == first.passages


@pytest.mark.parametrize("old", [WordEncoder, PoolingEncoder])
def test_an_index_of_the_other_kind_is_refused_and_made_anew(
    old: type[WordEncoder], collection: Path, home: Path
) -> None:
    """Its likenesses would be measured against thresholds of the wrong kind. One line says so; a build takes nothing over."""
    new: WordEncoder = WordEncoder() if old is PoolingEncoder else PoolingEncoder()
    before = old()
    new.model_id = before.model_id = "one-model"
    made = build([collection], home, before)
    with pytest.raises(IndexMismatch, match=r"another way; run `python -m ingest build`\.$") as caught:
        GenerationProvider(home, new).current()
    assert "\n" not in str(caught.value)
    assert not check(Generations(home).folder(str(made.generation)), new).sound
    report = build([collection], home, new)
    assert kind_of(home) == (ALONE if old is PoolingEncoder else POOLED)
    assert check(Generations(home).folder(str(report.generation)), new).sound


def test_an_encoder_that_forgets_a_sentence_ends_the_build(collection: Path, home: Path) -> None:
    """Vectors must never be those of other sentences: nothing serves, and the line says what was wrong."""

    class Forgetful(PoolingEncoder):
        def encode_marked(self, texts: list[Marked], *, tokens: bool = False) -> list[Encoding]:  # type: ignore[override]
            found = super().encode_marked(texts, tokens=tokens)
            return [Encoding(e.vector, e.tokens, np.asarray(e.sentences)[:-1]) for e in found]

    with pytest.raises(BuildFailed, match="one vector a sentence"):
        build([collection], home, Forgetful())
    assert Generations(home).current_id() is None
