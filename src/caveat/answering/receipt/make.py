"""Writes the receipt of an answer."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from caveat.answering.events import Turn
from caveat.answering.receipt.hashing import collection_hash, seal, text_hash
from caveat.answering.receipt.verdicts import Cite, verdict_on
from caveat.answering.registers import Register
from caveat.answering.serialize import answer_to_dict
from caveat.domain.model import DISCLOSURE, Answer, Cited
from caveat.domain.ports import EvidenceIndex, Filters
from caveat.domain.safety import redact
from caveat.errors import IndexMismatch

VERSION = 1
PACKAGES = ("caveat", "chromadb", "bm25s", "llama-index-core", "onnxruntime", "openai", "PyStemmer")


def make_receipt(
    answer: Answer,
    index: EvidenceIndex | None,
    *,
    history: Sequence[Turn] = (),
    filters: Filters | None = None,
    register: Register = Register.CLINICAL,
    kept_question: str | None = None,
    settings: Mapping[str, object] | None = None,
    created: datetime | None = None,
) -> dict[str, object]:
    """The receipt as JSON values, of an answer as it was given (before ``in_register``; ``register`` is what was shown).

    ``index`` is the generation that answered; raises ``IndexMismatch`` for another one. Personal details are struck
    out of every question in it, unless the user keeps the question: then ``kept_question`` is its text as typed.
    """
    if index is not None and answer.trace.generation not in {None, index.generation}:
        raise IndexMismatch("The index changed while the answer was made. Ask again for a receipt.")
    told = answer_to_dict(answer)
    if kept_question is None:
        told |= {k: redact(str(told[k])) for k in ("question", "standalone_question")}
        told["searched"] = {
            **_dict(told["searched"]),
            "queries": [redact(q) for q in answer.searched.queries],
        }
    receipt: dict[str, object] = {
        "receipt": VERSION,
        "created": (created or datetime.now(UTC)).isoformat(timespec="seconds"),
        "disclosure": DISCLOSURE,
        "versions": _versions(),
        "settings": dict(settings or {}),
        "question": {
            "text": kept_question if kept_question is not None else told["question"],
            "as_typed": kept_question is not None,
            "history": [redact(t.question) if kept_question is None else t.question for t in history],
            "filters": _filters(filters),
        },
        "register": register.value,
        "collection": _collection(index) if index is not None else None,
        "model": {
            "name": answer.trace.model,
            "prompt_hash": answer.trace.prompt_hash,
            "tokens_in": answer.trace.tokens_in,
            "tokens_out": answer.trace.tokens_out,
            "seconds": answer.trace.model_seconds,
        },
        "passages": _passages(answer, index) if index is not None else [],
        "verdicts": _verdicts(answer, index) if index is not None else [],
        "timings_ms": dict(answer.trace.timings_ms),
        "answer": told,
    }
    return {**receipt, "sha256": seal(receipt)}


def _dict(value: object) -> dict[str, object]:
    return dict(value) if isinstance(value, dict) else {}


def _versions() -> dict[str, str | None]:
    found: dict[str, str | None] = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found


def _filters(filters: Filters | None) -> dict[str, object] | None:
    if filters is None or filters.empty:
        return None
    data = asdict(filters)
    return {
        **data,
        "designs": [d.value for d in filters.designs],
        "statuses": [s.value for s in filters.statuses],
    }


def _collection(index: EvidenceIndex) -> dict[str, object]:
    return {
        "generation": index.generation,
        "sha256": collection_hash(index),
        "sources": index.source_count,
        "passages": index.passage_count,
    }


def _passages(answer: Answer, index: EvidenceIndex) -> list[dict[str, object]]:
    """Every passage of the ranking and every cited one, with a checksum of its text and its work's status."""
    ranked = {r.passage_id: r for r in answer.trace.retrieved}
    claims = answer.claims if isinstance(answer, Cited) else ()
    cited = {c.passage_id for claim in claims for c in claim.citations}
    found = index.passages(list(dict.fromkeys((*ranked, *sorted(cited)))))
    works = index.sources(list({p.source_id for p in found.values()}))
    out: list[dict[str, object]] = []
    for passage in found.values():
        place = ranked.get(passage.id)
        out.append(
            {
                "passage_id": passage.id,
                "source_id": passage.source_id,
                "rank": place.rank if place else None,
                "found_by": list(place.found_by) if place else [],
                "cited": passage.id in cited,
                "status": works[passage.source_id].status.value if passage.source_id in works else None,
                "sha256": text_hash(passage.text),
            }
        )
    return out


def _verdicts(answer: Answer, index: EvidenceIndex) -> list[dict[str, object]]:
    claims = answer.claims if isinstance(answer, Cited) else ()
    out: list[dict[str, object]] = []
    for number, claim in enumerate(claims, 1):
        cites = [Cite(c.source_id, c.passage_id, c.quote, c.start, c.end) for c in claim.citations]
        found = verdict_on(claim.text, cites, index)
        out.append({"claim": number, "supported": found.supported, "reasons": list(found.reasons)})
    return out
