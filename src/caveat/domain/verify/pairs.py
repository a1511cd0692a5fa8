"""One claim against one passage, as JSON in and out: the core of ``python -m caveat verify``."""

from __future__ import annotations

from collections.abc import Mapping

from caveat.domain.verify.verdict import ReasonKind
from caveat.domain.verify.verify import verify


def check_pair(pair: Mapping[str, object]) -> dict[str, object]:
    """``{"id", "passage", "claim", "quote"?}`` to ``{"id", "supported", "reasons"}``; never raises on odd input."""
    claim, passage, quote = pair.get("claim"), pair.get("passage"), pair.get("quote")
    if (
        not isinstance(claim, str)
        or not isinstance(passage, str)
        or not (quote is None or isinstance(quote, str))
    ):
        detail = "A pair needs a claim and a passage as text, and a quote as text or none."
        return {
            "id": pair.get("id"),
            "supported": False,
            "reasons": [_reason(ReasonKind.EMPTY.value, detail)],
        }
    verdict = verify(claim, [] if quote is None else [quote], [passage])
    reasons = [_reason(reason.kind.value, reason.detail) for reason in verdict.reasons]
    return {"id": pair.get("id"), "supported": verdict.supported, "reasons": reasons}


def _reason(kind: str, detail: str) -> dict[str, str]:
    return {"kind": kind, "detail": detail}
