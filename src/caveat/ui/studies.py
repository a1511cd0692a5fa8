"""The works of a collection as rows that can be filtered and sorted: what Explore shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from caveat.domain.model import Design, Direction, Source, SourceKind, Status
from caveat.domain.text import tokens
from caveat.domain.topic import Topic
from caveat.domain.words_for import TRIALS

OTHER_PEOPLE = "Other or not stated"
ANIMALS = "Animals or cells"
OTHER_OUTCOME = "Other outcomes"
NOT_STUDIES = frozenset({Design.RESOURCE, Design.DRUG_LABEL, Design.GUIDELINE, Design.NEWS})


@dataclass(frozen=True, slots=True)
class Study:
    """One work with what it is about, in the topic's words; ``number`` is its number in the conversation."""

    source: Source
    population: str
    outcomes: tuple[str, ...]
    words: str
    number: int | None = None

    @property
    def outcome(self) -> str:
        """The outcome it is placed under: the first one named in its main outcome, conditions or title."""
        return self.outcomes[0] if self.outcomes else OTHER_OUTCOME

    @property
    def is_study(self) -> bool:
        """False for labels, guidelines and the like, which study nobody."""
        return self.source.design not in NOT_STUDIES and self.source.kind is not SourceKind.RESOURCE

    @property
    def is_trial(self) -> bool:
        """True for trials, also those registered without results."""
        return self.source.design in TRIALS or self.source.kind is SourceKind.TRIAL_REGISTRATION


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader filters by; an empty field does not limit."""

    text: str = ""
    designs: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None


def studies_of(
    sources: Iterable[Source], topic: Topic, numbers: Mapping[str, int] | None = None
) -> list[Study]:
    """A row for each work."""
    return [_study(source, topic, (numbers or {}).get(source.id)) for source in sources]


def _study(source: Source, topic: Topic, number: int | None) -> Study:
    about = " . ".join(x for x in (source.primary_outcome, *source.conditions, source.title) if x)
    said = " . ".join(x for x in (source.population_short, source.population) if x)
    outcomes = _labels(about, topic, ("outcome",))
    people = _labels(said, topic, ("condition", "outcome"))
    population = people[0] if people else OTHER_PEOPLE
    if source.design in (Design.ANIMAL, Design.IN_VITRO):
        population = ANIMALS
    words = " ".join(
        tokens(
            " ".join(
                x
                for x in (
                    source.title,
                    *source.authors,
                    source.journal,
                    source.population,
                    source.intervention,
                    source.comparator,
                    *source.conditions,
                    *source.registry_ids,
                    source.doi,
                    source.pmid,
                    source.id,
                )
                if x
            )
        )
    )
    return Study(source, population, outcomes, f" {words} ", number)


def _labels(text: str, topic: Topic, groups: tuple[str, ...]) -> tuple[str, ...]:
    """The widest entities of these groups that the text names, in its order, with a capital."""
    found: list[str] = []
    for mention in topic.mentions(text):
        entity = topic.by_id[mention.entity_id]
        if entity.group not in groups:
            continue
        wider = [topic.by_id[i] for i in topic.ancestors(entity.id) if topic.by_id[i].group == entity.group]
        label = (wider[-1] if wider else entity).label
        label = label[:1].upper() + label[1:]
        if label not in found:
            found.append(label)
    return tuple(found)


def selected(studies: Iterable[Study], wanted: Wanted) -> list[Study]:
    """The studies that pass every filter; one that lacks a filtered fact does not pass."""
    words = tokens(wanted.text)

    def passes(study: Study) -> bool:
        source = study.source
        year = source.year
        return (
            all(f" {word}" in study.words for word in words)
            and _in(source.design or Design.OTHER, wanted.designs)
            and _in(study.population, wanted.populations)
            and (not wanted.outcomes or bool(set(study.outcomes or (OTHER_OUTCOME,)) & set(wanted.outcomes)))
            and _in(source.direction or Direction.NOT_APPLICABLE, wanted.directions)
            and _in(source.status, wanted.statuses)
            and (wanted.year_from is None or (year is not None and year >= wanted.year_from))
            and (wanted.year_to is None or (year is not None and year <= wanted.year_to))
        )

    return [study for study in studies if passes(study)]


def _in(value: str, wanted: Sequence[str]) -> bool:
    return not wanted or value in wanted


SORTS: dict[str, Callable[[Study], tuple[object, ...]]] = {
    "Newest first": lambda s: (-(s.source.year or 0), s.source.title.casefold()),
    "Oldest first": lambda s: (s.source.year or 9999, s.source.title.casefold()),
    "Most people first": lambda s: (-(s.source.n_total or 0), s.source.title.casefold()),
    "Title": lambda s: (s.source.title.casefold(),),
    "Design": lambda s: (s.source.design or "~", -(s.source.year or 0)),
    "Population": lambda s: (s.population.casefold(), -(s.source.year or 0)),
    "Direction": lambda s: (s.source.direction or "~", -(s.source.year or 0)),
    "Number in this conversation": lambda s: (s.number or 10**6, -(s.source.year or 0)),
}
DEFAULT_SORT = "Newest first"


def ordered(studies: Iterable[Study], sort: str) -> list[Study]:
    """The studies in the order of that name; newest first for a name that is not known."""
    return sorted(studies, key=SORTS.get(sort, SORTS[DEFAULT_SORT]))


def choices(studies: Sequence[Study]) -> dict[str, list[tuple[str, str]]]:
    """What can be filtered by, with how many works each has: (words, value) pairs by filter."""

    def counted(values: Iterable[str], words: Callable[[str], str] = str) -> list[tuple[str, str]]:
        count: dict[str, int] = {}
        for value in values:
            count[value] = count.get(value, 0) + 1
        best = sorted(count.items(), key=lambda item: (-item[1], item[0]))
        return [(f"{words(value)} ({n})", value) for value, n in best]

    return {
        "designs": counted((s.source.design or Design.OTHER).value for s in studies),
        "populations": counted(s.population for s in studies),
        "outcomes": counted(o for s in studies for o in (s.outcomes or (OTHER_OUTCOME,))),
        "directions": counted(
            ((s.source.direction or Direction.NOT_APPLICABLE).value for s in studies), _direction
        ),
        "statuses": counted((s.source.status.value for s in studies), _status),
    }


def _direction(value: str) -> str:
    return "reports no direction" if value == Direction.NOT_APPLICABLE else f"reports {value}"


def _status(value: str) -> str:
    return "not checked" if value == Status.UNKNOWN else value
