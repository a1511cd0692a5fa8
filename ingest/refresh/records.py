"""One record of a live source, read by the reader of its format: the same eyes as a build's."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from rapidfuzz import fuzz

from caveat.domain.model import Document, Status
from ingest.readers import read_file

SAME_TITLE = 80.0
"""How alike two titles are, of 100, that name one work under one number."""
SURE_TITLE = 96.0
"""The same where the title is all there is to go by."""
_TAKEN_BACK = re.compile(r"\W*(retracted|withdrawn)(?:\s+(?:article|paper|manuscript|preprint))?\s*[:\]\-–—.]+\s*", re.IGNORECASE)  # fmt: skip
_WITHDRAWN_TYPES = re.compile(rb'"preprint[- ](?:withdrawal|removal)"', re.IGNORECASE)


def read_record(data: bytes, suffix: str) -> Document | None:
    """The document that a raw record is; ``None`` when its reader can make nothing of it."""
    with tempfile.TemporaryDirectory(prefix="caveat-") as folder:
        path = Path(folder) / f"record{suffix}"
        path.write_bytes(data)
        return next(iter(read_file(path, lambda _error: None)), None)


def status_in(title: str | None, data: bytes = b"") -> Status:
    """What a title ("RETRACTED: …"), or Europe PMC's type of a preprint, says of a work's standing."""
    found = _TAKEN_BACK.match(title or "")
    if found:
        return Status.RETRACTED if found.group(1).lower() == "retracted" else Status.WITHDRAWN
    return Status.WITHDRAWN if _WITHDRAWN_TYPES.search(data) else Status.UNKNOWN


def likeness(one: str, other: str) -> float:
    """How alike two titles are, 0 to 100, whatever their case, marks and a word such as "RETRACTED:"."""
    return float(fuzz.token_sort_ratio(_bare(one), _bare(other)))


def _bare(title: str) -> str:
    return " ".join(re.findall(r"\w+", _TAKEN_BACK.sub("", title, count=1).casefold()))
