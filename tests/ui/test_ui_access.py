"""The page for everybody: no serious fault in any state, the keyboard alone, one polite voice, 360 px, 200 %, print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from conftest import Serve
from page_fakes import CITED, CRISIS, DECLINED, FakeAnswerer, FakeProvider
from test_ui_browser import DESKTOP, PHONE, Reader

from caveat.domain.ports import ModelInfo
from caveat.domain.topic import Topic
from caveat.ui.operator import registers
from caveat.ui.page import Options

pytestmark = pytest.mark.browser
QUIET = 400


@pytest.fixture(scope="module")
def full(serve: Serve, topic: Topic) -> str:
    """A page with all that an operator can switch on."""
    return serve(FakeAnswerer(), FakeProvider(), options=Options(rewriting=registers(topic)))


def show(page: Any, tab: str, inside: str) -> None:
    """Opens a tab and waits for something in it."""
    page.get_by_role("tab", name=tab, exact=True).click()
    page.wait_for_selector(inside)


def states(reader: Reader) -> Iterator[str]:
    """The page in each of its states, one after another, by name."""
    page = reader.page
    yield "first screen"
    reader.ask(CITED.question)
    yield "answer"
    page.click("#cv-take > button")
    page.locator(".cv-source summary").first.click()
    page.locator(".cv-cite summary").first.click()
    page.wait_for_timeout(QUIET)
    yield "answer, everything open"
    reader.ask(DECLINED.question, answers=2)
    yield "declined"
    reader.ask(CRISIS.question, answers=3)
    yield "crisis card"
    show(page, "Explore", "#cv-map .js-plotly-plot")
    yield "map"
    page.click("#cv-filter-area > button")
    page.wait_for_timeout(QUIET)
    yield "filters"
    show(page, "Table", "#cv-study-table table")
    yield "table"
    show(page, "Trials", "#cv-trials .cv-timeline, #cv-trials .cv-none")
    yield "trials"
    show(page, "Why these sources", "#cv-why .cv-none, #cv-why h3")
    yield "why"
    show(page, "Collection", ".cv-facts")
    yield "collection"
    show(page, "Settings", "#cv-country")
    yield "settings"


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["1280 px, light", "360 px, dark"]
)
def test_no_state_has_a_fault(chromium: Any, full: str, viewport: dict[str, int], scheme: str) -> None:
    """axe-core finds nothing in any state; nothing scrolls sideways; no request leaves for another host."""
    from axe_playwright_python.sync_playwright import Axe

    reader = Reader(chromium, full, viewport, scheme, bypass_csp=True)  # the policy keeps axe's script out
    seen = 0
    try:
        for state in states(reader):
            reader.page.wait_for_timeout(QUIET)
            found = Axe().run(reader.page).response
            assert len(found["passes"]) > 20, state
            faults = [(v["id"], v["impact"], v["nodes"][0]["html"][:200]) for v in found["violations"]]
            assert faults == [], state
            assert reader.no_sideways_scrolling(), state
            seen += 1
        assert seen == 12
        assert reader.foreign == []
        assert reader.problems == []
    finally:
        reader.context.close()


@pytest.fixture
def reader(chromium: Any, full: str) -> Iterator[Reader]:
    """A reader at a desk."""
    reader = Reader(chromium, full)
    yield reader
    reader.context.close()


FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const s = getComputedStyle(e), box = e.getBoundingClientRect();
  const wrap = e.closest('.input-container, .wrap, label');
  const ring = [e, wrap].filter(Boolean).some((x) => {
    const c = getComputedStyle(x);
    return (c.outlineStyle !== 'none' && parseFloat(c.outlineWidth) > 0) || c.boxShadow !== 'none';
  });
  return { name: (e.innerText || e.getAttribute('aria-label') || e.placeholder || e.value || e.title || '').trim().slice(0, 40),
           tag: e.tagName, ring, top: box.top + scrollY, seen: box.width > 0 && s.visibility !== 'hidden' };
}"""


