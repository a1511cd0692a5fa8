"""The ingest program and ``doctor`` with a server, as they are typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from chroma_process import Proxy
from small_encoder import WordEncoder

from caveat.adapters.chroma_server.place import Place
from caveat.adapters.generations import Generations
from caveat.cli.main import main as caveat
from ingest.cli import FAILED, OK, run

Command = Callable[..., tuple[int, str, str]]


class Encoder(WordEncoder):
    """As settings give one: it could have something to tell."""

    notice = question_notice = None


@pytest.fixture
def encoder() -> WordEncoder:
    """The encoder of every command."""
    return Encoder()


@pytest.fixture
def command(
    tmp_path: Path,
    place: Place,
    encoder: WordEncoder,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Command:
    """Runs a command; ``home`` says on which machine."""
    for name in ("ingest.cli.encoder_of", "ingest.server.encoder_of", "caveat.wiring.encoder_of"):
        monkeypatch.setattr(name, lambda _settings: encoder)
    settings = {"URL": place.url, "NAME": place.name, "SECONDS": "20"}
    for name, value in settings.items():
        monkeypatch.setenv(f"CAVEAT_CHROMA_{name}", value)
    monkeypatch.setenv("COLUMNS", "200")

    def call(
        *arguments: str, home: str = "builder", program: Callable[[list[str]], int] = run
    ) -> tuple[int, str, str]:
        monkeypatch.setenv("CAVEAT_HOME", str(tmp_path / home))
        code = program(list(arguments))
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def works(tmp_path: Path) -> Path:
    """A file of works that can be added to."""
    path = tmp_path / "works.jsonl"
    path.write_text(json.dumps({"id": "a", "title": "Alpha", "text": "Mood rose in alpha."}) + "\n")
    return path


def test_build_status_check_rollback_activate(tmp_path: Path, command: Command, works: Path) -> None:
    """A build goes to the server by itself; every other machine lists, proves and switches what is there."""
    code, out, _ = command("build", "--no-starter", str(works))
    first = Generations(tmp_path / "builder").current_id()
    assert code == OK
    assert f"Index {first} is on the Chroma server: 1 passages" in out
    works.write_text(
        works.read_text() + json.dumps({"id": "b", "title": "Beta", "text": "Mood fell in beta."})
    )
    code, out, _ = command("build", "--no-starter", "--json", str(works))
    events = [json.loads(line) for line in out.splitlines()]
    second = Generations(tmp_path / "builder").current_id()
    assert events[-1] == {
        "event": "published",
        "generation": second,
        "number": 2,
        "passages": 2,
        "pruned": [],
        "instead_of": None,
    }
    assert {"event": "progress", "stage": "publish"}.items() <= next(
        e for e in events if e.get("stage") == "publish"
    ).items()
    code, out, _ = command("status", "--json", home="elsewhere")
    about = json.loads(out)["server"]
    assert code == OK
    assert about["current"] == second
    assert [(g["id"], g["finished"], g["works"]) for g in about["generations"]] == [
        (second, True, 2),
        (first, True, 1),
    ]
    code, out, _ = command("status", home="elsewhere")
    assert f"serves  {second}" in out
    code, out, _ = command("check", home="elsewhere")
    assert (code, f"Index {second} is sound: 2 passages" in out) == (OK, True)
    assert command("rollback", home="elsewhere")[0] == OK
    assert json.loads(command("status", "--json")[1])["server"]["current"] == first
    code, _, err = command("rollback", home="elsewhere")
    assert (code, "holds no earlier index" in err) == (FAILED, True)
    assert command("activate", str(second), home="elsewhere")[0] == OK
    code, _, err = command("activate", "20260101T000000000-0000", home="elsewhere")
    assert (code, "does not hold the whole index" in err) == (FAILED, True)
    code, out, _ = command("doctor", home="elsewhere", program=caveat)
    assert f"answers; index {second} serves, pointer 4" in out.replace("\n", "")
    assert f"generation {second}: 2 works" in out


def test_a_build_that_cannot_reach_the_server_is_kept(
    tmp_path: Path, command: Command, works: Path, proxy: Proxy
) -> None:
    """The index is built, the error says how to go on, and ``publish`` does so; ``status`` and ``doctor`` name the fault."""
    proxy.mode = "gone"
    code, _, err = command("build", "--no-starter", str(works))
    assert code == FAILED
    assert "cannot be reached" in err
    assert "`python -m ingest publish` puts it on the server" in err
    code, out, _ = command("status")
    assert (code, "cannot be reached" in out) == (FAILED, True)
    code, out, _ = command("doctor", home="elsewhere", program=caveat)
    assert (code, out.count("cannot be reached")) == (1, 2)
    proxy.mode = "pass"
    code, out, _ = command("status", home="elsewhere")
    assert (code, "No index yet" in out) == (FAILED, True)
    code, out, _ = command("publish")
    assert (code, "is on the Chroma server" in out) == (OK, True)
    assert command("publish")[0] == OK
    code, _, err = command("publish", home="elsewhere")
    assert (code, "run `python -m ingest build`" in err) == (FAILED, True)
