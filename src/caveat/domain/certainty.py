"""Certainty in GRADE words by a written rule table. Automatic; not a formal GRADE assessment.

Start: randomised evidence high, less one step because no rule can judge its risk of bias; observational low;
anything else very low. Each further step down has its reason: few people, another illness than the one asked about, another drug, findings that disagree, known from
secondary pages only, one group of participants only.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from caveat.domain.independent import independent_groups
from caveat.domain.model import Certainty, Design, Level, Source, Stance
from caveat.domain.words_for import OBSERVATIONAL, POOLED, has_results, is_taken_back

_LEVELS = (Level.VERY_LOW, Level.LOW, Level.MODERATE, Level.HIGH)
_RANDOMISED = frozenset({Design.RCT, Design.META_ANALYSIS, Design.MEGA_ANALYSIS, Design.POST_HOC})
FEW, SOME = 100, 400


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
    on_drug = [s for s in results if s.id in direct] or results
    on_illness = [s for s in on_drug if s.id in main_illness]
    base = on_illness or on_drug
    randomised = [s for s in base if s.design in _RANDOMISED]
    reasons: list[str] = []
    if randomised:
        level = 2
        reasons.append("risk of bias was not judged")
    elif any(s.design in OBSERVATIONAL or s.design is Design.OPEN_LABEL for s in base):
        level = 1
        reasons.append("no randomised trial, so other causes cannot be ruled out")
    else:
        level = 0
        reasons.append("no controlled study")
    if not on_illness:
        level -= 1
        reasons.append("studied in people with other illnesses")
    if not any(s.id in direct for s in results):
        level -= 1
        reasons.append("studied with other drugs than the one asked about")
    total = sum(max((s.n_total or 0) for s in group) for group in independent_groups(randomised or base))
    if total < FEW:
        level -= 2
        reasons.append(f"very few people ({total} in all)" if total else "number of people not known")
    elif total < SOME:
        level -= 1
        reasons.append(f"few people ({total:,} in all)")
    shown = {s for s in stances if s is not Stance.CONTEXT}
    if len(shown) > 1:
        level -= 1
        reasons.append("findings that disagree")
    if base and all(s.secondary_source_only for s in base):
        level -= 1
        reasons.append("known from secondary pages only")
    if len(independent_groups(base)) == 1 and not any(s.design in POOLED for s in base):
        level -= 1
        reasons.append("one group of participants")
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
