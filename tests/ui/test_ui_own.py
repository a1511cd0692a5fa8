"""Files of a reader's own on the page, and limits on the search, as a reader meets them."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from conftest import Serve
from page_fakes import CITED, CRISIS, FakeAnswerer, FakeIndex, FakeProvider
from test_ui_access import QUIET, show
from test_ui_browser import PHONE, Reader

from caveat.domain.model import Design
from caveat.domain.personal import BuildStep, OwnFile, OwnLimits
from caveat.domain.ports import Filters
from caveat.errors import BuildFailed, UploadRefused
from caveat.settings import Settings
from caveat.ui.limits_area import read_limits
from caveat.ui.operator import web_options
from caveat.ui.page import Options

HOSTILE_NAME = "<img src=x onerror=alert(1)> **x**.txt"


@dataclass
class FakeOwn:
    """Another answerer and another index than the shared ones."""

    answerer: FakeAnswerer
    provider: FakeProvider


@dataclass
class FakeShelf:
    """Collections in memory, by keys given one after another."""

    limits: OwnLimits = field(default_factory=lambda: OwnLimits(file_mb=1, files=3))
    suffixes: Sequence[str] = (".txt", ".md")
    kept: dict[str, list[OwnFile]] = field(default_factory=dict)
    built: set[str] = field(default_factory=set)
    answerer: FakeAnswerer = field(default_factory=FakeAnswerer)
    failure: Exception | None = None
    seen_paths: list[Path] = field(default_factory=list)
    gate: threading.Event | None = None

    def files(self, key: object) -> tuple[OwnFile, ...]:
        """The files of a key."""
        return tuple(self.kept.get(str(key), ()))

    def add(self, key: object, uploads: Sequence[tuple[Path, str]]) -> str:
        """Takes in, or refuses what is called so."""
        self.seen_paths += [path for path, _ in uploads]
        if any("refuse" in name for _, name in uploads):
            raise UploadRefused("refuse.txt: files of this kind are not read.")
        known = key if isinstance(key, str) and key in self.kept else f"key-{len(self.kept)}"
        self.kept.setdefault(known, []).extend(
            OwnFile(f"{known}-{len(self.kept.get(known, []))}-{n}", name, path.stat().st_size)
            for n, (path, name) in enumerate(uploads)
        )
        return known

    def remove(self, key: object, ids: Sequence[str]) -> tuple[OwnFile, ...]:
        """Lets go."""
        self.built.discard(str(key))
        self.kept[str(key)] = [f for f in self.files(key) if f.id not in ids]
        return self.files(key)

    def build(self, key: object) -> Iterator[BuildStep]:
        """Two steps and a problem."""
        yield BuildStep("Reading the files", 0.5)
        if self.gate:
            self.gate.wait(10)
        if self.failure:
            raise self.failure
        yield BuildStep(f"{HOSTILE_NAME}: no text", problem=True)
        self.built.add(str(key))

    def own(self, key: object) -> FakeOwn | None:
        """The own answerer once it is built."""
        works = {"knight": FakeIndex().works["knight"]}
        return (
            FakeOwn(self.answerer, FakeProvider(FakeIndex(works=works))) if str(key) in self.built else None
        )


@pytest.fixture
def shelf() -> FakeShelf:
    """Nobody has files yet."""
    return FakeShelf()


@pytest.fixture
def shared() -> FakeAnswerer:
    """Who answers those without files."""
    return FakeAnswerer()


@pytest.fixture
def own_page(serve: Serve, shelf: FakeShelf, shared: FakeAnswerer) -> str:
    """A page that takes files; its collection lacks one work that the answers cite."""
    works = {k: v for k, v in FakeIndex().works.items() if k != "knight"}
    return serve(
        shared, FakeProvider(FakeIndex(works=works)), options=Options(own=shelf), max_file_size=1_000_000
    )


def put(page: Any, folder: Path, *names: str) -> None:
    """Adds files by the button, as the browser's dialogue does."""
    paths = []
    for name in names:
        path = folder / name
        path.write_text("Some words.")
        paths.append(path)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add files").click()
    chooser.value.set_files(paths)


