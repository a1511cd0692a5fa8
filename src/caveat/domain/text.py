"""Plain text handling shared by the rules: tokens, stop words, spelling repair."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_TOKEN = re.compile(r"[^\W_]+", re.UNICODE)
_NOT_ASCII = re.compile(r"([^\x00-\x7f]+)")
_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "κ": "kappa", "δ": "delta"}

STOP_WORDS = frozenset(
    """a about above after again all also am an and any anyone anything are as at be because been before being
    below between both but by can cannot could did do does doing don done down during each either else ever every
    everyone few for from further get gets getting give given gives go goes going got had has have having he her
    here hers him his how however i if in into is isn it its itself just know let like made make makes many may me
    might more most much must my need no nor not now of off on once one ones only or other our out over own please
    really same say says see seem seems shall she should show shown shows so some someone something still such sure
    take tell than that the their them then there these they thing things think this those through to too under
    until up upon us use used using very want was we well were what whats when where whether which while who whom
    whose why will with within without would yet you your yours""".split()
)


def fold(text: str) -> str:
    """Lower case without accents; Greek letters used in gene and protein names are spelled out."""
    if text.isascii():
        return text.lower()
    # Other characters stand in ones and twos in a long English text; no rule looks from them to their neighbours.
    parts = _NOT_ASCII.split(text)
    parts[::2] = [part.lower() for part in parts[::2]]
    parts[1::2] = map(_folded, parts[1::2])
    return "".join(parts)


@lru_cache(maxsize=10_000)
def _folded(text: str) -> str:
    for letter, name in _GREEK.items():
        text = text.replace(letter, name)
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def whole(text: str) -> str:
    """The text with halves of characters, which cannot be written anywhere, replaced by "?"."""
    return text.encode("utf-8", "replace").decode("utf-8")


def tokens(text: str) -> list[str]:
    """Folded runs of letters and digits, in order."""
    return _TOKEN.findall(fold(text))


def singular(token: str) -> str:
    """The token without a plural ending, so that "statins" meets "statin"."""
    if len(token) > 4 and token.endswith("ies"):
        return token[:-3] + "y"
    if len(token) > 3 and token.endswith("s") and not token.endswith(("ss", "is", "us")):
        # "HADS" is a scale and no plural of "had".
        return token if token[:-1] in STOP_WORDS else token[:-1]
    return token


def content_words(text: str) -> list[str]:
    """Tokens that carry meaning: no stop words, no lone letters."""
    return [t for t in tokens(text) if t not in STOP_WORDS and (len(t) > 1 or t.isdigit())]


def edit_distance(a: str, b: str, limit: int) -> int:
    """Optimal string alignment distance (a swap counts as one), or ``limit + 1`` when it is larger."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        current = [i]
        for j, y in enumerate(b, 1):
            cost = min(previous[j] + 1, current[-1] + 1, previous[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, previous = previous, current
    return min(previous[-1], limit + 1)


def nearest_word(word: str, vocabulary: Iterable[str]) -> str | None:
    """The one vocabulary word that ``word`` looks like a slip of; None when it is short, far or ambiguous."""
    if len(word) < 6 or not word.isalpha():
        return None
    most = 2 if len(word) >= 8 else 1
    best: list[str] = []
    best_distance = most + 1
    for candidate in vocabulary:
        if len(candidate) < 6 or candidate[0] != word[0]:
            continue
        limit = most if len(candidate) >= 8 else 1  # a short word is soon another one: "hoarding", "hearing"
        distance = edit_distance(word, candidate, limit)
        if distance > limit:
            continue
        if distance < best_distance:
            best, best_distance = [candidate], distance
        elif distance == best_distance:
            best.append(candidate)
    return best[0] if len(best) == 1 else None
