"""A page of questions to take to a doctor: plain words, no dose, no advice, each question from a fact of the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from caveat.answering.exports.markdown import help_card, sources
from caveat.answering.exports.text import escaped
from caveat.answering.registers.plain import plain_rule_text
from caveat.domain.duration import in_words, longest_days
from caveat.domain.model import (
    DISCLOSURE,
    Answer,
    CardKind,
    CaveatKind,
    Cited,
    Declined,
    Direction,
    Source,
)
from caveat.domain.words_for import LEVEL_WORDS, PLANNED, has_results, is_taken_back

STAY = (
    "This page cannot tell you what to do. Do not start, stop or change a medicine because of it: ask first."
)
ROOM = ". " * 30 + "."
ALWAYS = (
    "What could I gain, and how likely is that?",
    "What could go wrong, and what should I watch for?",
    "What else could we try? What if we wait?",
)
TELL = (
    "The illnesses I have, and the infections I have had:",
    "All medicines I take, with those from the shop:",
    "What I hope for, and what I fear:",
)


def to_doctor_page(answer: Answer) -> str:
    """The page as Markdown. It quotes no study and holds no dose but one that the reader typed; what was found stands in plain words."""
    return "\n".join(_lines(answer)).rstrip() + "\n"


def questions(answer: Answer) -> tuple[str, ...]:
    """The questions that the answer's caveats, unknowns and works give reason to ask."""
    return tuple(dict.fromkeys(_from_caveats(answer))) + tuple(dict.fromkeys(_from_unknowns(answer)))


def _lines(answer: Answer) -> Iterator[str]:
    if answer.card and answer.card.kind is not CardKind.PERSONAL_DECISION:
        yield from help_card(answer.card)
    yield "# Questions for my doctor"
    yield ""
    yield f"I asked: {escaped(answer.question)}"
    yield ""
    yield from _found(answer)
    found = questions(answer)
    if found:
        yield "## About what the studies say"
        yield ""
        yield from _with_room(found)
    yield "## About me"
    yield ""
    yield from _with_room(ALWAYS)
    yield "## What I should tell my doctor"
    yield ""
    yield from _with_room(TELL)
    yield f"**{escaped(STAY)}**"
    yield ""
    yield from sources(answer.sources)
    yield "---"
    yield ""
    yield escaped(DISCLOSURE)


def _found(answer: Answer) -> Iterator[str]:
    if isinstance(answer, Declined):
        if answer.card is None:
            yield escaped(f"What Caveat found: {plain_rule_text(answer.headline)}")
            yield ""
        return
    level = ""
    if isinstance(answer, Cited) and answer.certainty:
        level = f" How sure this is: {LEVEL_WORDS[answer.certainty.level]}."
    yield escaped(f"What Caveat found: {plain_rule_text(answer.headline)}{level}")
    yield ""
    for caveat in answer.caveats:
        if caveat.kind is CaveatKind.NOT_APPROVED:
            yield escaped(f"The label: {plain_rule_text(caveat.text)}")
            yield ""


def _from_caveats(answer: Answer) -> Iterator[str]:
    kinds = {c.kind: c for c in answer.caveats}
    works = [s.source for s in answer.sources if has_results(s.source) and not is_taken_back(s.source)]
    if CaveatKind.NOT_APPROVED in kinds:
        yield "The label lists no mental illness, and it warns of harms (see above). What would that mean for me?"
    if CaveatKind.DIFFERENT_POPULATION in kinds:
        yield "Most people in these studies had another illness than the one I asked about. How far does that hold for me?"
    if any(s.primary_outcome_met is False and s.direction is not Direction.HARM for s in works):
        yield "A trial did not reach its main goal. Does that change what I can hope for?"
    if any(s.direction is Direction.HARM for s in works):
        yield "In one group people did worse. Could that happen to me? How would we notice?"
    if CaveatKind.CONFLICTING_EVIDENCE in kinds:
        yield "The studies do not agree. How do you read them?"
    if CaveatKind.SMALL_SAMPLE in kinds:
        yield "Some of these studies had fewer than 100 people. How much can we build on that?"
    if CaveatKind.ANIMAL_OR_IN_VITRO in kinds or CaveatKind.GENETIC_PROXY in kinds:
        yield "Some of this comes from animals, cells or genes. Does it tell anything about treatment?"
    if kinds.keys() & {CaveatKind.RETRACTED, CaveatKind.EXPRESSION_OF_CONCERN}:
        yield "One of these works was taken back or doubted. Is there better work?"
    if (days := _longest(works)) is not None and CaveatKind.SHORT_FOLLOW_UP in kinds:
        yield f"The longest study here lasted {in_words(days)}. What is known about later?"
    if any(s.source.design in PLANNED for s in answer.sources):
        yield "There are trials that have no results yet. Is one of them something for me to know about?"


def _from_unknowns(answer: Answer) -> Iterator[str]:
    if isinstance(answer, Cited):
        for unknown in answer.unknowns:
            text = plain_rule_text(unknown, "unknowns")
            if "does not record" not in text:
                text = re.sub(r"\byou$", "me", text)
                yield f"This was not answered: {text}. Do you know more?"


def _longest(works: list[Source]) -> float | None:
    return max((d for s in works if (d := longest_days(s.duration))), default=None)


def _with_room(texts: tuple[str, ...]) -> Iterator[str]:
    for text in texts:
        yield f"- {escaped(text)}"
        yield ""
        yield f"  {ROOM}"
        yield ""
