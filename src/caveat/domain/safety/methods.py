"""Whether a text tells how people ended or hurt their lives: such passages are kept from people who may be in danger."""

from __future__ import annotations

import re

_ACT = re.compile(
    r"\b(?:suicid\w*|parasuicid\w*|self[- ]?(?:harm|inflict|injur|poison|mutilat|immolat)\w*|kill(?:ed|ing)? (?:him|her|them)sel(?:f|ves)"
    r"|(?:took|taking|take|ended|ending|end) (?:his|her|their) (?:own )?li(?:fe|ves)|intentional(?:ly)? (?:overdos|poison|ingest)\w*"
    r"|deliberate(?:ly)? (?:overdos|poison|ingest)\w*|attempted? to (?:die|end))",
    re.IGNORECASE,
)
_MEANS = re.compile(
    r"\b(?:hang(?:ed|ing)|ligatur\w*|noose|strangulat\w*|suffocat\w*|asphyxi\w*|helium|nitrogen gas|carbon monoxide|exhaust (?:gas|fume)\w*"
    r"|charcoal[- ]burning|firearms?|gunshots?|shot (?:him|her|them)sel(?:f|ves)|(?:shooting|stabbing|drowning|jumping|poisoning|cutting)\b"
    r"|jump(?:ed|s)? (?:from|off|in front)|drown(?:ed|s)?|overdos\w*|pesticid\w*|paraquat|organophosph\w*|cyanide|barbiturat\w*|pentobarbital|nembutal"
    r"|lethal (?:dose|amount|method|means)\w*|fatal dose\w*|(?:slit|cut|slashed) (?:his|her|their) (?:wrist|throat|vein)\w*|set (?:him|her|them)sel(?:f|ves) on fire"
    r"|(?:ingest|swallow)(?:ed|ing|ion|s)?(?: of)?\b[^.]{0,40}?\b(?:\d[\d,.]* ?(?:mg|g|ml|tablets?|pills?|capsules?)|tablets|pills|capsules|bleach|acid)"
    r"|(?:took|taken|taking|take) [^.]{0,30}?\d[\d,.]* ?(?:tablets?|pills?|capsules?)|violent (?:methods?|means|attempts?))",
    re.IGNORECASE,
)
_HOW_TO = re.compile(
    r"\b(?:lethal dose|fatal dose|minimum (?:lethal|fatal)|dose needed to (?:die|kill)|painless (?:death|method|way))",
    re.IGNORECASE,
)
_LEFT_OUT = re.compile(r"\b(?:exclud\w+|not (?:eligible|allowed))\b", re.IGNORECASE)
_ANIMAL = re.compile(
    r"\b(?:mice|mouse|rats?|rodents?|animals?|swim(?:ming)?|tail suspension|cells?|cell lines?)\b",
    re.IGNORECASE,
)
_NEAR = 300
"""Characters between an act and a means that still belong together."""
_MAX_CHARS = 200_000


def tells_of_methods(text: str) -> bool:
    """True when the text names a means of suicide or self-harm beside the act, or an amount that kills people."""
    text = text[:_MAX_CHARS]
    means = [m.start() for m in _MEANS.finditer(text)]
    if means:
        for act in _ACT.finditer(text):
            around = text[max(0, act.start() - _NEAR) : act.end() + _NEAR]
            if any(abs(place - act.start()) <= _NEAR for place in means) and not _LEFT_OUT.search(around):
                return True
    return any(
        not _ANIMAL.search(text[max(0, m.start() - _NEAR) : m.end() + _NEAR]) for m in _HOW_TO.finditer(text)
    )
