"""What the ingest program does on a Chroma server: put an index there, check it where it stands, move the pointer."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from caveat.adapters.chroma_server.catalogue import Catalogue, State
from caveat.adapters.chroma_server.client import ChromaServer
from caveat.adapters.chroma_server.mirror import Mirror
from caveat.adapters.chroma_server.publish import MODEL_CHARS, Uploader
from caveat.adapters.chroma_server.remote_dense import RemoteDense
from caveat.adapters.dense_search import DenseSearch
from caveat.adapters.encoding import Encoder
from caveat.adapters.generations import Generations
from caveat.adapters.in_use import Hold
from caveat.adapters.manifest import Manifest, read_manifest
from caveat.domain.topic import KnownQuestion
from caveat.errors import BuildFailed, IndexMismatch, IndexMissing, ServerUnavailable
from ingest.check import Check, check
from ingest.events import Listener, Progress, Stage, silent
from ingest.searches import GRAPHS

log = logging.getLogger(__name__)
STILL = "the index that the replicas answer from still serves"


@dataclass(frozen=True, slots=True)
class Published:
    """What was put on the server."""

    generation: str
    number: int
    """The pointer's position."""
    passages: int
    pruned: tuple[str, ...] = ()
    instead_of: str | None = None
    """The index that somebody else let serve while this one was on its way, if anybody did."""


def publish(
    server: ChromaServer,
    home: Path,
    encoder: Encoder | None,
    *,
    ident: str | None = None,
    known: Sequence[KnownQuestion] = (),
    keep: int = 3,
    listen: Listener = silent,
) -> Published:
    """Puts an index of this home on the server, checks it there and lets it serve.

    Raises ``BuildFailed``, ``IndexMissing`` or ``ServerUnavailable``; the pointer is then where it was.
    """
    generations = Generations(home)
    ident = ident or generations.current_id()
    if ident is None or ident not in generations.ids():
        raise IndexMissing(
            f"There is no index {ident or ''} here; run `python -m ingest build`.".replace("  ", " ")
        )
    folder, uploader = generations.folder(ident), Uploader(server)
    before = uploader.catalogue.look()
    hold = Hold(folder)
    try:
        manifest = read_manifest(folder)
        if not uploader.intact(before, folder, manifest):
            result = _put(uploader, server, folder, manifest, encoder, known, listen)
            if not result.sound:
                uploader.catalogue.remove(ident)
                raise BuildFailed(
                    f"The index {ident} failed its check on the Chroma server ({'; '.join(result.problems)}); {STILL}."
                )
            uploader.seal(folder, manifest)
    finally:
        hold.close()
    status = uploader.upload_status(home)
    flip = uploader.catalogue.flip(generation=ident, status=status)
    return Published(
        ident,
        flip.number,
        manifest.passages,
        _prune(uploader.catalogue, keep),
        _meanwhile(before, uploader.catalogue, flip.number),
    )


def _put(
    uploader: Uploader,
    server: ChromaServer,
    folder: Path,
    manifest: Manifest,
    encoder: Encoder | None,
    known: Sequence[KnownQuestion],
    listen: Listener,
) -> Check:
    """Uploads and checks; with a stronger graph once more where the one on the server loses passages."""
    result = Check(manifest.id)
    for graph in GRAPHS[manifest.graph :] or GRAPHS[-1:]:
        uploader.upload(folder, lambda done, total: listen(Progress(Stage.PUBLISH, done, total)), graph)
        result = check(folder, encoder, files=False, known=known, listen=listen, open_dense=remote(server))
        if not result.unreachable:
            break
    return result


def _meanwhile(before: State, catalogue: Catalogue, number: int) -> str | None:
    """Who served just before this flip, when that is not who served when the work began."""
    last = next((f for f in reversed(catalogue.look().flips) if f.number < number), None)
    return last.generation if last is not None and last.generation != before.current else None


def _prune(catalogue: Catalogue, keep: int) -> tuple[str, ...]:
    """What is old goes; if that fails the new index serves all the same."""
    try:
        return tuple(catalogue.prune(keep))
    except ServerUnavailable as error:
        log.warning("Old indexes could not be removed. %s", error)
        return ()


def remote(server: ChromaServer) -> partial[DenseSearch]:
    """Opens a generation's vectors on the server, for a check, which may wait."""
    return partial(_remote, server)


def _remote(server: ChromaServer, folder: Path) -> DenseSearch:
    made = read_manifest(folder)
    name = Catalogue(server).name(made.id, "vectors")
    return RemoteDense(server, name, made.dimension, made.passages, patient=True)


def check_there(
    server: ChromaServer,
    mirror: Mirror,
    encoder: Encoder | None,
    ident: str | None,
    known: Sequence[KnownQuestion],
) -> Check:
    """Proof that an index on the server is sound, with the files that it gives its replicas."""
    catalogue = Catalogue(server)
    state = catalogue.look()
    ident = ident or state.current
    if ident is None:
        raise IndexMissing("No index is on the Chroma server yet; run `python -m ingest build`.")
    folder = mirror.ensure(catalogue, state, ident)
    return check(folder, encoder, known=known, open_dense=remote(server))


def switch(server: ChromaServer, encoder: Encoder | None, ident: str | None) -> str:
    """Lets an index of the server serve; without an id the one that first served before the current one did."""
    catalogue = Catalogue(server)
    state = catalogue.look()
    target = ident or state.before_current()
    ready = state.generations.get(target, {}).get("ready")
    if ready is not None and encoder is not None:
        made_with = (ready.metadata or {}).get("model")
        if made_with != encoder.model_id[:MODEL_CHARS]:
            raise IndexMismatch(
                f"Index {target} was made with the embedding model {made_with}, but CAVEAT_EMBEDDER gives "
                f"{encoder.model_id}; run `python -m ingest build`."
            )
    return catalogue.flip(generation=target).generation


def publish_statuses(server: ChromaServer, home: Path) -> bool:
    """Gives the replicas what the last check for retractions found; False when they have it, or have no index yet."""
    uploader = Uploader(server)
    if uploader.catalogue.look().newest is None:
        return False
    status = uploader.upload_status(home)
    if status is None:
        return False
    uploader.catalogue.flip(status=status)
    return True
