"""What an answer on effect or harm may say first. Wording never goes beyond what the quotes below it show.

A trial "reached" or "missed" something only where its main outcome is the one asked about; a pooled analysis speaks
for a drug only where the quoted sentence names it with a figure; and "no trial shows" is said only when no controlled
result in favour is displayed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from caveat.answering.forms.common import Chosen
from caveat.answering.relevance import Relevance
from caveat.answering.select import Selection
from caveat.domain.model import Design, Direction, Source, Stance
from caveat.domain.topic import Topic
from caveat.domain.words_for import design_words, has_results, is_taken_back, people

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_CASES = frozenset({Design.CASE_REPORT, Design.CASE_SERIES, Design.PHARMACOVIGILANCE})
_POOLED = frozenset({Design.META_ANALYSIS, Design.MEGA_ANALYSIS})
_REPORTS = re.compile(
    r"\bincidence\b|\breporting odds|-induced depress|\bdeveloped (?:major )?depress|\bmajor depressi\w+ (?:on|with|in \d)",
    re.IGNORECASE,
)
# A trial favours a drug where it is set against something, not where everyone fell or a trend pointed its way.
_COMPARES = re.compile(
    r"\b(?:than|versus|vs|placebo|compared|beat|better|greater|larger|between|favou?r\w*|controls?|against|superior)\b",
    re.IGNORECASE,
)
_TREND = re.compile(r"\btrends?\b", re.IGNORECASE)
_CLAIMS_HARM = re.compile(
    r"\b(?:harm\w*|worse|caus\w+ (?:depress|suicid|psychos|anx|mania)\w*|danger\w*|poison\w*|makes? people|driv\w+ people)\b",
    re.IGNORECASE,
)


def counted(n: int, noun: str, plural: str | None = None) -> str:
    """ "one trial", "two trials"."""
    word = _NUMBERS[n] if n < len(_NUMBERS) else str(n)
    return f"{word} {noun if n == 1 else plural or noun + 's'}"


def labels(ids: Sequence[str], topic: Topic, joiner: str = " and ") -> str:
    """The entities' names, joined."""
    names = [topic.by_id[i].label for i in ids]
    return joined(names, joiner)


def joined(names: Sequence[str], joiner: str) -> str:
    """The names in one row: "a", "a or b", "a, b or c"."""
    return joiner.join(names) if len(names) < 3 else ", ".join(names[:-1]) + joiner + names[-1]


