"""Caveat as a candidate: the ingest program's build, its searches as answering runs them, and its answers."""

from __future__ import annotations

from pathlib import Path

from works import Task

from caveat.adapters.generations import GenerationProvider, Generations
from caveat.adapters.minilm import load_encoder
from caveat.answering.retrieve import K_FUSION, WEIGHTS
from caveat.domain.fusion import reciprocal_rank_fusion
from caveat.domain.model import Cited
from caveat.evaluation.ranking import first_of_each
from caveat.evaluation.retrieval import rerank
from caveat.settings import Settings
from caveat.wiring import build_app, warm
from ingest.build import build
from ingest.clean import CACHE

DEPTH_TIMED, DEPTH_JUDGED = 100, 300
"""Passages each search returns: as in answering, and enough for a hundred works."""


class Caveat:
    """The whole product with its defaults."""

    def __init__(self, folder: Path, task: Task) -> None:
        self.home, self.task = folder / "home", task

    def ingest(self) -> dict[str, int]:
        """A build into an empty home; returns how many passages there are; each is embedded once."""
        report = build([self.task.works], self.home, load_encoder())
        return {"passages": report.passages, "texts": report.passages}

    def disk(self) -> dict[str, int]:
        """Bytes of the index that serves, and of the vector cache that makes the next build cheap."""
        generations = Generations(self.home)
        serving = generations.folder(str(generations.current_id()))
        index = sum(p.stat().st_size for p in serving.rglob("*") if p.is_file())
        return {"index": index, "cache": (self.home / CACHE).stat().st_size}

    def rebuild(self) -> None:
        """The same build again."""
        build([self.task.works], self.home, load_encoder())

    def change(self) -> None:
        """The same build with one work changed."""
        build([self.task.changed], self.home, load_encoder())

    def open(self) -> None:
        """Opens the index for searching and answering, and reads what the program reads while its page opens."""
        settings = Settings(home=self.home)
        self.app = build_app(settings)
        warm(self.app)
        self.index = GenerationProvider(self.home, self.app.encoder).current()
        self.work_of = {
            p.id: s.id for s in self.index.all_sources() for p in self.index.source_passages(s.id)
        }

    def search(self, query: str) -> None:
        """What an answer searches: by meaning and by words, fused, the first re-ranked."""
        self._ranked(query, DEPTH_TIMED)

    def ranking(self, query: str) -> list[str]:
        """At least a hundred works, best first."""
        return first_of_each(self.work_of[i] for i in self._ranked(query, DEPTH_JUDGED))

    def _ranked(self, query: str, depth: int) -> list[str]:
        found = {
            "dense": [hit.passage_id for hit in self.index.search_dense(query, depth)],
            "lexical": [hit.passage_id for hit in self.index.search_lexical(query, depth)],
        }
        return rerank(self.index, query, reciprocal_rank_fusion(found, WEIGHTS, K_FUSION))

    def answer(self, question: str) -> bool:
        """One whole answer, checked; true when it has claims."""
        *_, last = self.app.answerer.ask(question)
        return isinstance(last, Cited)
