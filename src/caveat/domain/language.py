"""Which language a question is in, and one line that says, in that language, that the search works in English."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_ABBREVIATION = re.compile(r"(?<![^\W\d_])[A-Z]{2,}(?![^\W\d_])")
_READ = 4000
_SCRIPTS: tuple[tuple[str, int, int], ...] = (
    ("han", 0x4E00, 0x9FFF), ("han", 0x3400, 0x4DBF), ("kana", 0x3040, 0x30FF), ("ko", 0xAC00, 0xD7AF), ("ko", 0x1100, 0x11FF),
    ("hi", 0x0900, 0x097F), ("bn", 0x0980, 0x09FF), ("arabic", 0x0600, 0x06FF), ("arabic", 0x0750, 0x077F), ("arabic", 0xFB50, 0xFDFF),
    ("arabic", 0xFE70, 0xFEFF), ("cyrillic", 0x0400, 0x052F), ("el", 0x0370, 0x03FF), ("he", 0x0590, 0x05FF), ("th", 0x0E00, 0x0E7F),
    ("ta", 0x0B80, 0x0BFF), ("te", 0x0C00, 0x0C7F), ("gu", 0x0A80, 0x0AFF), ("pa", 0x0A00, 0x0A7F), ("hy", 0x0530, 0x058F), ("ka", 0x10A0, 0x10FF),
)  # fmt: skip
_URDU = frozenset("ٹڈڑےںھۓہ")
_PERSIAN = frozenset("پچژگکی")
_ENGLISH_MARGIN = 1.0
_WEAK = 0.4


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest language (ISO 639-1 code) of a text. English, unsure, when nothing speaks for another."""

    code: str
    confident: bool


@dataclass(frozen=True, slots=True)
class _Language:
    words: frozenset[str]
    marks: frozenset[str]
    sure: frozenset[str]
    weak: frozenset[str]
    notice: str


@lru_cache(maxsize=1)
def _languages() -> Mapping[str, _Language]:
    table = tomllib.loads((files("caveat.domain") / "languages.toml").read_text(encoding="utf-8"))
    return {
        code: _Language(
            words=frozenset(row.get("words", "").split()) | frozenset(row.get("sure", "").split()),
            marks=frozenset(row.get("marks", "")),
            sure=frozenset(row.get("sure", "").split()),
            weak=frozenset(row.get("weak", "").split()),
            notice=row["notice"],
        )
        for code, row in table.items()
        if code != "latin"
    }


@lru_cache(maxsize=1)
def _borrowed() -> re.Pattern[str]:
    table = tomllib.loads((files("caveat.domain") / "languages.toml").read_text(encoding="utf-8"))
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(p) for p in table["latin"]["phrases"]) + r")(?!\w)")


def notice(code: str) -> str:
    """One line in the given language: the search works in English, please ask in English."""
    languages = _languages()
    return (languages.get(code) or languages["en"]).notice


def guess(text: str) -> Guess:
    """The language of a question. Short biomedical English counts as English."""
    text = text[:_READ]
    scripts: dict[str, int] = {}
    latin = 0
    for char in text:
        point = ord(char)
        if point < 0x0250:
            latin += char.isalpha()
            continue
        for name, low, high in _SCRIPTS:
            if low <= point <= high:
                scripts[name] = scripts.get(name, 0) + 1
                break
        else:
            latin += 0x1E00 <= point <= 0x1EFF
    other = sum(scripts.values())
    if other and (other * 3 >= latin or (scripts.get("han", 0) + scripts.get("kana", 0)) * 6 >= latin):
        return _by_script(text, scripts)
    return _by_words(text)


def _by_script(text: str, scripts: Mapping[str, int]) -> Guess:
    top = max(scripts, key=lambda name: scripts[name])
    if top == "el" and scripts["el"] < 4:
        return _by_words(text)
    if top in ("han", "kana"):
        return Guess("ja" if scripts.get("kana", 0) else "zh", True)
    if top == "arabic":
        letters = set(text)
        return Guess("ur" if letters & _URDU else "fa" if letters & _PERSIAN else "ar", True)
    if top == "cyrillic":
        found = _scores(text.casefold(), ("ru", "uk"))
        return Guess("uk" if found["uk"] > found["ru"] else "ru", found["uk"] != found["ru"])
    return Guess(top, True)


def _scores(text: str, codes: tuple[str, ...]) -> dict[str, float]:
    tokens = [t.replace("’", "'") for t in _WORD.findall(text) if not any(c.isdigit() for c in t)]
    parts = [p for t in tokens for p in {t, *t.split("'")}]
    languages = _languages()
    scores: dict[str, float] = {}
    for code in codes:
        language = languages[code]
        scores[code] = sum(_WEAK if p in language.weak else 1.0 for p in parts if p in language.words)
        scores[code] += 1.5 * len(language.marks & set(text))
    return scores


def _by_words(text: str) -> Guess:
    if not text.isupper():
        text = _ABBREVIATION.sub(" ", text)
    text = _borrowed().sub(" ", text.casefold())
    codes = tuple(c for c, row in _languages().items() if row.words and c not in ("ru", "uk"))
    scores = _scores(text, codes)
    english = scores.pop("en")
    best = max(scores, key=lambda code: scores[code])
    top = scores[best]
    alone = english < 1 and (_accented(text) or bool(_languages()[best].sure & set(text.split())))
    if top >= english + _ENGLISH_MARGIN and (top >= 2 or alone):
        runner_up = max(v for c, v in scores.items() if c != best)
        return Guess(best, top >= 2 and top > runner_up)
    return Guess("en", english >= 1 and english >= top)


def _accented(text: str) -> bool:
    return any("\u00c0" <= c <= "\u024f" or c in "¿¡" for c in text)
