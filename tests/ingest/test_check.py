"""The check: an index that was tampered with, or is damaged, is found out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from small_encoder import WordEncoder

from caveat.adapters.dense import COLLECTION, _client
from caveat.adapters.lexical import write_lexical
from caveat.adapters.manifest import FILE
from ingest.check import check
from ingest.events import Report


@pytest.fixture
def folder(built: Callable[[], Report], home: Path) -> Path:
    ident = built().generation
    assert ident
    return home / "generations" / ident


def _problems(folder: Path, encoder: WordEncoder) -> str:
    """What is wrong with the stores themselves, checksums aside."""
    result = check(folder, encoder, files=False)
    assert not result.sound
    return " / ".join(result.problems)


def _sql(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / "evidence.sqlite")
    with connection:
        connection.execute(statement)
    connection.close()


def test_a_fresh_index_is_sound(folder: Path, encoder: WordEncoder) -> None:
    """Every passage is looked for and found, by vector and by words."""
    result = check(folder, encoder)
    assert result.problems == []
    assert (result.passages, result.found_by_vector, result.looked_for_by_vector) == (3, 3, 3)
    assert (result.found_by_words, result.looked_for_by_words) == (3, 3)


def test_checking_changes_nothing(folder: Path, encoder: WordEncoder) -> None:
    """A second check sees what the first one saw."""
    assert check(folder, encoder) == check(folder, encoder)


def test_a_changed_text_is_no_slice_of_its_work(folder: Path, encoder: WordEncoder) -> None:
    """A figure altered in a passage alone is noticed even without checksums."""
    _sql(folder, "UPDATE passages SET text = replace(text, '53.9', '93.5')")
    assert "no slice of their work: insight#what_was_found" in _problems(folder, encoder)


def test_a_sentence_outside_its_passage_is_noticed(folder: Path, encoder: WordEncoder) -> None:
    """Spans that do not fit would cut quotes wrongly."""
    _sql(folder, "UPDATE passages SET sentences = x'00000000FFFF0000' WHERE n = 0")
    assert "no slice" in _problems(folder, encoder)


def test_a_lost_passage_is_noticed(folder: Path, encoder: WordEncoder) -> None:
    """Stores that disagree are not sound."""
    client = _client(folder / "chroma")
    client.get_collection(COLLECTION, embedding_function=None).delete(ids=["knight#what_was_found"])
    client.close()
    assert "other passages: knight#what_was_found" in _problems(folder, encoder)


def test_a_passage_under_the_wrong_vector_is_noticed(folder: Path, encoder: WordEncoder) -> None:
    """A vector that is no unit vector cannot be ranked."""
    client = _client(folder / "chroma")
    collection = client.get_collection(COLLECTION, embedding_function=None)
    collection.update(ids=["knight#what_was_found"], embeddings=[[0.1] * encoder.dimension])
    client.close()
    assert "not of length 1: knight#what_was_found" in _problems(folder, encoder)


def test_a_word_index_of_other_texts_is_noticed(folder: Path, encoder: WordEncoder) -> None:
    """The right number of passages with the wrong words is not sound."""
    write_lexical(folder / "lexical", ["pizza", "pasta", "wine"])
    assert "own words do not find" in _problems(folder, encoder)


def test_vectors_that_do_not_fit_are_noticed(folder: Path, encoder: WordEncoder) -> None:
    """Sentence vectors belong to sentences, one each."""
    offsets = np.load(folder / "sentences.offsets.npy")
    np.save(folder / "sentences.offsets.npy", offsets[[0, 2, 1, 3]])
    assert "sentence vectors" in _problems(folder, encoder)


def test_another_model_is_noticed(folder: Path) -> None:
    """An index is not sound for a model that did not make it."""
    assert "words-2" in _problems(folder, WordEncoder("words-2"))


def test_without_a_model_the_stores_are_still_checked(folder: Path) -> None:
    """No model is needed to see that the stores agree."""
    assert check(folder, None).sound


@pytest.mark.parametrize("name", ["evidence.sqlite", "tokens.bin", "lexical/vocab.index.json"])
def test_a_file_that_changed_is_named(folder: Path, encoder: WordEncoder, name: str) -> None:
    """A single byte more shows."""
    with (folder / name).open("ab") as stream:
        stream.write(b" ")
    assert any(f"the file {name} is not the one" in p for p in check(folder, encoder).problems)


@pytest.mark.parametrize(
    "name", ["evidence.sqlite", "chroma/chroma.sqlite3", "lexical/params.index.json", FILE]
)
def test_a_missing_or_broken_file_is_a_problem_not_an_exception(
    folder: Path, encoder: WordEncoder, name: str
) -> None:
    """The check itself never fails."""
    (folder / name).write_bytes(b"broken")
    assert _problems(folder, encoder)
    (folder / name).unlink()
    assert _problems(folder, encoder)


def test_counts_of_the_manifest_are_compared(folder: Path, encoder: WordEncoder) -> None:
    """A manifest that promises more than there is is wrong."""
    manifest = json.loads((folder / FILE).read_text())
    (folder / FILE).write_text(json.dumps(manifest | {"passages": 4}))
    assert "4 passages" in _problems(folder, encoder)
