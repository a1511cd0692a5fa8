"""Certainty in GRADE words by a written rule table. Automatic; not a formal GRADE assessment.

The table stands in ``EFFECT_STEPS`` and, in words, in docs/CERTAINTY.md; a test keeps the two alike.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from caveat.domain.independent import independent_groups
from caveat.domain.model import Certainty, Design, Level, Source, SourceKind, Stance, Status
from caveat.domain.words_for import OBSERVATIONAL, POOLED, has_results, is_taken_back

_LEVELS = (Level.VERY_LOW, Level.LOW, Level.MODERATE, Level.HIGH)
_RANDOMISED = frozenset({Design.RCT, Design.META_ANALYSIS, Design.MEGA_ANALYSIS, Design.POST_HOC})
FEW, SOME = 100, 400


@dataclass(frozen=True, slots=True)
class Body:
    """The evidence a rating is about: the most direct works with results, and what is known of all of them."""

    base: tuple[Source, ...]
    randomised: tuple[Source, ...]
    in_the_illness: bool
    on_the_drug: bool
    lanes: frozenset[Stance]

    @property
    def people(self) -> int:
        """How many people, each counted once; 0 when it is not known."""
        groups = independent_groups(self.randomised or self.base)
        return sum(max((s.n_total or 0) for s in group) for group in groups)


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table: how many levels down, and the reason that is shown."""

    domain: str
    down: Callable[[Body], int]
    reason: Callable[[Body], str]


def _imprecise(body: Body) -> int:
    return 2 if body.people < FEW else 1 if body.people < SOME else 0


def _few_words(body: Body) -> str:
    if not body.people:
        return "number of people not known"
    known = all(s.n_total for s in body.randomised or body.base)
    told = f"{body.people:,} in all" if known else f"{body.people:,} where the number is known"
    return f"{'very few' if body.people < FEW else 'few'} people ({told})"


def _one_group(body: Body) -> int:
    return int(len(independent_groups(body.base)) == 1 and not any(s.design in POOLED for s in body.base))


def _not_reviewed(source: Source) -> bool:
    return source.preprint or source.kind is SourceKind.CONFERENCE_ABSTRACT


EFFECT_STEPS: tuple[Step, ...] = (
    Step("directness: people", lambda b: int(not b.in_the_illness), lambda _: "studied in people with other illnesses"),
    Step("directness: drug", lambda b: int(not b.on_the_drug), lambda _: "studied with other drugs than the one asked about"),
    Step("imprecision", _imprecise, _few_words),
    Step("consistency", lambda b: int(len(b.lanes) > 1), lambda _: "findings that disagree"),
    Step("publication: second hand", lambda b: int(all(s.secondary_source_only for s in b.base)),
         lambda _: "known from secondary pages only"),
    Step("publication: not peer reviewed", lambda b: int(all(_not_reviewed(s) for s in b.base)),
         lambda _: "known from preprints or conference abstracts only"),
    Step("status", lambda b: int(any(s.status is Status.EXPRESSION_OF_CONCERN for s in b.base)),
         lambda _: "a journal has voiced concern about one of the works"),
    Step("one group", _one_group, lambda _: "one group of participants"),
)  # fmt: skip


def _start(body: Body) -> tuple[int, str]:
    """Where the rating starts: high less one step for a risk of bias that no rule judges, low, or very low."""
    if body.randomised:
        return 2, "risk of bias was not judged"
    if any(s.design in OBSERVATIONAL or s.design is Design.OPEN_LABEL for s in body.base):
        return 1, "no randomised trial, so other causes cannot be ruled out"
    if all(s.design is None for s in body.base):
        return 0, "what kinds of study these are is not known"
    return 0, "no controlled study"


def rate_effect(
    sources: Sequence[Source],
    stances: Collection[Stance],
    *,
    direct: Collection[str],
    main_illness: Collection[str],
) -> Certainty:
    """Certainty about an effect; ``direct`` studied the drug asked for, ``main_illness`` also the illness."""
    results = [s for s in sources if has_results(s) and not is_taken_back(s)]
    if not results:
        return Certainty(Level.VERY_LOW, ("no study with results was found",))
    on_drug = [s for s in results if s.id in direct]
    in_illness = [s for s in on_drug or results if s.id in main_illness]
    base = tuple(in_illness or on_drug or results)
    body = Body(
        base=base,
        randomised=tuple(s for s in base if s.design in _RANDOMISED),
        in_the_illness=bool(in_illness),
        on_the_drug=bool(on_drug),
        lanes=frozenset(s for s in stances if s is not Stance.CONTEXT),
    )
    level, why = _start(body)
    reasons = [why]
    for step in EFFECT_STEPS:
        down = step.down(body)
        if down:
            level -= down
            reasons.append(step.reason(body))
    return Certainty(_LEVELS[max(0, min(3, level))], tuple(reasons))


def rate_association(sources: Sequence[Source], stances: Collection[Stance]) -> Certainty:
    """Certainty that two things go together; says nothing about cause."""
    results = [s for s in sources if has_results(s) and not is_taken_back(s)]
    pooled = [s for s in results if s.design in {Design.META_ANALYSIS, Design.MEGA_ANALYSIS}]
    reasons = ["observational: it shows that things go together, not that one causes the other"]
    level = 2 if pooled else 1
    if not pooled:
        reasons.append("no pooled analysis among the sources")
    if Stance.SUPPORTS in stances and {Stance.NO_CLEAR_DIFFERENCE, Stance.OPPOSES} & set(stances):
        level -= 1
        reasons.append("findings that disagree")
    if not results or all(s.design is Design.NARRATIVE_REVIEW for s in results):
        level = 0
        reasons.append("reviews without numbers of their own")
    return Certainty(_LEVELS[max(0, level)], tuple(reasons))


def rate_single(source: Source) -> Certainty:
    """Certainty of one work's own result."""
    return rate_effect([source], [], direct={source.id}, main_illness={source.id})


def rate_background(sources: Sequence[Source]) -> Certainty:
    """Certainty of an account of mechanism or risk: by the strongest kind of work behind it."""
    designs = {s.design for s in sources if not is_taken_back(s)}
    if designs & _RANDOMISED:
        return Certainty(Level.LOW, ("partly from trials, but not of this question itself",))
    if designs & OBSERVATIONAL or Design.EXPERIMENTAL_HUMAN in designs or Design.DRUG_LABEL in designs:
        return Certainty(Level.LOW, ("from observation, small experiments or label text",))
    return Certainty(Level.VERY_LOW, ("from reviews, laboratory work or reference pages",))
