"""A replica's copy: whole or not taken, whatever lies on the disk or comes from the server."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path

import pytest
from chroma_process import Proxy, wait_until
from small_encoder import WordEncoder

from caveat.adapters.chroma_server.catalogue import Catalogue
from caveat.adapters.chroma_server.client import ChromaServer
from caveat.adapters.chroma_server.follow import Replica
from caveat.adapters.chroma_server.mirror import FETCHED, Mirror
from caveat.adapters.chroma_server.parts import PART, chunks, read_listing, records, unpacked
from caveat.adapters.chroma_server.setup import replica_of
from caveat.adapters.generations import UNFINISHED, Generations
from caveat.adapters.status_book import StatusBook
from caveat.domain.model import Status
from caveat.domain.standing import Standing
from caveat.errors import ServerUnavailable
from caveat.settings import Settings
from ingest.publish import publish, publish_statuses

Build = Callable[..., str]
MakeReplica = Callable[..., Replica]


@pytest.mark.parametrize("size", [0, 1, PART - 1, PART, PART + 1, 3 * PART])
def test_files_survive_the_cutting(size: int) -> None:
    """Parts put together again are the file, and no value is longer than Chroma's cloud allows."""
    for data in (os.urandom(size), bytes(size)):
        made = list(records("lexical/x.npy", chunks(data)))
        assert b"".join(unpacked(m) for _, m in made) == data
        assert [i for i, _ in made] == [f"lexical/x.npy:{n:06}" for n in range(len(made))]
        assert all(len(m) <= 32 and all(len(str(v)) <= 4096 for v in m.values()) for _, m in made)


@pytest.mark.parametrize(
    "name", ["../up", "/etc/x", "a/../b", "a//b", "", ".hidden", "a/.b", "a\\b", "a/b/c/d/e", "x\n", "C:x"]
)
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    """A listing cannot name a file outside the copy's own folder."""
    with pytest.raises(ServerUnavailable):
        read_listing(json.dumps({name: {"size": 1, "sha256": "0" * 64}}).encode())


@pytest.mark.parametrize("bad", [{}, {"p00": "***"}, {"p00": "AAAA"}, {"p00": 7}])
def test_a_damaged_part_is_refused(bad: dict[str, object]) -> None:
    """What is no part, or unpacks to more than one, is not taken."""
    with pytest.raises(ServerUnavailable):
        unpacked(bad)  # type: ignore[arg-type]
    ((_, bomb),) = records("x", iter([b"\0" * (PART * 50)]))
    with pytest.raises(ServerUnavailable):
        unpacked(bomb)


def test_a_half_copied_index_is_fetched_anew(
    tmp_path: Path, server: ChromaServer, published: Build, replica: MakeReplica
) -> None:
    """A file that is short or missing in a copy is noticed before anybody is answered from it."""
    ident = published("alpha")
    first = replica(server)
    whole = {p.name: p.stat().st_size for p in first.current().folder.rglob("*") if p.is_file()}
    first.close()
    folder = Mirror(tmp_path / "replica").copies.folder(ident)
    for damage in ("evidence.sqlite", "sentences.bin", FETCHED):
        with (folder / damage).open("r+b") as stream:
            stream.truncate(10)
        again = replica(server)
        index = again.current()
        assert {p.name: p.stat().st_size for p in index.folder.rglob("*") if p.is_file()} == whole
        assert index.search_lexical("constant", 1)[0].passage_id == "constant#text"
        again.close()
    shutil.rmtree(folder / "lexical")
    assert replica(server).current().search_lexical("constant", 1)


def test_a_stopped_fetch_goes_on(
    tmp_path: Path, server: ChromaServer, proxy: Proxy, published: Build, replica: MakeReplica
) -> None:
    """Files that an earlier try had whole are not fetched again, half ones are; what other tries left goes."""
    ident = published("alpha")
    built_at = Generations(tmp_path / "builder").folder(ident)
    begun = tmp_path / "replica" / "generations" / (UNFINISHED + ident)
    begun.mkdir(parents=True)
    begun.with_name(UNFINISHED + "older").mkdir()
    shutil.copyfile(built_at / "evidence.sqlite", begun / "evidence.sqlite")
    (begun / "tokens.bin").write_bytes((built_at / "tokens.bin").read_bytes()[:7])
    proxy.bodies.clear()
    folder = replica(server).current().folder
    asked = b"".join(proxy.bodies)
    assert b'"tokens.bin:000000"' in asked
    assert b'"evidence.sqlite:000000"' not in asked
    assert (folder / "tokens.bin").read_bytes() == (built_at / "tokens.bin").read_bytes()
    assert not list(begun.parent.glob(UNFINISHED + "*"))


def test_what_the_server_altered_is_not_taken(
    tmp_path: Path,
    server: ChromaServer,
    built: Build,
    encoder: WordEncoder,
    replica: MakeReplica,
    published: Build,
) -> None:
    """A file that is not the one that was put there is refused by its checksum; the index before goes on serving."""
    first = published("alpha")
    following = replica(server)
    assert following.current().generation == first
    second = built("alpha", "beta")
    catalogue = Catalogue(server)
    real = catalogue.name(second, "files")
    following.close()
    publish(server, tmp_path / "builder", encoder)
    files = server.find(real)
    ((ident, about),) = records("lexical/params.index.json", iter([b"{}"]))
    got = server.get(files.id, [ident], ["metadatas"])
    assert got.ids == [ident]
    server._ask("POST", f"{server._home}/{files.id}/update", None, {"ids": [ident], "metadatas": [about]})
    again = replica(server)
    assert again.current().generation == first
    wait_until(lambda: "not what was put there" in str(again.trouble))
    assert again.current().generation == first
    publish(server, tmp_path / "builder", encoder)
    wait_until(lambda: again.current().generation == second)


