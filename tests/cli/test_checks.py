"""``verify``, ``triage``, ``doctor``, and what happens when a command is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from caveat.settings import PROJECT_ROOT

Run = Callable[..., Any]
PASSAGE = (
    "In the Doe cohort, tocilizumab was associated with a higher depression score at day 28 in 87 adults."
)


def lines(path: Path, *rows: object) -> str:
    """A JSON Lines file."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def test_verify_judges_each_pair(run: Run, tmp_path: Path) -> None:
    """A faithful claim is supported; the opposite, and one without a passage behind it, are not, with a reason."""
    path = lines(
        tmp_path / "pairs.jsonl",
        {"id": 1, "passage": PASSAGE, "claim": PASSAGE},
        {"id": 2, "passage": PASSAGE, "claim": PASSAGE.replace("higher", "lower")},
        {"id": 3, "passage": PASSAGE, "claim": PASSAGE.replace("87", "870")},
        {"id": 4, "passage": PASSAGE, "claim": PASSAGE, "quote": "not in the passage"},
    )
    ran = run("verify", path)
    assert ran.code == 0
    verdicts = [json.loads(line) for line in ran.out.splitlines()]
    assert [(v["id"], v["supported"]) for v in verdicts] == [(1, True), (2, False), (3, False), (4, False)]
    assert verdicts[0]["reasons"] == []
    assert all(v["reasons"] for v in verdicts[1:])


def test_triage_judges_each_message(run: Run, tmp_path: Path) -> None:
    """Danger gets a card, science gets none; every field is there for each."""
    path = lines(
        tmp_path / "messages.jsonl",
        {"id": "a", "text": "I want to kill myself tonight"},
        {"id": "b", "text": "Does IL-6 blockade change suicidal ideation?"},
        {"id": "c", "text": "and tomorrow", "history": ["hello"]},
    )
    ran = run("triage", path)
    assert ran.code == 0
    found = [json.loads(line) for line in ran.out.splitlines()]
    assert [f["id"] for f in found] == ["a", "b", "c"]
    assert [f["card"] for f in found] == ["crisis", None, None]
    keys = {"id", "card", "level", "footer", "answer_evidence", "language", "matched"}
    assert all(set(f) == keys for f in found)


def test_a_crisis_message_shows_its_card_before_anything_else(run: Run, tmp_path: Path) -> None:
    """In the terminal as on the page, and even where there is no index."""
    for home in (None, tmp_path / "empty"):
        ran = run("ask", "I want to kill myself tonight", home=home)
        assert ran.code == 0
        assert "findahelpline.com" in ran.out
        assert ran.out.index("findahelpline.com") < ran.out.index("Not an emergency service")


