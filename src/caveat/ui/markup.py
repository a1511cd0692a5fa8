"""The one place where markup is made. Text becomes markup only by being escaped here.

The page shows markup through Gradio's Markdown component, so text is made inert for HTML *and* for Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias
from urllib.parse import quote, urlsplit


class Html(str):
    """Markup that is safe to show. Only this module makes it from text."""

    __slots__ = ()


Child: TypeAlias = "str | Html | Iterable[Child] | None"

TAGS = frozenset(
    {
        "a",
        "article",
        "aside",
        "bdi",
        "blockquote",
        "button",
        "details",
        "div",
        "em",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
    }
    | {
        "header",
        "li",
        "mark",
        "ol",
        "p",
        "section",
        "small",
        "span",
        "strong",
        "summary",
        "table",
        "tbody",
        "td",
    }
    | {"th", "thead", "tr", "ul"}
)
ATTRIBUTES = frozenset({"class", "id", "title", "role", "href", "scope", "tabindex"})

# C0/C1 controls, and the marks that reorder or hide text (bidirectional overrides and isolates, BOM).
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff]"
)
_SPACE = re.compile(r"\s+")
_NOT_PLAIN = re.compile(r"[^\w\s,.;%/()\u0080-\U0010ffff-]|_")
_SAFE_ID = re.compile(r"[^A-Za-z0-9-]+")
_DOI = re.compile(r"10\.\d{4,9}/\S+")


def clean(text: str) -> str:
    """The text without control characters and without marks that reorder or hide it."""
    return _UNWANTED.sub("", text)


def escape(text: str) -> Html:
    """One line of text that neither HTML nor Markdown reads as anything but text."""
    one_line = _SPACE.sub(" ", clean(text))
    return Html(_NOT_PLAIN.sub(lambda m: f"&#{ord(m.group())};", one_line))


def el(tag: str, *children: Child, cls: str | None = None, **attributes: str | None) -> Html:
    """One element. Children that are not ``Html`` are escaped; a link that is not safe loses its target."""
    if tag not in TAGS:
        raise ValueError(f"tag not allowed: {tag}")
    given = {"class": cls, **{name.rstrip("_"): value for name, value in attributes.items()}}
    out = [f"<{tag}"]
    for name, value in given.items():
        if value is None:
            continue
        if name not in ATTRIBUTES:
            raise ValueError(f"attribute not allowed: {name}")
        if name == "href":
            target = safe_target(value)
            if target is None:
                continue
            value = target
        out.append(f' {name}="{escape(value)}"')
    out.append(">")
    out.append(join(children))
    out.append(f"</{tag}>")
    return Html("".join(out))


def join(children: Child, between: str = "") -> Html:
    """The children one after another, with text between them; what is not markup yet is escaped."""
    if children is None:
        return Html("")
    if isinstance(children, Html):
        return children
    if isinstance(children, str):
        return escape(children)
    return Html(escape(between).join(join(child) for child in children))


def paragraphs(text: str, cls: str | None = None) -> Html:
    """Each block of text between blank lines as a paragraph; single line ends are kept as breaks."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if block.strip()]
    return join(el("p", _lines(block), cls=cls) for block in blocks)


def _lines(block: str) -> Html:
    return Html("<br>".join(escape(line.strip()) for line in block.split("\n")))


def hover_lines(lines: Iterable[str]) -> str:
    """Lines for a plot's own small markup, which knows a few tags: each line escaped, with breaks between them."""
    escaped = (_SPACE.sub(" ", clean(line)).replace("&", "&amp;").replace("<", "&lt;") for line in lines)
    return "<br>".join(escaped)


def safe_id(text: str) -> str:
    """A name usable as an element's id."""
    return _SAFE_ID.sub("-", text)


def safe_target(target: str) -> str | None:
    """The target when it is a place on this page, an http(s) address or a phone number; else ``None``."""
    target = clean(target).strip()
    if re.fullmatch(r"#[A-Za-z0-9-]+", target) or re.fullmatch(r"(tel|sms):\+?[0-9]+", target):
        return target
    if re.search(r"[\s\\<>\"]", target):
        return None
    try:
        parts = urlsplit(target)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    return target


def host(url: str) -> str | None:
    """The name of the site an address leads to, as a reader knows it, or ``None`` for an unsafe address."""
    name = urlsplit(url).hostname if safe_target(url) else None
    return name.removeprefix("www.") if name else None


def phone_target(number: str) -> str | None:
    """A ``tel:`` target for a number as printed, or ``None`` when it is more than one plain number."""
    digits = re.sub(r"[\s().-]", "", number)
    return f"tel:{digits}" if re.fullmatch(r"\+?\d{2,15}", digits) else None


def doi_url(doi: str) -> str | None:
    """The doi.org address of a DOI, or ``None`` when it does not look like one."""
    return f"https://doi.org/{quote(doi, safe='/:;().-_')}" if _DOI.fullmatch(doi) else None


def pubmed_url(pmid: str) -> str | None:
    """The PubMed address of a PMID, or ``None`` when it is not a number."""
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if re.fullmatch(r"\d{1,9}", pmid) else None


def registry_url(registry_id: str) -> str | None:
    """The registry's address of a trial number of ClinicalTrials.gov or ISRCTN, else ``None``."""
    if re.fullmatch(r"NCT\d{8}", registry_id):
        return f"https://clinicaltrials.gov/study/{registry_id}"
    if re.fullmatch(r"ISRCTN\d{8}", registry_id):
        return f"https://www.isrctn.com/{registry_id}"
    return None
