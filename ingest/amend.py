"""Where few passages have changed, only these are made: copied vectors are changed in place, other files put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import numpy.typing as npt

from caveat.adapters.dense import change_dense
from caveat.adapters.encoding import FloatArray
from caveat.adapters.evidence_store import EvidenceStore
from caveat.adapters.vector_cache import VectorCache
from caveat.adapters.vectors import Ragged, RaggedWriter
from caveat.domain.model import Passage
from ingest.carry import Carried, verified
from ingest.embed import PASSAGES_AT_ONCE, Made, made
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
        kinds: Sequence[tuple[str, npt.DTypeLike]] = [("sentences", np.float16), ("tokens", np.int8)][
            : 1 + tokens
        ]
        old = [_old(carried, name, dtype) for name, dtype in kinds]
        new = [files.enter_context(RaggedWriter(folder, name, dtype)) for name, dtype in kinds]
        for row in carried.rows.tolist():
            if row >= 0:
                for before, now in zip(old, new, strict=True):
                    now.add(before.block(row))
                continue
            one = next(fresh)
            new[0].add(one.sentences)
            if one.tokens is not None:
                new[1].add(one.tokens)
            vectors.append((one.passage, one.vector))
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
