"""What whoever runs the page relies on: login, headers, health, base path, log, and a stop that is clean."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import Serve
from gradio_client import Client
from page_fakes import CITED, FakeAnswerer, FakeProvider

from caveat.errors import ConfigError
from caveat.settings import Settings
from caveat.ui import front
from caveat.ui.login import TRIES, Login, line_for, main
from caveat.ui.logs import JsonLines, TextLines
from caveat.ui.operator import web_options
from caveat.ui.page import Options
from caveat.ui.person import person

ROOT = Path(__file__).parents[2]
PASSWORD = "correct horse battery"


def get(url: str, **headers: str) -> Any:
    """The answer to a request, also when it is an error."""
    try:
        return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10)
    except urllib.error.HTTPError as error:
        return error


def test_health_says_whether_questions_can_be_answered(serve: Serve, address: str) -> None:
    """200 with the generation, or 503 with the command that mends it."""
    good = get(address + "health")
    assert good.status == 200
    assert json.load(good) == {"status": "ok", "generation": "20261123-140000-abc123", "works": 4}
    bad = get(serve(FakeAnswerer(), FakeProvider(None)) + "health")
    assert bad.status == 503
    assert "python -m ingest build" in json.load(bad)["reason"]


def test_headers_keep_the_page_to_itself(address: str) -> None:
    """No framing, no sniffing, no referrer, nothing loaded from or sent to another host; each answer has an id."""
    answer = get(address)
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "http:" not in policy
    assert "https:" not in policy
    assert "*" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["server"] is None
    assert get(address, **{"X-Request-ID": "abc-123"}).headers["x-request-id"] == "abc-123"
    ours = get(address, **{"X-Request-ID": "<script>"}).headers["x-request-id"]
    assert ours.isalnum()


@pytest.fixture(scope="module")
def login_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with one login."""
    file = tmp_path_factory.mktemp("login") / "logins.txt"
    file.write_text(f"# who may come in\n{line_for('anna', PASSWORD)}\n", encoding="utf-8")
    return file


def test_with_a_login_nothing_is_answered_without_it(serve: Serve, login_file: Path) -> None:
    """The endpoint refuses strangers, lets the named person in, and health stays open."""
    options = web_options(Settings(login_file=login_file))
    address = serve(FakeAnswerer(), FakeProvider(), **options)
    assert get(address + "config").status == 401
    assert get(address + "health").status == 200
    body = json.dumps({"data": ["q", [], None, None, False]}).encode()
    request = urllib.request.Request(
        address + "gradio_api/call/ask", data=body, headers={"Content-Type": "application/json"}
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=10)
    assert caught.value.code == 401
    client = Client(address, auth=("anna", PASSWORD), verbose=False)
    assert client.predict(CITED.question, api_name="/ask")["kind"] == "cited"


def test_a_name_is_refused_after_too_many_wrong_passwords(login_file: Path) -> None:
    """Guessing does not go on: after five wrong ones even the right one waits a minute."""
    login = Login(login_file)
    assert login("anna", PASSWORD)
    assert not any(login("anna", f"wrong {i}") for i in range(TRIES))
    assert not login("anna", PASSWORD)
    assert not login("nobody", "")


@pytest.mark.parametrize("text", ["", "# nobody", "anna:secret", "anna:scrypt:zz:zz"])
def test_a_login_file_that_would_let_nobody_in_stops_the_start(tmp_path: Path, text: str) -> None:
    """An empty or wrong file is an error that names it, never an open page."""
    file = tmp_path / "logins.txt"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="CAVEAT_LOGIN_FILE"):
        Login(file)
    with pytest.raises(ConfigError, match="cannot be read"):
        Login(tmp_path / "none.txt")


