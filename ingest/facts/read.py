"""All facts of one document, those of the record's fields before those of its text."""

from __future__ import annotations

from caveat.domain.model import Design, FactRead, Source
from ingest.facts.designs import read_design
from ingest.facts.fields import from_fields
from ingest.facts.outcomes import read_outcomes
from ingest.facts.people import read_people
from ingest.facts.publishing import read_publishing
from ingest.facts.text import Reading, reading_of
from ingest.facts.treatment import read_treatment
from ingest.split import SplitDocument

CORRECTS = frozenset({Design.TRIAL_PROTOCOL, Design.POST_HOC})
"""What a title may make of a record that its publication type calls a randomised trial: each claims less."""


def read_facts(done: SplitDocument) -> tuple[FactRead, ...]:
    """Every fact that a field or a rule gives, each name once; also of names that the source states itself."""
    reading = reading_of(done)
    found = {fact.name: fact for fact in from_fields(done.document.source)}
    told = read_design(reading)
    if told and _wanted(told, done.document.source):
        found.setdefault("design", told)
    for fact in text_facts(reading, _design(done.document.source, found.get("design"))):
        found.setdefault(fact.name, fact)
    return tuple(found.values())


def text_facts(reading: Reading, design: Design | None) -> list[FactRead]:
    """What the rules read in the words alone, given the design."""
    return [
        *read_people(reading),
        *read_treatment(reading, design),
        *read_outcomes(reading, design),
        *read_publishing(reading, design),
    ]


def _wanted(told: FactRead, source: Source) -> bool:
    """A title corrects a publication type only towards caution."""
    return source.design is None or corrects(told, source)


def corrects(told: FactRead, source: Source) -> bool:
    """True where a title takes back what a publication type made of the record."""
    return (
        told.name == "design"
        and told.where == "title"
        and source.design is Design.RCT
        and bool(source.publication_types)
        and Design(told.value) in CORRECTS
    )


def _design(source: Source, told: FactRead | None) -> Design | None:
    if told and (source.design is None or corrects(told, source)):
        return Design(told.value)
    return source.design
