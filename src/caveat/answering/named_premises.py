"""False premises about a work the question names: its size, year, drug, people, design, doses and finding."""

from __future__ import annotations

import re
from dataclasses import dataclass

from caveat.answering.relevance import Relevance
from caveat.answering.shown_by import Correction, Quotes
from caveat.domain import premises as said
from caveat.domain.duration import is_single_dose
from caveat.domain.lanes import effect_stance
from caveat.domain.model import Design, Direction, Source, Stance
from caveat.domain.text import tokens
from caveat.domain.topic import Topic
from caveat.domain.words_for import OBSERVATIONAL, design_words, people

EARLIEST_FUTURE = 2050

_MEASURE = re.compile(
    r"\b(?:what|which|how (?:high|low|much|big|old))\b.{0,40}\b(?:BMI|body mass index|weight|age|level|levels|score|scores|rate|rates|dose)\b",
    re.IGNORECASE,
)


_STOPPED_FOR_HARM = re.compile(
    r"\b(?:stopped|halted|terminated|ended|abandoned|discontinued|cut short|pulled|suspended)\b.{0,40}\b(?:harm\w*|safety|side.?effects?|suicid\w*|deaths?|adverse|dangerous|too risky)\b",
    re.IGNORECASE,
)


def _names_of(source: Source) -> set[str]:
    """The words a work is called by: those of its id and its authors."""
    return set(source.id.split("-")) | set(tokens(" ".join(source.authors)))


@dataclass(frozen=True, slots=True)
class Granted:
    """A question, what it takes for granted, and the works it names, the one with results first."""

    relevance: Relevance
    quotes: Quotes
    named: tuple[Source, ...]

    @property
    def topic(self) -> Topic:
        """The topic of the collection."""
        return self.relevance.topic

    @property
    def text(self) -> str:
        """The question."""
        return self.relevance.question.text

    @property
    def granted(self) -> tuple[str, ...]:
        """What it takes for granted."""
        return said.presupposed(self.text)