def walk(page: Any, steps: int) -> list[dict[str, Any]]:
    """What has the focus after each press of Tab, from the top of the page."""
    page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
    page.evaluate(
        "() => { document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex'); }"
    )
    found = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        where = page.evaluate(FOCUSED)
        if where is None:
            break
        found.append(where)
    return found


def test_the_keyboard_reaches_everything_in_order(reader: Reader) -> None:
    """Tab goes tabs, wording, answer, sources, what to ask next, files, box; each stop can be seen and is marked."""
    page = reader.page
    reader.ask(CITED.question)
    stops = walk(page, 80)
    names = [s["name"] for s in stops]
    for place in (
        "Ask",
        "Clear",
        "[1]",
        "Show the quote",
        "Did anyone get worse?",
        "Take an answer",
        "Ask about",
    ):
        assert any(n.startswith(place) for n in names), place
    firsts = [
        next(i for i, n in enumerate(names) if n.startswith(p))
        for p in ("Ask", "Clear", "[1]", "Did anyone", "Take")
    ]
    assert firsts == sorted(firsts)
    assert [s for s in stops if not s["seen"]] == []
    assert [s for s in stops if not s["ring"]] == []


def test_tabs_are_walked_with_the_keyboard(reader: Reader) -> None:
    """Every tab opens with Enter, and its controls can be reached."""
    page = reader.page
    for name, inside in (
        ("Explore", "#cv-filter-area"),
        ("Collection", ".cv-facts"),
        ("Settings", "#cv-country"),
    ):
        page.get_by_role("tab", name=name, exact=True).focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(inside)
    assert page.get_by_role("tab", name="Settings", exact=True).get_attribute("aria-selected") == "true"


def test_the_tree_of_a_screen_reader_has_names_and_structure(reader: Reader) -> None:
    """Headings, regions, links and the box have names; there is one live region for answers and it is polite."""
    page = reader.page
    reader.ask(CITED.question)
    tree = page.locator("body").aria_snapshot()
    for line in (
        'heading "Caveat" [level=1]',
        f'heading "{CITED.question}" [level=2]',
        'heading "Points to worse" [level=4]',
        'heading "Be careful" [level=4]',
        'heading "What this does not tell you" [level=4]',
        'region "Sources of this answer"',
        'tab "Ask" [selected]',
        'radio "Clinical" [checked]',
        'textbox "Your question',
        'button "Ask"',
    ):
        assert line in tree, line
    live = page.locator("[aria-live]:not([aria-live=off])")
    speaking = "all => all.filter((e) => e.textContent.trim()).map((e) => e.id || e.outerHTML)"
    assert live.evaluate_all(speaking) == ["cv-live"]  # an empty list's helper is silent until it is opened
    assert page.locator("#cv-live").get_attribute("aria-live") == "polite"


def test_settings_are_applied_at_once_and_remembered(reader: Reader) -> None:
    """Text size, colours, motion and country survive a reload in this browser."""
    page = reader.page
    show(page, "Settings", "#cv-country")
    for name in ("Largest", "Dark", "Less motion"):
        page.get_by_role("radio", name=name, exact=True).check()
    page.wait_for_function("document.body.classList.contains('dark')")
    page.locator("#cv-country input").click()
    page.get_by_role("option", name="Ireland", exact=True).click()
    page.wait_for_timeout(QUIET)
    reader.open()
    page.wait_for_function("document.documentElement.classList.contains('cv-largest')")
    assert page.evaluate("document.body.classList.contains('dark')")
    assert page.evaluate("window.caveat.calm()")
    show(page, "Settings", "#cv-country")
    assert page.input_value("#cv-country input") == "Ireland"
    assert page.get_by_role("radio", name="Largest").is_checked()
    assert reader.unreadable() == []
    assert reader.no_sideways_scrolling()