def test_lines_may_come_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dash reads what is piped in."""
    monkeypatch.setattr(
        "sys.stdin", StringIO(json.dumps({"id": 1, "passage": PASSAGE, "claim": PASSAGE}) + "\n")
    )
    ran = run("verify", "-")
    assert json.loads(ran.out)["supported"] is True


def test_doctor_says_that_all_is_well(run: Run) -> None:
    """Exit code 0, every finding ok, and the settings in use."""
    ran = run("doctor", "--json")
    data = json.loads(ran.out)
    assert (ran.code, data["ok"]) == (0, True)
    assert {f["what"] for f in data["findings"]} >= {
        "Python",
        "Topic file",
        "Embedding model",
        "Index",
        "Disk",
    }
    text = run("doctor").out
    assert "180 works" in text
    assert "CAVEAT_PORT = 7860" in text


def test_doctor_says_what_is_missing_and_how_to_fix_it(run: Run, tmp_path: Path) -> None:
    """Without an index: exit code 1, and the command that makes one; nothing is created."""
    ran = run("doctor", home=tmp_path / "empty")
    assert ran.code == 1
    assert "fix" in ran.out
    assert "python -m ingest build" in ran.out
    assert not (tmp_path / "empty").exists()


def test_doctor_finds_a_broken_topic_file(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file and its fault are named; the other findings are still given."""
    broken = tmp_path / "topic.yaml"
    broken.write_text("name: [unclosed")
    monkeypatch.setenv("CAVEAT_TOPIC", str(broken))
    ran = run("doctor", "--json")
    findings = {f["what"]: f for f in json.loads(ran.out)["findings"]}
    assert ran.code == 1
    assert not findings["Topic file"]["ok"]
    assert str(broken) in findings["Topic file"]["detail"]
    assert findings["Embedding model"]["ok"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "COMMAND"),
        (["nope"], "nope"),
        (["ask"], "one question in quotes"),
        (["ask", "two", "words"], "words"),
        (["ask", "x", "--file", "y"], "one question in quotes"),
        (["ask", "--file", "missing.jsonl"], "missing.jsonl: no such file"),
        (["ask", "x", "--history", "missing.json"], "missing.json: no such file"),
        (["search"], "words to search for"),
        (["search", "x", "-k", "0"], "above 0"),
        (["search", "x", "-k", "many"], "many"),
        (["search", "x", "--design", "magic"], "cohort"),
        (["search", "x", "--status", "magic"], "retracted"),
        (["verify"], "PAIRS.jsonl"),
        (["verify", "missing.jsonl"], "missing.jsonl: no such file"),
        (["triage", "missing.jsonl"], "missing.jsonl: no such file"),
        (["doctor", "--loud"], "--loud"),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, list) else "",
)
def test_a_wrong_command_gets_one_plain_line(run: Run, arguments: list[str], says: str) -> None:
    """Exit code 2, nothing on standard output, one line that says what is wrong."""
    ran = run(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.count("\n") == 1
    assert says in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("not json", "not JSON"),
        ('["a list"]', "one JSON object"),
        ('{"id": 1}', "needs passage, claim as text"),
        ('{"id": 1, "passage": 5, "claim": "x"}', "needs passage as text"),
    ],
)
def test_a_wrong_line_is_named(run: Run, tmp_path: Path, row: str, says: str) -> None:
    """File and line number, and what should stand there."""
    path = tmp_path / "pairs.jsonl"
    path.write_text(json.dumps({"passage": PASSAGE, "claim": PASSAGE}) + "\n" + row + "\n")
    ran = run("verify", str(path))
    assert ran.code == 2
    assert f"{path}:2:" in ran.err
    assert says in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("CAVEAT_PORT", "many", "CAVEAT_PORT"),
        ("CAVEAT_LOG_LEVEL", "loud", "CAVEAT_LOG_LEVEL"),
        ("CAVEAT_TOPIC", "no/such/topic.yaml", "no such topic file"),
    ],
)
def test_a_wrong_setting_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    """Exit code 2 and one line with the variable or the file."""
    monkeypatch.setenv(name, value)
    ran = run("ask", "tocilizumab and depression")
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert says in ran.err


def test_a_history_that_is_not_json_is_named(run: Run, tmp_path: Path) -> None:
    """The file is named, the question is not."""
    file = tmp_path / "turns.json"
    file.write_bytes(b"\xff\xfe not json")
    ran = run("ask", "tocilizumab and depression", "--history", str(file))
    assert ran.code == 2
    assert str(file) in ran.err
    assert "depression" not in ran.err


def _program(*arguments: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "CAVEAT_HOME": str(home), **environment}
    command = [sys.executable, "-m", "caveat", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=env, cwd=PROJECT_ROOT, timeout=60)


@pytest.mark.slow
def test_the_program_itself_answers(starter_home: Path) -> None:
    """As a process of its own, in a terminal that knows only ASCII: one JSON answer and not a word on the side."""
    done = _program(
        "ask", "--json", "Does tocilizumab help depression?", home=starter_home, PYTHONIOENCODING="ascii"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["kind"] == "cited"


@pytest.mark.slow
def test_a_reader_that_stops_reading_is_no_error(starter_home: Path) -> None:
    """Piping into a program that closes early leaves no traceback."""
    command = f'"{sys.executable}" -m caveat search depression -k 100 --json | head -c 10'
    env = {**os.environ, "CAVEAT_HOME": str(starter_home)}
    done = subprocess.run(command, shell=True, capture_output=True, text=True, env=env, cwd=PROJECT_ROOT)
    assert "Traceback" not in done.stderr
    assert len(done.stdout) == 10
