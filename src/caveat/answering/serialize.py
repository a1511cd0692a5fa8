"""An answer as JSON: one schema for page, terminal, API, evaluation and receipts (README has it)."""

from __future__ import annotations

from caveat.answering.registers import Register
from caveat.domain.model import (
    DISCLOSURE,
    Answer,
    Card,
    Cited,
    Claim,
    Declined,
    NumberedSource,
    Passages,
    Removed,
    Source,
    Table,
)

SCHEMA_VERSION = "2"
"""Raised when a key goes or changes its meaning; ``answer_schema`` describes it for other programs."""


def answer_to_dict(answer: Answer, register: Register = Register.CLINICAL) -> dict[str, object]:
    """Plain JSON values only; keys are always the same, unknown is ``None``. ``register`` is that of the wording."""
    out: dict[str, object] = {
        "schema": SCHEMA_VERSION,
        "register": register.value,
        "kind": {Cited: "cited", Passages: "passages", Declined: "declined"}[type(answer)],
        "reason": None,
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "question_kind": answer.question_kind.value if answer.question_kind else None,
        "headline": answer.headline,
        "table": None,
        "claims": [],
        "passages": [],
        "certainty": None,
        "caveats": [
            {
                "kind": c.kind.value,
                "severity": c.severity.value,
                "text": c.text,
                "source_ids": list(c.source_ids),
            }
            for c in answer.caveats
        ],
        "unknowns": [],
        "follow_ups": [],
        "glossary": [],
        "sources": [_source(s) for s in answer.sources],
        "card": _card(answer.card) if answer.card else None,
        "searched": {
            "queries": list(answer.searched.queries),
            "sources_in_index": answer.searched.sources_in_index,
            "passages_considered": answer.searched.passages_considered,
            "nearest": list(answer.searched.nearest),
        },
        "removed_claims": 0,
        "removed": [],
        "notices": list(answer.notices),
        "disclosure": DISCLOSURE,
        "trace": {
            "retrieved": [
                {"passage_id": r.passage_id, "rank": r.rank, "found_by": list(r.found_by)}
                for r in answer.trace.retrieved
            ],
            "timings_ms": dict(answer.trace.timings_ms),
            "model": answer.trace.model,
            "generation": answer.trace.generation,
            "prompt_hash": answer.trace.prompt_hash,
            "tokens_in": answer.trace.tokens_in,
            "tokens_out": answer.trace.tokens_out,
            "model_seconds": answer.trace.model_seconds,
            "verdicts": [
                {"kept": v.kept, "reason": v.reason, "passage_ids": list(v.passage_ids)}
                for v in answer.trace.verdicts
            ],
        },
    }
    if isinstance(answer, Cited):
        out["claims"] = [_claim(c) for c in answer.claims]
        out["table"] = _table(answer.table) if answer.table else None
        if answer.certainty:
            out["certainty"] = {
                "level": answer.certainty.level.value,
                "reasons": list(answer.certainty.reasons),
            }
        out["unknowns"] = list(answer.unknowns)
        out["follow_ups"] = list(answer.follow_ups)
        out["glossary"] = [{"word": t.word, "meaning": t.meaning} for t in answer.glossary]
        out["removed_claims"] = answer.removed_claims
        out["removed"] = _removed(answer.removed)
    elif isinstance(answer, Passages):
        out["reason"] = answer.reason
        out["removed_claims"] = answer.removed_claims
        out["removed"] = _removed(answer.removed)
        out["passages"] = [
            {"passage_id": p.id, "source_id": p.source_id, "section": p.section, "text": p.text}
            for p in answer.passages
        ]
    else:
        out["reason"] = answer.reason.value
    return out


def _removed(removed: tuple[Removed, ...]) -> list[dict[str, object]]:
    return [{"reason": r.reason, "detail": r.detail, "passage_ids": list(r.passage_ids)} for r in removed]


def _claim(claim: Claim) -> dict[str, object]:
    return {
        "text": claim.text,
        "verbatim": claim.verbatim,
        "frame": claim.frame,
        "stance": claim.stance.value,
        "citations": [
            {
                "number": c.number,
                "source_id": c.source_id,
                "passage_id": c.passage_id,
                "quote": c.quote,
                "start": c.start,
                "end": c.end,
            }
            for c in claim.citations
        ],
    }


def _table(table: Table) -> dict[str, object]:
    return {
        "columns": list(table.columns),
        "rows": [list(r) for r in table.rows],
        "source_ids": list(table.source_ids),
    }


def _card(card: Card) -> dict[str, object]:
    return {
        "kind": card.kind.value,
        "text": card.text,
        "lines": [
            {
                "country": line.country,
                "service": line.service,
                "phone": line.phone,
                "text": line.text_number,
                "url": line.url,
                "emergency": line.emergency,
                "hours": line.hours,
                "checked_on": line.checked_on,
            }
            for line in card.lines
        ],
    }


def _source(numbered: NumberedSource) -> dict[str, object]:
    return {"number": numbered.number, **source_to_dict(numbered.source)}


def source_to_dict(source: Source) -> dict[str, object]:
    """A work's facts as plain JSON values."""
    return {
        "id": source.id,
        "title": source.title,
        "authors": list(source.authors),
        "year": source.year,
        "journal": source.journal,
        "kind": source.kind.value,
        "design": source.design.value if source.design else None,
        "blinding": source.blinding,
        "n_total": source.n_total,
        "n_per_arm": source.n_per_arm,
        "population": source.population,
        "population_short": source.population_short,
        "conditions": list(source.conditions),
        "intervention": source.intervention,
        "comparator": source.comparator,
        "duration": source.duration,
        "primary_outcome": source.primary_outcome,
        "primary_outcome_met": source.primary_outcome_met,
        "direction": source.direction.value if source.direction else None,
        "funding": source.funding,
        "industry_funded": source.industry_funded,
        "trial_status": source.trial_status,
        "status": source.status.value,
        "status_checked_on": source.status_checked_on,
        "doi": source.doi,
        "pmid": source.pmid,
        "pmcid": source.pmcid,
        "registry_ids": list(source.registry_ids),
        "url": source.url,
        "source_grade": source.source_grade,
        "note_not_original": source.note_not_original,
        "secondary_source_only": source.secondary_source_only,
        "preprint": source.preprint,
        "abstract_only": source.abstract_only,
        "overlaps": list(source.overlaps),
        "phase": source.phase,
        "allocation": source.allocation,
        "n_planned": source.n_planned,
        "started_on": source.started_on,
        "completed_on": source.completed_on,
        "conflicts": source.conflicts,
        "licence": source.licence,
        "notices": list(source.notices),
        "hidden_text": source.hidden_text,
    }
