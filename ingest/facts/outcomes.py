"""The primary outcome and whether it was met, how long people were followed, and which way it went."""

from __future__ import annotations

import re
from collections.abc import Iterator

from caveat.domain.model import Design, Direction, FactRead
from caveat.domain.words_for import OBSERVATIONAL, PLANNED, TRIALS
from ingest.facts.text import Reading, Role, at, in_title

_PRIMARY = r"\b(?:co-?)?primary (?:(?:efficacy|study|clinical|composite|main|trial|safety|outcome) )?(?:outcomes?|end[- ]?points?)(?: (?:measures?|variables?|criterion))?(?: (?:of|in|for) (?:the|this) (?:study|trial))?"
_NAMED = re.compile(
    rf"{_PRIMARY}(?: (?:was|were|is|are|will be|included|includes|comprised)|:|,) (?!not\b|met\b|reached|achieved|similar|also|significant|assessed|measured|reported|observed|analy[sz]ed|evaluated|no\b|improved|available|lower|higher|reduced|\d)((?:[^.;]|\.(?=\d)|(?<=\(i)\.|(?<=\(e)\.|(?<=i\.e)\.|(?<=e\.g)\.){{4,240}})",
    re.IGNORECASE,
)
_MET: tuple[tuple[bool, re.Pattern[str]], ...] = (
    (False, re.compile(rf"{_PRIMARY} (?:was|were) not (?:\w+ )?(?:met|reached|achieved)|\b(?:did not (?:meet|reach|achieve)|fail(?:ed|s|ing) to (?:meet|reach|achieve)|missed|missing) (?:the|its|their|either|any|both) (?:co-?)?primary"
                       rf"|\bno (?:statistically )?(?:significant |clear )?(?:\w+ )?differences? [^.;]{{0,60}}\b(?:in|for|on) (?:the|either|any|our) primary (?:outcome|end)|\bdid not (?:\w+ )?(?:differ|improve|reduce|affect)[^.;]{{0,30}}\bthe primary (?:outcome|end)", re.IGNORECASE)),
    (True, re.compile(rf"{_PRIMARY} (?:was|were) (?:successfully )?(?:met|reached|achieved)\b|\b(?:trial|study|studies|trials|treatment|arms?|groups?) (?:\w+ )?(?:met|achieved|reached) (?:the|its|their|both) (?:co-?)?primary (?:\w+ )?(?:outcome|end)", re.IGNORECASE)),
)  # fmt: skip
_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_SPAN = rf"((?:\d+(?:\.\d+)?|(?<!-)\b(?:{_WORDS}))[- ](?:day|week|month|year)s?)\b"
_FOLLOWED = re.compile(
    rf"\bfollow(?:ed)?(?:[- ]?up)?(?: period| time| duration)?(?: was| of| for| to| lasted|,| \w+ly)*(?: a| an)?(?: (?:median|mean|average|total|minimum|maximum))?(?: of| was| period of| for)* {_SPAN}|{_SPAN}(?: of)? follow-?up\b",
    re.IGNORECASE,
)
_LONG = re.compile(
    rf"\b{_SPAN},? (?=(?:[\w-]+,? ){{0,4}}?(?:trial|study|treatment|double|open|placebo|randomi[sz]ed|intervention|programme?|extension|crossover)\b)",
    re.IGNORECASE,
)
_AGE = re.compile(r"\b(?:aged?|ages|years)\b[^.;]{0,20}$", re.IGNORECASE)
_NULL = re.compile(
    r"\bno (?:statistically |clinically )?(?:significant |clear |meaningful |overall )?(?:\w+ )?(?:differences?|effects?|benefits?|improvements?|associations?|advantage|evidence)\b"
    r"|\b(?:did|do|does) not (?:\w+ )?(?:improve|reduce|differ|affect|change|increase|support|prevent|predict)|\bnot (?:\w+ )?(?:associated|superior|effective|better|significant)|\bfailed to\b|\bsimilar\b",
    re.IGNORECASE,
)
_GOOD = re.compile(
    r"\b(?:improv\w+|effective|efficacious|superior|benefi\w+|reduc\w+|decreas\w+|alleviat\w+|promising|relie\w+|prevent\w*)\b",
    re.IGNORECASE,
)
_BAD = re.compile(
    r"\b(?:worsen\w*|harm\w*|increased (?:the )?risk|inferior|more (?:adverse|side))\b", re.IGNORECASE
)
_LINKED = re.compile(r"\b(?:associat\w+|correlat\w+|linked|related|predict\w+|risk factor)\b", re.IGNORECASE)


