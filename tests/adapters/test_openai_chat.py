"""The chat adapter against a real server on the loopback address: what servers refuse, and how they fail."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from fakes.openai_server import FakeOpenAI, Step, serving

from caveat.adapters.openai_chat import OpenAIChat
from caveat.adapters.openai_server import Server
from caveat.domain.ports import Completion, Message
from caveat.errors import ConfigError, ModelFault, ModelUnavailable

KEY = "sk-very-secret-123"
ASK = [Message("system", "Rules."), Message("user", "Quentin Zebra asks.")]
SHAPE: dict[str, object] = {"type": "object", "properties": {"ok": {"type": "boolean"}}}


@pytest.fixture
def fake() -> Iterator[FakeOpenAI]:
    """A server with its script."""
    with serving() as server:
        yield server


def chat(fake: FakeOpenAI, **options: Any) -> OpenAIChat:
    """A chat with it."""
    return OpenAIChat(Server(fake.url, KEY), "scripted", **options)


def last(chat: OpenAIChat, **options: Any) -> Completion:
    """The completion at the end."""
    *_, done = chat.write(ASK, SHAPE, **options)
    assert isinstance(done, Completion)
    return done


def test_one_call_gives_text_tokens_and_seconds(fake: FakeOpenAI) -> None:
    """The whole text in order, what it cost, and the request as the interface wants it."""
    fake.play(Step("é" * 1000, usage=(321, 45)))
    done = last(chat(fake, most_tokens=777))
    assert done.text == "é" * 1000
    assert (done.tokens_in, done.tokens_out, done.cut) == (321, 45, False)
    assert done.seconds >= 0
    (body,) = fake.asked
    assert body["model"] == "scripted"
    assert body["temperature"] == 0
    assert body["max_tokens"] == 777
    assert body["stream_options"] == {"include_usage": True}
    assert body["response_format"]["json_schema"]["schema"] == SHAPE
    assert [m["role"] for m in body["messages"]] == ["system", "user"]
    assert fake.headers[0]["authorization"] == f"Bearer {KEY}"


def test_a_server_that_does_not_count_gives_no_tokens(fake: FakeOpenAI) -> None:
    """Unknown is None, not zero."""
    fake.play(Step("x", usage=None))
    done = last(chat(fake))
    assert (done.tokens_in, done.tokens_out) == (None, None)


@pytest.mark.parametrize(
    ("complaint", "gone"),
    [
        ("Unsupported value: 'temperature' does not support 0 with this model.", "temperature"),
        ("Unrecognized request argument: stream_options", "stream_options"),
        ("'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "max_tokens"),
    ],
)
def test_what_a_server_refuses_is_left_out_and_remembered(
    fake: FakeOpenAI, complaint: str, gone: str
) -> None:
    """One refusal, one more try without it, and never again."""

    def picky(body: dict[str, Any]) -> str | Step:
        return Step(status=400, error=complaint) if gone in body else "fine"

    fake.play(picky)
    model = chat(fake)
    assert last(model).text == "fine"
    assert last(model).text == "fine"
    assert [gone in body for body in fake.asked] == [True, False, False]
    assert all("response_format" in body for body in fake.asked)


def test_a_server_without_json_schema_is_asked_for_json_and_at_last_for_text(fake: FakeOpenAI) -> None:
    """Schema, object with schema, object, nothing: the first that is taken stays."""

    def plain_only(body: dict[str, Any]) -> str | Step:
        refused = "response_format" in body
        return Step(status=400, error="response_format is not supported") if refused else "plain"

    fake.play(plain_only)
    model = chat(fake)
    assert last(model).text == "plain"
    formats = [body.get("response_format", {}).get("type") for body in fake.asked]
    assert formats == ["json_schema", "json_object", "json_object", None]
    fake.asked.clear()
    last(model)
    assert len(fake.asked) == 1


def test_a_template_without_a_system_role_gets_the_rules_in_front_of_the_question(fake: FakeOpenAI) -> None:
    """Nothing of the rules is lost."""

    def no_system(body: dict[str, Any]) -> str | Step:
        has = body["messages"][0]["role"] == "system"
        return Step(status=500, error="System role not supported") if has else "ok"

    fake.play(no_system)
    assert last(chat(fake)).text == "ok"
    (message,) = fake.asked[-1]["messages"]
    assert message == {"role": "user", "content": "Rules.\n\nQuentin Zebra asks."}


def test_a_server_that_does_not_stream_is_asked_for_one_piece(fake: FakeOpenAI) -> None:
    """An answer in one piece is not an empty answer."""
    fake.play(lambda body: Step("whole", unstreamed=True))
    model = chat(fake)
    assert last(model).text == "whole"
    assert last(model).text == "whole"
    assert ["stream" in body for body in fake.asked] == [True, False, False]


FAULTS = [
    (Step(status=401, error="bad key"), ModelFault.KEY_REFUSED),
    (Step(status=403, error="no"), ModelFault.KEY_REFUSED),
    (Step(status=404, error="no such model"), ModelFault.NO_SUCH_MODEL),
    (Step(status=429, error="slow down"), ModelFault.TOO_MANY_REQUESTS),
    (Step(status=500, error="boom"), ModelFault.SERVER),
    (Step(status=503, error="busy"), ModelFault.SERVER),
    (Step(status=413, error="too large"), ModelFault.TOO_LONG),
    (Step(status=400, error="This model's maximum context length is 4096 tokens"), ModelFault.TOO_LONG),
    (Step(status=400, error="just no"), ModelFault.SERVER),
    (Step(status=307, location="http://127.0.0.1:9/v1/chat/completions"), ModelFault.SERVER),
    (Step("x" * 4000, cut=True), ModelFault.CUT_OFF),
    (Step("half", finish=None), ModelFault.CUT_OFF),
    (Step("", refusal="I cannot."), ModelFault.REFUSED),
    (Step("bad", finish="content_filter"), ModelFault.REFUSED),
    (Step(raw=b"<html>It works!</html>"), ModelFault.UNREADABLE),
    (Step(raw=b"data: {not json\n\n"), ModelFault.UNREADABLE),
    (Step(raw=b'data: {"error": {"message": "overloaded"}}\n\n'), ModelFault.SERVER),
    (Step(raw=b""), ModelFault.UNREADABLE),
    (Step(raw=b"\xff\xfe\x00\x01" * 50), ModelFault.UNREADABLE),
]


@pytest.mark.parametrize(("step", "fault"), FAULTS, ids=[f"{f.value}-{i}" for i, (_, f) in enumerate(FAULTS)])
def test_every_failure_is_one_named_fault_in_one_safe_line(
    fake: FakeOpenAI, step: Step, fault: ModelFault, caplog: pytest.LogCaptureFixture
) -> None:
    """The line names the host and no more: not the key, not what was asked, not what came back."""
    fake.play(step)
    caplog.set_level(logging.DEBUG)
    with pytest.raises(ModelUnavailable) as caught:
        last(chat(fake))
    assert caught.value.fault is fault
    said = f"{caught.value} {caplog.text}"
    assert "\n" not in str(caught.value)
    for secret in (KEY, "Zebra", "Rules.", "overloaded", "It works"):
        assert secret not in said


def test_after_the_time_limit_nobody_waits(fake: FakeOpenAI) -> None:
    """Before the first word, and in the middle of a slow drip, the limit of the whole call holds."""
    fake.play(Step("late", wait=30))
    with pytest.raises(ModelUnavailable, match="within 1 seconds") as caught:
        last(chat(fake, seconds=1))
    assert caught.value.fault is ModelFault.TIME_LIMIT
    fake.play(Step("x" * 40_000, drip=0.2))
    with pytest.raises(ModelUnavailable) as caught:
        last(chat(fake, seconds=60), seconds=1)
    assert caught.value.fault is ModelFault.TIME_LIMIT


def test_what_was_given_up_is_not_asked_again(fake: FakeOpenAI) -> None:
    """A server that was too slow gets no second request behind the reader's back."""
    fake.play(Step("late", wait=30))
    with pytest.raises(ModelUnavailable):
        last(chat(fake, seconds=1))
    for thread in [t for t in threading.enumerate() if t.name == "model-call"]:
        thread.join(30)
        assert not thread.is_alive()
    assert len(fake.asked) == 1


