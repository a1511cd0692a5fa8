"""Characters that no reader sees: taken out of every text, and told when they look like a hidden message."""

from __future__ import annotations

import re

# Joiners (U+200C, U+200D) have a meaning between letters of Persian, Arabic and Indian scripts, and in emoji.
_JOINER = re.compile(
    r"(?<![\u0600-\u0dff\u2600-\U0001faff\ufe0f])[\u200c\u200d]|[\u200c\u200d](?![\u0600-\u0dff\u2600-\U0001faff])"
)
_UNSEEN = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\U000e0000-\U000e0fff]"
)
_MESSAGE = re.compile(r"[\U000e0000-\U000e0fff]|[\u202d\u202e]|[\u200b-\u200d\u2060-\u2064\ufeff\u180e]{4,}")


def visible(text: str) -> tuple[str, bool]:
    """The text without unseen characters, and whether they could carry a message of their own."""
    if text.isascii():
        return text, False
    hidden = bool(_MESSAGE.search(text))
    return _JOINER.sub("", _UNSEEN.sub("", text)), hidden
