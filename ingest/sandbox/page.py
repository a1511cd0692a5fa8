"""HTML: the main text of a page, found by trafilatura after all that nobody sees was taken out."""

from __future__ import annotations

import re

import trafilatura
from lxml import etree
from lxml import html as lxml_html

from ingest.sandbox.found import Found, Unreadable
from ingest.visible import visible

MUCH_HIDDEN = 20
SHORTEST = 200
"""A page with less main text says nothing that can be quoted: an error page, a list of links."""
_DROPPED = (
    "script",
    "style",
    "noscript",
    "template",
    "iframe",
    "object",
    "embed",
    "svg",
    "canvas",
    "form",
    "input",
    "button",
    "select",
    "textarea",
    "head/link",
)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$|!)|"
    r"font-size\s*:\s*(?:0|0?\.\d+|1)(?:px|pt|em|rem|%)?\s*(?:;|$|!)|(?:left|top|text-indent|margin-left|right|bottom)\s*:\s*-\d{3,}|"
    r"clip\s*:\s*rect\(\s*0|clip-path\s*:\s*inset\(\s*(?:50|100)%|(?:height|width)\s*:\s*[01](?:px)?\s*;.*overflow\s*:\s*hidden",
    re.IGNORECASE | re.DOTALL,
)
_WHITE = re.compile(
    r"(?<![-\w])color\s*:\s*(?:white|#fff(?:fff)?|rgba?\(\s*255\s*,\s*255\s*,\s*255[^)]*\)|transparent|rgba\([^)]*,\s*0\s*\))",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"background(?:-color|-image)?\s*:\s*(?!white|#fff|transparent|none|inherit)", re.IGNORECASE
)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"^(?:[\w*]*)?([.#])([\w-]+)$")
_META = {
    "citation_title": "title", "dc.title": "title", "og:title": "title", "citation_doi": "doi", "dc.identifier": "doi",
    "citation_pmid": "pmid", "citation_journal_title": "journal", "citation_publication_date": "year",
    "citation_date": "year", "citation_year": "year", "dc.date": "year", "citation_language": "language",
    "dc.language": "language", "dc.rights": "licence", "citation_public_url": "url", "og:url": "url",
}  # fmt: skip
_ERROR = re.compile(
    r"^(?:(?:http )?error|404|403|500|page not found|not found|access denied|invalid url|service unavailable)\b",
    re.IGNORECASE,
)
_MACHINE = re.compile(r"^\s*[A-Za-z-]+\s*::=\s*\{")