class NamedWork(Granted):
    """What the named works contradict."""

    def all(self) -> list[Correction]:
        """Every premise that the work contradicts."""
        if self._several():
            return []
        main = self.named[0]
        made = (
            self._count(main), self._year(main), self._drug(main), self._people(main), self._design(main),
            self._doses(main), self._finding(main), self._stopped(main),
        )  # fmt: skip
        return [c for c in made if c]

    def _several(self) -> bool:
        """True when the question names works that are not one another: what it says may be of either."""
        of_name = [
            {s.id for s in self.named if name in _names_of(s)} for name in sorted(self.relevance.names)
        ]
        found = [ids for ids in of_name if ids]
        return any(not a & b for a in found for b in found)

    def _count(self, main: Source) -> Correction | None:
        known = self._numbers()
        wrong = [n for n in said.counted_people(self.text) if n not in known]
        if not wrong or not main.n_total or wrong[0] in range(1900, 2100):
            return None
        text = f"{self._name(main)} had {main.n_total:,} people, not {wrong[0]:,}."
        return self.quotes.made(text, main, lambda s: main.n_total in said.numbers_in(s))

    def _year(self, main: Source) -> Correction | None:
        q = self.relevance.question
        stated = [int(y) for _, y in q.author_years if y] + said.years_beside(self.text, self._name(main))
        known = self._numbers() | {s.year for s in self.named}
        wrong = [y for y in stated if y not in known and y < EARLIEST_FUTURE]
        if not wrong or main.year is None:
            return None
        text = f"{self._name(main)} is from {main.year}, not {wrong[0]}."
        return self.quotes.made(text, main, lambda s: main.year in said.numbers_in(s)) or self.quotes.made(
            text, main, lambda _: True
        )

    def _drug(self, main: Source) -> Correction | None:
        given = [
            i
            for i in sorted(self.topic.entity_ids(main.intervention or ""))
            if self.topic.by_id[i].group == "drug"
        ]
        asked = [d for d in self.relevance.question.drugs if not self.topic.by_id[d].background]
        if not given or not asked or not self._spoken_of(main) or len(given) > 2:
            return None
        held = frozenset(i for s in self.named for i in self.quotes.facts(s).everywhere)
        if any(self.topic.family(d) & held for d in asked):
            return None
        names = " and ".join(self.topic.by_id[i].label for i in given)
        text = f"{self._name(main)} tested {names}, not {self.topic.by_id[asked[0]].label}."
        return self.quotes.made(text, main, lambda s: bool(self.topic.entity_ids(s) & set(given)))

    def _people(self, main: Source) -> Correction | None:
        asked = self.relevance.question.conditions
        if _MEASURE.search(self.text):
            return None  # "what was the BMI in …" asks for a figure, not about people with obesity
        if not asked or not self._spoken_of(main) or not people(main):
            return None
        held = frozenset(i for s in self.named for i in self.quotes.facts(s).everywhere)
        if any(self.topic.family(c) & held or set(self.topic.ancestors(c)) & held for c in asked):
            return None
        text = f"{self._name(main)} studied {people(main)}, not {self.topic.by_id[asked[0]].label}."
        return self.quotes.made(text, main, lambda _: True)

    def _design(self, main: Source) -> Correction | None:
        plain = main.design in OBSERVATIONAL or main.design is Design.OPEN_LABEL
        if not plain or not any(map(said.claims_randomised, self.granted)):
            return None
        text = f"{self._name(main)} was not randomised: {design_words(main)}."
        return self.quotes.made(
            text,
            main,
            lambda s: bool(
                re.search(r"not randomi|non-randomi|no control|cohort|open-label|observational", s)
            ),
        )

    def _doses(self, main: Source) -> Correction | None:
        if not is_single_dose(main.intervention) or not any(map(said.claims_repeated_doses, self.granted)):
            return None
        text = f"{self._name(main)} gave a single dose."
        return self.quotes.made(
            text,
            main,
            lambda s: bool(re.search(r"\b(?:one|single)\b.{0,60}\b(?:dose|infusion|injection)", s)),
        )

    def _finding(self, main: Source) -> Correction | None:
        told = [part for part in self.granted if not said.is_doubtful(part)]
        name = self._name(main)
        better = any(map(said.claims_improvement, told))
        worse = any(map(said.claims_worsening, told))
        success = any(map(said.claims_success, told))
        if main.direction is Direction.HARM and (better or success):
            text = f"{name} points the other way: people given the drug did worse."
            return self.quotes.made(text, main, lambda s: effect_stance(s, main) is Stance.OPPOSES)
        if main.primary_outcome_met is False and (
            success or (better and main.direction is Direction.NO_DIFFERENCE)
        ):
            text = f"{name} did not reach its main outcome."
            return self.quotes.made(
                text, main, lambda s: "primary outcome" in s.casefold() and "miss" in s.casefold()
            ) or self.quotes.made(text, main, lambda s: effect_stance(s, main) is Stance.NO_CLEAR_DIFFERENCE)
        if main.direction is Direction.BENEFIT and worse:
            text = f"{name} reports an improvement, not a worsening."
            return self.quotes.made(text, main, lambda s: effect_stance(s, main) is Stance.SUPPORTS)
        return None

    def _stopped(self, main: Source) -> Correction | None:
        if "completed" not in (main.trial_status or "").casefold():
            return None
        if not any(_STOPPED_FOR_HARM.search(part) for part in self.granted):
            return None
        text = f"{self._name(main)} is recorded as completed; nothing read here says that it was stopped for harm."
        return self.quotes.made(text, main, lambda s: bool(re.search(r"\bcompleted\b|\blasted \d", s)))

    def _spoken_of(self, main: Source) -> bool:
        names = [self._name(main), *(n for n, _ in self.relevance.question.author_years)]
        names += [word for word in self.relevance.names if word in main.id.split("-")]
        return any(said.in_the_work(part, name) for part in self.granted for name in names)

    def _numbers(self) -> set[int | None]:
        known: set[int | None] = set()
        for source in self.named:
            known.add(source.n_total)
            for text in (
                source.n_per_arm or "",
                source.population or "",
                *(p.text for p in self.quotes.index.source_passages(source.id)),
            ):
                known |= said.numbers_in(text)
        return known

    def _name(self, source: Source) -> str:
        """As the question calls it, or by author and year."""
        for word in re.findall(r"\b[A-Z][\w-]+", self.text):
            if str(word).casefold() in self.relevance.names and not (
                source.authors and source.authors[0].startswith(word)
            ):
                return str(word)
        author = re.split(r"[ ,]", source.authors[0])[0] if source.authors else ""
        if author and author in source.id.title().replace("-", " "):
            return f"{author} {source.year or ''}".strip()
        return source.registry_ids[0] if source.registry_ids else source.title