@pytest.mark.browser
def test_files_are_added_searched_and_removed(
    chromium: Any, own_page: str, shelf: FakeShelf, shared: FakeAnswerer, tmp_path: Path
) -> None:
    """Added with progress, listed as text, asked of its own answerer, marked on its card, gone when removed."""
    from axe_playwright_python.sync_playwright import Axe

    reader = Reader(chromium, own_page, PHONE, bypass_csp=True)
    other = Reader(chromium, own_page)
    page = reader.page
    shelf.gate = threading.Event()
    show(page, "Collection", "#cv-own-add")
    put(page, tmp_path, HOSTILE_NAME, "b.txt")
    page.wait_for_selector("#cv-own-told .cv-own-step")
    assert "Reading the files … 50 %" in page.locator("#cv-own-told").inner_text()
    assert not page.locator("#cv-own-actions").is_visible()
    shelf.gate.set()
    page.wait_for_selector("#cv-own-actions")
    assert "Done." in page.locator("#cv-own-told").inner_text()
    listed = page.locator("#cv-own-files").inner_text()
    assert "b.txt" in listed
    assert page.locator("#cv-own-files img, #cv-own-told img").count() == 0
    assert [p for p in shelf.seen_paths if p.exists()] == []  # the web server's copies are gone
    page.wait_for_timeout(QUIET)
    faults = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in faults] == []
    assert reader.no_sideways_scrolling()

    show(page, "Ask", "#cv-box")
    reader.ask(CITED.question)
    assert len(shelf.answerer.seen) == 1
    assert shared.seen == []
    assert page.locator(".cv-source", has_text="Your own file").count() == 1
    other.ask(CITED.question)
    assert len(shared.seen) == 1
    assert other.page.locator(".cv-source", has_text="Your own file").count() == 0
    show(other.page, "Collection", "#cv-own-add")
    assert "b.txt" not in other.page.locator("body").inner_text()

    reader.open()  # the key is kept by the browser
    page.wait_for_function(
        "document.querySelector('#cv-collection').textContent.includes('And 2 files of your own')"
    )
    show(page, "Collection", "#cv-own-actions")
    page.locator("#cv-own-files").get_by_label(re.compile("b.txt")).check()
    page.get_by_role("button", name="Remove the ticked files").click()
    page.wait_for_function("!document.querySelector('#cv-own-files').innerText.includes('b.txt')")
    page.wait_for_selector("#cv-own-actions")
    page.get_by_role("button", name="Remove all my files").click()
    page.wait_for_function("document.body.innerText.includes('All your files are removed.')")
    show(page, "Ask", "#cv-box")
    reader.ask(CITED.question, answers=2)
    assert len(shared.seen) == 2
    assert reader.foreign == other.foreign == []
    assert reader.problems == other.problems == []
    reader.context.close()
    other.context.close()


@pytest.mark.browser
def test_a_refused_file_or_a_failed_build_is_one_line(
    chromium: Any, own_page: str, shelf: FakeShelf, tmp_path: Path
) -> None:
    """The reason stands on the page, nothing else changes, and adding again works."""
    reader = Reader(chromium, own_page)
    page = reader.page
    show(page, "Collection", "#cv-own-add")
    put(page, tmp_path, "refuse.txt")
    page.wait_for_function("document.body.innerText.includes('files of this kind are not read')")
    assert shelf.kept == {}
    shelf.failure = BuildFailed("Your files could not be indexed.")
    put(page, tmp_path, "fine.txt")
    page.wait_for_function("document.body.innerText.includes('could not be indexed')")
    assert "fine.txt" in page.locator("#cv-own-files").inner_text()
    shelf.failure = None
    page.get_by_role("button", name="Index them again").click()
    page.wait_for_function("document.body.innerText.includes('Done.')")
    reader.context.close()


@pytest.mark.browser
def test_limits_go_with_the_question_and_stand_in_the_answer(chromium: Any, serve: Serve) -> None:
    """Closed at first; what is filled in reaches the search and is told; a card for a person in need is not touched."""
    answerer = FakeAnswerer()
    reader = Reader(chromium, serve(answerer, FakeProvider()), PHONE)
    page = reader.page
    assert not page.get_by_label("From year").first.is_visible()
    reader.ask(CITED.question)
    assert page.locator(".cv-notice", has_text="Searched only").count() == 0
    page.click("#cv-limits > button")
    fields = page.locator("#cv-limits")
    fields.get_by_label("From year").fill("2015")
    fields.get_by_label("To year").fill("soon")
    fields.locator("#cv-limit-designs input").click()
    page.get_by_role("option", name="Meta-analysis", exact=True).click()
    page.keyboard.press("Escape")
    page.wait_for_timeout(QUIET)
    assert reader.no_sideways_scrolling()
    reader.ask(CITED.question, answers=2)
    told = page.locator(".cv-notice", has_text="Searched only").inner_text()
    assert "works from 2015 on; of these designs: meta-analysis" in told
    assert "“soon” is not a year" in told
    reader.ask(CRISIS.question, answers=3)
    assert page.locator(".cv-notice", has_text="Searched only").count() == 1
    wanted = Filters(year_from=2015, designs=(Design.META_ANALYSIS,))
    assert answerer.filters == [None, wanted, wanted]
    assert reader.problems == []
    reader.context.close()


@pytest.mark.parametrize(
    ("given", "filters", "said"),
    [
        ((None, None, None, None), None, ""),
        (("", " ", [], "  "), None, ""),
        (("2020", "2010", None, ""), Filters(year_from=2010, year_to=2020), "from 2010 to 2020"),
        (("", "1999", "no list", None), Filters(year_to=1999), "up to 1999"),
        (("٢٠٢٠", "", ["no design"], ""), None, "is not a year"),
        (("", "", ["cohort"], " a  b "), Filters(designs=(Design.COHORT,), population="a b"), "“a b”"),
        (("", "", [], "???"), None, "names no people"),
        ((7, {}, [["cohort"]], 3), None, ""),
    ],
)
def test_limits_are_read_or_left_out_with_a_word(
    given: tuple[object, ...], filters: Filters | None, said: str
) -> None:
    """Whatever stands in the fields, the question goes on; what could not be used is told."""
    read, note = read_limits(*given)
    assert read == filters
    assert said in note
    assert bool(note) == bool(said)


def test_no_area_for_files_where_they_are_not_allowed(serve: Serve) -> None:
    """The button is not there, and the web server takes no file."""
    import httpx

    address = serve(FakeAnswerer(), FakeProvider(), **web_options(Settings()))
    assert "cv-own-add" not in httpx.get(address, timeout=20).text
    sent = httpx.post(address + "gradio_api/upload", files={"files": ("a.txt", b"x" * 5_000)}, timeout=20)
    assert sent.status_code == 413
