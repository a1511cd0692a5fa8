"""A real HTTP server on the loopback address that speaks OpenAI's chat and embeddings interface as it is told to.

Each request to ``/v1/chat/completions`` takes the next step of the script (the last one stays). A step is text to
answer with, or a ``Step`` that misbehaves. What was asked is kept in ``asked``.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One answer of the server, good or bad."""

    text: str = ""
    status: int = 200
    error: str | None = None
    """With a status that is no success: the message of the error."""
    finish: str | None = "stop"
    wait: float = 0.0
    """Seconds before the first byte; the server's ``release`` ends the wait."""
    drip: float = 0.0
    """Seconds between two pieces of a streamed answer."""
    cut: bool = False
    """The connection ends in the middle of the answer."""
    raw: bytes | None = None
    """Sent as the whole body, whatever was asked."""
    unstreamed: bool = False
    """Answers in one piece though a stream was asked for."""
    refusal: str | None = None
    again: bool = False
    """With a status that is no success: the client is told to try again at once, not to leave it."""
    location: str | None = None
    usage: tuple[int, int] | None = (100, 20)


Reply = str | Step | Callable[[Body], "str | Step"]


@dataclass
class FakeOpenAI:
    """The server's script, and what it was asked."""

    script: list[Reply] = field(default_factory=lambda: [Step('{"claims": []}')])
    asked: list[Body] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    embedding: Callable[[str], Sequence[float]] | None = None
    embedding_script: list[Step] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def play(self, *steps: Reply) -> None:
        """A new script; what was asked so far is forgotten."""
        self.script = list(steps)
        self.asked.clear()
        self.headers.clear()
        self.paths.clear()

    def step(self, body: Body) -> Step:
        """The next step for this request."""
        reply = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if callable(reply):
            reply = reply(body)
        return Step(reply) if isinstance(reply, str) else reply

    @property
    def prompts(self) -> list[str]:
        """The last message of each request."""
        return [b["messages"][-1]["content"] for b in self.asked if "messages" in b]


def _handler(fake: FakeOpenAI) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            return

        def do_GET(self) -> None:
            self._json(
                {
                    "object": "list",
                    "data": [{"id": "scripted", "object": "model", "created": 0, "owned_by": "t"}],
                }
            )

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            fake.asked.append(body)
            fake.headers.append({k.lower(): v for k, v in self.headers.items()})
            fake.paths.append(self.path)
            if self.path.endswith("/embeddings"):
                self._embeddings(body)
                return
            step = fake.step(body)
            if step.wait:
                fake.release.wait(step.wait)
            try:
                self._chat(step, body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def _chat(self, step: Step, body: Body) -> None:
            if step.raw is not None:
                self._send(
                    step.raw, "text/event-stream" if body.get("stream") else "application/json", step.status
                )
            elif step.status != 200:
                error = {"message": step.error or "no", "type": "error", "code": None, "param": None}
                self._json({"error": error}, step.status, step.location)
            elif body.get("stream") and not step.unstreamed:
                self._stream(step)
            else:
                self._json(self._whole(step))

        def _whole(self, step: Step) -> Body:
            message: Body = {"role": "assistant", "content": step.text, "refusal": step.refusal}
            return {
                "id": "x", "object": "chat.completion", "created": 0, "model": "scripted",
                "choices": [{"index": 0, "message": message, "finish_reason": step.finish}],
                **({"usage": self._usage(step)} if step.usage else {}),
            }  # fmt: skip

        def _usage(self, step: Step) -> Body:
            assert step.usage is not None
            a, b = step.usage
            return {"prompt_tokens": a, "completion_tokens": b, "total_tokens": a + b}

        def _stream(self, step: Step) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            pieces = [step.text[i : i + 400] for i in range(0, len(step.text), 400)]
            for n, piece in enumerate(pieces):
                if step.cut and n >= len(pieces) // 2:
                    break
                self._event({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
                if step.drip:
                    time.sleep(step.drip)
            if step.cut:
                self.close_connection = True
                self.connection.close()
                return
            last: Body = {"index": 0, "delta": {"refusal": step.refusal} if step.refusal else {}}
            self._event({"choices": [{**last, "finish_reason": step.finish}]})
            if step.usage:
                self._event({"choices": [], "usage": self._usage(step)})
            self._chunk(b"data: [DONE]\n\n")
            self._chunk(b"")

        def _event(self, part: Body) -> None:
            whole = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "scripted", **part}
            self._chunk(f"data: {json.dumps(whole)}\n\n".encode())

        def _chunk(self, data: bytes) -> None:
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            self.wfile.flush()

        def _embeddings(self, body: Body) -> None:
            if fake.embedding_script:
                step = fake.embedding_script.pop(0)
                if step.raw is not None:
                    self._send(step.raw, "application/json", step.status)
                    return
                if step.status != 200:
                    self._json({"error": {"message": step.error or "no"}}, step.status, again=step.again)
                    return
            make = fake.embedding or (lambda _text: [1.0, 0.0, 0.0])
            texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
            rows = [
                {"object": "embedding", "index": i, "embedding": list(make(t))} for i, t in enumerate(texts)
            ]
            usage = {"prompt_tokens": 1, "total_tokens": 1}
            self._json({"object": "list", "data": rows, "model": body["model"], "usage": usage})

        def _json(
            self, data: Body, status: int = 200, location: str | None = None, *, again: bool = False
        ) -> None:
            self._send(json.dumps(data).encode(), "application/json", status, location, again=again)

        def _send(
            self, data: bytes, kind: str, status: int, location: str | None = None, *, again: bool = False
        ) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(data)))
            self.send_header("x-should-retry", "true" if again else "false")
            if again:
                self.send_header("retry-after-ms", "1")
            if location:
                self.send_header("location", location)
            self.end_headers()
            self.wfile.write(data)

    return Handler


@contextmanager
def serving() -> Iterator[FakeOpenAI]:
    """The server, for as long as it is needed."""
    fake = FakeOpenAI()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        fake.release.set()
        server.shutdown()
        server.server_close()
        thread.join()
