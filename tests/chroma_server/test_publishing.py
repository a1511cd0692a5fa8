"""An index on a real Chroma server: put there, checked there, taken up, taken back."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from chroma_process import Proxy
from small_encoder import WordEncoder

from caveat.adapters.chroma_server.catalogue import LEFT_FOR_DEAD, Catalogue
from caveat.adapters.chroma_server.client import ChromaServer
from caveat.adapters.chroma_server.follow import Replica
from caveat.adapters.chroma_server.mirror import Mirror
from caveat.adapters.chroma_server.publish import Uploader
from caveat.adapters.dense import HNSW
from caveat.adapters.generation_index import GenerationIndex
from caveat.adapters.generations import GenerationProvider, Generations
from caveat.adapters.manifest import checksums, read_manifest
from caveat.domain.ports import Filters
from caveat.errors import BuildFailed, IndexMissing, ServerFault, ServerUnavailable
from ingest.check import Check
from ingest.events import Event, Listener
from ingest.publish import check_there, publish, switch
from ingest.searches import GRAPHS

Build = Callable[..., str]
MakeReplica = Callable[..., Replica]


def test_a_replica_answers_as_the_builder_does(
    tmp_path: Path, server: ChromaServer, built: Build, replica: MakeReplica, encoder: WordEncoder
) -> None:
    """Both searches, texts and all files are those of the index that was built."""
    ident = built("alpha trial", "beta trial")
    done = publish(server, tmp_path / "builder", encoder)
    assert (done.generation, done.number, done.passages) == (ident, 1, 3)
    here, there = GenerationProvider(tmp_path / "builder", encoder).current(), replica(server).current()
    assert there.generation == ident
    for query in ("mood in beta trial", "constant work", "alpha"):
        assert there.search_lexical(query, 5) == here.search_lexical(query, 5)
        dense = there.search_dense(query, 5)
        assert [h.passage_id for h in dense] == [h.passage_id for h in here.search_dense(query, 5)]
        ids = [h.passage_id for h in dense]
        assert there.passages(ids) == here.passages(ids)
        assert there.sentence_similarity(query, ids) == here.sentence_similarity(query, ids)
        assert there.late_interaction(query, ids) == here.late_interaction(query, ids)
    assert checksums(there.folder) == read_manifest(here.folder).checksums
    assert not (there.folder / "chroma").exists()


def test_filters_find_what_they_find_here(
    tmp_path: Path,
    server: ChromaServer,
    built: Build,
    replica: MakeReplica,
    encoder: WordEncoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Few works, more than are compared one by one, and more than are handed to the server: the ranking is the builder's."""
    built(*(f"trial {n}" for n in range(12)))
    publish(server, tmp_path / "builder", encoder)
    here, there = GenerationProvider(tmp_path / "builder", encoder).current(), replica(server).current()
    some = Filters(source_ids=tuple(f"trial-{n}" for n in range(0, 12, 2)))

    def ranked(index: GenerationIndex) -> list[tuple[str, float]]:
        return [(h.passage_id, round(h.score, 4)) for h in index.search_dense("mood in trial 4", 4, some)]

    expected = ranked(here)
    assert len(expected) == 4
    assert ranked(there) == expected
    monkeypatch.setattr("caveat.adapters.chroma_server.remote_dense.EXACT", 2)
    assert ranked(there) == expected
    monkeypatch.setattr("caveat.adapters.chroma_server.remote_dense.FILTER_IDS", 2)
    assert ranked(there) == expected
    assert there.search_dense("mood", 4, Filters(source_ids=("nobody",))) == []


def test_the_index_is_checked_where_it_stands(
    tmp_path: Path,
    server: ChromaServer,
    built: Build,
    encoder: WordEncoder,
    monkeypatch: pytest.MonkeyPatch,
    published: Build,
) -> None:
    """Vectors that arrive wrong fail the check: the pointer does not move and nothing is left on the server."""
    add = ChromaServer.add

    def crooked(
        self: ChromaServer, ident: str, ids: list[str], vectors: list[list[float]], about: list[dict]
    ) -> None:  # type: ignore[type-arg]
        if any("source_id" in m for m in about):
            vectors = [[x / 2 for x in v] for v in vectors]
        add(self, ident, ids, vectors, about)

    first = published("alpha")
    built("alpha", "beta")
    monkeypatch.setattr(ChromaServer, "add", crooked)
    with pytest.raises(BuildFailed, match="failed its check on the Chroma server"):
        publish(server, tmp_path / "builder", encoder)
    state = Catalogue(server).look()
    assert (state.current, list(state.generations)) == (first, [first])


