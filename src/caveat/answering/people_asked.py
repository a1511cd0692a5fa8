"""The people a question asks about by their illness ("in psychiatric patients"), and the works that studied them."""

from __future__ import annotations

from collections.abc import Sequence

from caveat.domain.model import Source
from caveat.domain.text import tokens
from caveat.domain.topic import Entity, Topic

# Illnesses of the nervous system or the whole body, which no reader means by "psychiatric".
_NOT_PSYCHIATRIC = frozenset({"cfs", "encephalitis"})
_ALL_OF_THEM = "mental_health"
_PEOPLE = frozenset(
    "patient patients people persons person adults men women children adolescents participants sufferers outpatients "
    "inpatients populations population samples sample volunteers cohorts folk".split()
)
_NAMES_AN_ILLNESS = frozenset(
    "disorder disorders illness illnesses condition conditions disease diseases".split()
)
_HAVING = frozenset("with having have has suffering from living diagnosed who are were being".split())
_IN = frozenset("in for among".split())
_BETWEEN = frozenset(
    "or and major severe active current early treatment resistant chronic a an any the".split()
)


def asked_people(text: str, topic: Topic, *, of_a_drug: bool) -> frozenset[str]:
    """The illnesses of the people asked about; empty where the question leaves open who was studied.

    ``of_a_drug``: the question is on a treatment, so that "in depression" means people who have it.
    """
    words = tokens(text)
    found: set[str] = set()
    after_in = False
    reach = 0
    for mention in topic.mentions(text):
        entity = topic.by_id[mention.entity_id]
        if entity.group != "outcome":
            continue
        before, after = words[: mention.start], words[mention.end : mention.end + 2]
        gap = words[reach : mention.start]
        after_in = after_in and all(w in _BETWEEN for w in gap)
        after_in = after_in or any(w in _IN for w in _tail(before))
        reach = mention.end
        illness_named = bool(after) and after[0] in _NAMES_AN_ILLNESS
        of_people = any(w in _PEOPLE for w in after[:1] if not illness_named) or _has_it(before)
        of_people = of_people or (
            illness_named and (_has_it(before) or after_in or after[1:2] == ["patients"])
        )
        if of_people or (of_a_drug and after_in and not entity.symptom):
            found |= _illnesses(entity, topic)
    return frozenset(found)


def _tail(before: Sequence[str]) -> list[str]:
    """The words straight before a mention, past adjectives and joining words, down to the first that is neither."""
    out: list[str] = []
    for word in reversed(before):
        out.append(word)
        if word not in _BETWEEN:
            break
    return out


def _has_it(before: Sequence[str]) -> bool:
    """ "people with major …", "patients who have …": the people stand before the illness."""
    i = len(before) - 1
    while i >= 0 and (before[i] in _HAVING or before[i] in _BETWEEN):
        i -= 1
    return 0 <= i < len(before) - 1 and before[i] in _PEOPLE and any(w in _HAVING for w in before[i:])


def _illnesses(entity: Entity, topic: Topic) -> set[str]:
    if entity.id == _ALL_OF_THEM:
        return set(every_mental_illness(topic))
    return {entity.id, *(f for f in topic.family(entity.id) if not topic.by_id[f].symptom)}


def every_mental_illness(topic: Topic) -> frozenset[str]:
    """The topic's illnesses of the mind, and the two symptoms that bring people to a psychiatrist by themselves."""
    every = {e.id for e in topic.entities if e.group == "outcome" and not e.symptom}
    return frozenset((every | {"anxiety", "suicidality"} & set(topic.by_id)) - _NOT_PSYCHIATRIC)


def studied(source: Source, illnesses: frozenset[str], topic: Topic) -> bool:
    """True when the people of the work are described as having one of the illnesses."""
    who = source.population_short or source.population or ""
    return bool(topic.entity_ids(who, nested=True) & illnesses)
