"""What was given, against what, how blind, and in which phase: for trials only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from caveat.domain.model import Design, FactRead
from caveat.domain.words_for import TRIALS
from ingest.facts.text import Reading, Role, at, in_title
from ingest.readers.record import phase

_BLIND: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (word, re.compile(pattern, re.IGNORECASE))
    for word, pattern in (
        ("triple-blind", r"\b(?:triple|quadruple)[- ](?:blind|mask)\w*"),
        ("double-blind", r"\bdouble(?:[- ]|)(?:blind|mask)\w*|\bpatients? and (?:investigators?|assessors?|clinicians?)[^.;]{0,30} were (?:blinded|masked)"),
        ("single-blind", r"\b(?:single|assessor|rater|observer|evaluator|investigator|examiner|patient|participant)[- ](?:blind|mask)\w*"),
        ("open-label", r"\bopen[- ]label(?:led)?\b"),
    )
)  # fmt: skip
_DEVIATES = re.compile(r"\bopen[- ]label (?:extension|phase|follow|period|treatment|run)", re.IGNORECASE)
_PHASE = re.compile(
    r"\bphase[ -](?:iv|iii|ii|i|[1-4])(?:[ab])?(?:\s?[/-]\s?(?:phase )?(?:iv|iii|ii|i|[1-4])[ab]?)?\b"
    r"(?=,? (?:[\w-]+,? ){0,8}?(?:trial|study|randomi[sz]ed)\b)",
    re.IGNORECASE,
)  # fmt: skip
_NOT_THIS = re.compile(r"\b(?:pooled|generally|subsequent|upcoming|development of)\b", re.IGNORECASE)
_STOP = r"(?!\b(?:or|versus|vs|and|for|in|with|at|over|on|during|as|plus|from|after|before|twice|once|daily|weekly|every|who|then|within|to|alone|per|compared|each|by|until|using|through)\b)"
_THING = rf"(?:{_STOP}[\w®™µ'’/+-]++(?:\.\d+)?[ -]?){{1,5}}"
_OF_IT = r"[ ,]+(?:at|over|for|in|once|twice|daily|every|each|per|plus|with|on)\b"
# No piece holds the beginning of the next: else a text could be cut into pieces in more ways than can be tried.
_MORE = rf"(?:[ ,]*\([^)]*\)|{_OF_IT}(?:(?!{_OF_IT}|[ ,]+\()[^.;,()]){{0,40}})*"
_SHARED = re.compile(
    rf"\b(?:randomi[sz]ed|randomly (?:assigned|allocated)|assigned|allocated)\b[^.;]{{0,60}}?\bto (?:one of \w+ \w+: )?(?:receive |either |treatment with |oral |intravenous |subcutaneous |an? |the )*({_THING}){_MORE}[ ,]+(?:or|versus|vs\.?|and)(?: to)? (?:a |an |the |matching |matched |oral |identical )*({_THING})",
    re.IGNORECASE,
)
_VERSUS = re.compile(
    rf"^(?:efficacy (?:and safety )?of |effects? of |comparison of |the )*({_THING})(?:versus|vs\.?|compared (?:with|to)) ({_THING})",
    re.IGNORECASE,
)
_EFFECT_OF = re.compile(
    rf"\b(?:effects?|efficacy(?:,? (?:and )?(?:safety|tolerability))?|impact|effectiveness|safety(?: and efficacy)?) of (?:adjunctive |oral |intravenous |a |an |the |low-dose |high-dose )*({_THING})(?=in |on |for |versus |vs|as |with |compared |during |after |at )",
    re.IGNORECASE,
)
_PLACEBO = re.compile(
    r"\b(placebo|sham)[- ]controlled\b|\bversus (placebo)\b|\bcompared (?:with|to) (placebo)\b", re.IGNORECASE
)
_CONTROL = re.compile(
    r"(?:(?:a|an|the|matching|matched|identical|oral|inert|intravenous) )*(?:placebo|sham|saline|normal saline|usual care|standard care|treatment as usual|care as usual|no treatment|wait(?:ing)?[- ]?list)(?: (?:control|tablets?|capsules?|infusion|injections?|group|arm))*",
    re.IGNORECASE,
)
_NO_THING = re.compile(
    r"^(?:treatment|intervention|control|group|one|two|three|four|study|arm|a|b|the|an?|active|experimental|different|their|this|these|patient|participants?)s?\b|\bgroups?$|\barms?$",
    re.IGNORECASE,
)


def read_treatment(reading: Reading, design: Design | None) -> Iterator[FactRead]:
    """Nothing of reviews and observations: what is named there was not given by the study."""
    if design not in TRIALS:
        return
    yield from filter(None, (_blinding(reading), _phase(reading)))
    yield from _given(reading)


def _blinding(reading: Reading) -> FactRead | None:
    found: dict[str, FactRead] = {}
    for word, pattern in _BLIND:
        if pattern.search(_DEVIATES.sub("", reading.title)):
            found.setdefault(word, in_title("blinding", word, reading.title))
    if not found:
        for sentence in reading.own():
            for word, pattern in _BLIND:
                if match := pattern.search(_DEVIATES.sub(lambda m: " " * len(m.group()), sentence.text)):
                    found.setdefault(word, at("blinding", word, sentence, match))
    return next(iter(found.values())) if len(found) == 1 else None


def _phase(reading: Reading) -> FactRead | None:
    found: dict[str, FactRead] = {}
    for match in _PHASE.finditer(reading.title):
        told = phase(_plain(match.group()))
        found.setdefault(told or "", in_title("phase", told, reading.title))
    for sentence in reading.of(Role.METHODS, Role.RESULTS) if not found else ():
        if sentence.of_others or _NOT_THIS.search(sentence.text):
            continue
        for match in _PHASE.finditer(sentence.text):
            told = phase(_plain(match.group()))
            found.setdefault(told or "", at("phase", told, sentence, match))
    found.pop("", None)
    return next(iter(found.values())) if len(found) == 1 else None


def _plain(words: str) -> str:
    """``phase IIb`` as ``phase II``."""
    return re.sub(r"(?<=[iv1-4])[ab]\b", "", words.casefold().replace("phase-", "phase ").replace("-", "/"))


def _given(reading: Reading) -> Iterator[FactRead]:
    found: dict[str, FactRead] = {}
    if match := _VERSUS.search(reading.title):
        _put(found, match, lambda name, value: in_title(name, value, reading.title))
    elif match := _EFFECT_OF.search(reading.title):
        thing = _tidy(match.group(1))
        if thing:
            found["intervention"] = in_title("intervention", thing, reading.title)
    for sentence in reading.of(Role.METHODS, Role.RESULTS):
        if not sentence.of_others and (match := _SHARED.search(sentence.text)):
            _put(found, match, lambda name, value, s=sentence, m=match: at(name, value, s, m))
    if control := _PLACEBO.search(reading.title):
        word = next(filter(None, control.groups())).casefold()
        found.setdefault("comparator", in_title("comparator", word, reading.title))
    for sentence in reading.own():
        if "comparator" not in found and (match := _PLACEBO.search(sentence.text)):
            word = next(filter(None, match.groups())).casefold()
            found["comparator"] = at("comparator", word, sentence, match)
    yield from found.values()


def _put(found: dict[str, FactRead], match: re.Match[str], make) -> None:  # type: ignore[no-untyped-def]
    first, second = _tidy(match.group(1)), _tidy(match.group(2))
    if (
        first
        and second
        and re.match(r"(?:placebo|sham|saline|usual care|no treatment)", first, re.IGNORECASE)
    ):
        first, second = second, first
    for name, value in (("intervention", first), ("comparator", second)):
        if value and (name == "intervention" or _CONTROL.fullmatch(value)):
            found.setdefault(name, make(name, value))


def _tidy(words: str) -> str | None:
    words = words.strip(" ,;-")
    return None if len(words) < 3 or _NO_THING.search(words) else words
