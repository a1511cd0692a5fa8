"""Gives each word of a sentence its meaning: names, synonyms, signals and hidden denials."""

from __future__ import annotations

import re

from caveat.domain.verify.stems import stem
from caveat.domain.verify.tokens import Token, tokenise
from caveat.domain.verify.units import EVENT_TAGS, NONE, Draft
from caveat.domain.verify.words import Entity, Vocabulary


def look_up(tokens: list[Token], words: Vocabulary) -> tuple[list[Draft], frozenset[int]]:
    """The tokens as units with their meaning, and the tokens that belong to names of several words."""
    drafts: list[Draft] = []
    taken: set[int] = set()
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token.kind == "p":
            drafts.append(
                Draft(i, token.low, token.low, "p", NONE, NONE, None, token.start, token.end, False)
            )
            i += 1
            continue
        matched = _phrase(tokens, i, words)
        if matched is not None:
            last, meaning = matched
            start, end = token.start, tokens[last].end
            if meaning[0] == ">":
                parts = tokenise(meaning.split(">")[2])
                drafts.extend(_word(i, part, words, start, end, False) for part in parts)
            elif meaning[0] == "=":
                low = meaning[1:]
                groups = words.groups.get(low, NONE) | words.groups.get(meaning[1:], NONE)
                stems = frozenset(t.stem for t in tokens[i : last + 1] if t.kind != "p")
                tags = words.tags.get(low, NONE)
                drafts.append(Draft(i, low, low, "w", groups or stems, tags, None, start, end, False))
            else:
                entity = words.entities[meaning]
                extra = frozenset().union(
                    *(
                        words.groups.get(t.stem, NONE)
                        for t in tokens[i : last + 1]
                        if t.kind == "w" and len(t.low) > 4
                    )
                )
                concepts = frozenset({"@" + entity.name}) | (extra if entity.kind != "drug" else NONE)
                drafts.append(
                    Draft(
                        i,
                        meaning,
                        meaning,
                        "i",
                        concepts,
                        frozenset({entity.kind}),
                        entity,
                        start,
                        end,
                        False,
                    )
                )
            taken.update(range(i, last + 1))
            i = last + 1
            continue
        draft = _word(i, token, words, token.start, token.end, i > 0)
        if token.low in ("over", "under") and _compound(tokens, i):
            draft.tags = frozenset({"up" if token.low == "over" else "down"})
        if (
            token.text == "May"
            and i
            and i + 1 < len(tokens)
            and (tokens[i + 1].kind == "n" or tokens[i - 1].kind == "n")
        ):
            draft.tags = NONE
        if token.stem in words.phrases:
            draft.tags |= _phrase_tags(tokens, i, words)
        drafts.append(draft)
        i += 1
    return drafts, frozenset(taken)


def _compound(tokens: list[Token], i: int) -> bool:
    """ "over-expressed"."""
    return (
        i + 2 < len(tokens)
        and tokens[i + 1].low == "-"
        and tokens[i + 1].start == tokens[i].end
        and tokens[i + 2].low.endswith(("ed", "ion", "es"))
    )


def _phrase(tokens: list[Token], i: int, words: Vocabulary) -> tuple[int, str] | None:
    for key, meaning in words.phrases.get(tokens[i].stem, ()):
        if meaning[0] == "+":
            continue
        last = _match(tokens, i, key)
        if last is None:
            continue
        if meaning[0] == ">" and last == i and tokens[i].low != meaning.split(">")[1].replace("-", ""):
            continue
        return last, meaning
    return None


def _match(tokens: list[Token], i: int, key: tuple[str, ...]) -> int | None:
    """The last token of the phrase, if it stands at token i."""
    j, k = i, 0
    while k < len(key) and j < len(tokens):
        if tokens[j].low in ("-", "/", "'") and k:
            j += 1
            continue
        if tokens[j].stem != key[k]:
            return None
        j, k = j + 1, k + 1
    return j - 1 if k == len(key) else None


def _phrase_tags(tokens: list[Token], i: int, words: Vocabulary) -> frozenset[str]:
    """Signals that need several words ("post hoc", "led to"); they sit on the first."""
    found: set[str] = set()
    for key, meaning in words.phrases.get(tokens[i].stem, ()):
        if meaning[0] == "+" and _match(tokens, i, key) is not None:
            found.add(meaning[1:])
    return frozenset(found)


def _word(i: int, token: Token, words: Vocabulary, start: int, end: int, inner: bool) -> Draft:
    proper = inner and token.text[:1].isupper()
    if token.kind == "n":
        return Draft(i, token.low, token.low, "n", NONE, NONE, None, start, end, False)
    entity = words.entities.get(token.stem) or words.entities.get(token.low)
    if (
        entity is None
        and token.kind == "w"
        and len(token.low) > 6
        and token.low.endswith(words.drug_suffixes)
    ):
        entity = Entity("drug", token.low)
    if entity is not None:
        return Draft(
            i, token.low, token.stem, "i", frozenset({"@" + entity.name}), frozenset({entity.kind}), entity, start, end, proper
        )  # fmt: skip
    tags = words.tags.get(token.low, NONE)
    if inner and token.text.isupper() and len(token.text) <= 4 and token.low not in _CAPITALS_STOP:
        tags -= {"stop", "soft"}
    base = words.prefixed.get(token.low) or _hidden_base(token.low, tags)
    concepts = words.groups.get(token.stem, NONE) | {token.stem}
    if base is not None:
        root = stem(base)
        concepts = words.groups.get(root, NONE) | {root}
        tags |= {"prefixed"} | (words.tags.get(base, NONE) & EVENT_TAGS)
    return Draft(i, token.low, token.stem, token.kind, concepts, tags, None, start, end, proper)


_CAPITALS_STOP = frozenset("a i and or not no the of in for to by with on at".split())

_NOT_PREFIX = re.compile(r"un(?:der|til|it|iq|ion|ivers|less|to|cle|anim|iform)|none|nonet")


def _hidden_base(low: str, tags: frozenset[str]) -> str | None:
    """What a word in "un…" or "non…" denies."""
    if not low.startswith(("un", "non")) or _NOT_PREFIX.match(low) or tags:
        return None
    rest = low[2:] if low.startswith("un") else low[3:]
    return rest if len(rest) >= 5 else None
