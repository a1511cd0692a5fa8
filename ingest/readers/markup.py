"""Inline markup to plain text that still says the same: CO2, 10^6, P < 0.05; nothing is glued together."""

from __future__ import annotations

import html
import re

from lxml import etree

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+−")
_POWER = re.compile(r"(?<=[\w)\]])([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)(?![⁺⁻])")
_NUMBER = re.compile(r"[+\-−–]?\d+(?:[.,]\d+)*")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_INLINE = (
    "a abbr acronym b bold big cite code em font i inf italic jats:bold jats:italic jats:sc jats:sub "
    "jats:sup jats:underline mark monospace sans-serif sc small span strong sub sup tt u underline"
)
_BLOCK = "br div h1 h2 h3 h4 h5 h6 jats:p jats:sec jats:title li ol p sec table tbody td th title tr ul"
_TAG = re.compile(
    r"<(/?)("
    + "|".join(sorted((_INLINE + " " + _BLOCK).split(), key=len, reverse=True))
    + r")(?:\s[^<>]*)?/?>"
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SUP = re.compile(r"<(?:jats:)?sup(?:\s[^<>]*)?>(.*?)</(?:jats:)?sup>", re.DOTALL | re.IGNORECASE)
_BLOCKS = frozenset(_BLOCK.split())


def powers(text: str) -> str:
    """Superscript digits after a letter or digit written as ``10^6``, so that no later step reads 106."""
    return _POWER.sub(lambda m: "^" + m.group(1).translate(SUPERSCRIPTS), text)


def raised(before: str, text: str) -> str:
    """What a superscript adds after ``before``: a power where it is a number, else its own letters."""
    power = _NUMBER.fullmatch(text.strip()) and before[-1:] and (before[-1].isalnum() or before[-1] in ")]")
    return "^" + text.strip() if power else text


def entities(text: str) -> str:
    """``&lt;`` and the like as the signs they stand for; a bare ``&`` is left alone."""
    return _ENTITY.sub(lambda m: html.unescape(m.group()), text)


def untagged(text: str) -> str:
    """A string with HTML-like tags as plain text: inline tags vanish, block tags become a space."""
    if "<" in text:
        text = _COMMENT.sub(" ", text)
        text = _SUP.sub(lambda m: raised(text[: m.start()], m.group(1)), text)
        text = _TAG.sub(lambda m: " " if m.group(2).lower() in _BLOCKS else "", text)
    return entities(text)


def text_of(
    element: etree._Element | None, skip: frozenset[str] = frozenset(), blocks: frozenset[str] = frozenset()
) -> str | None:
    """The text of an XML element with its inline markup; ``None`` where there is none.

    Elements named in ``skip`` are left out; those in ``blocks`` are parted from their neighbours by a space.
    """
    if element is None:
        return None
    parts: list[str] = []
    _walk(element, parts, skip, blocks | _BLOCKS)
    return " ".join("".join(parts).split()) or None


def _walk(element: etree._Element, parts: list[str], skip: frozenset[str], blocks: frozenset[str]) -> None:
    parts.append(element.text or "")
    for child in element:
        if isinstance(child.tag, str):
            name = local(child)
            if name in skip or (name == "xref" and f"xref-{child.get('ref-type')}" in skip):
                pass
            elif name in ("sup", "superscript") or "superscript" in (child.get("face") or ""):
                inside: list[str] = []
                _walk(child, inside, skip, blocks)
                if raised_text := "".join(inside).strip(" ,;–-\n\t"):
                    parts.append(raised("".join(parts[-3:]), raised_text))
            elif name == "math":
                parts.append(_math(child))
            elif name in blocks:
                parts.append(" ")
                _walk(child, parts, skip, blocks)
                parts.append(" ")
            else:
                _walk(child, parts, skip, blocks)
        parts.append(child.tail or "")


def _math(element: etree._Element) -> str:
    """A formula on one line, plain enough to read: ``a/b``, ``x^2``, ``x_i``."""
    name = local(element)
    inside = [_math(child) for child in element if isinstance(child.tag, str)]
    if name == "mfrac" and len(inside) == 2:
        return f"{_grouped(inside[0])}/{_grouped(inside[1])}"
    if name == "msup" and len(inside) == 2:
        return f"{inside[0]}^{_grouped(inside[1])}"
    if name == "msub" and len(inside) == 2:
        return f"{inside[0]}_{inside[1]}"
    if name == "msqrt":
        return f"√({''.join(inside)})"
    own = (element.text or "").strip()
    if name == "mo" and own in "=<>≤≥±×+−≈":
        own = f" {own} "
    return own + "".join(inside) if name not in ("annotation", "annotation-xml") else ""


def _grouped(text: str) -> str:
    return text if len(text) == 1 or text.isalnum() else f"({text.strip()})"


def local(element: etree._Element) -> str:
    """The element's name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