def test_another_wording_is_one_click_and_is_remembered(reader: Reader) -> None:
    """The switch changes the words in place, keeps the citations, and survives a reload."""
    page = reader.page
    reader.ask(CITED.question)
    before = page.locator(".cv-answer").inner_text()
    page.get_by_role("radio", name="Plain", exact=True).check()
    page.wait_for_function("(old) => document.querySelector('.cv-answer').innerText !== old", arg=before)
    assert page.locator(".cv-answer .cv-ref").count() >= 5
    reader.open()
    reader.answered(1)
    page.wait_for_function("(old) => document.querySelector('.cv-answer').innerText !== old", arg=before)
    assert page.get_by_role("radio", name="Plain", exact=True).is_checked()


def test_a_mark_of_the_map_filters_the_table(reader: Reader) -> None:
    """A click on a mark and the lists do the same; one button shows all again."""
    page = reader.page
    show(page, "Explore", "#cv-map .js-plotly-plot .point")
    page.locator("#cv-map .point").first.dispatch_event("mousemove")
    page.evaluate(
        """() => { const plot = document.querySelector('#cv-map .js-plotly-plot');
                   const trace = plot.data[0];
                   plot.emit('plotly_click', { points: [{ customdata: trace.customdata[0] }] }); }"""
    )
    page.wait_for_function("/ of 4 works/.test(document.querySelector('#cv-explore-count').innerText)")
    page.click("#cv-filter-area > button")
    page.click("#cv-reset")
    page.wait_for_function("/^4 works/.test(document.querySelector('#cv-explore-count').innerText.trim())")


def test_files_are_saved_by_the_browser(reader: Reader) -> None:
    """Each button of the drawer hands over a file with its name and content."""
    page = reader.page
    reader.ask(CITED.question)
    page.click("#cv-take > button")
    for label, ending, inside in (
        ("References (RIS)", ".ris", "TY  -"),
        ("Receipt (JSON)", "-receipt.json", '"kind": "cited"'),
    ):
        with page.expect_download() as caught:
            page.get_by_role("button", name=label).click()
        assert caught.value.suggested_filename.endswith(ending)
        assert inside in caught.value.path().read_text(encoding="utf-8")


def test_a_citation_is_copied(chromium: Any, full: str) -> None:
    """The copy button puts the citation on the clipboard and says so."""
    reader = Reader(chromium, full)
    reader.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = reader.page
    reader.ask(CITED.question)
    page.locator(".cv-cite summary").first.click()
    page.locator(".cv-copy").first.click()
    page.wait_for_function("document.querySelector('.cv-copy').textContent === 'Copied'")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator(".cv-citation").first.inner_text()
    reader.context.close()


def test_at_twice_the_size_and_on_paper(chromium: Any, full: str) -> None:
    """200 % zoom (half the width) does not scroll sideways; print leaves out what only a screen needs."""
    reader = Reader(chromium, full, {"width": 640, "height": 450})
    page = reader.page
    reader.ask(CITED.question)
    assert reader.no_sideways_scrolling()
    page.emulate_media(media="print")
    for gone in ("#cv-ask", "#cv-tools", ".cv-follow-ups", "#cv-take"):
        assert not page.locator(gone).first.is_visible(), gone
    for kept in (".cv-headline", ".cv-careful", ".cv-source", ".cv-disclosure"):
        assert page.locator(kept).first.is_visible(), kept
    assert len(page.pdf()) > 10_000
    reader.context.close()


def test_the_model_is_used_only_where_the_reader_ticks_it(chromium: Any, serve: Serve) -> None:
    """Who gets what is told beside the box; nothing is sent until it is ticked, and without a model there is no box."""
    notice = "Your question and passages go to model-x at example.org."
    answerer = FakeAnswerer()
    model = ModelInfo("model-x", "example.org", False, notice)
    reader = Reader(chromium, serve(answerer, FakeProvider(), options=Options(model=model)))
    page = reader.page
    assert notice in page.locator("#cv-use-model").inner_text()
    reader.ask(CITED.question)
    page.locator("#cv-use-model input").check()
    reader.ask("and in transplant patients?", answers=2)
    assert answerer.used_model == [False, True]
    reader.context.close()
