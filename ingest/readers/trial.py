"""A registered trial as every format of ClinicalTrials.gov has it, and the document it makes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from caveat.domain.model import Design, SourceKind
from ingest.readers import identifiers as ids
from ingest.readers.record import Record, phase
from ingest.readers.sections import Block, wrapped_blocks

MASKING = {
    "none": "open-label", "none (open label)": "open-label", "open label": "open-label", "single": "single-blind",
    "single blind": "single-blind", "double": "double-blind", "double blind": "double-blind",
    "double-blind": "double-blind", "triple": "triple-blind", "quadruple": "quadruple-blind",
}  # fmt: skip
_ESCAPED = re.compile(r"\\([<>\[\]*_~#&])")
_RESULTS = 400
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome as it was planned."""

    measure: str
    time_frame: str | None = None
    description: str | None = None

    def line(self) -> str:
        """The outcome in one line."""
        when = f" [{self.time_frame}]" if self.time_frame else ""
        more = f": {self.description}" if self.description else ""
        return f"{self.measure}{when}{more}"


@dataclass(frozen=True, slots=True)
class Trial:
    """What the registry says of a trial; ``results`` are lines, one figure of one outcome each."""

    number: str
    title: str | None = None
    official_title: str | None = None
    secondary_ids: Sequence[str | None] = ()
    summary: str | None = None
    description: str | None = None
    status: str | None = None
    why_stopped: str | None = None
    study_type: str | None = None
    phases: Sequence[str] = ()
    allocation: str | None = None
    model: str | None = None
    masking: str | None = None
    who_masked: Sequence[str] = ()
    purpose: str | None = None
    observational: str | None = None
    count: int | None = None
    actual: bool = False
    arms: Sequence[tuple[str, str | None]] = ()
    interventions: Sequence[tuple[str | None, str, str | None]] = ()
    conditions: Sequence[str] = ()
    keywords: Sequence[str] = ()
    mesh: Sequence[str] = ()
    primary: Sequence[Outcome] = ()
    secondary: Sequence[Outcome] = ()
    criteria: str | None = None
    sex: str | None = None
    ages: tuple[str | None, str | None] = (None, None)
    sponsor: str | None = None
    sponsor_class: str | None = None
    collaborators: Sequence[str] = ()
    official: str | None = None
    started: str | None = None
    completed: str | None = None
    first_posted: str | None = None
    results_posted: bool = False
    results: Sequence[str] = ()
    limitations: str | None = None
    result_references: Sequence[str] = ()


def trial_record(trial: Trial) -> Record:
    """The record: facts from its fields, sections in the words of the registry."""
    record = Record(title=trial.title or trial.official_title)
    record.facts = _facts(trial)
    # With results posted the work counts as a study: its hopes must then not pass for findings.
    planned = not trial.results
    if trial.official_title and trial.title and trial.official_title != trial.title:
        record.add("official title", trial.official_title, item=True, quotable=False)
    _prose(record, "brief summary", trial.summary, planned)
    _prose(record, "detailed description", trial.description, planned)
    record.add("design", *_design_lines(trial), item=True)
    record.add("arms", *(f"{label}: {text}" if text else label for label, text in trial.arms), item=True)
    named = (f"{kind}: {name}" if kind else name for kind, name, _ in trial.interventions)
    lines = [
        f"{name}. {text}" if text else name
        for name, (_, _, text) in zip(named, trial.interventions, strict=True)
    ]
    record.add("interventions", *lines, item=True)
    record.add("primary outcomes", *(o.line() for o in trial.primary), item=True, quotable=planned)
    record.add("secondary outcomes", *(o.line() for o in trial.secondary), item=True, quotable=planned)
    _prose(record, "eligibility", trial.criteria, True)
    record.add("results", *trial.results[:_RESULTS], item=True)
    if len(trial.results) > _RESULTS:
        record.add(
            "results", f"{len(trial.results) - _RESULTS} more figures are in the registry.", quotable=False
        )
    _prose(record, "limitations", trial.limitations, True)
    record.add("publications of results", *trial.result_references, item=True, quotable=False)
    return record


