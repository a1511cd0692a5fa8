"""Decides by rule what form of answer a question asks for. The first rule that fits wins."""

from __future__ import annotations

import re
from collections.abc import Sequence

from caveat.domain.kind_rules import HOW_GIVEN, IS_COMPARED, RULES, WHO_RESPONDS
from caveat.domain.model import QuestionKind as Q

MOST_CHARS = 1000


def asks_how_given(text: str) -> bool:
    """True for a question on the way or the rhythm of giving: drip or jab, weekly or monthly."""
    return bool(HOW_GIVEN.search(text))


def compares_ways(text: str) -> bool:
    """True when one way of giving is asked to be set against another."""
    return asks_how_given(text) and bool(IS_COMPARED.search(text))


def asks_who_responds(text: str) -> bool:
    """True for a question whether something known beforehand tells who a treatment helps."""
    return bool(WHO_RESPONDS.search(text))


_AND_WORKS = re.compile(
    r"\b(?:and|but|,) (?:also )?(?:does|do|will|did|can|is) (?:it|they|this|that|\w+) (?:really |actually |even )?(?:work|help|effective|any good)\w*\b|\b(?:safe|dangerous|risky) and effective\b"
    r"|\b(?:work|help|effective)s?\b (?:\w+ ){0,3}?(?:and|or) (?:is (?:it|this) )?(?:safe|dangerous|risky)\b",
    re.IGNORECASE,
)


def asks_whether_it_works_too(text: str) -> bool:
    """True for a question on safety that asks in the same breath whether the treatment works."""
    return bool(_AND_WORKS.search(text))


def kind_of(
    text: str,
    *,
    drugs: Sequence[str],
    markers: Sequence[str],
    outcomes: Sequence[str],
    named_study: bool,
    tested: int | None = None,
) -> Q:
    """The kind of the first rule that fits; an effect question when none does.

    ``tested``: how many of the drugs are on trial here rather than taken alongside; all of them unless given.
    """
    text = _last_question(text)
    has = {"d": bool(drugs), "m": bool(markers), "o": bool(outcomes), "s": named_study, "2": len(drugs) >= 2}
    has["t"] = (len(drugs) if tested is None else tested) >= 2
    for rule in RULES:
        if all(has[n] for n in rule.needs) and rule.fits(text):
            return rule.kind
    return Q.EFFECT


def tells_its_kind(
    text: str, *, drugs: Sequence[str], markers: Sequence[str], outcomes: Sequence[str]
) -> bool:
    """True when words of the text itself say what form of answer is asked for; "who showed that?" leaves it open."""
    has = {
        "d": bool(drugs),
        "m": bool(markers),
        "o": bool(outcomes),
        "2": len(drugs) >= 2,
        "t": len(drugs) >= 2,
    }
    return any(
        rule.pattern.pattern != "." and all(has.get(n) for n in rule.needs) and rule.fits(text)
        for rule in RULES
    )


def _last_question(text: str) -> str:
    """Of a long message only its last question tells the kind, and of that at most 1,000 characters."""
    if len(text.split()) <= 30:
        return text[-MOST_CHARS:]
    asked = [x for x in re.split(r"(?<=[.!?])\s+", text) if x.endswith("?")]
    return (asked[-1] if asked else text)[-MOST_CHARS:]
