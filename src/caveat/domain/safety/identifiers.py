"""Personal identifiers in a question: noticed so that the user can be told, never repeated and never stored."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DATE = rf"(?:\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}(?:st|nd|rd|th)?\s{{1,2}}{_MONTH},?\s{{1,2}}\d{{2,4}}|{_MONTH}\s{{1,2}}\d{{1,2}}(?:st|nd|rd|th)?,?\s{{1,2}}\d{{2,4}})"
_NAME = r"[^\W\d_][^\W\d_'’-]{0,30}"
_CAPITAL = r"(?-i:[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЁІЇЄҐ])[^\W\d_]{0,30}(?:['’-][^\W\d_]{1,30})?"


class FindingKind(StrEnum):
    """What sort of identifier was noticed."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    RECORD_NUMBER = "record_number"
    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Finding:
    """Where an identifier stands, as offsets; the words themselves are not kept."""

    kind: FindingKind
    start: int
    end: int


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


# Group 1, where there is one, is the identifier; what stands before it only introduces it.
_PATTERNS: tuple[tuple[FindingKind, re.Pattern[str]], ...] = (
    (FindingKind.EMAIL, _compile(r"(?<![\w.+-])[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}")),
    (FindingKind.NAME, _compile(
        r"\b(?:my (?:full |first |last )?name is|my name's|name:|i am called|they call me|me llamo|mi nombre es|je m['’]appelle|mon nom est|ich hei(?:ß|ss)e|mein name ist|me chamo|meu nome é|mi chiamo|il mio nome è|мене звати|nazywam się|mam na imię|اسمي|मेरा नाम|"
        rf"(?:patient|my (?:husband|wife|son|daughter|mother|father|mum|mom|dad|brother|sister|partner|friend|child)),? (?:is )?(?:called|named))\s{{1,3}}((?:{_CAPITAL}|{_NAME})(?:\s{_CAPITAL}){{0,3}})"
    )),
    (FindingKind.NAME, _compile(rf"\b(?:mr|mrs|ms|miss)\.?\s({_CAPITAL}(?:\s{_CAPITAL}){{0,2}})")),
    (FindingKind.BIRTH_DATE, _compile(
        rf"\b(?:born(?: on| in)?|date of birth|d\.?o\.?b\.?|birth ?date|birthday|nacid[oa](?: el)?|fecha de nacimiento|née? le|date de naissance|geboren(?: am)?|geburtsdatum|nascid[oa](?: em)?|data de nascimento|nat[oa] il|data di nascita|народи(?:вся|лася)|дата народження|urodzon[ya]|data urodzenia)\b[\s:,is]{{0,6}}({_DATE})"
    )),
    (FindingKind.RECORD_NUMBER, _compile(
        r"\b(?:nhs|mrn|ssn|hospital|medical record|patient id|patient number|patient no|record|insurance|passport|medicare|policy|chart|social security|health card|versichertennummer|pesel|dni|nif|codice fiscale|cpf|aadhaar|steuer-?id)(?: (?:number|no|id|num|nr))?[\s.:#is]{0,6}((?=[A-Z0-9 -]{0,3}\d)[A-Z0-9]{1,4}(?:[ -]?[A-Z0-9]{1,6}){1,5})"
    )),
    (FindingKind.RECORD_NUMBER, _compile(r"(?<![\w-])(\d{3}-\d{2}-\d{4})(?![\w-])")),
    (FindingKind.RECORD_NUMBER, _compile(r"(?<![\w.-])(\d{3} \d{3} \d{4})(?![\w.-])")),
    (FindingKind.PHONE, _compile(
        r"\b(?:phone|mobile|cell|tel|telephone|call me(?: on| at)?|whatsapp|text me(?: on| at)?|my number is|ring me(?: on| at)?|teléfono|móvil|téléphone|telefon|handy|telefone|celular|telefono|cellulare|телефон|numer)[\s.:#is]{0,6}(\+?\(?\d{1,4}\)?(?:[ .()/-]{1,2}?\d{1,5}|\d{1,5}){1,6})"
    )),
    (FindingKind.PHONE, _compile(r"(?<![\w.+-])(\+\d{1,3}(?:[ .()-]{0,2}\d{1,5}){2,6})(?![\w-])")),
    (FindingKind.PHONE, _compile(r"(?<![\w.+-])(\(\d{3}\) ?\d{3}[ .-]?\d{4}|\d{3}[.-]\d{3}[.-]\d{4}|0\d{2,4} \d{3,4} \d{3,4}|0\d{4} \d{6}|0\d{9,10})(?![\w-])")),
)  # fmt: skip
_REGISTRY = re.compile(
    r"(?:NCT|ISRCTN|PMC|PMID|EUCTR|DOI|10\.\d{4,9}/)[\s:]{0,3}[\w./-]{0,60}", re.IGNORECASE
)
_NOT_NAMES = frozenset(
    "not on a an the depressed suicidal tired sad in unknown missing irrelevant is".split()
)
_MAX_CHARS = 1_000_000


def personal_identifiers(text: str) -> tuple[Finding, ...]:
    """Names, birth dates, record numbers, phones and e-mails a user gave, in order and without overlap."""
    text = text[:_MAX_CHARS]
    taken = bytearray(len(text))
    for match in _REGISTRY.finditer(text):
        taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    found: list[Finding] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span(1) if pattern.groups and match.group(1) is not None else match.span()
            if kind is FindingKind.NAME and text[start:end].split(" ")[0].casefold() in _NOT_NAMES:
                continue
            if kind is FindingKind.PHONE and sum(c.isdigit() for c in text[start:end]) < 7:
                continue
            if kind is FindingKind.RECORD_NUMBER and sum(c.isdigit() for c in text[start:end]) < 5:
                continue
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append(Finding(kind, start, end))
    return tuple(sorted(found, key=lambda f: f.start))


def redact(text: str) -> str:
    """The text with each identifier replaced by its kind in square brackets."""
    out, last = [], 0
    for finding in personal_identifiers(text):
        out += [text[last : finding.start], f"[{finding.kind.value.replace('_', ' ')}]"]
        last = finding.end
    return "".join([*out, text[last:]])
