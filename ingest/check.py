"""Is a generation sound? Every store holds the same passages, and each passage can be found."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from caveat.adapters.dense_search import DenseSearch, OpenDense
from caveat.adapters.encoding import Encoder, FloatArray
from caveat.adapters.evidence_store import EvidenceStore
from caveat.adapters.generation_index import GenerationIndex, check_model, local_dense
from caveat.adapters.lexical import LexicalIndex
from caveat.adapters.manifest import Manifest, checksums, read_manifest
from caveat.adapters.vectors import Ragged
from caveat.adapters.words import terms
from caveat.domain.model import Passage
from caveat.domain.topic import KnownQuestion
from caveat.errors import CaveatError
from ingest.embed import indexed_text
from ingest.events import Listener, Progress, Stage, silent
from ingest.known import not_found

FIND_AT_MOST = 10_000
"""Beyond so many passages, an even choice of so many is looked for by vector."""
FIND_BY_WORDS = 200
SAMPLE = 300
"""Of vectors that passed in an earlier generation, so many are looked for,"""
SAMPLE_BY_WORDS = 50
"""and so many by words where the word index is a copy as well."""
NEAR = 30
"""A passage put into a graph may cut off others: so many of those nearest to it are looked for with it."""
TOP = 5
TOP_BY_WORDS = 50
BATCH = 200
EVERY = 1000
SHOWN = 3


@dataclass(slots=True)
class Check:
    """What was checked, and what is wrong; sound when nothing is."""

    generation: str
    passages: int = 0
    found_by_vector: int = 0
    looked_for_by_vector: int = 0
    found_by_words: int = 0
    looked_for_by_words: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """True when nothing is wrong."""
        return not self.problems

    @property
    def unreachable(self) -> int:
        """Passages that their own vector does not find, where nothing else is wrong: what another graph may mend."""
        lost = self.looked_for_by_vector - self.found_by_vector
        return lost if len(self.problems) == 1 else 0


def check(
    folder: Path,
    encoder: Encoder | None,
    *,
    files: bool = True,
    known: Sequence[KnownQuestion] = (),
    listen: Listener = silent,
    fresh: Sequence[str] | None = None,
    open_dense: OpenDense = local_dense,
) -> Check:
    """Checks a finished generation; ``files`` compares every file with its checksum as well, ``known`` are
    questions that must find their works.

    ``fresh`` are the passages whose vectors are not, to the byte, those of a generation that passed: these are looked for,
    with those near them and a sample of the rest. Where there are none, the word index is taken for a copy too.
    ``open_dense`` checks vectors that are elsewhere than in the folder.
    """
    result = Check(folder.name)
    try:
        manifest = read_manifest(folder)
        result.generation = manifest.id
        if encoder is not None:
            check_model(manifest, encoder)
        if files:
            _files(folder, manifest, result)
        _stores(folder, manifest, result, listen, open_dense, fresh)
        if known and encoder is not None and result.sound:
            _known(folder, encoder, known, result, open_dense)
    except CaveatError as error:
        result.problems.append(str(error))
    except Exception as error:
        result.problems.append(f"a store cannot be read: {type(error).__name__}: {error}".splitlines()[0])
    return result


def _known(
    folder: Path, encoder: Encoder, known: Sequence[KnownQuestion], result: Check, open_dense: OpenDense
) -> None:
    index = GenerationIndex(folder, encoder, open_dense=open_dense)
    try:
        missed = not_found(index, known)
    finally:
        index.close()
    if missed:
        result.problems.append(f"known questions that do not find their works: {_some(missed)}")


def _files(folder: Path, manifest: Manifest, result: Check) -> None:
    now = checksums(folder)
    for name in sorted(set(now) | set(manifest.checksums)):
        if now.get(name) != manifest.checksums.get(name):
            result.problems.append(f"the file {name} is not the one that was written")


def _stores(
    folder: Path,
    manifest: Manifest,
    result: Check,
    listen: Listener,
    open_dense: OpenDense,
    fresh: Sequence[str] | None,
) -> None:
    evidence = EvidenceStore(folder / "evidence.sqlite")
    try:
        dense = open_dense(folder)
        try:
            ids = evidence.passage_ids()
            result.passages = len(ids)
            lexical = LexicalIndex(folder / "lexical")
            _counts(folder, manifest, evidence, lexical, result)
            _same_ids(set(ids), dense.ids(), result)
            if result.sound:
                _slices(evidence, result, listen)
                tried = [ids[i] for i in _evenly(len(ids), FIND_AT_MOST)]
                by_words = _evenly(len(ids), FIND_BY_WORDS)
                if fresh is not None:
                    sample = [ids[i] for i in _sample(len(ids), SAMPLE, manifest.id)]
                    tried = list(dict.fromkeys([*fresh, *_near(fresh, dense), *sample]))
                    by_words = by_words if fresh else _sample(len(ids), SAMPLE_BY_WORDS, manifest.id)
                _found_by_vector(tried, dense, manifest, result, listen)
                _found_by_words(by_words, evidence, lexical, result, listen)
        finally:
            dense.close()
    finally:
        evidence.close()


def _counts(
    folder: Path, manifest: Manifest, evidence: EvidenceStore, lexical: LexicalIndex, result: Check
) -> None:
    wanted = (manifest.sources, manifest.passages)
    if (evidence.source_count, evidence.passage_count) != wanted:
        result.problems.append(f"the evidence store does not hold {wanted[0]} works and {wanted[1]} passages")
    if lexical.size != manifest.passages:
        result.problems.append(f"the word index holds {lexical.size} passages, not {manifest.passages}")
    blocks = np.diff(Ragged(folder, "sentences", np.float16, manifest.dimension).offsets)
    if blocks.tolist() != evidence.sentence_counts():
        result.problems.append("the sentence vectors do not fit the sentences")
    if (
        manifest.token_vectors
        and len(Ragged(folder, "tokens", np.int8, manifest.dimension)) != manifest.passages
    ):
        result.problems.append("the token vectors do not fit the passages")


def _same_ids(wanted: set[str], stored: set[str], result: Check) -> None:
    if wanted != stored:
        odd = sorted(wanted ^ stored)
        result.problems.append(f"the vector store holds other passages: {_some(odd)}")


def _slices(evidence: EvidenceStore, result: Check, listen: Listener) -> None:
    wrong: list[str] = []
    text, of = "", ""
    for row, (passage, _) in enumerate(evidence.indexed()):
        if row % EVERY == 0:
            listen(Progress(Stage.CHECK, 0))
        if passage.source_id != of:
            of, text = passage.source_id, evidence.source_text(passage.source_id) or ""
        if text[passage.start : passage.end] != passage.text or not _spans_fit(passage):
            wrong.append(passage.id)
    if wrong:
        result.problems.append(f"passages that are no slice of their work: {_some(wrong)}")


def _spans_fit(passage: Passage) -> bool:
    at = 0
    for span in passage.sentences:
        if not at <= span.start < span.end <= len(passage.text):
            return False
        at = span.end
    return bool(passage.sentences)


def _found_by_vector(
    tried: Sequence[str], dense: DenseSearch, manifest: Manifest, result: Check, listen: Listener
) -> None:
    lost: list[str] = []
    for start in range(0, len(tried), BATCH):
        part = tried[start : start + BATCH]
        vectors = dense.vectors(part)
        odd = [i for i in part if not _is_unit(vectors[i], manifest.dimension)]
        if odd:
            result.problems.append(f"vectors that are not of length 1: {_some(odd)}")
            return
        for ident, nearest in zip(part, dense.nearest([vectors[i].tolist() for i in part], TOP), strict=True):
            if ident not in nearest and not _has_twin(vectors[ident], nearest, dense):
                lost.append(ident)
        listen(Progress(Stage.CHECK, min(start + BATCH, len(tried)), len(tried)))
    result.looked_for_by_vector, result.found_by_vector = len(tried), len(tried) - len(lost)
    if lost:
        result.problems.append(f"passages that their own vector does not find: {_some(lost)}")


def _near(fresh: Sequence[str], dense: DenseSearch) -> list[str]:
    """An even choice of the passages next to these, ``FIND_AT_MOST`` at most."""
    near: dict[str, None] = {}
    for start in range(0, len(fresh), BATCH):
        vectors = [vector.tolist() for vector in dense.vectors(fresh[start : start + BATCH]).values()]
        near.update((ident, None) for found in dense.nearest(vectors, NEAR) for ident in found)
    listed = list(near)
    return [listed[i] for i in _evenly(len(listed), FIND_AT_MOST)]


def _is_unit(vector: FloatArray, dimension: int) -> bool:
    return vector.shape == (dimension,) and abs(float(np.linalg.norm(vector)) - 1) < 1e-3


def _has_twin(vector: FloatArray, nearest: Sequence[str], dense: DenseSearch) -> bool:
    """True when others with the same vector fill the first places."""
    others = dense.vectors(nearest)
    return bool(others) and all(float(vector @ other) > 1 - 1e-5 for other in others.values())


def _found_by_words(
    rows: Sequence[int], evidence: EvidenceStore, lexical: LexicalIndex, result: Check, listen: Listener
) -> None:
    lost: list[str] = []
    done = result.looked_for_by_vector
    works = evidence.source_rows()
    for row in rows:
        listen(Progress(Stage.CHECK, done, done))
        passage, title = next(evidence.indexed(row, row + 1))
        text = indexed_text(title, passage)
        score, better = lexical.standing(text, row, works)
        if terms(text) and (score <= 0 or better >= TOP_BY_WORDS):
            lost.append(passage.id)
    result.looked_for_by_words, result.found_by_words = len(rows), len(rows) - len(lost)
    if lost:
        result.problems.append(f"passages that their own words do not find: {_some(lost)}")


def _sample(size: int, most: int, generation: str) -> list[int]:
    """Up to ``most`` of the numbers below ``size``, others in each generation."""
    return sorted(random.Random(generation).sample(range(size), min(size, most)))


def _evenly(size: int, most: int) -> list[int]:
    """Up to ``most`` of the numbers below ``size``, evenly spread."""
    return list(range(size)) if size <= most else [i * size // most for i in range(most)]


def _some(ids: Sequence[str]) -> str:
    rest = len(ids) - SHOWN
    return ", ".join(ids[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")
