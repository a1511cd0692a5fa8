"""Folding: one plain spelling for every way a character can be written, so that rules need only one."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

BREAK = "."
_APOSTROPHES = frozenset("'’‘ʼ`´′＇՚")
_ENDERS = frozenset(".!?;…।॥؟۔。！？；")
_SPECIAL = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ی": "ي", "ک": "ك",
    "ँ": "ं", "़": "", "ـ": "", "ґ": "г",
    "ɪ": "i", "ᴋ": "k", "ʟ": "l", "ᴇ": "e", "ᴅ": "d", "ᴀ": "a", "ᴍ": "m", "ᴜ": "u", "ᴄ": "c", "ᴛ": "t",
}  # fmt: skip
_LOOKALIKES = str.maketrans("аеорсухіјѕԁһкмтвнгԛԝαεορυικτνβ", "aeopcyxijsdhkmtbhrqwaeopuiktvb")
_SPACED = re.compile(r"(?<!\S)[^\W\d_](?: {1,3}[^\W\d_]){3,}(?!\S)")
_DOTTED = re.compile(r"(?<![^\W_])[^\W\d_](?:[.\-_*·,/|][^\W\d_]){2,}(?![^\W_])")
_DECIMAL = re.compile(r"(?<=\d)[.,](?=\d)")
_SHORT_STOP = re.compile(r"\.{2,}|…")
_OVERRIDE = re.compile("\u202e([^\u202c\n]*)")
_PARAGRAPH = re.compile(r"\n\s*\n")
_MAX_TOKEN = 48


@lru_cache(maxsize=4096)
def fold_char(char: str) -> str:
    """One character in plain spelling: no case, accents, formatting or variant forms; ``' '`` for what separates."""
    if char in _APOSTROPHES:
        return "'"
    if char in _SPECIAL:
        return _SPECIAL[char]
    category = unicodedata.category(char)
    if category in ("Cf", "Cs", "Co", "Cn", "Cc"):
        return " " if char in "\t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85" else ""
    if category[0] == "Z":
        return " "
    if category[0] == "M":
        return (
            "" if category == "Me" or "\u0300" <= char <= "\u036f" or "\u064b" <= char <= "\u0670" else char
        )
    if category == "Nd":
        return str(unicodedata.digit(char))
    if category[0] == "L":
        parts = unicodedata.normalize("NFKD", char)
        if len(parts) > 1 and unicodedata.name(parts[0], "").startswith(("LATIN", "GREEK")):
            return "".join(p for p in parts if not unicodedata.combining(p)).casefold()
    return char.casefold()


def fold(text: str) -> str:
    """The whole text in plain spelling; punctuation and sentence ends are still there."""
    text = "".join(c for c in text if unicodedata.category(c) != "Cs")
    hidden = ["".join(reversed(m.group(1))) for m in _OVERRIDE.finditer(text)]
    if hidden:
        text = text + " . " + " . ".join(hidden)
    text = _PARAGRAPH.sub(" . ", text)
    text = unicodedata.normalize("NFKC", text).casefold()
    text = unicodedata.normalize("NFC", text)
    return text.translate({ord(c): fold_char(c) for c in set(text)})


def join_spelled_out(text: str) -> str:
    """``k i l l`` and ``k.i.l.l`` as one word."""
    text = _DOTTED.sub(lambda m: "".join(c for c in m.group() if c.isalpha()), text)
    return _SPACED.sub(lambda m: " ".join(w.replace(" ", "") for w in m.group().split("  ")), text)


def unmix(chunk: str) -> str:
    """A word that mixes scripts, with its look-alike letters made Latin; other words unchanged."""
    if chunk.isascii() or not any("a" <= c <= "z" for c in chunk):
        return chunk
    return chunk.translate(_LOOKALIKES)


def as_latin(word: str) -> str | None:
    """What a word would read as if each letter were a Latin look-alike; ``None`` when one is not."""
    latin = word.translate(_LOOKALIKES)
    return latin if latin != word and latin.isascii() else None


def has_own_script(text: str) -> bool:
    """Whether Cyrillic or Greek letters stand in the text that no Latin letter looks like: then it is no disguise."""
    rest = text.translate(_LOOKALIKES)
    return any("\u0370" <= c <= "\u052f" for c in rest)


@lru_cache(maxsize=4096)
def _separator(char: str) -> str:
    if char in _ENDERS:
        return f" {BREAK} "
    if char == "'":
        return " "
    if "\u3040" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff":
        return f" {char} "
    return " " if unicodedata.category(char)[0] in "PSZ" else char


def words(text: str) -> list[str]:
    """Folded text as words, with ``BREAK`` where a sentence ends; decimals stay whole, each Chinese or Japanese sign is a word."""
    text = _SHORT_STOP.sub(" ", text)
    text = _DECIMAL.sub("·", text)
    table = {ord(c): _separator(c) for c in set(text) if c != "·"}
    out: list[str] = []
    for word in text.translate(table).split():
        if len(word) <= _MAX_TOKEN:
            out.append(word)
        else:
            out.extend(word[i : i + _MAX_TOKEN] for i in range(0, len(word), _MAX_TOKEN))
    return out


def fold_words(text: str) -> list[str]:
    """A rule's words, spelled as a message's are."""
    return [w for w in words(fold(text)) if w != BREAK]
