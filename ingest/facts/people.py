"""Who was studied and how many, from sentences that count the study's own people."""

from __future__ import annotations

import re
from collections.abc import Iterator

from caveat.domain.model import FactRead
from ingest.facts.text import Reading, Role, Sentence, at, in_title

PEOPLE = (
    r"(?:patients?|participants?|subjects|people|persons|adults?|children|women|men|volunteers?|individuals|infants|neonates|newborns"
    r"|adolescents?|students|veterans|caregivers|smokers|boys|girls|mothers|pregnant women|outpatients|inpatients|residents|survivors|recipients|athletes|workers|nurses)"
)
ANIMALS = re.compile(
    r"\b(?:mice|mouse|rats?|murine|rodents?|zebrafish|piglets?|pigs|rabbits?|dogs|monkeys?|macaques?|hamsters?"
    r"|guinea pigs|sheep|calves|broilers?|hens|animals)\b",
    re.IGNORECASE,
)  # fmt: skip
_NUMBER = (
    r"(?<![\d.,/=<>≥≤–-])(?<![<>=≥≤] )(\d{1,3}(?:[,\u2009\u00a0 ]\d{3})+|\d{1,6})(?![\d.]*\d|\s?%|,\d|-|–)"
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_UNITS = r"days?|weeks?|months?|years?|hours?|minutes?|mg|kg|ml|and|or|with|than|who|whom"
_WHO = rf"(?:(?!(?:were|was|had|of|{_UNITS}|{_MONTHS})\b|\d)[\w'’/-]+,? ){{0,4}}?{PEOPLE}\b"
_BETWEEN = r"(?:(?!\b(?:were|was|had)\b)[^.;]){0,120}?"
_DRAWN = r"(?:randomi[sz]ed|randomly (?:assigned|allocated|divided)|allocated|assigned)"
_TAKEN = r"(?:enrol+ed|included|recruited|studied|entered|evaluated in this study)"


def _all(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(p, re.IGNORECASE) for p in patterns)


_TIERS = (
    _all(
        rf"{_NUMBER} {_WHO}{_BETWEEN}\b(?:were|was) (?:\w+ ){{0,3}}?{_DRAWN}",
        rf"\b(?:we|trial|study) (?:\w+ )?{_DRAWN} {_NUMBER} {_WHO}",
        rf"\b{_NUMBER} (?:\([^)]*\) )?were (?:\w+ )?(?:randomi[sz]ed|randomly)",
        rf"\brandomi[sz]ed {_NUMBER} {_WHO}",
    ),
    _all(
        rf"\btotal of {_NUMBER} {_WHO}{_BETWEEN}\b(?:(?:were|was) (?:\w+ )?{_TAKEN}|participated|took part)\b",
        rf"(?:^|\b(?:we|study|trial) )(?:\w+ )?(?:enrolled|recruited) {_NUMBER} {_WHO}",
        rf"(?:^|, ){_NUMBER} {_WHO}{_BETWEEN}\b(?:were|was) (?:\w+ )?{_TAKEN}\b",
    ),
)  # fmt: skip
_PART = re.compile(
    r"\bsub-?(?:group|set|sample|study)\b|\bof (?:whom|these|them|those)\b|\b(?:of|among) the \d|\bout of\b|\bscreened\b|\bapproached\b"
    r"|\binvited\b|\bassessed for eligibility\b|\bwere eligible\b|\bdropped\b|\bwithdr[ae]w\w*|\bexcluded\b|\bcompleted\b|\bper protocol\b|\bintention"
    r"|\bresponders?\b|\bdied\b|\bcontrols\b|\beach\b|\bper (?:group|arm)\b|\brespectively\b|\banaly[sz]ed\b|\bwill\b|\bneeded\b|\bpower\b|\banother\b|\badditional\b|\beligible\b|\bexperiment \d|\bstage \d|\bphase \d|\bgroup$|\bthan\b|\bcounts?\b|\brequire[sd]?\b|\bexpected\b|\btarget\b|\bthirds?\b",
    re.IGNORECASE,
)  # fmt: skip
_NOT_YET = re.compile(
    r"\bwill\b|\b(?:planned|target|anticipated) (?:sample|enrol)|\bsample size\b", re.IGNORECASE
)
_LATER = re.compile(
    r"\btraining set|\bvalidation\b|\btest set|\bsamples\b|\bspecimens\b|\bteeth\b|\beyes\b|\banaly[sz]|\banalys[ei]s|\bcompleted\b|\battended\b|\breturned\b|\bsub-?(?:group|set|sample|study)|\bwill\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(rf"\b{PEOPLE}\b", re.IGNORECASE)
_GROUPS = re.compile(
    r"\b(?:services|practices|schools|clusters|hospitals|villages|clinics|wards|sites|centres|centers|classes|households) (?:\w+ ){0,3}(?:were|was) (?:\w+ )?(?:randomi|assign|alloc)",
    re.IGNORECASE,
)
_ARM = re.compile(r"\b[nN]\s?=\s?(\d[\d,]*)\b")
_ARMS_TOLD = re.compile(rf"\b(?:{_DRAWN})\b", re.IGNORECASE)
MOST_ARMS = 6


def read_people(reading: Reading) -> Iterator[FactRead]:
    """How many in all and in each arm, who, and whether they are people at all."""
    total = _total(reading)
    arms = _arms(reading)
    if arms:
        sentence, sizes = arms
        if total is None:
            total = at("n_total", sum(sizes), sentence)
        if int(total.value) == sum(sizes):
            yield at("n_per_arm", ", ".join(map(str, sizes)), sentence)
    if total:
        yield total
    who = _population(reading)
    if who:
        yield who
    animals = _animals(reading)
    if animals:
        yield animals
    elif total and total.start is not None:
        yield FactRead("species", "human", total.where, total.quote, total.start, total.end)
    elif who:
        yield FactRead("species", "human", who.where, who.quote, who.start, who.end)


def _total(reading: Reading) -> FactRead | None:
    """The one number that the best kind of sentence gives; none where two such sentences differ."""
    for patterns in _TIERS:
        found: dict[int, FactRead] = {}
        for sentence in reading.of(Role.METHODS, Role.RESULTS):
            if sentence.of_others or ANIMALS.search(sentence.text) or _NOT_YET.search(sentence.text):
                continue
            for match in (m for p in patterns for m in p.finditer(sentence.text)):
                near = sentence.text[max(0, match.start() - 60) : match.end() + 12]
                number = int(re.sub(r"\D", "", match.group(1)))
                parted = _parted(sentence.text, match)
                if number > 1 and not parted and not _PART.search(near) and not _a_year(match.group(1), near):
                    found.setdefault(number, at("n_total", number, sentence, match))
        if len(found) == 1:
            return next(iter(found.values()))
        if found:
            return None
    return None


_COUNTED = re.compile(rf"{_NUMBER} (?={_WHO})", re.IGNORECASE)
_AND_MORE = re.compile(
    r"\band (?:in )?(?:\w+ )?(\d[\d,]*)\b(?! ?(?:days|weeks|months|years|hours|mg|kg|%|[.:]\d))"
)
_SHARE = re.compile(r"^[^.;(]{0,25}\(\d+(?:\.\d+)?\s?%\)")
_ONE_ARM = re.compile(r"^ (?:in)?to (?:the|an?) (?:[\w-]+ ){0,5}(?:group|arm|condition)\b", re.IGNORECASE)
_EXPERIMENT = re.compile(
    r"\b(?:in )?(?:experiment|study|phase|part|stage|step) (?:\d|one|two|i+)\b|\bgroup \d+ (?:were|subjects|patients)",
    re.IGNORECASE,
)


def _parted(text: str, match: re.Match[str]) -> bool:
    """True where the sentence counts others too, so that the number is a part, or not of those who took part."""
    if _ARMS_TOLD.search(text[: match.start(1)].rpartition("randomized ")[0]) or _EXPERIMENT.search(text):
        return True
    behind = text[match.end() :]
    if _SHARE.search(behind) or (_ONE_ARM.search(behind) and " or " not in behind):
        return True
    sizes = [int(n.replace(",", "")) for n in _ARM.findall(text)]
    number = int(re.sub(r"\D", "", match.group(1)))
    if sizes and sum(sizes) == number:
        return False
    others = {m.group(1) for m in _COUNTED.finditer(text)} | {
        m.group(1) for m in _AND_MORE.finditer(text, match.end(1))
    }
    return bool(others - {match.group(1)})


def _a_year(written: str, near: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d", written) and re.search(r"\bin " + written, near))


def _arms(reading: Reading) -> tuple[Sentence, list[int]] | None:
    """The sizes in the one sentence that says how people were shared out."""
    found: list[tuple[Sentence, list[int]]] = []
    for sentence in reading.of(Role.METHODS, Role.RESULTS):
        told = _ARMS_TOLD.search(sentence.text)
        if told is None or sentence.of_others:
            continue
        if not _SOMEBODY.search(sentence.text) or _GROUPS.search(sentence.text):
            continue
        if ANIMALS.search(sentence.text) or _LATER.search(sentence.text):
            continue
        behind = sentence.text[told.end() :]
        sizes = [int(n.replace(",", "")) for n in _ARM.findall(behind)]
        if 2 <= len(sizes) <= MOST_ARMS and min(sizes) > 1:
            found.append((sentence, sizes))
    return found[0] if len(found) == 1 else None


_ADJECTIVE = r"(?:(?:healthy|older|elderly|young|adult|adolescent|pregnant|postmenopausal|obese|overweight|hospitali[sz]ed|critically ill|depressed|treatment-resistant|community-dwelling|male|female|school-aged|preterm) )"
_POPULATION = re.compile(
    rf"\b(?:in|among|for|of|by|{_NUMBER}) ((?:{_ADJECTIVE}){{0,3}}{PEOPLE} (?:with|undergoing|at risk (?:of|for)|suffering from|hospitali[sz]ed (?:with|for))"
    r" (?:(?!\b(?:and (?:a|an|the|were|healthy|\d+)|who|were|was|receiving|treated|taking|on|after|before|during|using|versus|vs|from|by|in|at|(?<!secondary )(?<!due )(?<!related )to|compared|deriving|caused|treatment|therapy|randomi[sz]ed|randomly|enrolled|recruited|aged|between|into|is|are|as|without|will)\b)(?:[^.;:,()\[\]?–—]|\.(?=\d)))+)",
    re.IGNORECASE,
)  # fmt: skip
_HEALTHY = re.compile(
    rf"\b(?:in|among|for|of|{_NUMBER}) (healthy (?:{_ADJECTIVE}){{0,2}}{PEOPLE})\b", re.IGNORECASE
)


def _population(reading: Reading) -> FactRead | None:
    """Who they were, as the title or a sentence that counts them says it."""
    for pattern in (_POPULATION, _HEALTHY):
        match = pattern.search(reading.title)
        if match and (who := _who(match)):
            return in_title("population", who, reading.title)
    for sentence in reading.of(Role.METHODS, Role.RESULTS):
        if sentence.of_others or not re.search(
            rf"\b(?:{_DRAWN}|{_TAKEN}|participated)\b", sentence.text, re.IGNORECASE
        ):
            continue
        match = _POPULATION.search(sentence.text)
        if match and (who := _who(match)):
            return at("population", who, sentence, match)
    return None


_HEAD = re.compile(
    rf"(?:{_ADJECTIVE})*{PEOPLE}(?: (?:with|undergoing|at risk (?:of|for)|suffering from))?", re.IGNORECASE
)
"""What a title in capitals writes large."""
_UNFINISHED = re.compile(
    r"\b(?:with|of|and|or|mild|moderate|severe|active|acute|chronic|high|low|either|any|same)$", re.IGNORECASE
)


def _who(match: re.Match[str]) -> str | None:
    """The people named; nothing where the words stop before what they have."""
    words = match.group(match.lastindex or 1).strip(" -")
    head = _HEAD.match(words)
    if head:
        words = head.group().lower() + words[head.end() :]
    return None if _UNFINISHED.search(words) else words


_TESTED_ANIMALS = re.compile(
    rf"{ANIMALS.pattern}[^.;]{{0,60}}\b(?:were|was|received|underwent|exposed|treated|showed|exhibited|displayed)\b"
    rf"|\b(?:in|of) (?:\w+ ){{0,3}}{ANIMALS.pattern}",
    re.IGNORECASE,
)  # fmt: skip


def _animals(reading: Reading) -> FactRead | None:
    title = ANIMALS.search(reading.title)
    if title and not re.search(PEOPLE, reading.title, re.IGNORECASE):
        return in_title("species", "animal", reading.title)
    for sentence in reading.of(Role.METHODS, Role.RESULTS):
        match = _TESTED_ANIMALS.search(sentence.text)
        if match and not sentence.of_others:
            both = any(
                p.search(s.text)
                for s in reading.sentences
                for t in _TIERS
                for p in t
                if s.role is not Role.BACKGROUND
            )
            return None if both else at("species", "animal", sentence, match)
    return None