def test_a_connection_that_breaks_before_the_first_word_is_tried_once_more(fake: FakeOpenAI) -> None:
    """Once and no more."""

    def breaks(_body: dict[str, Any]) -> Step:
        raise ConnectionAbortedError

    fake.play(breaks, "fine")
    assert last(chat(fake)).text == "fine"
    fake.play(breaks)
    with pytest.raises(ModelUnavailable) as caught:
        last(chat(fake))
    assert caught.value.fault is ModelFault.UNREACHABLE
    assert len(fake.asked) == 2


def test_nobody_there_is_said_at_once() -> None:
    """A closed port is a fault, not a traceback."""
    with serving() as gone:
        url = gone.url
    with pytest.raises(ModelUnavailable) as caught:
        last(OpenAIChat(Server(url, KEY), "scripted"))
    assert caught.value.fault is ModelFault.UNREACHABLE


def test_a_flood_is_stopped(fake: FakeOpenAI) -> None:
    """A server that ignores the limit on length is cut off by us, and the completion says so."""
    fake.play(Step("y" * 200_000))
    done = last(chat(fake, most_tokens=64))
    assert done.cut
    assert len(done.text) < 2_000


def test_progress_tells_how_much_and_never_what(fake: FakeOpenAI) -> None:
    """While the model writes, only numbers come out; closing the iterator stops the call."""
    fake.play(Step("z" * 4_000, drip=0.15))
    events = list(chat(fake).write(ASK, SHAPE))
    assert len(events) > 1
    assert all(isinstance(e, int) for e in events[:-1])
    before = threading.active_count()
    stream = chat(fake).write(ASK, SHAPE)
    next(stream)
    stream.close()
    assert threading.active_count() <= before + 3