def _facts(trial: Trial) -> dict[str, object]:
    low, high = trial.ages
    people = [
        x
        for x in (_words(trial.sex) if trial.sex and trial.sex.lower() != "all" else None, _ages(low, high))
        if x
    ]
    conditions = tuple(dict.fromkeys(trial.conditions))
    masking = (trial.masking or "").casefold().strip()
    return {
        "kind": SourceKind.TRIAL_REGISTRATION,
        "design": _design(trial),
        "registry_ids": tuple(dict.fromkeys((trial.number, *ids.registry_ids(*trial.secondary_ids)))),
        "url": f"https://clinicaltrials.gov/study/{trial.number}",
        "journal": "ClinicalTrials.gov",
        "authors": tuple(filter(None, (trial.official or trial.sponsor,))),
        "year": ids.year(trial.first_posted) or ids.year(trial.started),
        "phase": phase(*(p.replace("_", " ").replace("PHASE", "phase ") for p in trial.phases)),
        "allocation": _words(trial.allocation),
        "blinding": MASKING.get(masking.split(" (")[0], MASKING.get(masking)) if masking else None,
        "n_total": trial.count if trial.actual else None,
        "n_planned": None if trial.actual else trial.count,
        "conditions": conditions,
        "population": "; ".join([*conditions, *people]) or None,
        "intervention": "; ".join(dict.fromkeys(name for _, name, _ in trial.interventions)) or None,
        "primary_outcome": _first_outcomes(trial.primary),
        "funding": "; ".join(filter(None, (trial.sponsor, *trial.collaborators))) or None,
        "industry_funded": trial.sponsor_class.casefold() == "industry" if trial.sponsor_class else None,
        "trial_status": _status(trial),
        "mesh": tuple(dict.fromkeys(trial.mesh)),
        "started_on": trial.started,
        "completed_on": trial.completed,
        "language": "en",
    }  # fmt: skip


def _first_outcomes(outcomes: Sequence[Outcome]) -> str | None:
    named = [f"{o.measure} [{o.time_frame}]" if o.time_frame else o.measure for o in outcomes[:_NAMED]]
    more = len(outcomes) - _NAMED
    return "; ".join([*named, f"and {more} more"] if more > 0 else named) or None


def _design(trial: Trial) -> Design:
    """A registration is a plan; with results it is the trial, where the fields say which kind."""
    if trial.results and (trial.study_type or "").casefold() == "interventional":
        allocation = (trial.allocation or "").casefold().replace("_", "-")
        if allocation == "randomized":
            return Design.RCT
        if MASKING.get((trial.masking or "").casefold().split(" (")[0]) == "open-label":
            return Design.OPEN_LABEL
    return Design.TRIAL_REGISTRATION


def _status(trial: Trial) -> str | None:
    if trial.status is None:
        return None
    text = _words(trial.status) or ""
    if trial.why_stopped:
        text += f" ({trial.why_stopped.rstrip('.')})"
    return text + ("; results posted" if trial.results_posted or trial.results else "")


def _design_lines(trial: Trial) -> Iterable[str]:
    """One sentence a field, so that each can be quoted by itself."""
    said = [
        ("study type", _words(trial.study_type)),
        ("phase", phase(*(p.replace("_", " ").replace("PHASE", "phase ") for p in trial.phases))),
        ("allocation", _words(trial.allocation)),
        ("intervention model", _words(trial.model)),
        (
            "masking",
            _words(trial.masking) and " ".join(filter(None, (_words(trial.masking), _masked(trial)))),
        ),
        ("primary purpose", _words(trial.purpose)),
        ("observational model", _words(trial.observational)),
        (
            "enrollment",
            trial.count is not None and f"{trial.count} ({'actual' if trial.actual else 'planned'})",
        ),
        ("status", _status(trial)),
        ("start", trial.started),
        ("completion", trial.completed),
        ("sponsor", trial.sponsor),
    ]
    return [f"{trial.number}: {name}: {value}." for name, value in said if value]


def _masked(trial: Trial) -> str:
    return f"({', '.join(filter(None, map(_words, trial.who_masked)))})" if trial.who_masked else ""


def _ages(low: str | None, high: str | None) -> str | None:
    low, high = (None if not x or x.upper() == "N/A" else x.lower() for x in (low, high))
    if low and high:
        return f"{low} to {high}"
    return f"from {low}" if low else f"up to {high}" if high else None


def _words(code: str | None) -> str | None:
    """``NON_RANDOMIZED`` and ``Non-Randomized`` as ``non-randomized``."""
    if not code or code.casefold() in ("na", "n/a"):
        return None
    words = code.casefold().replace("_", " ")
    return words.replace("non randomized", "non-randomized")


def _prose(record: Record, name: str, text: str | None, quotable: bool) -> None:
    if text:
        blocks: list[Block] = wrapped_blocks(_ESCAPED.sub(r"\1", text.replace("\r\n", "\n")))
        record.parts.append((name, blocks, quotable))
