"""Identifiers, years and languages as they are written in the wild, made uniform; what is not one is ``None``."""

from __future__ import annotations

import re
from datetime import date

from ingest.readers.fields import FIRST_YEAR

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>|{}]+", re.IGNORECASE)
_PMID = re.compile(r"(?<!\d)[1-9]\d{0,8}(?!\d)")
_PMCID = re.compile(r"\bPMC\s?([1-9]\d{2,9})\b", re.IGNORECASE)
_REGISTRY = re.compile(
    r"\b(?:NCT\s?0\d{7}|ISRCTN\s?\d{8}|EUCTR\s?\d{4}-\d{6}-\d{2}|ACTRN\s?126\d{11}|ChiCTR[A-Z0-9-]{6,20}|"
    r"DRKS\s?\d{8}|JPRN-[A-Za-z0-9]{6,20}|UMIN\s?\d{9}|CTRI/\d{4}/\d{2,3}/\d{6}|IRCT\d{11,16}(?:N\d{1,3})?|"
    r"NTR\s?\d{2,5}|PACTR\d{15}|KCT\d{7}|TCTR\d{11}|SLCTR/\d{4}/\d{3}|RBR-[0-9a-z]{6,7}|\d{4}-\d{6}-\d{2})\b"
)
_YEAR = re.compile(r"(?<!\d)(1[6-9]\d\d|20\d\d)(?!\d)")
_LANGUAGES = {
    "english": "en eng", "german": "de ger deu", "french": "fr fre fra", "spanish": "es spa",
    "italian": "it ita", "portuguese": "pt por", "dutch": "nl dut nld", "russian": "ru rus",
    "chinese": "zh chi zho", "japanese": "ja jpn", "korean": "ko kor", "polish": "pl pol",
    "turkish": "tr tur", "norwegian": "no nor", "swedish": "sv swe", "danish": "da dan", "finnish": "fi fin",
    "czech": "cs cze ces", "hungarian": "hu hun", "arabic": "ar ara", "persian": "fa per fas",
    "hebrew": "he heb", "greek": "el gre ell", "ukrainian": "uk ukr", "romanian": "ro rum ron",
    "croatian": "hr hrv scr", "serbian": "sr srp scc", "bulgarian": "bg bul", "slovak": "sk slo slk",
    "slovenian": "sl slv", "catalan": "ca cat", "icelandic": "is ice isl", "thai": "th tha",
    "vietnamese": "vi vie", "indonesian": "id ind", "lithuanian": "lt lit", "estonian": "et est",
    "latvian": "lv lav", "afrikaans": "af afr", "hindi": "hi hin",
}  # fmt: skip
_CODES = {
    name: codes.split()[0] for language, codes in _LANGUAGES.items() for name in (language, *codes.split())
}


def doi(text: object) -> str | None:
    """The first DOI in a text, in lower case and without what only stands around it."""
    match = _DOI.search(str(text or ""))
    if match is None:
        return None
    found = match.group().lower().rstrip(".,;:'’”")
    while found.endswith((")", "]")) and found.count("(") + found.count("[") < found.count(")") + found.count(
        "]"
    ):
        found = found[:-1].rstrip(".,;")
    return found


def pmid(text: object) -> str | None:
    """A PubMed number; one that is all of the text, or stands after ``PMID``."""
    words = re.sub(r"(?i)^\s*(?:pmid|pubmed(?: id)?|medline)\s*[:=]?\s*", "", str(text or "")).strip()
    words = words.rstrip("/").rpartition("/")[2] if words.lower().startswith("http") else words
    return words if _PMID.fullmatch(words) else None


def pmcid(text: object) -> str | None:
    """``PMC`` and digits."""
    match = _PMCID.search(str(text or ""))
    return "PMC" + match.group(1) if match else None


def registry_ids(*texts: object) -> tuple[str, ...]:
    """Every trial number in the texts, without spaces, each once."""
    found = (m.group() for text in texts for m in _REGISTRY.finditer(str(text or "")))
    return tuple(dict.fromkeys(x if "/" in x else x.replace(" ", "") for x in found))


def year(text: object) -> int | None:
    """The first year in a text that a work can have."""
    for match in _YEAR.finditer(str(text or "")):
        if FIRST_YEAR <= (found := int(match.group())) <= date.today().year + 1:
            return found
    return None


def language(text: object) -> str | None:
    """A language's two-letter code, from a code or an English name; another text is kept in lower case."""
    word = re.split(r"[;,/|]", str(text or ""))[0].strip().casefold()
    code = _CODES.get(word) or _CODES.get(re.split(r"[-_]", word)[0])
    return code or (word if 1 < len(word) <= 40 and word not in ("und", "mul", "zxx", "n/a") else None)


def whole_number(text: object) -> int | None:
    """A count written in digits, with or without thousands marks; ``None`` for anything else."""
    words = str(text if text is not None else "").replace(",", "").strip()
    return int(words) if words.isdigit() and len(words) <= 9 else None
