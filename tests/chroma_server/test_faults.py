"""A server that misbehaves: answers go on from the search by words, with one line in the log, and recover by themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from chroma_process import ChromaProcess, Proxy, wait_until
from small_encoder import WordEncoder

from caveat.adapters.chroma_server.catalogue import Catalogue
from caveat.adapters.chroma_server.client import ChromaServer
from caveat.adapters.chroma_server.follow import Replica
from caveat.adapters.chroma_server.place import Place
from caveat.adapters.chroma_server.publish import Uploader
from caveat.adapters.generations import Generations
from caveat.errors import CaveatError, IndexMissing, SearchUnavailable, ServerUnavailable
from ingest.publish import publish

Build = Callable[..., str]
MakeReplica = Callable[..., Replica]
OVER = "The trouble with the Chroma server is over."
HASTY = ("slow", "drip")
FAULTS = {
    "gone": "cannot be reached",
    "slow": "did not answer within 4 seconds",
    "drip": "did not answer within 4 seconds",
    "old": "speaks another language",
    "odd": "speaks another language",
    "broken": "answered with an error (status 500)",
    "token": "refuses the token (status 401); check CAVEAT_CHROMA_TOKEN",
}


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that failed is tried again without much pause."""
    monkeypatch.setattr("caveat.adapters.chroma_server.breaker.TRY_EVERY", 0.05)


def works(replica: Replica) -> bool:
    """True when the search by meaning finds the work that is always there."""
    try:
        return replica.current().search_dense("constant work mood", 1)[0].passage_id == "constant#text"
    except SearchUnavailable:
        return False


def by_words(replica: Replica) -> str:
    """What the search by words finds, which no fault may touch."""
    return replica.current().search_lexical("constant", 1)[0].passage_id


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was told about the server."""
    return [r.getMessage() for r in caplog.records if r.name == "caveat.chroma_server"]


@pytest.mark.parametrize("mode", FAULTS)
def test_words_alone_and_back(
    mode: str,
    place: Place,
    proxy: Proxy,
    published: Build,
    replica: MakeReplica,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whatever the fault: the words still find, nobody waits a second time, one line says what is wrong, one that it is over."""
    ident = published("alpha")
    seconds = 4.0 if mode in HASTY else 20.0
    following = replica(ChromaServer(replace(place, seconds=seconds, token="not-for-any-log")))
    wait_until(lambda: works(following) and following.trouble is None)
    caplog.clear()
    if mode == "token":
        proxy.token = "another"
    else:
        proxy.mode = mode
    wait_until(lambda: not works(following))
    assert by_words(following) == "constant#text"
    assert following.current().generation == ident
    wait_until(lambda: following.trouble is not None)
    assert FAULTS[mode] in str(following.trouble)
    (line,) = set(lines(caplog)) - {OVER}
    assert FAULTS[mode] in line
    assert "not-for-any-log" not in caplog.text
    proxy.mode, proxy.token = "pass", None
    proxy.released.set()
    wait_until(lambda: works(following) and following.trouble is None)
    wait_until(lambda: lines(caplog)[-1] == OVER)
    # Where the limit is short, a busy machine may meet it again.
    assert set(lines(caplog)) == {line, OVER}
    assert mode in HASTY or lines(caplog) == [line, OVER]


def test_a_connection_closed_at_the_other_end_is_no_fault(
    server: ChromaServer, proxy: Proxy, published: Build
) -> None:
    """A request that is hung up on once is made again; making a collection is not, for nobody knows whether it was made."""
    published("alpha")
    ready = next(c for c in server.collections() if c.name.endswith("-vectors"))
    proxy.cut = 1
    assert server.count(ready.id) == 2
    proxy.cut = 1
    with pytest.raises(ServerUnavailable):
        server.create(f"{server.place.name}-x", {"after": 0})
    assert proxy.cut == 0