def test_a_login_line_holds_no_password(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """The command prints a salted hash; short passwords and odd names are refused in one line."""
    monkeypatch.setattr("getpass.getpass", lambda _: PASSWORD)
    assert main(["ben"]) == 0
    first = capsys.readouterr().out
    assert PASSWORD not in first
    assert main(["ben"]) == 0
    assert capsys.readouterr().out != first
    assert main(["b:en"]) == 2
    assert main([]) == 2
    monkeypatch.setattr("getpass.getpass", lambda _: "short")
    assert main(["ben"]) == 2
    assert "12 characters" in capsys.readouterr().err


def test_the_limit_reaches_programs(serve: Serve) -> None:
    """The second question in a minute from one address is refused when one is allowed."""
    client = Client(serve(FakeAnswerer(), FakeProvider(), options=Options(per_minute=1)), verbose=False)
    client.predict("q", api_name="/ask")
    with pytest.raises(Exception, match="Too many questions"):
        client.predict("q", api_name="/ask")


REQUEST = SimpleNamespace(
    username=None,
    headers={"x-forwarded-for": "203.0.113.9, 198.51.100.7"},
    client=SimpleNamespace(host="127.0.0.1"),
)


def test_a_forwarded_address_counts_only_where_it_is_trusted() -> None:
    """Anybody can write the header; the last entry is the trusted proxy's own."""
    assert person(REQUEST) == "address:127.0.0.1"
    assert person(REQUEST, trust_proxy=True) == "address:198.51.100.7"
    assert person(None) == ""


def test_log_lines_are_json_or_text() -> None:
    """Facts of a record become keys; both forms are one line."""
    record = logging.LogRecord("caveat.ui.desk", logging.INFO, "x", 1, "asked", None, None)
    record.facts = {"request": "ab", "ms": 5}
    assert json.loads(JsonLines().format(record)) | {"time": ""} == {
        "time": "",
        "level": "info",
        "logger": "caveat.ui.desk",
        "message": "asked",
        "request": "ab",
        "ms": 5,
    }
    assert TextLines().format(record) == "INFO caveat.ui.desk: asked request=ab ms=5"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_stop_is_clean(tmp_path: Path, number: int) -> None:
    """Told to stop, the program ends by itself with exit code 0 and no traceback; the log is JSON."""
    process = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, "CAVEAT_PORT": "0", "CAVEAT_HOME": str(tmp_path), "CAVEAT_LOG_FORMAT": "json"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        line = process.stdout.readline()
        address = line.split(" on ")[1].split()[0]
        for _ in range(100):
            try:
                if get(address + "health").status == 503:
                    break
            except OSError:
                time.sleep(0.1)
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "Traceback" not in errors
    for text in errors.splitlines():
        assert json.loads(text)["level"] in ("warning", "error")


def test_the_first_screen_says_when_questions_leave_the_machine() -> None:
    """Only where the search by meaning is run elsewhere; the line is data, not markup."""
    told = "Each question is sent to <b>vectors.example</b>."
    assert "sent to" not in str(front.header("a subject"))
    page = str(front.header("a subject", told))
    assert unescape(page).count(told) == 1
    assert "<b>" not in page


def test_the_id_of_the_web_answer_is_the_id_in_the_log(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    """What the proxy or the page calls the request is what the question's line of log carries."""
    address = serve(FakeAnswerer(), FakeProvider())
    body = json.dumps({"data": ["q", [], None, None, False]}).encode()
    headers = {"Content-Type": "application/json", "X-Request-ID": "from-the-proxy-7"}
    request = urllib.request.Request(address + "gradio_api/call/ask", data=body, headers=headers)
    with caplog.at_level(logging.INFO, logger="caveat"):
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.headers["x-request-id"] == "from-the-proxy-7"
            event = json.load(answer)["event_id"]
        with urllib.request.urlopen(f"{address}gradio_api/call/ask/{event}", timeout=20) as stream:
            stream.read()
    facts = [r.__dict__["facts"] for r in caplog.records if r.message == "asked"]
    assert [f["request"] for f in facts] == ["from-the-proxy-7"]
