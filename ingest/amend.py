"""Where few passages have changed, only these are made: copied vectors are changed in place, other files put together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy.typing as npt

from caveat.adapters.dense import change_dense
from caveat.adapters.encoding import FloatArray
from caveat.adapters.evidence_store import EvidenceStore
from caveat.adapters.vector_cache import VectorCache
from caveat.adapters.vectors import Ragged, RaggedWriter
from caveat.domain.model import Passage
from ingest.carry import Carried, verified
from ingest.embed import PASSAGES_AT_ONCE, Made, kinds, made
from ingest.events import Listener, Progress, Report, Stage


def amend(
    carried: Carried,
    store: EvidenceStore,
    cache: VectorCache,
    folder: Path,
    report: Report,
    listen: Listener,
    *,
    tokens: bool,
) -> None:
    """Makes of the copied vectors those of these passages, and writes the vectors of sentences and words.

    Raises ``OSError`` where a file of the earlier generation is not the one that was written.
    """
    fresh = _fresh(carried.fresh, store, cache, report, listen, tokens)
    vectors: list[tuple[Passage, FloatArray]] = []
    with ExitStack() as files:
        old = [_old(carried, name, dtype) for name, dtype in kinds(tokens=tokens)]
        new = [files.enter_context(RaggedWriter(folder, *kind)) for kind in kinds(tokens=tokens)]
        for row in carried.rows.tolist():
            if row >= 0:
                blocks = tuple(before.block(row) for before in old)
            else:
                one = next(fresh)
                blocks = one.blocks
                vectors.append((one.passage, one.vector))
            for file, block in zip(new, blocks, strict=True):
                file.add(block)
    change_dense(folder / "chroma", carried.gone, vectors)


def _old(carried: Carried, name: str, dtype: npt.DTypeLike) -> Ragged:
    for ending in (".bin", ".offsets.npy"):
        verified(carried.old, carried.manifest, name + ending)
    return Ragged(carried.old, name, dtype, carried.manifest.dimension)


def _fresh(
    rows: list[int], store: EvidenceStore, cache: VectorCache, report: Report, listen: Listener, tokens: bool
) -> Iterator[Made]:
    total = store.passage_count
    for start in range(0, len(rows), PASSAGES_AT_ONCE):
        listen(Progress(Stage.EMBED, total - len(rows) + start, total))
        part = [next(store.indexed(row, row + 1)) for row in rows[start : start + PASSAGES_AT_ONCE]]
        yield from made(cache, part, report, tokens=tokens)
    listen(Progress(Stage.EMBED, total, total))