def test_nobody_waits_twice(
    server: ChromaServer,
    proxy: Proxy,
    published: Build,
    replica: MakeReplica,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After one failure a search is refused without a request, until a trial in the background has succeeded."""
    monkeypatch.setattr("caveat.adapters.chroma_server.breaker.TRY_EVERY", 3600.0)
    published("alpha")
    following = replica(server)
    wait_until(lambda: works(following))
    proxy.mode, proxy.only = "gone", "/query"
    assert not works(following)
    asked = len([r for r in proxy.seen if r.endswith("/query")])
    for _ in range(20):
        assert not works(following)
    assert len([r for r in proxy.seen if r.endswith("/query")]) == asked


def test_a_new_replica_without_a_server(
    server: ChromaServer, proxy: Proxy, published: Build, replica: MakeReplica
) -> None:
    """Without any copy it says what is wrong, and answers as soon as the server is there; with a copy it answers at once."""
    proxy.mode = "gone"
    following = replica(server)
    with pytest.raises(IndexMissing, match="cannot be reached"):
        following.current()
    proxy.mode = "pass"
    wait_until(lambda: "No index is on the Chroma server yet" in str(following.trouble))
    published("alpha")
    wait_until(lambda: following.trouble is None)
    assert works(following)
    following.close()
    proxy.mode = "gone"
    assert by_words(replica(server)) == "constant#text"


def test_the_process_ends_and_comes_back(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    built: Build,
    encoder: WordEncoder,
    replica: MakeReplica,
) -> None:
    """A server that is killed and started again over its folder is found again, with all that was on it."""
    process = ChromaProcess(tmp_path_factory.mktemp("killed") / "data")
    proxy = Proxy(process.port)
    try:
        server = ChromaServer(Place(proxy.url, seconds=5.0))
        ident = built("alpha")
        publish(server, tmp_path / "builder", encoder)
        following = replica(server)
        wait_until(lambda: works(following))
        process.stop()
        wait_until(lambda: not works(following))
        assert by_words(following) == "constant#text"
        process.start()
        proxy.port = process.port
        wait_until(lambda: works(following))
        assert Catalogue(server).look().current == ident
    finally:
        proxy.close()
        process.stop()


def test_a_collection_deleted_under_a_running_replica(
    tmp_path: Path,
    server: ChromaServer,
    published: Build,
    encoder: WordEncoder,
    replica: MakeReplica,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It answers by words and says what to do; half of a new upload is not searched; publishing mends it."""
    ident = published("alpha", "beta")
    following, catalogue = replica(server), Catalogue(server)
    wait_until(lambda: works(following))
    server.delete(catalogue.name(ident, "vectors"))
    wait_until(lambda: not works(following))
    assert by_words(following) == "constant#text"
    wait_until(lambda: len(lines(caplog)) == 1)
    assert "run `python -m ingest publish`" in lines(caplog)[0]
    half = server.create(catalogue.name(ident, "vectors"), {"after": 0})
    server.add(half.id, ["constant#text"], [[1.0] + [0.0] * 63], [{"source_id": "constant"}])
    fresh = replica(server, "other")
    with pytest.raises(CaveatError, match="1 of 3 passages"):
        fresh._remote(following.current().manifest).warm()
    assert not works(following)
    assert publish(server, tmp_path / "builder", encoder).generation == ident
    wait_until(lambda: works(following))


def test_everything_deleted(server: ChromaServer, published: Build, replica: MakeReplica) -> None:
    """With nothing left on the server a replica keeps its copy, and takes up what is put there next."""
    first = published("alpha")
    following = replica(server)
    wait_until(lambda: works(following))
    for collection in server.collections():
        server.delete(collection.name)
    wait_until(lambda: following.trouble is not None)
    assert following.current().generation == first
    assert by_words(following) == "constant#text"
    second = published("alpha", "beta")
    wait_until(lambda: following.current().generation == second)
    wait_until(lambda: works(following))


def test_an_unfinished_newest_index_does_not_stop_a_new_replica(
    tmp_path: Path, server: ChromaServer, published: Build, encoder: WordEncoder, replica: MakeReplica
) -> None:
    """Where the newest was deleted, a replica without a copy takes the one before rather than none."""
    first = published("alpha")
    second = published("alpha", "beta")
    Uploader(server).catalogue.remove(second)
    following = replica(server)
    assert following.current().generation == first
    assert "does not hold the whole index" in str(following.trouble)
    assert publish(server, tmp_path / "builder", encoder, ident=second).generation == second
    wait_until(lambda: following.current().generation == second)
    assert Generations(tmp_path / "replica").current_id() == second
