"""A real Chroma server in a process of its own, and a small proxy before it that a test can make misbehave."""

from __future__ import annotations

import http.client
import signal
import socket
import ssl
import subprocess
import sysconfig
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PROGRAM = Path(sysconfig.get_path("scripts")) / "chroma"
LIMIT = 300.0
"""Seconds to wait for a condition before a test gives up: far more than it ever takes."""


class ChromaProcess:
    """``chroma run`` over a folder; may be stopped and started again, each time on another port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Returns when the server answers. A port that somebody else took meanwhile is given up for another."""
        for _ in range(5):
            self.port = free_port()
            with (self._folder.parent / f"{self._folder.name}.log").open("ab") as log:
                self._process = subprocess.Popen(
                    [
                        str(PROGRAM),
                        "run",
                        "--path",
                        str(self._folder),
                        "--host",
                        "127.0.0.1",
                        "--port",
                        str(self.port),
                    ],
                    stdout=log,
                    stderr=log,
                    stdin=subprocess.DEVNULL,
                )
            if self._answers():
                return
            self.stop()
        raise RuntimeError("no Chroma server could be started")

    def _answers(self) -> bool:
        assert self._process is not None
        ends = time.monotonic() + LIMIT
        while time.monotonic() < ends and self._process.poll() is None:
            try:
                link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                link.request("GET", "/api/v2/heartbeat")
                if link.getresponse().status == 200:
                    return self._process.poll() is None
            except OSError:
                time.sleep(0.05)
        return False

    def stop(self) -> None:
        """Ends it, and waits for that."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Proxy:
    """Passes requests on to a port, unless told otherwise; its own address never changes."""

    def __init__(self, port: int, certificate: tuple[Path, Path] | None = None) -> None:
        self.port = port
        self.token: str | None = None
        self.mode = "pass"
        """``pass``, ``gone`` (hangs up), ``slow`` (waits until ``released``), ``drip``, ``old`` (an older version), ``odd``, ``broken``."""
        self.only = ""
        """When set, what misbehaves are requests whose path ends so."""
        self.cut = 0
        """So many requests are hung up on, whatever the mode."""
        self.released = threading.Event()
        self.seen: list[str] = []
        self.bodies: list[bytes] = []
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                proxy._serve(self)

            do_POST = do_GET  # noqa: N815
            do_DELETE = do_GET  # noqa: N815

            def log_message(self, format: str, *args: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        scheme = "http"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            scheme = "https"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Ends it."""
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        path = request.path.partition("?")[0]
        self.seen.append(f"{request.command} {path}")
        self.bodies.append(body)
        mode = self.mode if not self.only or path.endswith(self.only) else "pass"
        if mode == "slow":
            self.released.wait(LIMIT)
        if mode == "drip":
            return _drip(request, self.released)
        if self.cut:
            self.cut -= 1
            mode = "gone"
        if mode == "gone":
            request.close_connection = True
            return None
        if mode == "old":
            return _reply(request, 410, b'{"error":"Unimplemented","message":"of another version"}')
        if mode == "odd":
            return _reply(request, 200, b'{"collections": "elsewhere"}')
        if mode == "broken":
            return _reply(request, 500, b"<html>no</html>")
        if self.token is not None and request.headers.get("X-Chroma-Token") != self.token:
            return _reply(request, 401, b'{"error":"AuthError","message":"Unauthorized"}')
        try:
            link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
            link.request(request.command, request.path, body, {"Content-Type": "application/json"})
            answer = link.getresponse()
            _reply(request, answer.status, answer.read())
            link.close()
        except OSError:
            request.close_connection = True
        return None


def _drip(request: BaseHTTPRequestHandler, over: threading.Event) -> None:
    """Begins a reply and never comes to its end."""
    request.close_connection = True
    try:
        request.send_response(200)
        request.send_header("Content-Length", "1000000")
        request.end_headers()
        while not over.wait(0.05):
            request.wfile.write(b" ")
    except OSError:
        return


def _reply(request: BaseHTTPRequestHandler, status: int, data: bytes) -> None:
    try:
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)
    except OSError:
        request.close_connection = True


def wait_until(condition: Callable[[], bool], what: str = "") -> None:
    """Waits for a condition, generously; fails when it never comes."""
    ends = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < ends, f"never came: {what}"
        time.sleep(0.02)