def read_outcomes(reading: Reading, design: Design | None) -> Iterator[FactRead]:
    """What trials name as their main outcome; for plans nothing of what came out."""
    if design in TRIALS:
        yield from filter(None, (_named(reading), None if design in PLANNED else _met(reading)))
    if design in TRIALS or design is Design.COHORT:
        yield from filter(None, (_duration(reading),))
    if design not in PLANNED:
        yield from filter(None, (_direction(reading, design),))


def _named(reading: Reading) -> FactRead | None:
    for sentence in reading.of(Role.METHODS, Role.RESULTS):
        if re.match(r"(?:main|primary) outcomes?\b", sentence.section, re.IGNORECASE):
            return at("primary_outcome", sentence.text.rstrip("."), sentence)
        match = _NAMED.search(sentence.text)
        if match and not sentence.of_others:
            return at("primary_outcome", match.group(1).strip(), sentence, match)
    return None


def _met(reading: Reading) -> FactRead | None:
    found: dict[bool, FactRead] = {}
    for sentence in reading.of(Role.RESULTS, Role.CONCLUSION):
        for value, pattern in _MET:
            if not sentence.of_others and (match := pattern.search(sentence.text)):
                found.setdefault(value, at("primary_outcome_met", value, sentence, match))
                break
    return next(iter(found.values())) if len(found) == 1 else None


def _duration(reading: Reading) -> FactRead | None:
    """The one stretch named as follow-up, or else as the length of the trial; none where two are named."""
    for pattern in (_FOLLOWED, _LONG):
        found: dict[str, FactRead] = {}
        for match in pattern.finditer(reading.title):
            found.setdefault(_spoken(match), in_title("duration", _spoken(match), reading.title))
        for sentence in reading.of(Role.METHODS, Role.RESULTS):
            if sentence.of_others:
                continue
            for match in pattern.finditer(sentence.text):
                if _AGE.search(sentence.text[: match.end()]):
                    continue
                found.setdefault(_spoken(match), at("duration", _spoken(match), sentence, match))
        if found:
            return next(iter(found.values())) if len(found) == 1 else None
    return None


def _spoken(match: re.Match[str]) -> str:
    number, _, unit = next(filter(None, match.groups())).casefold().replace("-", " ").partition(" ")
    return f"{number} {unit.rstrip('s')}" + ("" if number in ("1", "one") else "s")


def _direction(reading: Reading, design: Design | None) -> FactRead | None:
    """By the last sentence of the conclusions that says any; a rule of thumb, and treated as one."""
    ends = [s for s in reading.sentences if s.role is Role.CONCLUSION] or list(reading.sentences[-2:])
    for sentence in ends:
        null, good, bad = (p.search(sentence.text) for p in (_NULL, _GOOD, _BAD))
        if design in OBSERVATIONAL or (design not in TRIALS and _LINKED.search(sentence.text)):
            told = (
                Direction.NO_ASSOCIATION
                if null
                else Direction.ASSOCIATION
                if _LINKED.search(sentence.text)
                else None
            )
        elif null:
            told = (
                Direction.MIXED
                if good and good.start() < null.start() and " but " in sentence.text
                else Direction.NO_DIFFERENCE
            )
        else:
            told = Direction.BENEFIT if good and not bad else Direction.HARM if bad and not good else None
        if told:
            return at("direction", told, sentence)
    return None
