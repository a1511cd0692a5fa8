"""Puts the facts that can be trusted into the source, where nobody stated them before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from caveat.domain.model import Design, Direction, FactRead, Source
from ingest.facts.read import corrects, read_facts
from ingest.facts.trust import trusted
from ingest.split import SplitDocument

SHORT = 70


def with_facts(done: SplitDocument) -> SplitDocument:
    """What a file or record states stays as it is; a note checked by hand is not read at all."""
    source = done.document.source
    if source.note_not_original or source.source_grade:
        return done
    used = [fact for fact in read_facts(done) if trusted(fact) and _free(source, fact)]
    if not used:
        return done
    values: dict[str, Any] = {fact.name: value_of(fact) for fact in used}
    if "population" in values and not source.population_short and len(values["population"]) <= SHORT:
        values["population_short"] = values["population"]
    filled = replace(source, **values, facts_read=tuple(used))
    return replace(done, document=replace(done.document, source=filled))


def doubtful(done: SplitDocument) -> tuple[FactRead, ...]:
    """Facts that a rule read but that are not taken as facts, for a person to check."""
    source = done.document.source
    return tuple(fact for fact in read_facts(done) if not trusted(fact) and _free(source, fact))


def _free(source: Source, fact: FactRead) -> bool:
    return getattr(source, fact.name) in (None, (), False) or corrects(fact, source)


def value_of(fact: FactRead) -> object:
    """The fact's value as ``Source`` holds it."""
    if fact.name == "n_total":
        return int(fact.value)
    if fact.name in ("primary_outcome_met", "industry_funded", "preprint"):
        return fact.value == "True"
    if fact.name == "design":
        return Design(fact.value)
    if fact.name == "direction":
        return Direction(fact.value)
    return tuple(fact.value.split(", ")) if fact.name == "registry_ids" else fact.value
