"""A receipt read back from a file: nothing in it is trusted until its shape is checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from caveat.answering.receipt.hashing import seal
from caveat.answering.receipt.make import VERSION
from caveat.domain.model import Design, Status
from caveat.errors import CorpusError

MOST_BYTES = 20_000_000


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class StoredFilters(_Part):
    """Limits on the search."""

    year_from: int | None = None
    year_to: int | None = None
    designs: tuple[Design, ...] = ()
    statuses: tuple[Status, ...] = ()
    population: str | None = None
    source_ids: tuple[str, ...] = ()


class StoredQuestion(_Part):
    """What was asked."""

    text: str
    as_typed: bool
    history: tuple[str, ...] = ()
    filters: StoredFilters | None = None


class StoredCollection(_Part):
    """Which collection answered."""

    generation: str
    sha256: str | None
    sources: int
    passages: int


class StoredModel(_Part):
    """Which language model, if any."""

    name: str | None = None
    prompt_hash: str | None = None


class StoredPassage(_Part):
    """One passage of the ranking, or a cited one."""

    passage_id: str
    source_id: str
    rank: int | None
    cited: bool
    status: str | None
    sha256: str


class StoredCitation(_Part):
    """Where a claim's quote stands."""

    source_id: str
    passage_id: str
    quote: str
    start: int
    end: int


class StoredClaim(_Part):
    """One claim of the answer."""

    text: str
    stance: str
    citations: tuple[StoredCitation, ...] = Field(min_length=1)


class StoredCertainty(_Part):
    """The level of certainty."""

    level: str


class StoredAnswer(_Part):
    """What of the answer is compared."""

    kind: str
    standalone_question: str
    reason: str | None = None
    headline: str
    claims: tuple[StoredClaim, ...] = ()
    certainty: StoredCertainty | None = None
    sources: tuple[dict[str, Any], ...] = ()


class StoredVerdict(_Part):
    """The verifier's word on one claim."""

    claim: int
    supported: bool
    reasons: tuple[str, ...] = ()


class Receipt(_Part):
    """A receipt whose shape is sound. ``intact`` is False when it was changed after it was written."""

    receipt: int
    created: str
    question: StoredQuestion
    collection: StoredCollection | None
    model: StoredModel
    passages: tuple[StoredPassage, ...]
    verdicts: tuple[StoredVerdict, ...]
    answer: StoredAnswer
    intact: bool


def read_receipt(path: Path) -> Receipt:
    """The receipt of the file; raises ``CorpusError`` naming the file and what is wrong with it."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CorpusError("too large for a receipt (20 MB at most).", path=str(path))
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CorpusError("no such file.", path=str(path)) from None
    except (OSError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else "nested too deeply"
        raise CorpusError(f"cannot be read: {reason}.", path=str(path)) from None
    except ValueError:
        raise CorpusError(
            'not JSON. A receipt is written by: python -m caveat ask "…" --receipt FILE.json', path=str(path)
        ) from None
    if not isinstance(data, dict) or "receipt" not in data:
        raise CorpusError("not a receipt: it has no key “receipt”.", path=str(path))
    if data["receipt"] != VERSION:
        raise CorpusError(
            f"a receipt of version {data['receipt']!r}; this program reads version {VERSION}.", path=str(path)
        )
    try:
        return Receipt.model_validate({**data, "intact": data.get("sha256") == seal(data)})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(x) for x in first["loc"])
        raise CorpusError(f"not a whole receipt: {where}: {first['msg']}.", path=str(path)) from None