@dataclass(frozen=True)
class Verdict:
    """The displayed evidence, sorted by what it can say."""

    selection: Selection
    relevance: Relevance
    topic: Topic

    @property
    def drug(self) -> str:
        """The drug asked about, in words."""
        return labels(self.drugs, self.topic) or self.topic.by_id[self.topic.main_drug].label

    @property
    def drugs(self) -> tuple[str, ...]:
        """The drugs asked about; one that is only given alongside ("on antidepressants") counts when it stands alone."""
        asked = self.relevance.question.drugs
        # "Blocking IL-6 with tocilizumab" is a question on tocilizumab.
        wider = {a for d in asked for a in self.topic.ancestors(d)}
        asked = tuple(d for d in asked if d not in wider)
        return tuple(d for d in asked if not self.topic.by_id[d].background) or asked

    @property
    def outcome(self) -> str:
        """The outcome asked about, with the illness in which it was asked."""
        q = self.relevance.question
        where = labels(q.conditions, self.topic, " or ")
        what = labels(q.outcomes, self.topic, " or ")
        if what and where:
            return f"{what} in {where}"
        return what or where or "mental health"

    @property
    def verb(self) -> str:
        """ "eases", "improves", "reduces" or "helps", in the number of the drug."""
        ids = self.relevance.question.outcomes
        entity = self.topic.by_id[ids[0]] if ids else None
        verb = "helps"
        if entity is not None and entity.id == "suicidality":
            verb = "reduces"
        elif entity is not None and entity.symptom:
            verb = "improves" if entity.worse_when == "lower" else "eases"
        plural = len(self.drugs) > 1 or self.drug.endswith("s")
        return verb[:-1] if plural else verb

    @property
    def results(self) -> list[Source]:
        """Works with results that still stand and that tested the drug."""
        sources = {c.source.id: c.source for c in self.selection.chosen}.values()
        return [
            s for s in sources if s.id in self.selection.direct and has_results(s) and not is_taken_back(s)
        ]

    def claims(self, *stances: Stance) -> list[Chosen]:
        """Displayed sentences of these lanes whose work tested the drug."""
        ids = {s.id for s in self.results}
        return [c for c in self.selection.chosen if c.stance in stances and c.source.id in ids]

    def on_main_outcome(self, source: Source) -> bool:
        """True when the work's main outcome is the one asked about."""
        main = re.sub(r"\([^)]*\)", " ", source.primary_outcome or "")
        measured = self.topic.entity_ids(main, nested=True)
        asked = self.relevance.question.outcomes or ("mental_health",)
        # In people with a special form of the illness ("treatment-resistant") the scale is that of the illness.
        wider = {
            a for o in asked if o in self.selection.forms.get(source.id, ()) for a in self.topic.ancestors(o)
        }
        return bool(measured) and (self.relevance.any_of(asked, measured) or bool(wider & measured))

    @property
    def trials(self) -> list[Source]:
        """Controlled trials of the drug whose main outcome is the one asked about."""
        return [s for s in self.results if s.design is Design.RCT and self.on_main_outcome(s)]

    @property
    def missed(self) -> list[Source]:
        """Those that missed it without doing harm."""
        out = [s for s in self.trials if s.primary_outcome_met is False]
        asked = self.relevance.question.outcomes
        for c in self.claims(Stance.NO_CLEAR_DIFFERENCE):
            said = "primary outcome" in c.candidate.text.casefold()
            on_asked = bool(asked) and self.relevance.any_of(asked, c.candidate.entities)
            if said and on_asked and c.source.design is Design.RCT and c.source.primary_outcome_met is False:
                out.append(c.source)
        return list({s.id: s for s in out if s.direction is not Direction.HARM}.values())

    @property
    def reached(self) -> list[Source]:
        """Those that reached it, with a result in favour on display."""
        helped = {c.source.id for c in self.claims(Stance.SUPPORTS)}
        return [s for s in self.trials if s.primary_outcome_met is True and s.id in helped]

    @property
    def secondary(self) -> list[Source]:
        """Controlled trials that favoured the drug on the outcome, but not as their main outcome."""
        out = {s.id for s in (*self.missed, *self.reached)}
        shown = [
            c
            for c in self.claims(Stance.SUPPORTS)
            if _COMPARES.search(c.candidate.text) and not _TREND.search(c.candidate.text)
        ]
        favour = {c.source.id: c.source for c in shown}.values()
        return [s for s in favour if s.design in {Design.RCT, Design.POST_HOC} and s.id not in out]

    @property
    def pooled(self) -> list[Source]:
        """Pooled analyses with a quoted figure in favour of the drug by name."""
        asked = {f for d in self.drugs for f in self.relevance.family(d)}
        named = [
            c
            for c in self.selection.chosen
            if c.stance is Stance.SUPPORTS
            and c.source.design in _POOLED
            and c.candidate.has_number
            and c.candidate.entities & asked
        ]
        figures = [
            c for c in named if re.search(r"\b(?:SMD|RR|OR|g|d|hazard|risk)\b[^.;]*\d", c.candidate.text)
        ]
        return list({c.source.id: c.source for c in figures}.values())

    @property
    def worse(self) -> list[Source]:
        """Groups of people who did worse, single cases apart."""
        found = {c.source.id: c.source for c in self.claims(Stance.OPPOSES)}.values()
        return [s for s in found if s.design not in _CASES and s.direction is Direction.HARM]

    @property
    def untested(self) -> bool:
        """True when the drug is one that these works give to everyone and do not test."""
        drugs = self.relevance.question.drugs
        return bool(drugs) and all(self.topic.by_id[d].background for d in drugs)

    def effect(self) -> tuple[str, str]:
        """A short verdict and the sentence behind it."""
        if self.untested:
            return "", f"this collection does not test {self.drug}; the passages below only touch on it."
        against = self.claims(Stance.OPPOSES, Stance.NO_CLEAR_DIFFERENCE)
        mixed = "Mixed." if against else "Some support."
        if self.reached:
            its = "its" if len(self.reached) == 1 else "their"
            verdict, body = (
                mixed,
                f"{counted(len(self.reached), 'controlled trial')} here reached {its} main outcome",
            )
            body += f" for {self.drug} in {self.outcome}"
        elif self.pooled:
            n = len(self.pooled)
            favour = "favours" if n == 1 else "favour"
            verdict = mixed
            body = f"{counted(n, 'pooled analysis', 'pooled analyses')} here {favour} {self.drug} for {self.outcome}"
        elif self.secondary and self._only_elsewhere and self.missed:
            # What happened to people with the illness itself comes before gains on the side in another one.
            verdict, body = "Not shown.", self._missed()
            body += (
                f"; {counted(len(self.secondary), 'controlled trial')} favoured {self.drug} on {self.outcome}"
            )
            body += ", but not as the main outcome and in people with another illness"
            return verdict, body + self._worse("; ") + "."
        elif self.secondary:
            verdict = mixed
            body = f"{counted(len(self.secondary), 'controlled trial')} here favoured {self.drug} on {self.outcome}"
            body += ", but not as the main outcome"
            if self._only_elsewhere:
                body += " and in people with another illness"
        else:
            verdict = "Not shown."
            body = f"in this collection no controlled trial shows that {self.drug} {self.verb} {self.outcome}"
        return verdict, body + self._against() + "."

    @property
    def _only_elsewhere(self) -> bool:
        """True when all that favours the drug on the side comes from people with another illness."""
        return all(s.id in self.selection.other_illness for s in self.secondary)

    def _missed(self) -> str:
        small = "small " if all((s.n_total or 0) < 100 for s in self.missed) else ""
        its = "its" if len(self.missed) == 1 else "their"
        return f"{counted(len(self.missed), small + 'trial')} missed {its} main outcome"

    def _worse(self, joiner: str) -> str:
        if not self.worse:
            return ""
        cohorts = all(s.design is Design.COHORT for s in self.worse)
        what = counted(len(self.worse), "cohort" if cohorts else "study", None if cohorts else "studies")
        return f"{joiner}in {what} people given it did worse"

    def _against(self) -> str:
        if self.missed:
            return f"; {self._missed()}{self._worse(', and ')}"
        return self._worse("; ")

    def lay_claim(self) -> str:
        """What the evidence says to a claim that is going round."""
        if _CLAIMS_HARM.search(self.relevance.question.text):
            return self.harm()
        verdict, body = self.effect()
        lead = {"Not shown.": "The claim goes further than the evidence: ", "": ""}.get(
            verdict, "Partly borne out: "
        )
        return f"{lead}{body}"

    def harm(self) -> str:
        """Whether anyone did worse; never a universal no."""
        q = self.relevance.question
        if self.worse:
            names = "; ".join(f"{people(s) or 'people'} ({design_words(s)})" for s in self.worse[:3])
            return (
                f"Worse in {counted(len(self.worse), 'study', 'studies')} here, in people given {self.drug}: {names}. "
                "That does not show that the drug was the cause."
            )
        told = self.claims(Stance.OPPOSES) or [
            c for c in self.selection.chosen if _REPORTS.search(c.candidate.text)
        ]
        if told and q.conditions and all(c.source.id in self.selection.other_illness for c in told):
            return (
                f"None of the passages found says that {self.drug} made {self.outcome} worse; reports in people with "
                "another illness are quoted below; they do not show that the drug was the cause."
            )
        if told:
            return (
                f"There are reports below that bear on {self.drug} and {self.outcome}; "
                "they do not show that the drug was the cause."
            )
        return (
            f"None of the passages found says that {self.drug} made {self.outcome} worse; "
            "that is no proof that it cannot."
        )