def test_the_key_is_nowhere_to_be_seen(fake: FakeOpenAI) -> None:
    """Neither the server's nor the chat's representation holds it, nor a password in the address."""
    server = Server("https://user:hunter2@models.example:8443/v1", KEY)
    assert KEY not in repr(server)
    assert KEY not in repr(chat(fake))
    info = OpenAIChat(server, "m").info
    assert info.host == "models.example:8443"
    assert "hunter2" not in str(info)
    assert not info.local


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8081/v1", True),
        ("http://localhost:11434/v1", True),
        ("http://[::1]:8000/v1", True),
        ("http://192.168.1.7:8000/v1", False),
        ("https://api.openai.com/v1", False),
        ("http://localhost.evil.example/v1", False),
        ("http://127.0.0.1.evil.example/v1", False),
    ],
)
def test_the_notice_says_truly_whether_text_leaves_the_machine(url: str, local: bool) -> None:
    """Only this machine's own addresses count as here; the host is named either way."""
    info = OpenAIChat(Server(url, KEY), "m").info
    assert info.local is local
    assert info.host in info.notice
    assert ("leaves it" in info.notice) is local
    assert ("are sent to" in info.notice) is not local


def test_no_proxy_sees_what_stays_on_this_machine(fake: FakeOpenAI, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that the environment names is not used for the loopback address."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    fake.play("here")
    assert last(chat(fake)).text == "here"


def test_an_address_that_is_none_says_how_to_write_one() -> None:
    """One plain line."""
    with pytest.raises(ConfigError, match="OPENAI_BASE_URL"):
        OpenAIChat(Server("http://:80:80/", KEY), "m")


def test_the_probe_asks_for_next_to_nothing(fake: FakeOpenAI) -> None:
    """It answers in seconds and sends nothing of anybody's."""
    fake.play('{"ok": true}')
    assert chat(fake).probe() >= 0
    assert len(fake.prompts[0]) < 100
