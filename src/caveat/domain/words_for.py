"""Words for the reader: designs, populations and frames, built from a source's facts alone."""

from __future__ import annotations

import re

from caveat.domain.model import Design, Level, QuestionKind, Source, SourceKind, Stance, Status
from caveat.domain.standing import grave_notices

DESIGN_WORDS: dict[Design, str] = {
    Design.META_ANALYSIS: "meta-analysis",
    Design.MEGA_ANALYSIS: "pooled analysis of individual patients",
    Design.RCT: "randomised trial",
    Design.POST_HOC: "post hoc analysis of trials",
    Design.OPEN_LABEL: "open-label study, no control group",
    Design.COHORT: "cohort, not randomised",
    Design.CASE_CONTROL: "case-control study",
    Design.CROSS_SECTIONAL: "cross-sectional study",
    Design.MENDELIAN_RANDOMIZATION: "genetic study (Mendelian randomisation), no drug given",
    Design.EXPERIMENTAL_HUMAN: "laboratory experiment in people",
    Design.PHARMACOVIGILANCE: "side-effect reports, no rates",
    Design.CASE_SERIES: "case series",
    Design.CASE_REPORT: "case report",
    Design.SYSTEMATIC_REVIEW: "systematic review",
    Design.NARRATIVE_REVIEW: "narrative review",
    Design.ANIMAL: "animal study",
    Design.IN_VITRO: "laboratory study in cells",
    Design.TRIAL_PROTOCOL: "trial protocol, no results",
    Design.TRIAL_REGISTRATION: "trial registration, no results",
    Design.DRUG_LABEL: "drug label",
    Design.GUIDELINE: "guideline",
    Design.RESOURCE: "reference page",
    Design.NEWS: "news",
    Design.OTHER: "no study design stated",
}

_LANES = {
    Stance.SUPPORTS: "Points to better",
    Stance.OPPOSES: "Points to worse",
    Stance.NO_CLEAR_DIFFERENCE: "No clear difference",
    Stance.CONTEXT: "What the sources say",
}
_ASSOCIATION_LANES = {
    Stance.SUPPORTS: "Linked",
    Stance.OPPOSES: "Linked the other way",
    Stance.NO_CLEAR_DIFFERENCE: "Not linked",
    Stance.CONTEXT: "To weigh it",
}


def lane_words(stance: Stance, kind: QuestionKind | None) -> str:
    """The heading of the claims with this stance."""
    return (_ASSOCIATION_LANES if kind is QuestionKind.ASSOCIATION else _LANES)[stance]


# Rank of evidence for a question on the effect of a drug; smaller is stronger.
STRENGTH: dict[Design, int] = {
    Design.RCT: 0,
    Design.META_ANALYSIS: 1,
    Design.MEGA_ANALYSIS: 1,
    Design.POST_HOC: 2,
    Design.COHORT: 3,
    Design.CASE_CONTROL: 4,
    Design.CROSS_SECTIONAL: 4,
    Design.PHARMACOVIGILANCE: 4,
    Design.OPEN_LABEL: 4,
    Design.EXPERIMENTAL_HUMAN: 4,
    Design.SYSTEMATIC_REVIEW: 5,
    Design.MENDELIAN_RANDOMIZATION: 5,
    Design.CASE_SERIES: 6,
    Design.CASE_REPORT: 7,
    Design.NARRATIVE_REVIEW: 7,
    Design.GUIDELINE: 7,
    Design.DRUG_LABEL: 7,
    Design.TRIAL_REGISTRATION: 8,
    Design.TRIAL_PROTOCOL: 8,
    Design.ANIMAL: 8,
    Design.IN_VITRO: 9,
    Design.RESOURCE: 9,
    Design.NEWS: 10,
    Design.OTHER: 8,
}

PLANNED = frozenset({Design.TRIAL_REGISTRATION, Design.TRIAL_PROTOCOL})
TRIALS = PLANNED | {Design.RCT, Design.OPEN_LABEL}
WITHOUT_PEOPLE = frozenset(
    {Design.DRUG_LABEL, Design.GUIDELINE, Design.RESOURCE, Design.NEWS, Design.NARRATIVE_REVIEW}
)
LABORATORY = frozenset({Design.ANIMAL, Design.IN_VITRO})
OBSERVATIONAL = frozenset(
    {
        Design.COHORT,
        Design.CASE_CONTROL,
        Design.CROSS_SECTIONAL,
        Design.PHARMACOVIGILANCE,
        Design.CASE_SERIES,
        Design.CASE_REPORT,
    }
)
POOLED = frozenset({Design.META_ANALYSIS, Design.MEGA_ANALYSIS, Design.SYSTEMATIC_REVIEW})
REVIEWS = POOLED | {Design.NARRATIVE_REVIEW}


