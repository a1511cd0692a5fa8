"""Files with bytes changed, cut, doubled and swapped, and what must be true of whatever is read from them."""

from __future__ import annotations

import random
import re

from caveat.domain.model import Document
from ingest.facts import with_facts
from ingest.split import split

PIECES = (
    b"<", b">", b"&", b"]]>", b"<!--", b'"', b"{", b"}", b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"&#0;", b"&lol;", b"\r",
    b"\n\n", b"TY  - ", b"ER  - ", b"@a{", b"PMID- ", b"9" * 400, b"[" * 200, b"<sup>" * 150, "\u202e".encode(), b"%PDF-",
)  # fmt: skip


def mutated(raw: bytes, rng: random.Random) -> bytes:
    """The file with one to six faults of the kinds that disks, programs and people make."""
    data = bytearray(raw)
    for _ in range(rng.randint(1, 6)):
        if not data:
            break
        at = rng.randrange(len(data))
        kind = rng.randrange(7)
        if kind == 0:
            data[at] = rng.randrange(256)
        elif kind == 1:
            del data[at : at + rng.randint(1, 40)]
        elif kind == 2:
            data[at:at] = rng.choice(PIECES)
        elif kind == 3:
            data[at:at] = data[at : at + rng.randint(1, 400)]
        elif kind == 4:
            other = rng.randrange(len(data))
            size = rng.randint(1, 60)
            data[at : at + size], data[other : other + size] = (
                data[other : other + size],
                data[at : at + size],
            )
        elif kind == 5:
            del data[at:]
        else:
            data[at] ^= 1 << rng.randrange(8)
    return bytes(data)


_JSON = re.compile(rb':\s*("[^"\n]*"|-?\d+|true|false|null|\[\]|\{\})')
_XML = re.compile(rb'>([^<>]+)<|="([^"<>]*)"')
_LINE = re.compile(rb"- ([^\n]*)|(\d+)|(?<=[,\t])([^,\t\n]*)(?=[,\t])")
_JSON_VALUES = (
    b"null",
    b"[]",
    b"{}",
    b"true",
    b"-1",
    b"1e400",
    b'""',
    b"[null]",
    b"[[{}]]",
    b'{"a":{"b":[7]}}',
    b'"\\ud800"',
)
_VALUES = (
    b"", b" ", b"0", b"-1", b"9" * 400, b"99999", b"0000-00-00", b"2020-13-45", b"&#x1F600;", "\u00b2\u0660\u202e\u0000".encode(),
    b"a" * 5000, b"; ; ;", b"10.", b"NCT", b"https://", b"(" * 300, b"1-2-3--4", b"\xc3\xa9" * 40, b"P < 0.05 (" * 60,
)  # fmt: skip


def misfilled(raw: bytes, rng: random.Random) -> bytes:
    """The file, whole in its form as far as can be, with one to six values that are empty, absurd or of another kind."""
    for _ in range(rng.randint(1, 6)):
        json = raw.lstrip()[:1] in (b"{", b"[")
        found = list((_JSON if json else _XML if raw.lstrip()[:1] == b"<" else _LINE).finditer(raw))
        if not found:
            break
        hit = rng.choice(found)
        start, end = next(hit.span(i) for i in range(1, hit.re.groups + 1) if hit.span(i) != (-1, -1))
        other = rng.choice(found)
        values = (*(_JSON_VALUES if json else _VALUES), next(g for g in other.groups() if g is not None))
        raw = raw[:start] + rng.choice(values) + raw[end:]
    return raw


def sound(document: Document, *, deep: bool) -> None:
    """It can be stored; looked at deeply, it can also be split, and its facts read."""
    assert document.source.title
    assert document.sections
    for section in document.sections:
        section.text.encode("utf-8")
    if not deep:
        return
    done = with_facts(split(document))
    assert all(done.text[p.start : p.end] == p.text for p in done.passages)
