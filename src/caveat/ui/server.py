"""The page as a web server: security headers, request ids, a health endpoint, a stop that lets answers finish."""

from __future__ import annotations

import contextlib
import secrets
import signal
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from caveat.domain.ports import IndexProvider
from caveat.errors import CaveatError
from caveat.ui.theme import serve_options

STOP_SECONDS = 10
SESSIONS = 300
"""For how many open pages Gradio keeps its components' state, about 1.7 MB each; it would keep 10,000. A page whose
state was let go works on: what matters of a conversation comes from its browser."""
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

# Gradio's own scripts need eval and inline; what matters here is that nothing can be fetched from or sent elsewhere.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' blob: data:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class Headers:
    """Adds the headers to every answer, and an id to it that a proxy may have given."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = dict(scope.get("headers") or []).get(b"x-request-id", b"").decode("latin-1")
        plain = given.replace("-", "").isalnum() and len(given) <= 64
        request_id = given if plain else secrets.token_hex(8)

        others = [(k, v) for k, v in scope.get("headers") or [] if k != b"x-request-id"]
        scope = {**scope, "headers": [*others, (b"x-request-id", request_id.encode())]}

        async def with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                more = {**HEADERS, "x-request-id": request_id}
                there = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((k.encode(), v.encode()) for k, v in more.items() if k.encode() not in there),
                ]
            await send(message)

        await self._app(scope, receive, with_headers)


def web_app(page: gr.Blocks, provider: IndexProvider, **options: Any) -> FastAPI:
    """The page and ``/health`` as one application; ``options`` go to Gradio (login, base path, file size)."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    @app.get("/health")
    def health() -> JSONResponse:
        """200 when questions can be answered, 503 with the reason when there is no index to answer from."""
        try:
            index = provider.current()
        except CaveatError as error:
            return JSONResponse({"status": "unavailable", "reason": str(error)}, status_code=503)
        return JSONResponse({"status": "ok", "generation": index.generation, "works": index.source_count})

    page.state_session_capacity = SESSIONS
    gr.mount_gradio_app(app, page, path="/", **{**serve_options(), **options})
    app.add_middleware(Headers)
    return app


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address; port 0 takes a free one. Raises ``OSError``."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(128)
    except OSError:
        bound.close()
        raise
    return bound


def server(app: FastAPI, root_path: str = "") -> uvicorn.Server:
    """A server that stops on SIGTERM and SIGINT when the answers under way are done, at most ten seconds later."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=STOP_SECONDS,
            root_path=root_path,
        )
    )


def run(app: FastAPI, bound: socket.socket) -> None:
    """Serves until it is told to stop; a second signal ends it at once."""
    # uvicorn raises the signal again once it has stopped; a stop that was asked for is no failure.
    before = {s: signal.signal(s, lambda *_: None) for s in (signal.SIGTERM, signal.SIGINT)}
    try:
        with contextlib.suppress(KeyboardInterrupt):
            server(app).run(sockets=[bound])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        bound.close()
