"""Who paid, where the study is registered, and the language and licence of its text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from caveat.domain.language import guess
from caveat.domain.model import Design, FactRead, SourceKind
from caveat.domain.words_for import REVIEWS
from ingest.facts.text import LONGEST, Reading, Role, at, in_field
from ingest.readers import identifiers as ids

_PAID = re.compile(
    r"\b(?:was |were |is |and )?(?:funded|financed|sponsored|financially supported|supported) (?:in part |solely |entirely )?by (?:an? (?:\w+ )?grants? (?:from|of) |the )?([^.;]{3,200})",
    re.IGNORECASE,
)
_PAID_LABEL = re.compile(
    r"^(?:funding|funded by|sponsor(?:ship)?|financial support)\s?[:.]\s?(.{3,300})", re.IGNORECASE
)
_NAME = re.compile(r"[A-Z]")
_FUNDER = re.compile(
    r"\b(?:[Gg]rants?|[Ff]und\w*|Foundation|Council|Ministry|Institutes?|University|Program\w*|Trust|Pharma\w*|Inc|Ltd|Society|Agency|Department|Commission|Academy|NIH|NIHR|NHMRC)\b"
)
_OF_STUDY = re.compile(
    r"\b(?:study|trial|work|research|project|review|analysis|funded by)\b|^funded|^supported|^sponsored",
    re.IGNORECASE,
)
_COMPANY = re.compile(
    r"\b(?:Roche|Genentech|Chugai|Janssen|Pfizer|Novartis|Eli Lilly|Lilly|Merck|MSD|GSK|GlaxoSmithKline|AstraZeneca|Sanofi|Regeneron|Bayer|Boehringer|AbbVie|Abbott"
    r"|Amgen|UCB|Bristol[- ]Myers|Takeda|Otsuka|Servier|Novo Nordisk|Lundbeck|Johnson & Johnson|Sobi|R-Pharm|Allergan|Biogen|Eisai|Gilead|Wyeth|Schering"
    r"|[A-Z]\w+ (?:Pharma|Pharmaceuticals?|Therapeutics|Laboratories|Biotech|Biosciences)|Pharmaceuticals|Inc\b|Ltd\b|GmbH|LLC|Corp\b)(?! (?:Foundation|Fonden|Stiftung|Fund|Institute|Research Laborator))\b"
)  # fmt: skip
_FOUNDATION = re.compile(
    r"\b(?:Lundbeck|Novo Nordisk|Merck|Pfizer|Roche|AstraZeneca|Servier|Sanofi|Bayer)\W+(?:\w+\W+){0,2}?(?:Foundation|Fonden|Fund|Stiftung|Institute|Society)",
    re.IGNORECASE,
)
_REGISTERED = re.compile(
    r"\bregist|clinicaltrials\.gov|\bidentifier|\btrial (?:no|number|id)\b|\bISRCTN\b.*\bnumber",
    re.IGNORECASE,
)
_LICENCE = re.compile(
    r"\bCreative Commons [A-Z][\w-]+(?:[ -](?:Non-?Commercial|No-?Deriv\w*|Share-?Alike))*(?: \d\.\d)?|\bCC[- ]BY(?:-[A-Z]{2})*(?: \d\.\d)?\b"
)
_OF_MANY = REVIEWS | {Design.GUIDELINE}
_ENOUGH = 200
LANGUAGE_OF = 8
"""Sentences from which the language is told."""


def read_publishing(reading: Reading, design: Design | None) -> Iterator[FactRead]:
    """Each fact at most once."""
    paid = _funding(reading)
    if paid:
        yield paid
    written = (reading.source.funding or (paid.value if paid else ""))[:LONGEST]
    company = _COMPANY.search(_FOUNDATION.sub("", written))
    if company and paid and not reading.source.funding:
        yield FactRead("industry_funded", "True", paid.where, paid.quote, paid.start, paid.end)
    elif company:
        yield in_field("industry_funded", True, "funding", written[:300])
    if design not in _OF_MANY and reading.source.kind is not SourceKind.REVIEW:
        yield from filter(None, (_registration(reading),))
    for sentence in reading.sentences:
        if match := _LICENCE.search(sentence.text):
            yield at("licence", match.group(), sentence, match)
            break
    yield from filter(None, (_conflicts(reading), _language(reading)))


def _funding(reading: Reading) -> FactRead | None:
    for sentence in reading.sentences:
        if sentence.role is Role.FUNDING:
            match = _PAID.search(sentence.text)
            value = match.group(1) if match else sentence.text.rstrip(".")
            return at("funding", value, sentence, match)
        match = _PAID_LABEL.match(sentence.text)
        if match is None and not sentence.of_others and _OF_STUDY.search(sentence.text):
            match = _PAID.search(sentence.text)
            if match and not (_FUNDER if "supported" in match.group().casefold() else _NAME).search(
                match.group(1)
            ):
                match = None
        if match:
            return at("funding", match.group(1).strip().rstrip("."), sentence, match)
    return None


def _registration(reading: Reading) -> FactRead | None:
    """The numbers in sentences that say they are this study's registration; none where more than two stand there."""
    found: dict[str, FactRead] = {}
    for sentence in reading.sentences:
        told = sentence.role is Role.REGISTRATION or _REGISTERED.search(sentence.text)
        numbers = ids.registry_ids(sentence.text)
        if numbers and (told or (len(sentence.text) < 60 and sentence is reading.sentences[-1])):
            for number in numbers:
                found.setdefault(number, at("registry_ids", ", ".join(numbers), sentence))
    facts = list(dict.fromkeys(found.values()))
    return facts[0] if len(facts) == 1 and len(found) <= 2 else None


def _conflicts(reading: Reading) -> FactRead | None:
    told = [s for s in reading.sentences if s.role is Role.CONFLICTS]
    return at("conflicts", " ".join(s.text for s in told)[:500], told[0]) if told else None


def _language(reading: Reading) -> FactRead | None:
    if reading.source.language:
        return None
    text = " ".join(s.text for s in reading.sentences[:LANGUAGE_OF])
    if len(text) < _ENOUGH:
        return None
    found = guess(text)
    return at("language", found.code, reading.sentences[0]) if found.confident else None
