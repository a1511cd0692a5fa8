"""The small pattern language rules are written in, and its translation into regular expressions.

``word``, ``word*`` (any ending), ``*word`` (any beginning), ``(a|b c)`` one of, ``[a|b]`` perhaps one of,
``{set}`` one of a named set, ``..`` up to three words, ``...`` up to six, ``_`` (or a lone ``*``) one word, ``#`` a number,
``^`` and ``$`` start and end of a sentence. Nothing repeats without bound, so matching time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from caveat.domain.safety.fold import fold_words

_ELEMENT = re.compile(r"\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\]|\{[\w-]+\}|\S+")
_INNER = re.compile(r"\(([^()]*)\)")
_GAPS = {"..": 3, "...": 6}
_ANY = "[^ .]"
FUNCTION_WORDS = frozenset(
    "i a an am is are the to of in on my me it you and or be do was that this for with not have has want would "
    "can will just so too so at by if no all how what when go get got been being from up out as dont cant "
    "going your we he she they his her their him them should take "
    "de la el en un una que me se no mi y a le je ne pas les des mon ma ich nicht zu und mir mich den die das der "
    "eu nao o os as um uma e minha meu non di il lo un mio mia per sie nie sie sa ma mam chce "
    "я не на в у і що мені мене मैं मुझे है हूं के को में का की انا لا ان من في".split()
)


class PatternError(ValueError):
    """A pattern that cannot be read; the message names it."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A word that must stand in a sentence for a pattern to match; ``prefix`` when any ending will do."""

    word: str
    prefix: bool


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern. Without anchors it is tried on every sentence."""

    source: str
    expression: str
    anchors: frozenset[Anchor]
    literals: frozenset[str]

    @property
    def regex(self) -> re.Pattern[str]:
        """The regular expression, compiled when first wanted."""
        return _compiled(self.expression)

    def search(self, sentence: str) -> re.Match[str] | None:
        """First match in a sentence written as ``' word word '``."""
        return _compiled(self.expression).search(sentence)


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


@dataclass(frozen=True, slots=True)
class _Option:
    regex: str
    anchor: Anchor | None
    literals: tuple[str, ...]


def _word(text: str) -> tuple[str, Anchor | None, list[str]]:
    if text in _GAPS:
        return f"(?: {_ANY}+){{0,{_GAPS[text]}}}?", None, []
    if text in ("_", "*"):
        return f" {_ANY}+", None, []
    if text == "#":
        return r" \d[^ .]*", None, []
    head, tail = text.startswith("*"), text.endswith("*")
    parts = fold_words(text.strip("*"))
    if not parts or "(" in text or ")" in text or "?" in text:
        raise PatternError(f"no word in {text!r}")
    if (head or tail) and len(parts) > 1:
        raise PatternError(f"a star on several words: {text!r}")
    regex = "".join(f" {_ANY + '*' if head else ''}{re.escape(p)}" for p in parts) + (
        f"{_ANY}*" if tail else ""
    )
    best = max(parts, key=lambda p: (p not in FUNCTION_WORDS, len(p)))
    return regex, None if head else Anchor(best, tail), [] if head or tail else parts


def _weight(anchor: Anchor) -> tuple[bool, int]:
    return anchor.word not in FUNCTION_WORDS, len(anchor.word)


@cache
def _option(text: str) -> _Option:
    regex = ""
    anchors: list[Anchor] = []
    literals: list[str] = []
    for piece in text.split():
        part, anchor, words = _word(piece)
        regex += part
        literals += words
        if anchor:
            anchors.append(anchor)
    if not regex:
        raise PatternError("an empty alternative")
    return _Option(regex, max(anchors, key=_weight) if anchors else None, tuple(literals))


def expand(name: str, sets: Mapping[str, Sequence[str]], seen: tuple[str, ...] = ()) -> list[str]:
    """All phrases of a set, sets inside it expanded."""
    if name not in sets or name in seen:
        raise PatternError(f"unknown or circular set {{{name}}}")
    out: list[str] = []
    for phrase in sets[name]:
        for written in _written_out(phrase):
            out.extend(_spread(written, sets, (*seen, name)))
    return out


def _spread(phrase: str, sets: Mapping[str, Sequence[str]], seen: tuple[str, ...] = ()) -> list[str]:
    found = re.search(r"\{([\w-]+)\}", phrase)
    if not found:
        return [phrase.strip()]
    head, tail = phrase[: found.start()], phrase[found.end() :]
    return [
        s for option in expand(found.group(1), sets, seen) for s in _spread(head + option + tail, sets, seen)
    ]


def _choices(body: str) -> list[str]:
    """The alternatives of a group; groups inside them are written out."""
    pieces, depth = [""], 0
    for char in body:
        depth += (char == "(") - (char == ")")
        if char == "|" and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += char
    return [choice for piece in pieces for choice in _written_out(piece)]


def _written_out(piece: str) -> list[str]:
    inner = _INNER.search(piece)
    if not inner:
        return [piece]
    head, tail = piece[: inner.start()], piece[inner.end() :]
    return [p for choice in inner.group(1).split("|") for p in _written_out(head + choice + tail)]


def compile_pattern(source: str, sets: Mapping[str, Sequence[str]]) -> Pattern:
    """The pattern as a regular expression over ``' word word '``; raises ``PatternError``."""
    regex = ""
    literals: list[str] = []
    choices: list[list[_Option]] = []
    for element in _ELEMENT.findall(source):
        closed = {"(": ")", "[": "]", "{": "}"}.get(element[0])
        if (closed and element[-1] != closed) or (not closed and set(element) & set("()[]{}|?+\\")):
            raise PatternError(f"{element!r} in {source!r} is not part of the pattern language")
        if element in ("^", "$"):
            regex += "^" if element == "^" else "(?= $)"
            continue
        optional = element.startswith("[")
        if "[" in element[1:] or (optional and ("(" in element or ")" in element)):
            raise PatternError(f"a group inside brackets, or brackets inside a group: {element!r}")
        grouped = element[0] in "([{"
        body = element[1:-1] if grouped and element[0] != "{" else element
        phrases = [p for raw in (_choices(body) if grouped else [body]) for p in _spread(raw, sets)]
        options = [_option(p) for p in dict.fromkeys(phrases)]
        literals += [w for o in options for w in o.literals]
        joined = "|".join(o.regex for o in options)
        regex += joined if len(options) == 1 and not optional else f"(?:{joined}){'?' if optional else ''}"
        if not optional and element not in ("..", "...", "_", "#"):
            choices.append(options)
    if not choices:
        raise PatternError(f"nothing to look for in {source!r}")
    return Pattern(source, regex + "(?= )", _anchors(choices), frozenset(literals))


def _anchors(choices: list[list[_Option]]) -> frozenset[Anchor]:
    best: tuple[int, list[Anchor]] | None = None
    for options in choices:
        anchors = [o.anchor for o in options if o.anchor]
        if len(anchors) < len(options):
            continue
        cost = len(anchors) + 1000 * sum(a.word in FUNCTION_WORDS for a in anchors)
        if best is None or cost < best[0]:
            best = cost, anchors
    return frozenset(best[1]) if best else frozenset()