def test_no_embedding_function_and_no_text_is_sent(
    server: ChromaServer, proxy: Proxy, published: Build, replica: MakeReplica
) -> None:
    """Every collection is made without an embedding function, and no question or passage goes there in words."""
    published("alpha")
    replica(server).current().search_dense("a question about mood", 3)
    made = [
        json.loads(b)
        for r, b in zip(proxy.seen, proxy.bodies, strict=True)
        if r.endswith("/collections") and b
    ]
    assert len(made) >= 4
    assert all(m["configuration"]["embedding_function"] is None for m in made)
    sent = b"".join(proxy.bodies)
    assert b"question about" not in sent
    assert b"Mood" not in sent


def test_back_and_forth(
    tmp_path: Path, server: ChromaServer, built: Build, encoder: WordEncoder, replica: MakeReplica
) -> None:
    """Going back means the index that served before, twice the one before that, and then there is none; old ones are pruned."""
    home, following = tmp_path / "builder", Catalogue(server)
    ids = [built(*names) for names in (["a"], ["a", "b"], ["a", "b", "c"])]
    for ident in ids:
        publish(server, home, encoder, ident=ident, keep=3)
    assert following.look().current == ids[2]
    assert switch(server, encoder, None) == ids[1]
    assert switch(server, encoder, None) == ids[0]
    with pytest.raises(IndexMissing, match="no earlier index"):
        switch(server, encoder, None)
    assert replica(server).current().generation == ids[0]
    assert switch(server, encoder, ids[2]) == ids[2]
    assert following.prune(2) == [ids[0]]
    assert following.look().order() == ids[1:]
    with pytest.raises(IndexMissing, match="does not hold the whole index"):
        switch(server, encoder, ids[0])


def test_the_pointer_never_names_what_is_not_finished(
    tmp_path: Path, server: ChromaServer, built: Build, encoder: WordEncoder, replica: MakeReplica
) -> None:
    """A builder killed before the end leaves nothing that serves; its next try begins anew and succeeds."""
    first = built("alpha")
    home = tmp_path / "builder"
    publish(server, home, encoder)
    second = built("alpha", "beta")
    uploader = Uploader(server)
    uploader.upload(Generations(home).folder(second))  # and here the builder is killed
    with pytest.raises(IndexMissing):
        uploader.catalogue.flip(generation=second)
    assert replica(server).current().generation == first
    assert publish(server, home, encoder).generation == second
    assert Catalogue(server).look().current == second


def test_a_build_that_is_stopped_while_it_copies(
    tmp_path: Path, server: ChromaServer, built: Build, encoder: WordEncoder, published: Build
) -> None:
    """Ctrl-C at any step leaves the pointer where it was; the same command then goes through."""
    first = published("alpha")
    second = built("alpha", "beta")

    def stop_at(step: int) -> Listener:
        steps = iter(range(1000))

        def listen(event: Event) -> None:
            if next(steps) == step:
                raise KeyboardInterrupt

        return listen

    for step in (0, 1, 3):
        with pytest.raises(KeyboardInterrupt):
            publish(server, tmp_path / "builder", encoder, listen=stop_at(step))
        assert Catalogue(server).look().current == first
    assert publish(server, tmp_path / "builder", encoder).generation == second


def test_two_builders_flip_at_once(
    tmp_path: Path, server: ChromaServer, built: Build, encoder: WordEncoder
) -> None:
    """Both succeed one after the other, each position of the pointer is taken once, the last serves, the first can be gone back to."""
    ids = {home: built("alpha", home, home=home) for home in ("one", "two", "three")}
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda home: publish(server, tmp_path / home, encoder), ids))
    state = Catalogue(server).look()
    assert sorted(d.number for d in done) == [1, 2, 3]
    assert [f.number for f in state.flips] == [1, 2, 3]
    last = max(done, key=lambda d: d.number)
    assert state.current == last.generation
    assert last.instead_of is not None
    assert set(state.order()) == set(ids.values())
    assert switch(server, encoder, None) == last.instead_of


