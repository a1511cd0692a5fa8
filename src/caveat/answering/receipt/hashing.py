"""Checksums of texts, of a collection and of a receipt itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from caveat.answering.many_works import too_many
from caveat.domain.ports import EvidenceIndex


def text_hash(text: str) -> str:
    """SHA-256 of the text as UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def collection_hash(index: EvidenceIndex) -> str | None:
    """SHA-256 over ids and texts of all passages, in the order of the works' ids; None for a very large collection."""
    if too_many(index):
        return None
    total = hashlib.sha256()
    for source in index.all_sources():
        for passage in index.source_passages(source.id):
            total.update(f"{passage.id}\0{passage.text}\0".encode("utf-8", "surrogatepass"))
    return total.hexdigest()


def seal(receipt: Mapping[str, object]) -> str:
    """SHA-256 of everything in the receipt but the seal itself."""
    body = {k: v for k, v in receipt.items() if k != "sha256"}
    return text_hash(json.dumps(body, sort_keys=True, ensure_ascii=True, separators=(",", ":")))