def read(path: str) -> Found:
    """The main text by its headings; raises ``Unreadable`` where the page has none."""
    with open(path, "rb") as stream:
        raw = stream.read()
    parser = lxml_html.HTMLParser(no_network=True, recover=True, huge_tree=False, encoding=_encoding(raw))
    try:
        tree = lxml_html.document_fromstring(raw, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("it is not HTML that can be read") from error
    found = Found()
    _facts(tree, found)
    title = found.facts.get("title", "")
    if _ERROR.match(title):
        raise Unreadable(f"it is an error page ({title[:60]!r})")
    hidden = _strip(tree)
    found.hidden = hidden >= MUCH_HIDDEN or visible(str(tree.text_content()))[1]
    if _MACHINE.match(" ".join(tree.xpath("string(//body)").split())):
        raise Unreadable("it is a dump for machines (ASN.1), not a page to read")
    _raise(tree)
    text = trafilatura.extract(
        tree, output_format="xml", include_comments=False, include_tables=True, include_links=False,
        include_images=False, favor_recall=True, deduplicate=False, with_metadata=False,
    )  # fmt: skip
    found.sections = _sections(text) if text else []
    if sum(len(line) for _, lines, _ in found.sections for line, _ in lines) < SHORTEST:
        raise Unreadable("no main text was found in the page")
    return found


def _encoding(raw: bytes) -> str | None:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _facts(tree: lxml_html.HtmlElement, found: Found) -> None:
    """What the page's own citation fields say; no guess is made from its text."""
    for node in tree.iter("meta"):
        name = (node.get("name") or node.get("property") or "").lower()
        content = (node.get("content") or "").strip()
        if name in ("citation_author", "dc.creator") and content:
            found.authors.append(content)
        elif name in _META and content:
            found.facts.setdefault(_META[name], content)
    if "title" not in found.facts:
        heading = tree.find(".//title")
        words = " ".join((heading.text_content() if heading is not None else "").split())
        if words:
            found.facts["title"] = words


def _strip(tree: lxml_html.HtmlElement) -> int:
    """Takes out what is not shown and says how many letters of text that was; scripts are not counted."""
    concealed, white = _rules(tree)
    for comment in list(tree.iter(etree.Comment, etree.ProcessingInstruction)):
        comment.drop_tag()
    for name in _DROPPED:
        for node in list(tree.iter(name)):
            if node.getparent() is not None:
                node.drop_tree()
    hidden = 0
    for node in list(tree.iter()):
        if not isinstance(node.tag, str) or node.tag in ("html", "body", "head") or node.getparent() is None:
            continue
        marks = {f".{c}" for c in (node.get("class") or "").split()} | {f"#{node.get('id')}"}
        style = node.get("style") or ""
        gone = "hidden" in node.attrib or bool(_HIDING.search(style)) or bool(marks & concealed)
        if not gone and (_WHITE.search(style) or marks & white):
            gone = not any(
                _BACKGROUND.search(a.get("style") or "") or a.get("bgcolor")
                for a in (node, *node.iterancestors())
            )
        if gone:
            hidden += sum(c.isalpha() for c in node.text_content())
            node.drop_tree()
    return hidden


def _rules(tree: lxml_html.HtmlElement) -> tuple[set[str], set[str]]:
    """Classes and ids that the page's own style sheets hide, or write in white."""
    concealed: set[str] = set()
    white: set[str] = set()
    for sheet in tree.iter("style"):
        for selectors, body in _RULE.findall((sheet.text or "")[:500_000]):
            for selector in selectors.split(","):
                if match := _SIMPLE.match(selector.strip()):
                    mark = match.group(1) + match.group(2)
                    if _HIDING.search(body):
                        concealed.add(mark)
                    elif _WHITE.search(body) and not _BACKGROUND.search(body):
                        white.add(mark)
    return concealed, white


def _raise(tree: lxml_html.HtmlElement) -> None:
    """Raised numbers as ``^6``; raised links to references go."""
    for node in list(tree.iter("sup")):
        text = " ".join(node.text_content().split())
        if node.find(".//a") is not None and re.fullmatch(r"[\d\s,;–\-\[\]*]+", text):
            node.drop_tree()
        elif re.fullmatch(r"[+\-−–]?\d+", text):
            for child in list(node):
                child.drop_tree()
            node.text = "^" + text
            node.drop_tag()
        else:
            node.drop_tag()
    for node in list(tree.iter("sub")):
        node.drop_tag()


def _sections(xml: str) -> list[tuple[str, list[tuple[str, bool]], bool]]:
    """Sections of trafilatura's own XML, by its headings."""
    root = etree.fromstring(xml.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    parts: list[tuple[str, list[tuple[str, bool]], bool]] = [("text", [], True)]
    for node in root.iter("head", "p", "item", "row", "quote", "code"):
        if any(a.tag in ("p", "item", "row", "quote", "head") for a in node.iterancestors()):
            continue
        if node.tag == "row":
            cells = [" ".join("".join(cell.itertext()).split()) for cell in node.iter("cell")]
            line = " | ".join(cells) if any(cells) else ""
        else:
            line = " ".join("".join(node.itertext()).split())
        if line and node.tag == "head":
            parts.append(
                (
                    line,
                    [],
                    not re.match(
                        r"(?:references|bibliography|acknowledg|related|see also)", line, re.IGNORECASE
                    ),
                )
            )
        elif line:
            parts[-1][1].append((line, node.tag in ("item", "row")))
    return [part for part in parts if part[1]]
