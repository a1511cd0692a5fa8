"""What words of ten languages mean, so that what was learned in one language helps in the others."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from caveat.domain.safety.fold import fold_words

_SCRIPTS = {"uk": ("\u0400", "\u04ff"), "ar": ("\u0600", "\u06ff"), "hi": ("\u0900", "\u097f")}
_LATIN = ("en", "es", "fr", "de", "pt", "it", "pl", "hi")
_LONGEST_PHRASE = 4


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one language: whole ones and phrases, beginnings, and stretches that may stand anywhere."""

    exact: Mapping[tuple[str, ...], str]
    starts: Mapping[str, str]
    lengths: tuple[int, ...]
    within: tuple[tuple[str, str], ...]

    def meaning(self, token: str) -> str | None:
        """What one word means; ``None`` for words that are not listed."""
        if found := self.exact.get((token,)):
            return found
        for n in self.lengths:
            if n > len(token):
                break
            if found := self.starts.get(token[:n]):
                return found
        return next((key for part, key in self.within if part in token), None)

    def meanings(self, tokens: Sequence[str]) -> list[str]:
        """The meanings in the order of the words."""
        out: list[str] = []
        i = 0
        while i < len(tokens):
            for n in range(_LONGEST_PHRASE, 1, -1):
                if found := self.exact.get(tuple(tokens[i : i + n])):
                    out.append(found)
                    i += n
                    break
            else:
                if one := self.meaning(tokens[i]):
                    out.append(one)
                i += 1
        return out


@lru_cache(maxsize=1)
def _languages() -> Mapping[str, _Words]:
    path = files("caveat.domain.safety") / "net" / "words.toml"
    table: dict[str, dict[str, list[str]]] = tomllib.loads(path.read_text(encoding="utf-8"))
    out: dict[str, _Words] = {}
    for language in (*_LATIN, "uk", "ar"):
        exact: dict[tuple[str, ...], str] = {}
        starts: dict[str, str] = {}
        within: list[tuple[str, str]] = []
        for meaning, words in table.items():
            for word in words.get(language, ()):
                stem = "".join(fold_words(word.strip("*")))
                if word.startswith("*") and len(stem) > 2:
                    within.append((stem, meaning))
                elif word.endswith("*"):
                    starts.setdefault(stem, meaning)
                else:
                    exact.setdefault(tuple(fold_words(word)), meaning)
        lengths = tuple(sorted({len(s) for s in starts}))
        out[language] = _Words(exact, starts, lengths, tuple(within))
    return out


def meanings(tokens: Sequence[str]) -> tuple[str, list[str]]:
    """The language whose words are found most often (English when in doubt), and what they mean in order."""
    languages = _languages()
    letters = "".join(tokens)
    for code, (first, last) in _SCRIPTS.items():
        if sum(first <= c <= last for c in letters) * 2 > len(letters):
            return code, languages[code].meanings(tokens)
    best = max(_LATIN, key=lambda code: (_known(languages[code], tokens), code == "en"))
    return best, languages[best].meanings(tokens)


def _known(words: _Words, tokens: Sequence[str]) -> int:
    return sum(words.meaning(token) is not None for token in tokens)