def test_a_flip_and_a_book_set_at_once_are_both_kept(server: ChromaServer, published: Build) -> None:
    """Who moves the pointer builds on what another did in between: neither the index nor the book is lost."""
    first = published("alpha")
    second = published("alpha", "beta")
    catalogue = Catalogue(server)
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(catalogue.flip, status="0123456789abcdef")]
        jobs += [pool.submit(catalogue.flip, generation=first) for _ in range(5)]
        numbers = [job.result().number for job in jobs]
    state = catalogue.look()
    assert len(set(numbers)) == 6
    assert second != state.current == first
    assert state.newest is not None
    assert state.newest.status == "0123456789abcdef"


def test_what_killed_builders_left_is_removed_in_time(
    tmp_path: Path, server: ChromaServer, built: Build, encoder: WordEncoder
) -> None:
    """Not as long as it may be under way, but when the pointer has moved often since; flips nobody needs go too."""
    home, catalogue = tmp_path / "builder", Catalogue(server)
    left = built("alpha", home="killed")
    Uploader(server).upload(Generations(tmp_path / "killed").folder(left))
    ident = built("beta")
    publish(server, home, encoder)
    assert left in catalogue.look().generations
    for _ in range(LEFT_FOR_DEAD + 2):
        catalogue.flip(generation=ident)
    catalogue.prune(3)
    state = catalogue.look()
    assert list(state.generations) == [ident]
    assert state.current == ident
    assert [f.number for f in state.flips][:2] == [1, 4]  # the first of what is kept, and the latest ten


def test_writes_keep_to_the_servers_limit(
    tmp_path: Path,
    server: ChromaServer,
    proxy: Proxy,
    built: Build,
    encoder: WordEncoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No request holds more records than the server says that it takes."""
    monkeypatch.setattr(ChromaServer, "batch_limit", lambda _self: 2)
    built(*(f"trial {n}" for n in range(6)))
    publish(server, tmp_path / "builder", encoder)
    sizes = [
        len(json.loads(b)["ids"]) for r, b in zip(proxy.seen, proxy.bodies, strict=True) if r.endswith("/add")
    ]
    assert max(sizes) == 2
    assert check_there(server, Mirror(tmp_path / "replica"), encoder, None, ()).sound


def test_a_fault_that_passes_does_not_end_an_upload(
    tmp_path: Path,
    server: ChromaServer,
    proxy: Proxy,
    built: Build,
    encoder: WordEncoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A request whose connection is cut is made again, and nothing is there twice; a fault that stays ends it, with a plain line."""
    monkeypatch.setattr("caveat.adapters.chroma_server.publish.PAUSE", 0.01)
    add, cut = ChromaServer.add, []

    def once(self: ChromaServer, ident: str, *rest: object) -> None:
        if not cut:
            cut.append(ident)
            add(self, ident, *rest)  # type: ignore[arg-type]
            raise ServerUnavailable("The reply was lost.", ServerFault.TIME_LIMIT)
        add(self, ident, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(ChromaServer, "add", once)
    built("alpha")
    assert publish(server, tmp_path / "builder", encoder).passages == 2
    built("alpha", "beta")
    proxy.mode, proxy.only = "broken", "/add"
    with pytest.raises(ServerUnavailable) as caught:
        publish(server, tmp_path / "builder", encoder)
    assert caught.value.fault is ServerFault.FAILED
    assert len(Catalogue(server).look().flips) == 1


def test_a_graph_that_loses_passages_is_made_stronger(
    tmp_path: Path,
    server: ChromaServer,
    proxy: Proxy,
    built: Build,
    encoder: WordEncoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the server's graph does not reach all, it is written once more, stronger; one that was needed here is used at once."""
    built("alpha")
    checks = iter([Check("first", looked_for_by_vector=1, problems=["lost"]), Check("second")])
    monkeypatch.setattr("ingest.publish.check", lambda *_args, **_named: next(checks))
    publish(server, tmp_path / "builder", encoder)
    made = [
        json.loads(b)
        for r, b in zip(proxy.seen, proxy.bodies, strict=True)
        if r.endswith("/collections") and b
    ]
    graphs = [m["configuration"]["hnsw"]["max_neighbors"] for m in made if m["name"].endswith("-vectors")]
    assert graphs == [HNSW["max_neighbors"], GRAPHS[1]["max_neighbors"]]
