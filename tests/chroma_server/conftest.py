"""One real Chroma server for all tests of this folder; each test has names of its own on it."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "ingest"))

from chroma_process import ChromaProcess, Proxy
from small_encoder import WordEncoder

from caveat.adapters.chroma_server.client import ChromaServer
from caveat.adapters.chroma_server.follow import Replica
from caveat.adapters.chroma_server.mirror import Mirror
from caveat.adapters.chroma_server.place import Place
from caveat.adapters.status_book import StatusBook
from ingest.build import build
from ingest.publish import publish

CONSTANT = {"id": "constant", "title": "Constant work", "text": "Mood is the same in every build."}


@pytest.fixture(scope="session")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaProcess]:
    """The server's process."""
    process = ChromaProcess(tmp_path_factory.mktemp("chroma") / "data")
    yield process
    process.stop()


@pytest.fixture
def proxy(chroma: ChromaProcess) -> Iterator[Proxy]:
    """What stands before the server, for this test alone."""
    made = Proxy(chroma.port)
    yield made
    made.close()


@pytest.fixture
def place(proxy: Proxy) -> Place:
    """The server under names that no other test has."""
    return Place(proxy.url, name=f"t{secrets.token_hex(6)}", seconds=20.0)


@pytest.fixture
def server(place: Place) -> Iterator[ChromaServer]:
    """A client that is patient, for a busy machine."""
    made = ChromaServer(place)
    yield made
    made.close()


@pytest.fixture
def encoder() -> WordEncoder:
    """A small, quick encoder."""
    return WordEncoder()


@pytest.fixture
def built(tmp_path: Path, encoder: WordEncoder) -> Callable[..., str]:
    """Builds a collection of a few works in a home (of a builder's name) and gives the generation's id."""

    def make(*titles: str, home: str = "builder") -> str:
        rows = [
            CONSTANT,
            *({"id": t.replace(" ", "-"), "title": t, "text": f"Mood changed in {t}."} for t in titles),
        ]
        path = tmp_path / f"{home}.jsonl"
        path.write_text("\n".join(map(json.dumps, rows)))
        return str(build([path], tmp_path / home, encoder).generation)

    return make


@pytest.fixture
def published(
    tmp_path: Path, built: Callable[..., str], server: ChromaServer, encoder: WordEncoder
) -> Callable[..., str]:
    """Builds such a collection, puts it on the server and gives the generation's id."""

    def make(*titles: str, home: str = "builder", **options: object) -> str:
        ident = built(*titles, home=home)
        publish(server, tmp_path / home, encoder, **options)  # type: ignore[arg-type]
        return ident

    return make


@pytest.fixture
def replica(tmp_path: Path, encoder: WordEncoder) -> Iterator[Callable[..., Replica]]:
    """Makes a replica with a home of its own that looks at the pointer without much pause."""
    made: list[Replica] = []

    def make(server: ChromaServer, name: str = "replica", **options: object) -> Replica:
        mirror = Mirror(tmp_path / name)
        made.append(Replica(server, mirror, encoder, StatusBook(mirror.home), every=0.05, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        each.close()
