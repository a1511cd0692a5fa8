"""Facts that the record's own fields say: publication types, subject headings, identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from caveat.domain.model import Design, FactRead, Source, SourceKind
from ingest.facts.text import in_field

_HEADINGS: tuple[tuple[str, Design], ...] = (
    ("Mendelian Randomization Analysis", Design.MENDELIAN_RANDOMIZATION),
    ("Case-Control Studies", Design.CASE_CONTROL),
    ("Cross-Sectional Studies", Design.CROSS_SECTIONAL),
    ("Cohort Studies", Design.COHORT),
)
_TRIAL = re.compile(r"trial|review|meta-analysis", re.IGNORECASE)
_PREPRINT_DOI = re.compile(
    r"10\.(?:1101/(?:\d{6}$|\d{4}\.\d\d\.\d\d\.\d+)|64898/|21203/rs\.|31234/osf|31219/osf|20944/preprints|2139/ssrn"
    r"|48550/arxiv|26434/chemrxiv|22541/au\.|36227/techrxiv|12688/(?!f1000|wellcome|gates|hrb)openreseurope)",
    re.IGNORECASE,
)  # fmt: skip
_PREPRINT_SERVER = re.compile(
    r"(?:medrxiv|biorxiv|arxiv|psyarxiv|research ?square|ssrn(?: electronic journal)?|preprints(?:\.org)?|osf preprints)"
    r"(?: : the preprint server .*)?\.?",
    re.IGNORECASE,
)  # fmt: skip


def from_fields(source: Source) -> Iterator[FactRead]:
    """Each fact at most once; only what the field says in so many words."""
    names = [heading.split("/")[0] for heading in source.mesh]
    yield from _design(source, names)
    species = _species(names)
    if species:
        written = "; ".join(n for n in names if n in _ANIMALS or n == "Humans")
        yield in_field("species", species, "subject headings", written)
    if source.doi and _PREPRINT_DOI.match(source.doi):
        yield in_field("preprint", True, "doi", source.doi)
    elif source.journal and _PREPRINT_SERVER.fullmatch(source.journal.strip()):
        yield in_field("preprint", True, "journal", source.journal)


_ANIMALS = frozenset(
    ("Animals", "Mice", "Rats", "Rabbits", "Guinea Pigs", "Dogs", "Cats", "Swine", "Zebrafish", "Macaca")
)


def _design(source: Source, names: Iterable[str]) -> Iterator[FactRead]:
    types = "; ".join(source.publication_types)
    named = set(names)
    if source.kind is SourceKind.CASE_REPORT:
        yield in_field("design", Design.CASE_REPORT, "publication types", types)
    elif _TRIAL.search(types):
        return
    elif "Animals" in named and "Humans" not in named:
        yield in_field("design", Design.ANIMAL, "subject headings", "Animals")
    else:
        told = [(n, d) for n, d in _HEADINGS if n in named]
        if told and len({d for _, d in told}) == 1:
            yield in_field("design", told[0][1], "subject headings", told[0][0])


def _species(names: Iterable[str]) -> str | None:
    named = set(names)
    found = [word for word, there in (("human", "Humans" in named), ("animal", "Animals" in named)) if there]
    return " and ".join(found) or None
