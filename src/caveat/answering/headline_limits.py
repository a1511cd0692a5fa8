"""What a first sentence must add: that a missed outcome is no disproof, and where a study stopped looking."""

from __future__ import annotations

import re

from caveat.domain.duration import ONE_TO_TWELVE, in_words, longest_days, number
from caveat.domain.model import Source

DENIES = re.compile(
    r"\b(?:proven|proved|proof|shown|established|settled|confirmed|definite(?:ly)?)\b.{0,24}\b(?:not to|does ?n.?t|do ?n.?t|did ?n.?t|no (?:effect|benefit)|useless|worthless)\b"
    r"|\b(?:disproven|disproved|debunked|useless|worthless|waste of (?:time|money)|dead end|case closed)\b",
    re.IGNORECASE,
)
NOT_DISPROVEN = "Not shown to do nothing either: a trial that missed its main outcome, above all a small one, cannot rule an effect out."
_COUNT = r"\d{1,2}|a|" + "|".join(ONE_TO_TWELVE)
_LATER = re.compile(
    rf"\b(?P<n>{_COUNT}) (?P<unit>weeks?|months?|years?)(?: \w+)? (?:later|afterwards?|on|after|follow.?up)\b|\bafter (?P<n2>{_COUNT}) (?P<unit2>months?|years?)\b"
    r"|\b(?:long.?term|in the long run|years (?:later|afterwards?|on))\b",
    re.IGNORECASE,
)


def beyond_its_end(source: Source, text: str) -> str:
    """Says when the work stopped looking, where something later is asked of it."""
    match = _LATER.search(text)
    followed = longest_days(source.duration)
    if match is None or followed is None:
        return ""
    n, unit = match.group("n") or match.group("n2"), match.group("unit") or match.group("unit2") or "years"
    count = number(n) if n else 1
    asked = count * {"w": 7, "m": 30, "y": 365}[unit[0].casefold()]
    if asked <= followed * 1.2:
        return ""
    return f"Nothing later than {in_words(followed)} is held here. "
