"""What people and networks do to a page: huge pastes, odd scripts, two tabs, lost servers, an index that changes."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from conftest import Serve
from page_fakes import CITED, KNIGHT, FakeAnswerer, FakeIndex, FakeProvider, numbered
from test_ui_browser import PHONE, Reader

from caveat.domain.topic import Topic
from caveat.ui.page import Page
from caveat.ui.server import listen, server, web_app

pytestmark = pytest.mark.browser


@pytest.fixture
def reader(chromium: Any, address: str) -> Any:
    """A reader at a desk."""
    reader = Reader(chromium, address)
    yield reader
    reader.context.close()


def test_four_megabytes_are_taken_and_the_page_goes_on(reader: Reader) -> None:
    """A pasted book is answered (or declined) like any question, shown cut, and kept cut."""
    page = reader.page
    page.evaluate(
        """() => { const box = document.querySelector('#cv-box textarea');
                   box.value = 'long words '.repeat(381300); box.dispatchEvent(new Event('input', {bubbles: true})); }"""
    )
    page.press("#cv-box textarea", "Enter")
    page.wait_for_function("document.querySelectorAll('.cv-disclosure').length === 1", timeout=30_000)
    assert len(page.locator(".cv-question").inner_text()) < 700
    kept = page.evaluate("JSON.stringify(localStorage).length")
    assert kept < 400_000
    reader.ask("and in transplant patients?", answers=2)
    assert reader.problems == []


def test_a_title_of_2000_characters_and_right_to_left_text_fit(chromium: Any, serve: Serve) -> None:
    """A long title and Hebrew or Arabic words neither widen the page nor turn the text around them."""
    odd = replace(KNIGHT, title="x" * 2_000, authors=("דנה כהן", "فاطمة"), journal="מגזין")
    question = "هل يساعد توسيليزوماب?"
    answer = replace(CITED, question=question, standalone_question=question, sources=numbered(odd, *()))
    reader = Reader(chromium, serve(FakeAnswerer({question: answer}), FakeProvider()), PHONE)
    reader.ask(question)
    page = reader.page
    assert reader.no_sideways_scrolling()
    assert page.locator(".cv-byline bdi").first.inner_text().startswith("דנה")
    assert page.locator(".cv-question bdi").inner_text() == question
    reader.context.close()


def test_back_and_forward_keep_the_conversation(reader: Reader) -> None:
    """Citations leave no trail of addresses: Back leaves the page, Forward brings the conversation again."""
    page = reader.page
    page.goto("about:blank")
    reader.open()
    reader.ask(CITED.question)
    page.locator(".cv-ref").first.click()
    page.go_back()
    assert page.url == "about:blank"
    page.go_forward()
    page.wait_for_selector("#cv-box textarea")
    reader.answered(1)


def test_two_tabs_go_on_by_themselves(reader: Reader) -> None:
    """Each tab keeps the conversation it shows, and a reload shows the one that was answered last."""
    first = reader.page
    reader.ask(CITED.question)
    second = reader.context.new_page()
    second.goto(reader.address)
    second.wait_for_function("document.querySelectorAll('.cv-disclosure').length === 1")
    second.fill("#cv-box textarea", "and in transplant patients?")
    second.press("#cv-box textarea", "Enter")
    second.wait_for_function("document.querySelectorAll('.cv-disclosure').length === 2")
    assert first.locator(".cv-disclosure").count() == 1
    reader.ask("Did anyone get worse?", answers=2)
    assert first.locator(".cv-question").all_inner_texts() == [CITED.question, "Did anyone get worse?"]
    assert second.locator(".cv-question").all_inner_texts() == [CITED.question, "and in transplant patients?"]


class Restartable:
    """A server on one port that can be stopped and started again."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self.port = 0
        self.start()

    def start(self) -> None:
        """Serves a new page, as a new process would."""
        provider = FakeProvider()
        page = Page(FakeAnswerer(), provider, self.topic)
        bound = listen("127.0.0.1", self.port)
        self.port = int(bound.getsockname()[1])
        self.server = server(web_app(page.blocks(), provider))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [bound]}, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Ends it at once, whoever is connected."""
        self.server.should_exit = self.server.force_exit = True
        self.thread.join(timeout=10)


def test_a_restart_of_the_server_loses_no_conversation(chromium: Any, topic: Topic) -> None:
    """While the server is away the page says so; afterwards the same page answers, with what was said before."""
    running = Restartable(topic)
    reader = Reader(chromium, f"http://127.0.0.1:{running.port}/")
    page = reader.page
    try:
        reader.ask(CITED.question)
        running.stop()
        page.fill("#cv-box textarea", "and in transplant patients?")
        page.press("#cv-box textarea", "Enter")
        page.wait_for_selector(".toast-body")
        assert page.locator(".cv-disclosure").count() == 1
        running.start()
        reader.open()
        reader.answered(1)
        reader.ask("and in transplant patients?", answers=2)
    finally:
        reader.context.close()
        running.stop()


def test_an_index_switched_under_an_open_page(chromium: Any, serve: Serve) -> None:
    """Earlier answers keep their passages when the index is replaced by one that has none of them."""
    provider = FakeProvider()
    reader = Reader(chromium, serve(FakeAnswerer(), provider))
    reader.ask(CITED.question)
    before = reader.page.locator(".cv-turn").first.inner_text()
    provider.index = FakeIndex(generation="20270101-000000-ffffff", stored={}, works={})
    reader.ask("and in transplant patients?", answers=2)
    assert reader.page.locator(".cv-turn").first.inner_text().startswith(before[:500])
    reader.page.locator(".cv-turn").nth(1).locator(".cv-source summary").first.click()
    assert reader.page.locator(".cv-turn").nth(1).locator("mark").count() == 1
    reader.context.close()
