"""The command line of the ingest program, run as a person or a script runs it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from ingest.cli import run


@pytest.fixture(autouse=True)
def _settings(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home and a starter collection of its own."""
    starter = tmp_path / "starter"
    starter.mkdir()
    (starter / "label.md").write_text(
        "---\nid: label\ntitle: The label\n---\n\n## Warnings\n\n- Infections.\n"
    )
    monkeypatch.setenv("CAVEAT_HOME", str(home))
    monkeypatch.setenv("CAVEAT_CORPUS", str(starter))


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    capsys.readouterr()
    code = run(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    code, out, _ = call(capsys, *arguments, "--json")
    return code, [json.loads(line) for line in out.splitlines()]


def test_build_status_check_activate_rollback(capsys: pytest.CaptureFixture[str], collection: Path) -> None:
    """The whole round, as a script sees it: every line is JSON and every code is 0."""
    code, events = as_json(capsys, "build", str(collection))
    assert code == 0
    first = events[-1]
    assert (first["event"], first["works"], first["errors"]) == ("report", 3, [])
    assert {"read", "embed", "write", "check", "activate"} <= {e.get("stage") for e in events}
    code, events = as_json(capsys, "build", "--no-starter", str(collection))
    second = events[-1]
    assert (code, second["works"], second["removed"], second["passages_embedded"]) == (0, 2, 1, 0)
    code, (status,) = as_json(capsys, "status")
    assert (code, status["current"]) == (0, second["generation"])
    assert [g["id"] for g in status["generations"]] == [second["generation"], first["generation"]]
    code, (checked,) = as_json(capsys, "check")
    assert (code, checked["sound"], checked["generation"]) == (0, True, second["generation"])
    code, (now,) = as_json(capsys, "rollback")
    assert (code, now["current"]) == (0, first["generation"])
    code, (now,) = as_json(capsys, "activate", second["generation"])
    assert (code, now["current"]) == (0, second["generation"])
    code, (checked,) = as_json(capsys, "check", first["generation"])
    assert (code, checked["generation"]) == (0, first["generation"])


def test_a_person_reads_what_was_done(capsys: pytest.CaptureFixture[str], collection: Path) -> None:
    """Report, status and check are plain sentences."""
    code, out, _ = call(capsys, "build", str(collection))
    assert code == 0
    assert "serves now: 3 works, 4 passages (4 embedded, 0 unchanged)" in out
    _, out, _ = call(capsys, "status")
    assert "serves" in out
    assert "all-MiniLM-L6-v2-int8" in out
    _, out, _ = call(capsys, "check")
    assert "is sound: 4 passages" in out


def test_a_skipped_file_is_exit_code_1(capsys: pytest.CaptureFixture[str], collection: Path) -> None:
    """Scripts notice that something was left out, though the rest serves."""
    (collection / "bad.md").write_text("---\nyear: [\n---\nText.\n")
    code, out, err = call(capsys, "build", str(collection))
    assert code == 1
    assert "3 works" in out
    assert f"{collection / 'bad.md'}:2:" in out
    assert f"{collection / 'bad.md'}:2:" in err.replace("\n", "")
    code, events = as_json(capsys, "build", str(collection))
    (problem,) = [e for e in events if e["event"] == "problem"]
    assert (problem["path"], problem["line"]) == (str(collection / "bad.md"), 2)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["status"], "no index yet; run `python -m ingest build`"),
        (["check"], "no index yet"),
        (["check", "x"], "no index 'x'"),
        (["activate", "x"], "no index 'x'"),
        (["rollback"], "no earlier index"),
        (["build", "--no-starter"], "No document found"),
        (["build", "--no-starter", "nowhere"], "Nothing could be read"),
        (["read", "nowhere"], "nowhere: there is no such file"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    """The line says why and what to run; no trace is shown."""
    code, _, err = call(capsys, *arguments)
    assert code == 2
    assert words in err
    assert "Traceback" not in err


def test_an_error_is_json_where_json_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """A script need not read plain text."""
    code, events = as_json(capsys, "rollback")
    assert code == 2
    assert events[-1]["event"] == "error"
    assert "no earlier index" in events[-1]["message"]


def test_a_wrong_setting_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variable is named."""
    monkeypatch.setenv("CAVEAT_THREADS", "many")
    code, _, err = call(capsys, "build")
    assert code == 2
    assert "CAVEAT_THREADS" in err


def test_read_shows_documents_and_indexes_nothing(
    capsys: pytest.CaptureFixture[str], collection: Path, home: Path
) -> None:
    """One JSON document a line, which the program reads back as the same document (guesses of its rules aside)."""

    def told(lines: str) -> list[dict[str, object]]:
        rows = [json.loads(line) for line in lines.splitlines()]
        return [{k: v for k, v in row.items() if k != "read_by_rule_unsure"} for row in rows]

    code, out, _ = call(capsys, "read", str(collection))
    assert code == 0
    insight, knight = (json.loads(line) for line in out.splitlines())
    assert (insight["id"], knight["n_total"], knight["design"]) == ("insight", 87, "cohort")
    assert [s["quotable"] for s in knight["sections"]] == [True, False]
    assert not (home / "generations").exists()
    again = collection.parent / "again.jsonl"
    again.write_text(out)
    code, out_again, _ = call(capsys, "read", str(again))
    assert (code, told(out_again)) == (0, told(out))


def test_an_unsound_index_is_exit_code_1(
    capsys: pytest.CaptureFixture[str], collection: Path, home: Path
) -> None:
    """A check that finds something says what."""
    call(capsys, "build", str(collection))
    (folder,) = (home / "generations").iterdir()
    with (folder / "evidence.sqlite").open("ab") as stream:
        stream.write(b"x")
    code, out, _ = call(capsys, "check")
    assert code == 1
    assert "wrong: the file evidence.sqlite is not the one that was written" in out


def test_an_index_of_another_model_is_not_activated(
    capsys: pytest.CaptureFixture[str], collection: Path, home: Path
) -> None:
    """What the embedding model in use cannot read is refused before the flip."""
    _, events = as_json(capsys, "build", str(collection))
    first = events[-1]["generation"]
    _, events = as_json(capsys, "build", str(collection))
    path = home / "generations" / first / "manifest.json"
    path.write_text(path.read_text().replace("all-MiniLM", "some-other"))
    code, _, err = call(capsys, "rollback")
    assert code == 2
    assert "some-other" in err
    assert as_json(capsys, "status")[1][0]["current"] == events[-1]["generation"]


def test_a_lost_index_is_named_by_status(
    capsys: pytest.CaptureFixture[str], collection: Path, home: Path
) -> None:
    """The pointer names a folder that is gone: status says so and what to run."""
    call(capsys, "build", str(collection))
    (home / "current.json").write_text('{"current": "gone"}')
    code, _, err = call(capsys, "status")
    assert code == 2
    assert "gone is not on disk any more; run `python -m ingest rollback`" in err
    assert call(capsys, "rollback")[0] == 0
    assert call(capsys, "status")[0] == 0


def test_an_index_made_by_another_model_is_named_by_status(
    capsys: pytest.CaptureFixture[str], collection: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a change of model status fails, so that ``make chat`` builds anew; without any model it does not."""
    call(capsys, "build", str(collection))
    manifest = next(home.glob("generations/*/manifest.json"))
    facts = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**facts, "model_id": "some-other"}))
    code, _, err = call(capsys, "status")
    assert code == 2
    assert "made with the embedding model some-other" in err
    assert "run `python -m ingest build`" in err
    monkeypatch.setenv("CAVEAT_EMBEDDER", str(home / "nowhere"))
    assert call(capsys, "status")[0] == 0


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_a_build_cleanly(sent: signal.Signals, tmp_path: Path, home: Path) -> None:
    """Ctrl-C, or the system's request to end: one line, exit code 2, nothing left behind."""
    path = tmp_path / "works.jsonl"
    rows = ({"id": f"w{i}", "title": f"W {i}", "text": f"Mood rose by {i} points. " * 40} for i in range(400))
    path.write_text("\n".join(json.dumps(row) for row in rows))
    command = [sys.executable, "-m", "ingest", "build", "--no-starter", "--json", str(path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=os.environ) as process:
        assert process.stdout
        for line in process.stdout:
            if '"embed"' in line:
                break
        time.sleep(0.2)
        process.send_signal(sent)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert json.loads(out.splitlines()[-1])["message"].startswith("Stopped. Nothing was changed")
    assert "Traceback" not in err
    assert list((home / "generations").iterdir()) == []
