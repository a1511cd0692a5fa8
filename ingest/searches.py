"""The searches of a new generation: carried over where they can be, else written whole, and proven before it serves."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caveat.adapters.encoding import Encoder
from caveat.adapters.evidence_store import EvidenceStore
from caveat.adapters.generations import Generations
from caveat.adapters.lexical import write_lexical
from caveat.adapters.manifest import Manifest, read_manifest, write_manifest
from caveat.adapters.vector_cache import vector_cache
from caveat.domain.topic import KnownQuestion
from caveat.errors import BuildFailed, CaveatError
from ingest.amend import amend
from ingest.carry import Carried, carry_over, undo, vectors_digest
from ingest.check import Check, check
from ingest.clean import CACHE
from ingest.embed import embed, indexed_text
from ingest.events import Listener, Progress, Report, Stage

log = logging.getLogger(__name__)
GRAPHS: tuple[Mapping[str, Any], ...] = ({}, {"ef_construction": 400, "ef_search": 1000, "max_neighbors": 64})
"""What the graph of vectors is written with: as usual, and once more, stronger, where the usual one loses passages."""
EVERY = 500
STILL = "the index that was serving still serves"


@dataclass(frozen=True, slots=True)
class Searches:
    """What a generation's searches are made of."""

    home: Path
    folder: Path
    encoder: Encoder
    tokens: bool
    known: Sequence[KnownQuestion]
    report: Report
    listen: Listener
    manifest: Callable[[str | None, int, int], Manifest]
    """From a checksum of the vectors, their edits and their graph to what the generation says of itself."""


def write_searches(made: Searches) -> None:
    """Writes vectors, word index and manifest; raises ``BuildFailed`` where they do not pass the check.

    What was carried over from the generation that serves and does not pass is made anew. So is a graph that loses
    passages, with stronger settings.
    """
    generations = Generations(made.home)
    store = EvidenceStore(made.folder / "evidence.sqlite")
    try:
        carried = _carried(made, generations, store)
        if carried is not None and carried.sound:
            return
        if carried is not None:
            log.warning(
                "What was carried over did not pass (%s); it is made anew.", "; ".join(carried.problems)
            )
            undo(made.folder)
        _written(made, store, _graph_that_served(generations))
    finally:
        store.close()


def _written(made: Searches, store: EvidenceStore, graph: int) -> None:
    checked = _whole(made, store, graph)
    if checked.unreachable and graph + 1 < len(GRAPHS):
        made.report.notices.append(
            f"The usual vector graph did not reach {checked.unreachable:,} of {checked.looked_for_by_vector:,} "
            "passages looked for; it was written again with stronger settings."
        )
        undo(made.folder)
        _written(made, store, graph + 1)
    elif not checked.sound:
        raise BuildFailed(f"The new index failed its check ({'; '.join(checked.problems)}); {STILL}.")


def _carried(made: Searches, generations: Generations, store: EvidenceStore) -> Check | None:
    """``None``, and nothing in the folder, where nothing could be carried over."""
    carried = carry_over(generations, store, made.folder, made.encoder, tokens=made.tokens)
    if carried is None:
        return None
    total = store.passage_count
    if carried.whole:
        made.listen(Progress(Stage.EMBED, total, total))
        made.listen(Progress(Stage.WRITE, 0, total))
    elif not _amended(made, store, carried):
        return None
    return _finish(made, store, carried.manifest.graph, carried)


def _amended(made: Searches, store: EvidenceStore, carried: Carried) -> bool:
    """Whether the copied vectors are now those of these passages."""
    try:
        with vector_cache(made.home / CACHE, made.encoder) as cache:
            amend(carried, store, cache, made.folder, made.report, made.listen, tokens=made.tokens)
    except CaveatError:
        raise
    except Exception as error:  # Chroma's own have no common type
        log.warning("What was carried over could not be changed (%s); it is made anew.", type(error).__name__)
        undo(made.folder)
        return False
    write_lexical(made.folder / "lexical", _texts(store, made.listen))
    return True


def _whole(made: Searches, store: EvidenceStore, graph: int) -> Check:
    with vector_cache(made.home / CACHE, made.encoder) as cache:
        embed(store, cache, made.folder, made.report, made.listen, tokens=made.tokens, graph=GRAPHS[graph])
    write_lexical(made.folder / "lexical", _texts(store, made.listen))
    return _finish(made, store, graph, None)


def _finish(made: Searches, store: EvidenceStore, graph: int, carried: Carried | None) -> Check:
    """Writes the manifest and checks the generation."""
    total = store.passage_count
    made.report.passages_reused = total - made.report.passages_embedded
    vectors = vectors_digest(made.folder / "chroma")
    edits = 0 if carried is None else carried.manifest.edited + carried.edits
    write_manifest(made.folder, made.manifest(vectors, edits, graph))
    made.listen(Progress(Stage.WRITE, total, total))
    return check(
        made.folder,
        made.encoder,
        files=False,
        known=made.known,
        listen=made.listen,
        fresh=_unproven(carried, vectors, store),
    )


def _unproven(carried: Carried | None, vectors: str | None, store: EvidenceStore) -> list[str] | None:
    """The passages whose vectors did not pass an earlier check; ``None`` where that may be all."""
    if carried is None or (carried.whole and (vectors is None or vectors != carried.manifest.vectors)):
        return None
    ids = store.ids_of(carried.fresh)
    return [ids[row] for row in carried.fresh]


def _graph_that_served(generations: Generations) -> int:
    """Where the usual graph was too weak for this collection before, it is not tried again."""
    try:
        current = generations.current_id()
        graph = 0 if current is None else read_manifest(generations.folder(current)).graph
    except CaveatError:
        return 0
    return graph if 0 <= graph < len(GRAPHS) else 0


def _texts(store: EvidenceStore, listen: Listener) -> Iterator[str]:
    """What the word index is made of, told as it goes."""
    for row, (passage, title) in enumerate(store.indexed()):
        if row % EVERY == 0:
            listen(Progress(Stage.WRITE, row, store.passage_count))
        yield indexed_text(title, passage)
