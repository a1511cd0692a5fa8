"""The starter collection: every note parses, fits the domain's ``Source`` and stands on its own."""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from caveat.domain.model import Design, Source, SourceKind

ROOT = Path(__file__).resolve().parents[2]
SECTIONS = ("What was done", "What was found", "Limits", "Comment by Caveat")
FIELDS = {field.name for field in dataclasses.fields(Source)}
TYPES = typing.get_type_hints(Source)
REGISTRY_ID = re.compile(
    r"NCT\d{8}|ISRCTN\d{8}|EudraCT \d{4}-\d{6}-\d{2}|\d{4}-\d{6}-\d{2}-\d{2}"  # the last: EU CTIS
)
FIRST_YEAR, LAST_YEAR = 1990, 2026
DRUG = re.compile(r"\b\w{3,}(mab|cept|nib|kinra|cycline|coxib)\b", re.IGNORECASE)
# Digits that belong to a name, not to a measurement.
NAME_DIGITS = re.compile(r"\b(?:IL|CCL|MIP|MCP|COVID|CYP\w*)-?\d+\w*|\b(?:NCT|ISRCTN|PMC)\d+")
# Words of titles that many works share, so that they name none of them.
SHARED_WORDS = """abstract adults analysis article associated association between biomarkers clinical cohort
    comparison controlled controls depressed depression depressive disorder disorders double effect effects
    evidence factors findings health improvement improvements inflammation inflammatory levels major
    measures mental observational outcomes participants patients people phase placebo
    population psychiatric quality randomised randomized receiving related results review samples
    schizophrenia studies study symptoms systematic therapy treated treatment trials various"""


@dataclass(frozen=True)
class Note:
    """One file of the collection: where it is, its front matter as read, its sections."""

    path: Path
    front: dict[str, Any]
    sections: dict[str, list[str]]


def read(path: Path) -> Note:
    """Parse strictly: front matter, then ``## `` headings, each followed by ``- `` sentences only."""
    opening, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    assert opening == "", f"{path.name}: front matter does not come first"
    sections: dict[str, list[str]] = {}
    for line in body.splitlines():
        if line.startswith("## "):
            sections[line[3:]] = current = []
        elif line.startswith("- "):
            current.append(line[2:])
        else:
            assert line == "", f"{path.name}: not a heading, not a sentence: {line!r}"
    return Note(path, yaml.safe_load(front), sections)


@cache
def notes() -> dict[str, Note]:
    """Every note by file name."""
    return {
        p.stem: read(p) for folder in ("articles", "trials") for p in (ROOT / "corpus" / folder).glob("*.md")
    }


def sentences(*names: str) -> Iterator[tuple[str, str]]:
    """(note, sentence) of the sections named."""
    for key, note in notes().items():
        for name in names:
            for sentence in note.sections.get(name, []):
                yield key, sentence


def fits(value: object, wanted: Any) -> bool:
    """Whether a YAML value can stand in a field of that type."""
    if isinstance(wanted, types.UnionType):
        return any(fits(value, part) for part in typing.get_args(wanted) if part is not type(None))
    if typing.get_origin(wanted) is tuple:
        return isinstance(value, list) and bool(value) and all(isinstance(v, str) and v for v in value)
    if issubclass(wanted, StrEnum):
        return value in {member.value for member in wanted}
    if wanted is str:
        return isinstance(value, str) and value == value.strip() != ""
    return type(value) is wanted


def names_of(note: Note) -> set[str]:
    """Lower-case words that single out this work: authors, identifiers, title, trial names."""
    front = note.front
    words = {author.split(" ")[0] for author in front.get("authors", []) if author != "et al."}
    words |= {*front.get("registry_ids", []), front.get("pmcid", front["id"])}
    words |= set(re.findall(r"[^\W\d_]{6,}", front["title"] + " " + front["id"]))
    words |= set(re.findall(r"\b[A-Z][A-Z-]{3,}\b", front["title"] + " " + front.get("population", "")))
    return {word.lower() for word in words} - set(SHARED_WORDS.split())


def stands_alone(sentence: str, note: Note) -> bool:
    """A sentence without a figure, or one that says whose figure it is."""
    if not re.search(r"\d", NAME_DIGITS.sub("", sentence)):
        return True
    return bool(DRUG.search(sentence)) or any(name in sentence.lower() for name in names_of(note))


def test_the_collection_is_whole() -> None:
    """A new clone holds the whole starter collection, each work once."""
    ids = [note.front["id"] for note in notes().values()]
    assert len(ids) == len(set(ids)) >= 180


def test_front_matter_is_a_source() -> None:
    """Every key is a field of Source, every value fits its type, and nothing is empty."""
    wrong = [
        f"{key}: {name}={value!r}"
        for key, note in notes().items()
        for name, value in note.front.items()
        if name not in FIELDS or not fits(value, TYPES[name])
    ]
    assert wrong == []


