"""Text to search terms: single characters count; joined, split and spelled-out forms find each other."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache

import Stemmer

VERSION = 2
"""Recorded in each index: raise it when the same text would give other terms."""

_LISTED = re.compile(r"\S+")
STOP_WORDS = frozenset(
    _LISTED.findall(
        """
a about after all also among an and any are as at be because been before being between both but by can
could did do does during each for from further had has have having he her here him his how however i if
in into is it its itself may me might more most my no nor not of off on once only or other our out over
own same she should so some such than that the their them then there these they this those through thus
to too under until up upon us very was we were what when where whether which while who whom whose why
will with within would you your
"""
    )
)

_GREEK_NAMES = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon
phi chi psi omega
"""
GREEK = dict(zip("αβγδεζηθικλμνξοπρστυφχψω", _LISTED.findall(_GREEK_NAMES), strict=True)) | {"ς": "sigma"}

# British spellings to American ones, so that either finds the other.
_SPELLINGS = (
    (re.compile(r"(?<=\w{3})is(e[sdr]?|ing|ations?)\b"), r"iz\1"),
    (re.compile(r"aem"), "em"),
    (re.compile(r"oedem"), "edem"),
    (re.compile(r"oestr"), "estr"),
    (re.compile(r"\bpaed"), "ped"),
    (re.compile(r"(tum|behavi|fav|col)our"), r"\1or"),
)

_COMPOUND = re.compile(r"\w+(?:[-‐‑‒–−./]\w+)*")
_PIECE = re.compile(r"\w+")
_RUNS = re.compile(r"[^\W\d_]+|\d+")
_NUMBER = re.compile(r"\d+(?:\.\d+)+")
_local = threading.local()


def terms(text: str) -> list[str]:
    """The stemmed terms of a text, in order, with extra forms beside the word they belong to."""
    out: list[str] = []
    previous = ""
    for match in _COMPOUND.finditer(_plain(text)):
        compound = match.group()
        pieces = _PIECE.findall(compound)
        for piece in pieces:
            out.extend(_word_terms(piece))
        if len(pieces) > 1:
            out.extend(_joined(compound, pieces))
        elif _names_a_number(previous, compound):
            out.append(previous + compound)
        previous = pieces[-1] if len(pieces) == 1 else ""
    return out


def _plain(text: str) -> str:
    """Lower case without accents, in American spelling; Greek letters stay."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    for pattern, spelling in _SPELLINGS:
        plain = pattern.sub(spelling, plain)
    return plain


def _joined(compound: str, pieces: list[str]) -> list[str]:
    """``il-6`` also as ``il6``, ``tnf-α`` also as ``tnfα`` and ``tnfalpha``, ``0.05`` also whole."""
    if _NUMBER.fullmatch(compound):
        return [compound]
    if len(pieces) > 3 or "/" in compound or all(piece.isdigit() for piece in pieces):
        return []
    word = "".join(pieces)
    return [_stem(form) for form in dict.fromkeys((word, _spelled(word)))]


def _names_a_number(previous: str, piece: str) -> bool:
    """True for ``il 6``: a short name and a short number, written apart."""
    return (
        piece.isdigit()
        and len(piece) <= 2
        and 0 < len(previous) <= 4
        and previous.isalpha()
        and previous not in STOP_WORDS
    )


@lru_cache(maxsize=100_000)
def _word_terms(piece: str) -> tuple[str, ...]:
    if piece in STOP_WORDS:
        return ()
    forms = [_stem(piece)]
    spelled = _spelled(piece)
    if spelled != piece:
        forms.append(_stem(spelled))
    runs = _RUNS.findall(piece)
    if 1 < len(runs) <= 3:
        forms += [_stem(run) for run in runs]
    return tuple(dict.fromkeys(forms))


def _spelled(word: str) -> str:
    return "".join(GREEK.get(c, c) for c in word)


def _stem(word: str) -> str:
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:
        stemmer = _local.stemmer = Stemmer.Stemmer("english")
    return str(stemmer.stemWord(word))
