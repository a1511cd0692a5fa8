"""Whether a message asks something of the world alone: no word of its writer, of anybody else, or of danger."""

from __future__ import annotations

from collections.abc import Sequence

from caveat.domain.safety.net.glossary import meanings

_HARMLESS = frozenset({"study", "inflammation", "year", "want", "not", "think", "says", "end", "dose"})
_ASKING = frozenset(
    "what where when who whose which why how is are was were did does do can could would will and has have".split()
)


def asks_without_a_cue(text: str, tokens: Sequence[str]) -> bool:
    """True for questions in which nothing listed in ``words.toml`` stands, save words of research and plain verbs."""
    if not tokens or not ("?" in text or "\u061f" in text or tokens[0] in _ASKING):
        return False
    return _HARMLESS.issuperset(meanings(tokens)[1])