def test_file_name_is_the_id() -> None:
    """A note is found under its id, and a registration or protocol without results lies with the trials."""
    assert [key for key, note in notes().items() if note.front["id"] != key] == []
    planned = {Design.TRIAL_REGISTRATION.value, Design.TRIAL_PROTOCOL.value}
    misplaced = [
        k for k, n in notes().items() if (n.front["design"] in planned) != (n.path.parent.name == "trials")
    ]
    assert misplaced == []


def test_every_note_says_what_it_is() -> None:
    """No note passes for the work: it is marked, says where each fact was seen and with what grade."""
    for key, note in notes().items():
        assert note.front["note_not_original"] is True, key
        assert note.front["source_grade"], key
        assert note.front.get("seen_at") or note.front["kind"] == SourceKind.LAY_ARTICLE.value, key
        if note.front["source_grade"] == "secondary page":
            assert note.front["secondary_source_only"] is True, key


def test_identifiers_have_their_format() -> None:
    """DOI, PMID, PMCID, registry numbers, links and years look like what they claim to be."""
    for key, note in notes().items():
        front = note.front
        assert re.fullmatch(r"10\.\d{4,9}/\S+", front.get("doi", "10.1000/x")), key
        assert re.fullmatch(r"[1-9]\d{6,7}", front.get("pmid", "1234567")), key
        assert re.fullmatch(r"PMC\d{6,8}", front.get("pmcid", "PMC123456")), key
        assert all(REGISTRY_ID.fullmatch(number) for number in front.get("registry_ids", [])), key
        assert all(url.startswith(("https://", "http://")) for url in front.get("seen_at", [])), key
        assert front.get("url", "https://").startswith(("https://", "http://")), key
        assert FIRST_YEAR <= front.get("year", LAST_YEAR) <= LAST_YEAR, key
        assert front.get("n_total", 1) > 0, key


def test_sections_are_complete_and_in_order() -> None:
    """Each note has the four sections in their order; none is empty, no sentence occurs twice."""
    for key, note in notes().items():
        assert tuple(note.sections) == SECTIONS, key
        assert all(note.sections.values()), key
        every = [sentence for section in note.sections.values() for sentence in section]
        assert len(every) == len(set(every)), key


def test_sentences_are_single_lines_of_prose() -> None:
    """A quotable sentence begins like a sentence, ends with a stop and carries no markup."""
    wrong = [
        (key, sentence)
        for key, sentence in sentences(*SECTIONS)
        if not re.match(r"[\w\"“(]", sentence)
        or not sentence.endswith((".", "?"))
        or re.search(r"[<>]/?[a-z]+>|\]\(|\*\*|`|\s\s|[\u200b-\u200f\u202a-\u202e]", sentence)
    ]
    assert wrong == []


def test_findings_with_figures_stand_alone() -> None:
    """Every finding that holds a figure names its work, drug or trial, so that it can be quoted by itself."""
    services = {key for key, note in notes().items() if note.front["kind"] == SourceKind.RESOURCE.value}
    lost = [
        (key, sentence)
        for key, sentence in sentences("What was found")
        if key not in services and not stands_alone(sentence, notes()[key])
    ]
    assert lost == []
    knight = notes()["knight-2021-tocilizumab-hct-worse-depression"]
    assert not stands_alone("The score was 5.74 points higher at day 28 in the treated group.", knight)


def test_findings_point_at_nothing_outside_the_sentence() -> None:
    """No sentence that may be quoted begins with a pronoun whose noun stands in another sentence."""
    leaning = re.compile(r"(It|They|He|She|This|These|Those|That|Its|Their|Both|Such|However|Also|But)\b")
    found = [pair for pair in sentences(*SECTIONS[:3]) if leaning.match(pair[1])]
    assert found == []


def test_short_populations_read_well() -> None:
    """A work on people or studies has a short population: at most nine words, no figure, no full stop."""
    none_needed = {SourceKind.LABEL, SourceKind.GUIDELINE, SourceKind.RESOURCE, SourceKind.LAY_ARTICLE}
    for key, note in notes().items():
        short = note.front.get("population_short")
        assert (short is None) == (note.front["kind"] in none_needed), key
        if short is not None:
            assert len(short.split()) <= 9, key
            assert not re.search(r"\d", short.replace("COVID-19", "").replace("IL-6", "")), key
            assert not short.endswith("."), key


def test_overlaps_are_mutual() -> None:
    """If one work shares participants with another, both say so, and neither names itself or a stranger."""
    for key, note in notes().items():
        for other in note.front.get("overlaps", []):
            assert other != key, key
            assert key in notes()[other].front["overlaps"], f"{other} does not name {key}"


def test_no_identifier_is_shared_by_unrelated_works() -> None:
    """Two notes with one DOI, PMID, PMCID or registry number say that they overlap."""
    seen: dict[str, str] = {}
    for key, note in notes().items():
        own = [note.front.get(name) for name in ("doi", "pmid", "pmcid")]
        for number in [*own, *note.front.get("registry_ids", [])]:
            if number:
                other = seen.setdefault(str(number).lower(), key)
                assert other == key or other in note.front.get("overlaps", []), f"{number}: {key}, {other}"
