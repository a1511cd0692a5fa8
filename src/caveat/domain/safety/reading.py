"""From a raw message to sentences of plain words, as the rules see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from caveat.domain.safety.fold import BREAK, as_latin, fold, has_own_script, join_spelled_out, unmix, words

_LEET = str.maketrans("013457@$!|+", "oieastasiit")
_LEET_CHARS = frozenset("013457@$!|+*")
_EDGE = "\"'“”«»()[]{}<>,.;:?¿¡-_*~"
_WINDOW, _OVERLAP, _SHORT = 300, 40, 2
_MIN_TYPO = 4
_SAFE_FIRST = 7
"""Words so long are recognised even when their first letter is wrong."""
MAX_CHARS = 1_000_000


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence in two views: as written (folded), and with English contractions, slang and typos undone."""

    base: str
    english: str

    @property
    def views(self) -> tuple[str, str]:
        """Both views, base first."""
        return self.base, self.english


@dataclass(slots=True)
class Reader:
    """Reads messages with the words the rules know."""

    vocabulary: frozenset[str]
    rewrites: Mapping[str, Sequence[tuple[tuple[str, ...], tuple[str, ...]]]]
    typos: Typos
    """Slips undone in the English view."""
    other_typos: Typos
    """Slips undone in the plain view, for the other languages."""
    _longest: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self._longest = max((len(w) for w in self.vocabulary), default=0)

    def read(self, text: str) -> list[Sentence]:
        """The message's sentences; never more than a constant times its length in work."""
        plain = join_spelled_out(fold(text[:MAX_CHARS]))
        latin = sum("a" <= c <= "z" for c in plain[:2000]) > 0
        twins = latin and not has_own_script(plain)
        chunks = [self._repair(c, twins) for c in plain.split(" ")] if latin else plain.split(" ")
        return [self._sentence(part) for part in _windows(_merge(_split(words(" ".join(chunks)))))]

    def _sentence(self, tokens: list[str]) -> Sentence:
        base = [w for t in tokens for w in self._unglue(t)]
        plain = [self.other_typos.meant(t) for t in base]
        return Sentence(f" {' '.join(plain)} ", f" {' '.join(self.english(base))} ")

    def _repair(self, chunk: str, twins: bool) -> str:
        if not chunk:
            return chunk
        chunk = unmix(chunk)
        core = chunk.strip(_EDGE)
        if not core or len(core) > self._longest + 4:
            return chunk
        if not core.isascii():
            if twins and (twin := as_latin(core)) in self.vocabulary:
                return chunk.replace(core, twin or core)
            return chunk
        if core in self.vocabulary or core.isdigit():
            return chunk
        for candidate in self._spellings(core):
            if candidate in self.vocabulary:
                return chunk.replace(core, candidate)
        return chunk

    def _spellings(self, core: str) -> Iterable[str]:
        letters = any("a" <= c <= "z" for c in core)
        leet = letters and any(c in _LEET_CHARS for c in core)
        if leet:
            for variant in (core, core.rstrip("!|+")):
                yield variant.translate(_LEET)
                yield variant.replace("1", "l").translate(_LEET)
                yield variant.replace("'", "").translate(_LEET)
            if core.count("*") == 1:
                for vowel in "aeiou":
                    yield core.replace("*", vowel).translate(_LEET)
            if "*" in core or "@" in core or "$" in core:
                yield core.replace("*", "").translate(_LEET)
        if letters:
            for keep in (2, 1):
                yield squeeze(core, keep)
                if leet:
                    yield squeeze(core.translate(_LEET), keep)

    def _unglue(self, token: str) -> list[str]:
        """``killmyself`` as its words, when it is made wholly of words the rules know."""
        if len(token) < 8 or token in self.vocabulary or not token.isascii() or not token.isalpha():
            return [token]
        best: list[list[str] | None] = [None] * (len(token) + 1)
        best[0] = []
        for end in range(1, len(token) + 1):
            for start in range(max(0, end - 12), end):
                head, piece = best[start], token[start:end]
                if head is None or (len(piece) < 3 and piece not in ("i", "to", "me", "my", "im")):
                    continue
                if piece in self.vocabulary and (best[end] is None or len(head) + 1 < len(best[end] or [])):
                    best[end] = [*head, piece]
        parts = best[-1]
        return parts if parts and len(parts) <= 6 and ("myself" in parts or "die" in parts) else [token]

    def english(self, tokens: list[str]) -> list[str]:
        """The words with typos, contractions and slang undone."""
        tokens = [self.typos.meant(t) for t in tokens]
        out: list[str] = []
        i = 0
        while i < len(tokens):
            for source, target in self.rewrites.get(tokens[i], ()):
                if tuple(tokens[i : i + len(source)]) == source:
                    out.extend(target)
                    i += len(source)
                    break
            else:
                out.append(tokens[i])
                i += 1
        return out


def squeeze(word: str, keep: int) -> str:
    """The word with runs of three or more equal letters cut to ``keep``."""
    out: list[str] = []
    i = 0
    while i < len(word):
        j = i
        while j < len(word) and word[j] == word[i]:
            j += 1
        out.append(word[i] * (keep if j - i > 2 else j - i))
        i = j
    return "".join(out)


def _split(tokens: Iterable[str]) -> list[list[str]]:
    out: list[list[str]] = [[]]
    for token in tokens:
        if token == BREAK:
            out.append([])
        else:
            out[-1].append(token)
    return [s for s in out if s]


def _merge(sentences: list[list[str]]) -> list[list[str]]:
    """Scraps of one or two words join what follows, so that ``i. want. to. die.`` is one sentence."""
    out: list[list[str]] = []
    scrap = False
    for sentence in sentences:
        if scrap:
            out[-1].extend(sentence)
        else:
            out.append(list(sentence))
        scrap = len(sentence) <= _SHORT and len(out[-1]) < _WINDOW
    return out


def _windows(sentences: list[list[str]]) -> Iterable[list[str]]:
    for sentence in sentences:
        if len(sentence) <= _WINDOW:
            yield sentence
            continue
        for start in range(0, len(sentence) - _OVERLAP, _WINDOW - _OVERLAP):
            yield sentence[start : start + _WINDOW]


def _deletions(word: str) -> set[str]:
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def one_slip(a: str, b: str) -> bool:
    """Whether one dropped, added, wrong or swapped letter turns one word into the other."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    a, b = a[start:], b[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


class Typos:
    """Finds the word meant by one slip of the finger; ``ordinary`` words are never taken for slips."""

    def __init__(self, targets: Iterable[str], ordinary: Iterable[str], fixed: Mapping[str, str]) -> None:
        self._ordinary = frozenset(ordinary)
        self._fixed = dict(fixed)
        self._index: dict[str, list[str]] = {}
        for word in sorted(set(targets)):
            for key in _deletions(word):
                self._index.setdefault(key, []).append(word)

    def meant(self, token: str) -> str:
        """The word the token stands for: itself, unless it is one slip away from a word the rules need."""
        if token in self._fixed:
            return self._fixed[token]
        if len(token) < _MIN_TYPO or token in self._ordinary or not token.isalpha():
            return token
        near = {w for key in _deletions(token) for w in self._index.get(key, ()) if one_slip(token, w)}
        near = {w for w in near if w[0] == token[0] or len(w) >= _SAFE_FIRST}
        return min(near, key=lambda w: (w[0] != token[0], abs(len(w) - len(token)), w)) if near else token