def is_double_blind(source: Source) -> bool:
    """True when the source's facts say so of the work itself."""
    blinding = (source.blinding or "").casefold()
    return blinding.startswith(("double", "triple")) and "parent" not in blinding


def has_results(source: Source) -> bool:
    """False for protocols and registrations, which only say what is planned."""
    return source.design not in PLANNED


def is_taken_back(source: Source) -> bool:
    """True for a retracted or withdrawn work: it stands in no lane and counts for nothing."""
    return source.status in {Status.RETRACTED, Status.WITHDRAWN}


def design_words(source: Source) -> str:
    """The design in plain words; "design not known" when it is unknown."""
    if source.design is None:
        return "design not known"
    words = DESIGN_WORDS[source.design]
    if source.design is Design.RCT and is_double_blind(source):
        words = "randomised, double-blind trial"
    return f"{words}, conference abstract" if source.kind is SourceKind.CONFERENCE_ABSTRACT else words


_COUNTED_ELSEWHERE = POOLED | PLANNED | {Design.PHARMACOVIGILANCE}
_ASIDE = re.compile(r"\s*\([^)]*\)\s*$")


def people(source: Source) -> str | None:
    """Who was studied, with how many, e.g. "87 stem-cell transplant patients"; None when it is unknown."""
    who = _ASIDE.sub("", source.population_short or "")
    if not who or source.design in WITHOUT_PEOPLE:
        return None
    if _n_in_people(source):
        return f"{source.n_total:,} {who}"
    return who


def _n_in_people(source: Source) -> bool:
    who = source.population_short or ""
    counted = source.n_total is not None and source.n_total > 1
    return counted and source.design not in _COUNTED_ELSEWHERE and who[:1].islower()


_UNCOUNTED = WITHOUT_PEOPLE | LABORATORY | {Design.CASE_REPORT, Design.PHARMACOVIGILANCE, Design.OTHER}


def frame(source: Source) -> str:
    """The line before a quote: who was studied, design, n where it is not in the people, and year.

    What is not known of a study in people is said, so that no result stands as one about everybody.
    """
    who = people(source)
    details = [design_words(source)]
    if source.n_total and source.n_total > 1 and not (who and _n_in_people(source)):
        if source.design is Design.PHARMACOVIGILANCE:
            details.append(f"{source.n_total:,} reports")
        elif source.design not in WITHOUT_PEOPLE:
            planned = source.design in PLANNED and "terminated" not in (source.trial_status or "").casefold()
            details.append(f"{'planned ' if planned else ''}n = {source.n_total:,}")
    elif not source.n_total and source.design not in _UNCOUNTED:
        details.append("n not stated")
    if who is None and source.design not in _UNCOUNTED:
        details.append("people not described")
    details.append(str(source.year) if source.year else "undated")
    if who is None:
        text = ", ".join(details)
        return text[0].upper() + text[1:]
    lead = "Planned in" if source.design in PLANNED else "In"
    return f"{lead} {who} ({', '.join(details)})"


LEVEL_WORDS: dict[Level, str] = {
    Level.HIGH: "high",
    Level.MODERATE: "moderate",
    Level.LOW: "low",
    Level.VERY_LOW: "very low",
}


def status_words(source: Source) -> str:
    """Standing of the work with the day it was checked, and the notices that say so, in words."""
    told = grave_notices(source.notices)[:2] if source.status not in {Status.UNKNOWN, Status.CURRENT} else ()
    return _status_words(source) + (f" ({'; '.join(told)})" if told else "")


def _status_words(source: Source) -> str:
    if is_taken_back(source) and source.status_checked_on is None:
        return source.status.value
    if source.status is Status.UNKNOWN or source.status_checked_on is None:
        known = "" if source.status in {Status.UNKNOWN, Status.CURRENT} else f"{source.status.value}; "
        since = f" since {source.status_checked_on}" if source.status_checked_on else ""
        return f"{known}not checked for retraction{since}"
    word = "no retraction found" if source.status is Status.CURRENT else source.status.value
    return f"{word}, checked on {source.status_checked_on}"


def link(source: Source) -> str | None:
    """Where the original stands: DOI, PubMed, PMC, registry, then any other page; only http addresses."""
    if source.doi:
        return f"https://doi.org/{source.doi}"
    if source.pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/"
    if source.pmcid:
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{source.pmcid}/"
    for number in source.registry_ids:
        if number.startswith("NCT"):
            return f"https://clinicaltrials.gov/study/{number}"
        if number.startswith("ISRCTN"):
            return f"https://www.isrctn.com/{number}"
    if source.url and source.url.startswith(("https://", "http://")):
        return source.url
    return None
