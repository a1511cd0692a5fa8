"""Fixtures of the page's tests: a page on a free loopback port, and Debian's chromium to look at it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from page_fakes import EXAMPLES, FakeAnswerer, FakeProvider

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
Serve = Callable[[FakeAnswerer, FakeProvider], str]


def free_port() -> int:
    """A port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Serves a page over an answerer and gives its address; every page is closed at the end."""
    from caveat.ui.page import Page
    from caveat.ui.theme import launch_options

    pages: list[Any] = []

    def start(answerer: FakeAnswerer, provider: FakeProvider) -> str:
        page = Page(answerer, provider, subject="IL-6 blockade and mental health", examples=EXAMPLES).blocks()
        pages.append(page)
        port = free_port()
        page.launch(server_name="127.0.0.1", server_port=port, prevent_thread_lock=True, **launch_options())
        return f"http://127.0.0.1:{port}/"

    yield start
    for page in pages:
        page.close()


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
