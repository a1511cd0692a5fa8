"""``ask --model`` and ``doctor`` with a model: told first, written second, one line when it cannot be."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fakes.drafts import passages_in, reply
from fakes.openai_server import FakeOpenAI, Step, serving

QUESTION = "Does tocilizumab help depression?"
Run = Callable[..., Any]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOpenAI]:
    """A server that the settings name."""
    with serving() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-77")
        monkeypatch.setenv("CAVEAT_MODEL", "scripted")
        yield server


def first_sentence(body: dict[str, Any]) -> str:
    """A true sentence, shortened to a part of its quote."""
    ident, text = next(iter(passages_in(body).items()))
    sentence = text.splitlines()[0]
    return reply((sentence, [(ident, sentence)]))


def test_what_goes_where_is_said_before_the_answer(run: Run, fake: FakeOpenAI) -> None:
    """On standard error, so that the JSON on standard output stays clean; the cost is in the answer."""
    fake.play(first_sentence)
    ran = run("ask", "--model", "--json", QUESTION)
    assert ran.code == 0
    assert "nothing you ask leaves it" in ran.err
    data = json.loads(ran.out)
    assert data["trace"]["model"] == "scripted"
    assert data["trace"]["tokens_in"] == 100
    assert data["trace"]["verdicts"][0]["kept"] is True
    assert "sk-secret-77" not in ran.out + ran.err


def test_without_the_option_nothing_is_sent(run: Run, fake: FakeOpenAI) -> None:
    """Settings alone are no consent."""
    ran = run("ask", "--json", QUESTION)
    assert ran.code == 0
    assert fake.asked == []
    assert json.loads(ran.out)["trace"]["model"] is None


def test_a_model_that_fails_costs_one_line(run: Run, fake: FakeOpenAI) -> None:
    """The answer is there, and so is the reason."""
    fake.play(Step(status=401, error="no"))
    ran = run("ask", "--model", QUESTION)
    assert ran.code == 0
    assert "Not shown." in ran.out
    assert ran.out.count("check OPENAI_API_KEY") == 1


def test_plain_words_of_the_model_are_checked_too(run: Run, fake: FakeOpenAI) -> None:
    """``--register plain`` asks once more; a lie is not shown, and one line tells that nothing passed."""

    def lies(body: dict[str, Any]) -> str:
        ids = re.findall(r'<sentence id="(\w+)">', body["messages"][-1]["content"])
        return json.dumps({"rewrites": [{"id": i, "text": "Tocilizumab cures depression."} for i in ids]})

    fake.play(first_sentence, lies)
    ran = run("ask", "--model", "--register", "plain", "--json", QUESTION)
    assert ran.code == 0
    assert "cures" not in ran.out
    data = json.loads(ran.out)
    assert data["trace"]["tokens_in"] == 200
    assert sum("scripted put 0 of" in n for n in data["notices"]) == 1
    fake.play(first_sentence, "nothing of use")
    ran = run("ask", "--model", "--register", "plain", QUESTION)
    assert ran.out.count("plain wording is made by rule") == 1


def test_without_a_model_one_line_says_how_to_get_one(run: Run) -> None:
    """Exit code 2, nothing answered."""
    ran = run("ask", "--model", QUESTION)
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1
    assert "docs/MODEL.md" in ran.err


def test_the_doctor_tells_whether_the_model_answers(
    run: Run, fake: FakeOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers; it refuses the key; it has no name, and then those on offer are listed. No key is shown."""
    fake.play('{"ok": true}')
    ran = run("doctor")
    assert "scripted at 127.0.0.1" in ran.out
    fake.play(Step(status=401, error="no"))
    ran = run("doctor")
    assert ran.code == 1
    assert "refused the key" in ran.out
    assert "sk-secret-77" not in ran.out
    monkeypatch.delenv("CAVEAT_MODEL")
    ran = run("doctor")
    assert ran.code == 1
    assert "it offers scripted" in ran.out


@pytest.mark.parametrize("address", ["127.0.0.1:8080", "ftp://x/v1", "file:///etc/passwd"])
def test_an_address_that_is_none_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """The variable is named."""
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    ran = run("ask", QUESTION)
    assert ran.code == 2
    assert "OPENAI_BASE_URL" in ran.err
    assert len(ran.err.splitlines()) == 1
