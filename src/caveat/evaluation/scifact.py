"""SciFact as a benchmark: its claims are the queries, the abstracts they cite are relevant.

The folder holds ``corpus.jsonl.gz``, ``claims_dev.jsonl`` and ``qrels_dev.tsv``. All abstracts are written as
JSON Lines that the ingest program reads, and are indexed by it, into a home of their own.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from caveat.adapters.encoding import Encoder
from caveat.adapters.generations import GenerationProvider
from caveat.domain.ports import EvidenceIndex
from caveat.errors import BuildFailed, CaveatError, CorpusError
from caveat.evaluation.building import build_index
from caveat.settings import PROJECT_ROOT

FILES = ("corpus.jsonl.gz", "claims_dev.jsonl", "qrels_dev.tsv")
DEFAULT_FOLDER = PROJECT_ROOT.parent / "shared" / "bench" / "scifact"


@dataclass(frozen=True, slots=True)
class Query:
    """A claim with its relevant abstracts."""

    id: str
    text: str
    relevant: Mapping[str, float]


def missing_files(folder: Path) -> list[str]:
    """Files of the benchmark that the folder lacks."""
    return [name for name in FILES if not (folder / name).is_file()]


def load_queries(folder: Path) -> list[Query]:
    """The development claims that have judgements, in the order of the file."""
    relevant: dict[str, dict[str, float]] = {}
    judgements = folder / "qrels_dev.tsv"
    for number, line in enumerate(judgements.read_text(encoding="utf-8").splitlines(), 1):
        if number == 1 or not line.strip():
            continue
        try:
            query_id, document_id, grade = line.split("\t")
            relevant.setdefault(query_id, {})[document_id] = float(grade)
        except ValueError as error:
            message = "A judgement is a query, a document and a grade between tabs."
            raise CorpusError(message, path=str(judgements), line=number) from error
    claims = (folder / "claims_dev.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in claims if line.strip()]
    return [Query(str(r["id"]), r["claim"], relevant[str(r["id"])]) for r in rows if str(r["id"]) in relevant]


def documents(folder: Path) -> Iterator[dict[str, str]]:
    """Each abstract as ``id``, ``title`` and ``text``."""
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield {
                "id": str(row["_id"]),
                "title": row["title"],
                "text": " ".join(s.strip() for s in row["sentences"]),
            }


def write_collection(folder: Path, target: Path) -> int:
    """Writes the abstracts as JSON Lines for the ingest program and returns how many there are."""
    target.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    part = target.with_suffix(".part")
    with part.open("w", encoding="utf-8") as out:
        for document in documents(folder):
            out.write(json.dumps(document, ensure_ascii=False) + "\n")
            count += 1
    part.replace(target)
    return count


def open_index(folder: Path, home: Path, encoder: Encoder) -> EvidenceIndex:
    """The index of all abstracts, built into ``home`` unless a whole one by the same model is there."""
    expected = sum(1 for _ in documents(folder))
    found = _current(home, encoder, expected)
    if found is not None:
        return found
    collection = home / "scifact.jsonl"
    write_collection(folder, collection)
    build_index([collection], home)
    built = _current(home, encoder, expected)
    if built is None:
        raise BuildFailed(f"The benchmark's index does not hold all {expected} abstracts; remove {home}.")
    return built


def _current(home: Path, encoder: Encoder, expected: int) -> EvidenceIndex | None:
    try:
        index = GenerationProvider(home, encoder).current()
    except CaveatError:
        return None
    return index if index.source_count == expected else None
