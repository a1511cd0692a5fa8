"""What is indexed and asked: works and questions, as files that every candidate reads.

A folder with SciFact's files gives its abstracts and its development claims with their judgements. Any other folder is
read by the ingest program's readers; each work is then asked for by its title, and there is no judgement.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from caveat.evaluation import scifact
from ingest.collect import documents


@dataclass(frozen=True)
class Work:
    """One abstract or article."""

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class Query:
    """What is searched for; ``relevant`` is empty where nobody judged."""

    text: str
    relevant: Mapping[str, float]


@dataclass(frozen=True)
class Task:
    """The files of one benchmark: all works, the same with one of them changed, and the queries."""

    works: Path
    changed: Path
    changed_id: str
    queries: Path


def read_works(path: Path) -> Iterator[Work]:
    """The works of a file written by ``prepare``."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield Work(**json.loads(line))


def read_queries(path: Path) -> list[Query]:
    """The queries of a file written by ``prepare``."""
    return [Query(**row) for row in json.loads(path.read_text(encoding="utf-8"))]


def prepare(texts: Path, folder: Path, most_works: int = 0, most_queries: int = 0) -> Task:
    """Writes the files of a benchmark; with fewer works than there are, those that are relevant come first.

    Raises ``ValueError`` for a folder without any work.
    """
    judged = not scifact.missing_files(texts)
    if judged:
        works = [Work(d["id"], d["title"], d["text"]) for d in scifact.documents(texts)]
        queries = [Query(q.text, dict(q.relevant)) for q in scifact.load_queries(texts)]
    else:
        works = _of_any_folder(texts)
        queries = [Query(w.title, {}) for w in works if w.title]
    if not works:
        raise ValueError(f"{texts} holds no work that can be read")
    queries = _spread(queries, most_queries)
    if most_works:
        wanted = {i for q in queries for i in q.relevant}
        works = sorted(works, key=lambda w: w.id not in wanted)[:most_works]
    changed = works[len(works) // 2]
    other = Work(changed.id, changed.title, changed.text + " This sentence was added afterwards.")
    folder.mkdir(parents=True, exist_ok=True)
    task = Task(folder / "works.jsonl", folder / "changed.jsonl", changed.id, folder / "queries.json")
    _write(task.works, works)
    _write(task.changed, [other if w.id == changed.id else w for w in works])
    task.queries.write_text(json.dumps([vars(q) for q in queries]), encoding="utf-8")
    return task


def _of_any_folder(texts: Path) -> list[Work]:
    found: dict[str, Work] = {}
    for document in documents([texts], lambda _error: None):
        text = "\n\n".join(section.text for section in document.sections)
        if text.strip():
            ident = document.source.id
            found.setdefault(ident, Work(ident, document.source.title or ident, text))
    return list(found.values())


def _write(path: Path, works: Sequence[Work]) -> None:
    with path.open("w", encoding="utf-8") as out:
        for work in works:
            out.write(json.dumps(vars(work), ensure_ascii=False) + "\n")


def _spread(queries: Sequence[Query], most: int) -> list[Query]:
    """At most so many, taken evenly from all."""
    if not most or len(queries) <= most:
        return list(queries)
    return [queries[i * len(queries) // most] for i in range(most)]
