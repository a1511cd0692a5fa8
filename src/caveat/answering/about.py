"""What a work is about by its record alone: its title, the people, what was given and what it was compared with."""

from __future__ import annotations

from dataclasses import dataclass

from caveat.domain.model import Source
from caveat.domain.record import record_words
from caveat.domain.topic import Topic


@dataclass(frozen=True, slots=True)
class WorkAbout:
    """What a source is about by its record alone."""

    identity: frozenset[str]
    tested: frozenset[str]
    """Entities of what was given or compared; of its other facts where no intervention is known."""


def about_work(source: Source, topic: Topic) -> WorkAbout:
    """The topic's entities that the record names."""
    record = record_words(source)
    identity = topic.entity_ids(record, nested=True)
    given = source.intervention
    return WorkAbout(identity, topic.entity_ids(given, nested=True) if given else identity)


def title_and_given(source: Source, topic: Topic) -> frozenset[str]:
    """Entities of the title and of what was given."""
    return topic.entity_ids(f"{source.title} . {source.intervention}", nested=True)
