"""The page in a real browser: what a reader sees, clicks, reloads and keeps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Serve
from page_fakes import CITED, CRISIS, HIGHER, HOSTILE, FakeAnswerer, FakeProvider, hostile

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")


class Reader:
    """One person's browser on the page; notes every request and every dialog."""

    def __init__(
        self,
        browser: Any,
        address: str,
        viewport: dict[str, int] = DESKTOP,
        scheme: str = "light",
        **more: Any,
    ) -> None:
        self.context = browser.new_context(viewport=viewport, color_scheme=scheme, **more)
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.address = address
        self.foreign: list[str] = []
        self.problems: list[str] = []
        self.context.on("request", self._note)
        self.page.on("dialog", self._dismiss)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.open()

    def _note(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.foreign.append(request.url)

    def _dismiss(self, dialog: Any) -> None:
        self.problems.append(dialog.message)
        dialog.dismiss()

    def open(self) -> None:
        """Opens the page and waits until it can be used."""
        self.page.goto(self.address)
        self.page.wait_for_selector("#cv-box textarea")
        self.page.wait_for_selector("#cv-collection p", state="attached")

    def ask(self, question: str, answers: int = 1) -> None:
        """Types a question and waits until so many answers stand on the page."""
        self.page.fill("#cv-box textarea", question)
        self.page.press("#cv-box textarea", "Enter")
        self.answered(answers)

    def answered(self, answers: int = 1) -> None:
        """Waits until so many answers stand on the page and the next question may be asked."""
        self.page.wait_for_function(f"document.querySelectorAll('.cv-disclosure').length === {answers}")
        self.page.wait_for_selector("#cv-box .submit-button")

    def no_sideways_scrolling(self) -> bool:
        """True when the page is as wide as the window."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))

    def unreadable(self) -> list[str]:
        """Visible texts whose contrast is below AA."""
        found: list[str] = self.page.evaluate(CONTRAST)
        return found


@pytest.fixture
def reader(chromium: Any, address: str) -> Iterator[Reader]:
    """A reader at a desk."""
    reader = Reader(chromium, address)
    yield reader
    reader.context.close()


@pytest.mark.parametrize(
    ("viewport", "scheme"),
    [(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light")],
    ids=["1280 px", "1280 px in the dark", "360 px"],
)
def test_ask_open_a_source_see_the_quote(
    chromium: Any, address: str, viewport: dict[str, int], scheme: str
) -> None:
    """From question to marked quote: readable in both themes, no sideways scrolling, no outside request."""
    reader = Reader(chromium, address, viewport, scheme)
    page = reader.page
    try:
        assert page.locator("h1").inner_text() == "Caveat"
        assert reader.no_sideways_scrolling()
        assert reader.unreadable() == []
        reader.ask(CITED.question)
        assert page.locator(".cv-lane-opposes h4").inner_text() == "Points to worse"
        assert reader.no_sideways_scrolling()

        mark = page.locator(".cv-source mark", has_text="In the Knight 2021 transplant cohort")
        assert not mark.is_visible()
        page.locator(".cv-lane-opposes .cv-ref").click()
        mark.wait_for(state="visible")
        assert mark.inner_text() == HIGHER
        card = page.locator(".cv-source.cv-here")
        assert card.locator("h4").inner_text().startswith("3")
        assert page.evaluate("document.activeElement.classList.contains('cv-here')")
        page.wait_for_function(
            "() => { const box = document.querySelector('.cv-here h4').getBoundingClientRect();"
            " return box.top >= 0 && box.bottom <= window.innerHeight; }"
        )
        assert reader.no_sideways_scrolling()
        assert reader.unreadable() == []

        card.locator(".cv-back").click()
        page.wait_for_function("document.activeElement.textContent === '[3]'")
        assert page.url == address
        assert reader.foreign == []
        assert reader.problems == []
    finally:
        reader.context.close()


def test_history_survives_a_reload_and_is_cleared_by_a_button(chromium: Any, reader: Reader) -> None:
    """Answers come back with their citations after a reload, in this browser only, until they are cleared."""
    page = reader.page
    reader.ask(CITED.question)
    reader.ask("and in transplant patients?", answers=2)
    before = page.locator("#cv-transcript .md").inner_html()
    reader.open()
    reader.answered(2)
    assert page.locator("#cv-transcript .md").inner_html() == before
    assert page.locator("#cv-examples").is_visible() is False

    stranger = Reader(chromium, reader.address)
    assert stranger.page.locator(".cv-turn").count() == 0
    stranger.context.close()

    page.click("#cv-clear")
    page.wait_for_function("document.querySelectorAll('.cv-turn').length === 0")
    reader.open()
    page.wait_for_selector("#cv-examples")
    assert page.locator(".cv-turn").count() == 0


def test_opened_passages_stay_open_when_the_next_question_is_asked(reader: Reader) -> None:
    """A new answer leaves the earlier ones untouched."""
    reader.ask(CITED.question)
    reader.page.locator(".cv-source summary").first.click()
    reader.ask("and in transplant patients?", answers=2)
    assert reader.page.locator(".cv-source details[open]").count() == 1


def test_examples_and_follow_ups_are_asked_by_a_click(reader: Reader) -> None:
    """A question to start with is asked at once, and so is one that the answer suggests."""
    page = reader.page
    page.get_by_role("button", name="Does tocilizumab help depression?").click()
    reader.answered(1)
    assert page.locator("#cv-examples").is_visible() is False
    shown = page.locator("button.cv-follow:visible").all_inner_texts()
    assert [text.strip() for text in shown] == list(CITED.follow_ups)
    page.get_by_role("button", name="What did the Insight trial find?").click()
    reader.answered(2)
    assert page.locator(".cv-question").all_inner_texts() == [
        "Does tocilizumab help depression?",
        "What did the Insight trial find?",
    ]


def test_help_lines_can_be_called_from_the_card(reader: Reader) -> None:
    """The card comes before everything else, and its phone links survive the browser's cleaning."""
    reader.ask(CRISIS.question)
    page = reader.page
    assert page.locator(".cv-answer > *").first.get_attribute("class") == "cv-card cv-card-crisis"
    assert page.locator(".cv-card a[href='tel:988']").inner_text() == "988"
    assert (
        page.locator(".cv-card a[href='https://988lifeline.org']").get_attribute("rel")
        == "noopener noreferrer"
    )
    assert reader.unreadable() == []


def test_the_finished_answer_is_announced_politely(reader: Reader) -> None:
    """One live region speaks the headline; the answer itself is not live."""
    reader.ask(CITED.question)
    page = reader.page
    live = page.locator("#cv-live")
    assert (live.get_attribute("role"), live.get_attribute("aria-live")) == ("status", "polite")
    assert live.inner_text().strip() == CITED.headline
    assert page.locator("#cv-transcript [aria-live]").count() == 0


def test_the_keyboard_reaches_question_citation_and_passage(reader: Reader) -> None:
    """Without a mouse: ask, go to a citation, open its card, open and close the passage."""
    page = reader.page
    page.keyboard.type(CITED.question)
    page.keyboard.press("Enter")
    reader.answered(1)
    page.locator(".cv-ref").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id.endsWith('-source-1')")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.locator(".cv-source details[open]").count() == 1
    page.keyboard.press("Enter")
    assert page.locator(".cv-source details[open]").count() == 0


def test_hostile_sources_do_nothing(chromium: Any, serve: Serve) -> None:
    """Scripts, images, links and overrides in titles, quotes and questions stay letters on the page."""
    answer, provider = hostile()
    reader = Reader(chromium, serve(FakeAnswerer({HOSTILE: answer}), provider), PHONE)
    page = reader.page
    reader.ask(HOSTILE)
    page.locator(".cv-source summary").first.click()
    page.wait_for_timeout(300)
    assert "<script>alert(1)</script>" in page.locator(".cv-source h4").first.inner_text()
    assert page.locator("#cv-transcript img, #cv-transcript script, #cv-transcript form").count() == 0
    assert page.locator("#cv-transcript a[href*='javascript'], #cv-transcript a[href*='evil']").count() == 0
    assert page.locator(".cv-follow-ups img, .cv-follow-ups script").count() == 0
    assert reader.no_sideways_scrolling()
    assert reader.foreign == []
    assert reader.problems == []
    reader.context.close()


def test_without_an_index_the_page_opens_and_says_what_to_run(chromium: Any, serve: Serve) -> None:
    """No index: the first screen has the command, and so has the answer to a question."""
    from caveat.errors import IndexMissing

    missing = IndexMissing("There is no index yet. Run: python -m ingest build")
    reader = Reader(chromium, serve(FakeAnswerer(failure=missing), FakeProvider(None)))
    page = reader.page
    assert "python -m ingest build" in page.locator("#cv-collection").inner_text()
    page.fill("#cv-box textarea", "Does it help?")
    page.press("#cv-box textarea", "Enter")
    page.wait_for_selector("#cv-current .cv-error")
    assert "python -m ingest build" in page.locator("#cv-current .cv-error").inner_text()
    assert page.input_value("#cv-box textarea") == "Does it help?"
    reader.context.close()


def test_the_box_is_emptied_but_what_is_typed_later_stays(chromium: Any, serve: Serve) -> None:
    """A question leaves the box however fast its answer comes; the next one may be typed while waiting."""
    fast = Reader(chromium, serve(FakeAnswerer(), FakeProvider()))
    for i in range(1, 4):
        fast.ask(CRISIS.question, answers=i)
        assert fast.page.input_value("#cv-box textarea") == ""
    fast.context.close()
    slow = Reader(chromium, serve(FakeAnswerer(seconds=1.5), FakeProvider()))
    slow.page.fill("#cv-box textarea", CITED.question)
    slow.page.press("#cv-box textarea", "Enter")
    slow.page.wait_for_selector("#cv-box .stop-button")
    slow.page.wait_for_timeout(700)
    slow.page.fill("#cv-box textarea", "my next question")
    slow.answered(1)
    assert slow.page.input_value("#cv-box textarea") == "my next question"
    slow.context.close()


def test_stop_and_double_submit(chromium: Any, serve: Serve) -> None:
    """While an answer is worked on, Enter asks nothing more; Stop ends it and gives the box back."""
    answerer = FakeAnswerer(seconds=20)
    reader = Reader(chromium, serve(answerer, FakeProvider()))
    page = reader.page
    page.fill("#cv-box textarea", "slow one")
    page.press("#cv-box textarea", "Enter")
    page.press("#cv-box textarea", "Enter")
    page.wait_for_selector(".cv-progress .cv-doing")
    page.fill("#cv-box textarea", "second")
    page.press("#cv-box textarea", "Enter")
    page.click("#cv-box .stop-button")
    page.wait_for_selector("#cv-box .submit-button")
    page.wait_for_function("document.querySelectorAll('.cv-turn').length === 0")
    assert [question for question, _ in answerer.seen] == ["slow one"]
    reader.context.close()