def test_another_embedding_model_does_not_take_the_replica_down(
    server: ChromaServer, published: Build, encoder: WordEncoder, replica: MakeReplica
) -> None:
    """An index that this replica's settings cannot read is told of and not taken up."""
    first = published("alpha")
    following = replica(server)
    assert following.current().generation == first
    encoder.model_id = "words-2"
    published("alpha", "beta", home="changed")
    encoder.model_id = "words-1"
    wait_until(lambda: "was made with the embedding model words-2" in str(following.trouble))
    assert following.current().generation == first


def test_retractions_reach_the_replicas(
    tmp_path: Path, server: ChromaServer, built: Build, encoder: WordEncoder, replica: MakeReplica
) -> None:
    """What a check found goes with the index, and later checks reach replicas with no new index; an equal book goes once."""
    home = tmp_path / "builder"
    book = StatusBook(home)
    ident = built("alpha")
    assert publish_statuses(server, home) is False
    book.write([Standing("constant", Status.CURRENT, "2026-11-01", "test")])
    publish(server, home, encoder)
    following = replica(server)

    def status() -> Status:
        return following.current().sources(["constant"])["constant"].status

    wait_until(lambda: status() is Status.CURRENT)
    assert publish_statuses(server, home) is False
    book.write([Standing("constant", Status.RETRACTED, "2026-11-02", "test")])
    assert publish_statuses(server, home) is True
    wait_until(lambda: status() is Status.RETRACTED)
    assert following.current().generation == ident
    assert publish_statuses(server, home) is False
    other = StatusBook(tmp_path / "other builder")
    other.write(
        [
            Standing("constant", Status.CURRENT, "2026-10-01", "an earlier check elsewhere"),
            Standing("alpha", Status.CORRECTED, "2026-10-01", "test"),
        ]
    )
    assert publish_statuses(server, other.path.parent) is True
    wait_until(lambda: following.current().sources(["alpha"])["alpha"].status is Status.CORRECTED)
    assert status() is Status.RETRACTED


def test_a_lost_book_does_not_hold_an_index_up(
    tmp_path: Path, server: ChromaServer, built: Build, encoder: WordEncoder, replica: MakeReplica
) -> None:
    """The new index is taken up all the same, and what is missing is told until somebody puts it there again."""
    home, catalogue = tmp_path / "builder", Catalogue(server)
    StatusBook(home).write([Standing("constant", Status.RETRACTED, "2026-11-01", "test")])
    built("alpha")
    publish(server, home, encoder)
    (book,) = catalogue.look().statuses
    server.delete(catalogue.status_name(book))
    following = replica(server)
    assert following.current().generation == catalogue.look().current
    wait_until(lambda: "what checks for retraction found" in str(following.trouble))
    assert publish_statuses(server, home) is True
    wait_until(lambda: following.trouble is None)
    assert following.current().sources(["constant"])["constant"].status is Status.RETRACTED


def test_no_clock_plays_a_part(
    tmp_path: Path,
    server: ChromaServer,
    built: Build,
    encoder: WordEncoder,
    replica: MakeReplica,
    monkeypatch: pytest.MonkeyPatch,
    published: Build,
) -> None:
    """A builder whose clock is years behind, and a replica whose clock stands, still agree on what is newest."""
    first = published("alpha")

    class Behind(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime(1999, 1, 1, tzinfo=tz)

    monkeypatch.setattr("ingest.build.datetime", Behind)
    monkeypatch.setattr(time, "time", lambda: 0.0)
    following = replica(server)
    assert following.current().generation == first
    second = built("alpha", "beta", home="late")
    assert second < first
    publish(server, tmp_path / "late", encoder, keep=2)
    wait_until(lambda: following.current().generation == second)
    assert Catalogue(server).look().order() == [first, second]


def test_no_question_fails_while_indexes_change(
    tmp_path: Path, server: ChromaServer, built: Build, encoder: WordEncoder, replica: MakeReplica
) -> None:
    """A reader that asks without a pause through four new indexes and a rollback meets no error and only whole indexes."""
    home = tmp_path / "builder"
    built("alpha")
    publish(server, home, encoder, keep=2)
    following = replica(server)
    following.current()
    seen: list[str] = []
    failures: list[str] = []
    over = threading.Event()

    def ask() -> None:
        mine = WordEncoder()
        while not over.is_set():
            try:
                index = following.current()
                found = {index.search_dense("constant work mood", 1)[0].passage_id}
                found.add(index.search_lexical("constant", 1)[0].passage_id)
                if (
                    found != {"constant#text"}
                    or "same" not in index.passages(list(found))["constant#text"].text
                ):
                    failures.append(f"{index.generation}: {found}")
                seen.append(index.generation)
            except Exception as error:
                failures.append(repr(error))
            over.wait(0.005)
        del mine

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        for names in (["alpha", "b"], ["alpha", "c"], ["alpha", "d"]):
            ident = built(*names)
            publish(server, home, encoder, keep=2)
            wait_until(lambda ident=ident: seen[-1:] == [ident])  # type: ignore[misc]
    finally:
        over.set()
        asking.join()
    assert failures == []
    assert len(set(seen)) == 4


def test_nothing_is_written_where_nothing_may_be(
    tmp_path: Path, server: ChromaServer, published: Build, encoder: WordEncoder
) -> None:
    """With CAVEAT_READ_ONLY the copies are in the temporary folder, and go with the replica."""
    ident = published("alpha")
    settings = Settings(home=tmp_path / "fixed", read_only=True, chroma_url=server.place.url)
    following = replica_of(settings, server, encoder)
    index = following.current()
    assert index.generation == ident
    assert not (tmp_path / "fixed").exists()
    assert tmp_path not in index.folder.parents
    following.close()
