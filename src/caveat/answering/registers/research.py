"""An answer for researchers: how each work was done, its identifiers, and what its record does not say."""

from __future__ import annotations

from dataclasses import replace

from caveat.domain.model import Answer, Cited, Claim, Source, Table
from caveat.domain.words_for import (
    LABORATORY,
    WITHOUT_PEOPLE,
    design_words,
    frame,
    has_results,
    is_taken_back,
    people,
)

COLUMNS = (
    "Work",
    "Design",
    "Blinding",
    "Who",
    "n",
    "n by arm",
    "Intervention",
    "Comparator",
    "Length",
    "Main outcome",
    "Reports",
    "Funding",
    "Identifiers",
)
_MISSING = "not recorded"


def research_answer(answer: Answer) -> Answer:
    """The answer with a study table, identifiers in every frame, and the gaps of each record named."""
    if not isinstance(answer, Cited):
        return answer
    sources = {s.source.id: s.source for s in answer.sources}
    claims = tuple(replace(c, frame=_frame(c, sources)) for c in answer.claims)
    gaps = tuple(
        f"[{s.number}] does not record: {g}" for s in answer.sources if (g := ", ".join(gaps_of(s.source)))
    )
    listed = answer.table.source_ids if answer.table else tuple(sources)
    shown = [sources[i] for i in listed if i in sources]
    return replace(
        answer,
        claims=claims,
        table=Table(COLUMNS, tuple(row(s) for s in shown), tuple(s.id for s in shown)),
        unknowns=(*answer.unknowns, *gaps),
    )


def identifiers(source: Source) -> tuple[str, ...]:
    """DOI, PubMed, PMC and registry numbers, each with its kind."""
    named = (("doi:", source.doi), ("PMID ", source.pmid), ("", source.pmcid))
    return (*(f"{kind}{value}" for kind, value in named if value), *source.registry_ids)


def gaps_of(source: Source) -> tuple[str, ...]:
    """Facts that a reader would look for in such a work and that its record lacks."""
    if source.design is None:
        return ("design",)
    if source.design in WITHOUT_PEOPLE | LABORATORY:
        return ()
    wanted: list[tuple[str, object]] = [
        ("number of people", source.n_total),
        ("who was studied", source.population),
    ]
    if source.intervention:
        wanted += [
            ("what it was compared with", source.comparator),
            ("length", source.duration),
            ("main outcome", source.primary_outcome),
        ]
        if has_results(source) and source.primary_outcome:
            wanted.append(
                ("whether the main outcome was reached", source.primary_outcome_met is not None or None)
            )
    wanted.append(("funding", source.funding))
    wanted.append(("an identifier", identifiers(source) or None))
    return tuple(name for name, value in wanted if value is None)


def row(s: Source) -> tuple[str, ...]:
    """One work's row of the study table; "not recorded" where a fact is missing."""
    author = s.authors[0].split(",")[0] if s.authors else None
    name = f"{author} {s.year}" if author and s.year and len(author) < 40 else s.title
    met = {True: " (met)", False: " (missed)", None: ""}[s.primary_outcome_met]
    reports = s.status.value if is_taken_back(s) else s.direction.value if s.direction else None
    facts: tuple[str | None, ...] = (
        name,
        design_words(s),
        s.blinding,
        s.population_short or people(s),
        f"{s.n_total:,}" if s.n_total else None,
        s.n_per_arm,
        s.intervention,
        s.comparator,
        s.duration,
        f"{s.primary_outcome}{met}" if s.primary_outcome else None,
        s.trial_status if s.trial_status and not has_results(s) else reports,
        s.funding,
        "; ".join(identifiers(s)) or None,
    )
    return tuple(fact or _MISSING for fact in facts)


def _frame(claim: Claim, sources: dict[str, Source]) -> str | None:
    source = sources.get(claim.citations[0].source_id)
    if source is None:
        return claim.frame
    details = [frame(source)]
    if source.phase:
        details.append(f"phase {source.phase}")
    if source.allocation:
        details.append(f"allocation: {source.allocation}")
    if source.n_planned and source.n_planned != source.n_total:
        details.append(f"planned n = {source.n_planned:,}")
    if source.blinding:
        details.append(f"blinding: {source.blinding}")
    if source.n_per_arm:
        details.append(f"arms: {source.n_per_arm}")
    if source.comparator:
        details.append(f"compared with: {source.comparator}")
    if source.duration:
        details.append(f"length: {source.duration}")
    details.extend(identifiers(source)[:3])
    return " · ".join(details)
