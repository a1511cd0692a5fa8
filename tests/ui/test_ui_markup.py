"""Markup is made in one place, and text never becomes markup."""

from __future__ import annotations

import ast
import re
from html import unescape
from pathlib import Path

import pytest

import caveat.ui
from caveat.ui import markup
from caveat.ui.markup import Html, el, escape, join, paragraphs, phone_target, safe_target

UI = Path(caveat.ui.__file__).parent

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "![x](https://evil.example/leak?q=1)",
    "[click](javascript:alert(1))",
    "**bold** _it_ `code` ~~x~~ # head | a | b |",
    "$$x^2$$ ${alert(1)} {{7*7}}",
    "https://evil.example www.evil.example",
    "a<b and a>b & c",
    "line one\n\nline two\n    code",
    "&lt;b&gt; &#60;script&#62;",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_is_inert_and_reads_the_same(text: str) -> None:
    """Escaped text holds no sign that HTML or Markdown acts on, and decodes to what was written."""
    escaped = escape(text)
    assert not re.search(r"[<>\"'`*\[\]{}$|!#~:=\n]", re.sub(r"&#\d+;", "", escaped))
    assert unescape(escaped) == re.sub(r"\s+", " ", text)


def test_marks_that_reorder_or_hide_text_are_dropped() -> None:
    """A right-to-left override cannot make a title read otherwise, nor hidden characters split a word."""
    assert escape("safe\u202egnp.exe\u2066\u200b\ufeff\x00\x1b") == "safegnp.exe"


def test_scripts_and_emoji_survive() -> None:
    """Other alphabets, joined emoji and combining marks are text like any other."""
    for text in ("депрессия", "الاكتئاب", "इंटरल्यूकिन", "👩‍⚕️", "é"):
        assert unescape(escape(text)) == text


def test_children_are_escaped_unless_they_are_markup() -> None:
    """A plain string inside an element is escaped; an element is not escaped twice."""
    assert el("p", "<b>", el("em", "x")) == "<p>&#60;b&#62;<em>x</em></p>"
    assert isinstance(el("p"), Html)
    assert join(["a", None, el("em", "b")], between=" · ") == "a ·  · <em>b</em>"


@pytest.mark.parametrize("tag", ["script", "img", "iframe", "style", "form", "input", "a onclick"])
def test_other_tags_cannot_be_made(tag: str) -> None:
    """Tags that load, run or submit something are refused."""
    with pytest.raises(ValueError, match="tag not allowed"):
        el(tag)


@pytest.mark.parametrize("name", ["onclick", "style", "src", "srcset", "action"])
def test_other_attributes_cannot_be_made(name: str) -> None:
    """Event handlers, styles and sources of other files are refused."""
    with pytest.raises(ValueError, match="attribute not allowed"):
        el("p", "x", **{name: "y"})


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "\x01javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example",
        "/relative",
        "https://user:pw@evil.example",
        "https://a.example/<script>",
        'https://a.example/" onclick="x',
        "https://",
        "http://[bad",
        "mailto:a@b.example",
        "tel:javascript",
        "",
    ],
)
def test_unsafe_link_targets_are_dropped(target: str) -> None:
    """Only places on the page, http(s) addresses and phone numbers are linked; the link's text stays."""
    assert safe_target(target) is None
    assert el("a", "text", href=target) == "<a>text</a>"


@pytest.mark.parametrize(
    "target",
    ["#t-source-1", "https://doi.org/10.1/x", "http://a.example/?q=1&b=2", "tel:988", "tel:+44116123"],
)
def test_safe_link_targets_are_kept(target: str) -> None:
    """Ordinary links and phone numbers come through, whatever their signs."""
    assert unescape(el("a", "x", href=target)) == f'<a href="{target}">x</a>'


def test_phone_numbers_as_printed_become_links_only_when_they_are_one_number() -> None:
    """Blanks and brackets in a number do not matter; a sentence with a number in it is not dialled."""
    assert phone_target("116 123") == "tel:116123"
    assert phone_target("+1 (800) 273-8255") == "tel:+18002738255"
    assert phone_target("999 (NHS 111, mental health option)") is None


def test_identifiers_become_links_only_when_they_look_like_one() -> None:
    """DOI, PMID and registry numbers are checked before they enter an address."""
    assert markup.doi_url("10.1002/art.40565") == "https://doi.org/10.1002/art.40565"
    assert markup.doi_url("10.1002/a<b>c#d?e") == "https://doi.org/10.1002/a%3Cb%3Ec%23d%3Fe"
    assert markup.doi_url("evil.example/10.1") is None
    assert markup.pubmed_url("33462203") == "https://pubmed.ncbi.nlm.nih.gov/33462203/"
    assert markup.pubmed_url("1/../x") is None
    assert markup.registry_url("NCT02473289") == "https://clinicaltrials.gov/study/NCT02473289"
    assert markup.registry_url("ISRCTN16942542") == "https://www.isrctn.com/ISRCTN16942542"
    assert markup.registry_url("NCT1") is None


def test_paragraphs_keep_blocks_and_lines() -> None:
    """Blank lines separate paragraphs and never reach the page, where they would end a block of markup."""
    assert paragraphs("a\r\n\r\nb\nc\n\n\n") == "<p>a</p><p>b<br>c</p>"


def _constants(tree: ast.AST) -> list[str]:
    return [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def test_only_one_module_makes_markup() -> None:
    """No other module of the page writes a tag, or calls text markup without escaping it."""
    others = [path for path in UI.glob("*.py") if path.name != "markup.py"]
    assert len(others) > 8
    for path in others:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert not [text for text in _constants(tree) if re.search(r"</?[a-zA-Z!]", text)], path.name
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Html":
                assert isinstance(node.args[0], ast.Constant), path.name
                assert node.args[0].value == "", path.name


def test_the_page_never_uses_a_component_that_skips_cleaning() -> None:
    """Markup reaches the browser only through Markdown with sanitising on, never as raw HTML."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in UI.glob("*.py"))
    assert "gr.HTML" not in text
    assert "sanitize_html=False" not in text
    assert "sanitize_html=True" in text
    script = "".join((UI / name).read_text(encoding="utf-8") for name in ("page.js", "head.html"))
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|fetch\(|https?://", script
    )
