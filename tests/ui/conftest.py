"""Fixtures of the page's tests: a page on a free loopback port, and Debian's chromium to look at it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from page_fakes import EXAMPLES, FakeAnswerer, FakeProvider

from caveat.domain.topic import Topic

CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Serve = Callable[..., str]


@pytest.fixture(scope="session")
def serve(topic: Topic) -> Iterator[Serve]:
    """Serves a page over an answerer and gives its address; every server is stopped at the end."""
    from caveat.ui.page import Page
    from caveat.ui.server import listen, server, web_app

    running: list[tuple[Any, threading.Thread]] = []

    def start(answerer: Any, provider: Any, **more: Any) -> str:
        """``options`` are the page's, anything else goes to the web server."""
        page = Page(answerer, provider, topic, examples=EXAMPLES, options=more.pop("options", None))
        bound = listen("127.0.0.1", 0)
        web = server(web_app(page.blocks(), provider, **more))
        thread = threading.Thread(target=web.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        running.append((web, thread))
        return f"http://127.0.0.1:{bound.getsockname()[1]}/"

    yield start
    for web, _ in running:
        web.should_exit = web.force_exit = True
    for _, thread in running:
        thread.join(timeout=5)


@pytest.fixture(scope="session")
def address(serve: Serve) -> str:
    """A page over the scripted answers."""
    return serve(FakeAnswerer(), FakeProvider())


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running browser; skips where Debian's chromium is not installed."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser: {CHROMIUM} is not installed (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_ARGS)
        yield browser
        browser.close()
