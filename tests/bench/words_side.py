"""bm25s as a candidate, with its defaults: a search by words over whole works, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import bm25s
from works import Task, read_works


class Words:
    """The library as its first example uses it."""

    def __init__(self, folder: Path, task: Task) -> None:
        self.folder, self.task = folder / "bm25s", task

    def ingest(self) -> dict[str, int]:
        """Indexes whole works; returns how many. Nothing is embedded."""
        return {"passages": self._index(self.task.works), "texts": 0}

    def _index(self, path: Path) -> int:
        works = list(read_works(path))
        retriever = bm25s.BM25()
        tokens = bm25s.tokenize([f"{w.title}\n{w.text}" for w in works], show_progress=False)
        retriever.index(tokens, show_progress=False)
        retriever.save(str(self.folder), show_progress=False)
        (self.folder / "ids.json").write_text(json.dumps([w.id for w in works]))
        return len(works)

    def disk(self) -> dict[str, int]:
        """Bytes of the index; it does not hold the texts."""
        return {"index": sum(p.stat().st_size for p in self.folder.rglob("*") if p.is_file())}

    def rebuild(self) -> None:
        """The same again."""
        self._index(self.task.works)

    def change(self) -> None:
        """All again: nothing is changed in place."""
        self._index(self.task.changed)

    def open(self) -> None:
        """Loads the index."""
        self.retriever = bm25s.BM25.load(str(self.folder))
        self.ids = json.loads((self.folder / "ids.json").read_text())

    def search(self, query: str) -> None:
        """The ten best works."""
        self._best(query, 10)

    def ranking(self, query: str) -> list[str]:
        """A hundred works, best first."""
        return self._best(query, 100)

    def _best(self, query: str, k: int) -> list[str]:
        tokens = bm25s.tokenize([query], show_progress=False)
        rows, scores = self.retriever.retrieve(tokens, k=min(k, len(self.ids)), show_progress=False)
        return [self.ids[r] for r, s in zip(rows[0].tolist(), scores[0].tolist(), strict=True) if s > 0]

    def answer(self, question: str) -> bool:
        """It writes no answers."""
        raise NotImplementedError
