"""Collections of any size out of real texts: real works first, then works of real sentences put together anew.

Embedding a million passages takes hours, so only the real sentences and titles are embedded, once. The vector of a
passage is the unit mean of the vectors of its title and sentences, with a little noise: near its neighbours, as real
ones are, but not what the model would say of that very text. Questions are embedded for real.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from caveat.adapters.encoding import Encoder, Encoding, FloatArray
from caveat.adapters.vector_cache import vector_cache
from ingest.sentences import sentence_spans

NOISE = 0.25
"""Length of the noise added to a vector of length 1."""
NEIGHBOURS = 12
SENTENCES_A_WORK = 26
"""Makes about five passages."""
MARKED_TITLE = "Siderosis registry of a rare and well marked group of works."
MARKED = 1000
"""One work in so many carries the mark that a filter looks for."""
MARK = "siderosis"
DESIGNS = (
    *("randomized controlled trial", "cohort", "case-control", "meta-analysis"),
    *("cross-sectional", "systematic review"),
)
POPULATIONS = (
    "adults with major depression",
    "people with rheumatoid arthritis",
    "adolescents",
    "mice",
    "veterans",
)
BATCH = 2000


@dataclass(frozen=True, slots=True)
class RealWork:
    """A title and its sentences, each a sentence to the program's own splitter."""

    title: str
    sentences: tuple[str, ...]


def real_works(folder: Path, most: int) -> list[RealWork]:
    """Works of every ``.jsonl`` or ``.jsonl.gz`` below the folder with a title and sentences or a text."""
    found: list[RealWork] = []
    for path in sorted(p for p in folder.rglob("*.jsonl*") if p.name.endswith((".jsonl", ".jsonl.gz"))):
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as stream:
            for line in stream:
                row = json.loads(line)
                text = " ".join(row.get("sentences") or [row.get("text") or row.get("abstract") or ""])
                text = " ".join(text.split())
                own = tuple(text[s.start : s.end] for s in sentence_spans(text))
                own = tuple(s for s in own if 40 <= len(s) <= 600 and len(sentence_spans(s)) == 1)
                if row.get("title") and len(own) >= 4:
                    found.append(RealWork(" ".join(str(row["title"]).split()), own))
                if len(found) == most:
                    return found
    return found


class Recombined:
    """An encoder that knows the vectors of all real sentences, and asks the real one for any other text."""

    token_vectors = pools = False
    embedded = 0
    """It stands for the cache of vectors as well, where a build is to do without one."""
    question_notice: str | None = None

    def __init__(self, works: Sequence[RealWork], encoder: Encoder, cache: Path) -> None:
        self.works = works
        self._encoder = encoder
        self.dimension = encoder.dimension
        self.model_id = f"recombined/{encoder.model_id}"
        texts = list(dict.fromkeys([MARKED_TITLE, *(t for w in works for t in (w.title, *w.sentences))]))
        self._row = {text: row for row, text in enumerate(texts)}
        self._vectors = np.empty((len(texts), self.dimension), np.float32)
        with vector_cache(cache, encoder) as kept:
            for start in range(0, len(texts), BATCH):
                part = kept.encode(texts[start : start + BATCH])
                self._vectors[start : start + len(part)] = [e.vector for e in part]

    def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """One unit vector a text, in order."""
        return [encoding.vector.tolist() for encoding in self.encode(texts)]

    def encode(
        self,
        texts: Sequence[str],
        *,
        tokens: bool = False,
        progress: Callable[[int], None] = lambda _count: None,
    ) -> list[Encoding]:
        """One encoding a text, in order."""
        progress(len(texts))
        return [Encoding(self._vector(text)) for text in texts]

    def _vector(self, text: str) -> FloatArray:
        rows = [self._row.get(part) for part in text.split("\n")]
        known = [row for row in rows if row is not None]
        if len(known) < len(rows):
            return self._encoder.encode([text])[0].vector
        if len(known) == 1:
            return self._vectors[known[0]]
        mean = self._vectors[known].mean(axis=0)
        seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
        noise = np.random.default_rng(seed).standard_normal(self.dimension, dtype=np.float32)
        total = mean / np.linalg.norm(mean) + noise * (NOISE / np.linalg.norm(noise))
        return np.asarray(total / np.linalg.norm(total), np.float32)

    def near(self) -> list[list[int]]:
        """For each real work those whose titles are nearest."""
        titles = self._vectors[[self._row[w.title] for w in self.works]]
        count = min(NEIGHBOURS + 1, len(titles))
        return [np.argsort(-(titles @ row))[:count].tolist() for row in titles]

    def works_of(self, count: int) -> Iterator[dict[str, object]]:
        """So many works as rows of JSON Lines: the real ones, then recombined ones; the same at each call."""
        rng = random.Random(20261128)
        near = self.near()
        for i in range(count):
            if i < len(self.works):
                title, sentences = self.works[i].title, list(self.works[i].sentences)
            else:
                title, sentences = self._anew(rng, near)
            marked = i % MARKED == MARKED // 2
            yield {
                "id": f"g{i:07d}",
                "title": MARKED_TITLE if marked else title,
                "authors": [f"Author{i % 9973} A", f"Second{i % 613} B"],
                "year": 1985 + i * 7 % 41,
                "journal": f"Journal {i % 800}",
                "pmid": str(30_000_000 + i),
                "doi": f"10.5555/g.{i}",
                "design": DESIGNS[i % len(DESIGNS)],
                "population": f"the {MARK} registry" if marked else POPULATIONS[i % len(POPULATIONS)],
                "status": "retracted" if i % 997 == 3 else "current",
                "text": "\n".join(sentences),
            }

    def _anew(self, rng: random.Random, near: list[list[int]]) -> tuple[str, list[str]]:
        base = rng.randrange(len(self.works))
        others = [base, *rng.sample(near[base], min(4, len(near[base])))]
        pool = list(dict.fromkeys(s for w in others for s in self.works[w].sentences))
        rng.shuffle(pool)
        return self.works[rng.choice(others)].title, pool[:SENTENCES_A_WORK]
