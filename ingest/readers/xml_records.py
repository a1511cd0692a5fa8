"""XML, one record at a time: memory stays flat, one broken record costs no other, and no DTD is ever read.

The records are cut out of the text before they are parsed. A parser over the whole file stops for good at
the first fault; and what declares entities (the head of the file) never reaches it, so that an entity bomb
is only a word nobody has defined.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Iterator, Sequence

from lxml import etree

from caveat.errors import CorpusError
from ingest.readers.item import Item
from ingest.readers.record import record_error

RECORD_CHARACTERS = 60_000_000
_STEP = 1 << 18
_NAMESPACE = re.compile(r"""\sxmlns:([A-Za-z_][\w.-]*)\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')""")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_USUAL = {"amp", "lt", "gt", "quot", "apos"}
_BASE = {
    "xlink": "http://www.w3.org/1999/xlink",
    "mml": "http://www.w3.org/1998/Math/MathML",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "ali": "http://www.niso.org/schemas/ali/1.0/",
}
_HALF = re.compile(r"[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def xml_records(item: Item, names: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The text of every element with one of these names, numbered; raises ``CorpusError`` at a cut-off end."""
    either = "|".join(re.escape(name) for name in names)
    opens = re.compile(rf"<({either})(?=[\s/>])")
    number = 0
    with item.text() as stream:
        buffer, ended, spaces = "", False, dict(_BASE)
        while True:
            start = opens.search(buffer)
            if start is None:
                _learn(spaces, buffer)
                buffer = buffer[-200:] if len(buffer) > 200 else buffer
                if ended:
                    break
            else:
                _learn(spaces, buffer[: start.start()])
                end = _end(buffer, start)
                if end is not None:
                    number += 1
                    yield number, _wrapped(buffer[start.start() : end], spaces)
                    buffer = buffer[end:]
                    continue
                if ended:
                    number += 1
                    yield number, ""
                    break
                if len(buffer) - start.start() > RECORD_CHARACTERS:
                    raise record_error("it is larger than a record can be", item.name, number + 1)
                buffer = buffer[start.start() :]
            more = stream.read(max(_STEP, min(len(buffer), 1 << 23)))
            ended = not more
            buffer += more


def _end(buffer: str, start: re.Match[str]) -> int | None:
    """Where the element that begins here ends; an element of its name inside it is a part of it."""
    name = re.escape(start.group(1))
    depth = 0
    for tag in re.finditer(rf"<(/?){name}(?=[\s/>])[^<>]*?(/?)>", buffer[start.start() :]):
        if tag.group(1):
            depth -= 1
        elif not tag.group(2):
            depth += 1
        if depth == 0:
            return start.start() + tag.end()
    return None


def _learn(spaces: dict[str, str], text: str) -> None:
    if "xmlns:" in text:
        spaces.update((m.group(1), m.group(2) or m.group(3) or "") for m in _NAMESPACE.finditer(text))


def _wrapped(text: str, spaces: dict[str, str]) -> str:
    declared = "".join(f' xmlns:{k}="{v.replace("&", "&amp;")}"' for k, v in spaces.items() if v)
    return f"<r{declared}>{text}</r>"


def parsed(text: str) -> etree._Element:
    """A record's element; raises ``CorpusError`` saying what is wrong with it."""
    if not text:
        raise CorpusError("it is cut off: the end of the record is missing")
    if _HALF.search(text):
        raise CorpusError("it is not text in the encoding that the file names")
    text = _CONTROL.sub(" ", _NAMED.sub(_sign, text))
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
        remove_comments=True, remove_pis=True, strip_cdata=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        raise CorpusError(f"it is not well-formed XML ({error.msg})") from error
    return root[0]


def _sign(match: re.Match[str]) -> str:
    """A named sign of HTML (``&alpha;``) as itself: such names are defined in DTDs, which are not read."""
    name = match.group(1)
    if name in _USUAL:
        return match.group()
    sign = html.entities.html5.get(name + ";")
    return match.group() if sign is None or sign in "<>&" else sign
