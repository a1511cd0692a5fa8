"""Time and memory of builds: ``python tests/ingest/measure_builds.py WORKS FOLDER [changed] [minilm]``.

Writes a collection of made-up abstracts, builds it in this process and prints one JSON line: seconds on the clock and of
the processor, peak memory in all and at the end of each step. Once more with the same FOLDER rebuilds what it holds; with
``changed`` one work in the middle has another sentence then.
"""

from __future__ import annotations

import json
import os
import random
import re
import resource
import sys
import time
from pathlib import Path

import numpy as np
from small_encoder import WordEncoder, _direction

from caveat.adapters.encoding import Encoding, scaled
from caveat.adapters.minilm import load_encoder
from ingest.build import build
from ingest.events import Event, Progress

SENTENCES = 9
WORDS_A_SENTENCE = 22
CORPUS = Path("corpus")


class WideEncoder(WordEncoder):
    """Vectors of 384 numbers that lie in 32 dimensions, as those of trained models nearly do.

    Random directions in all 384 are no model of text: each work is as far from every other, and Chroma's graph then
    leaves about 2 % of the passages unreachable, which the check of a build refuses.
    """

    def __init__(self) -> None:
        super().__init__("wide-1", 32)
        self.narrow = self.dimension
        self.dimension = 384
        turns = np.random.default_rng(7).standard_normal((384, self.narrow))
        self._turn = np.linalg.qr(turns)[0].T.astype(np.float32)

    def _one(self, text: str, tokens: bool) -> Encoding:
        words = re.findall(r"\w+", text.lower()) or ["-"]
        rows = np.stack([_direction(word, self.narrow) for word in words])
        total = rows.sum(axis=0) @ self._turn
        return Encoding(total / np.linalg.norm(total), scaled(rows @ self._turn) if tokens else None)


def write_works(path: Path, count: int, seed: int = 1) -> None:
    """So many works, each with identifiers, authors and an abstract of about 1,400 characters."""
    rng = random.Random(seed)
    letters = "abcdefghijklmnopqrstuvwxyz"
    # Words of the starter collection, as often as they stand there: they are cut into tokens as abstracts are.
    words = [w for p in sorted(CORPUS.rglob("*.md")) for w in re.findall(r"[a-z]+", p.read_text().lower())]
    with path.open("w") as stream:
        for i in range(count):
            picked = iter(rng.choices(words, k=SENTENCES * WORDS_A_SENTENCE + 12))
            title = " ".join(next(picked) for _ in range(12)).capitalize()
            text = " ".join(
                " ".join(next(picked) for _ in range(WORDS_A_SENTENCE)).capitalize() + f" in group {i} ({k})."
                for k in range(SENTENCES)
            )
            row = {
                "id": f"w{i}",
                "title": title,
                "authors": [f"{words[i * 7 % len(words)].capitalize()} {letters[i % 26].upper()}", "Other B"],
                "year": 1990 + i % 35,
                "journal": f"Journal {i % 400}",
                "pmid": str(10_000_000 + i),
                "doi": f"10.1234/x.{i}",
                "text": text,
            }
            stream.write(json.dumps(row) + "\n")


def _change(path: Path, number: int) -> None:
    lines = path.read_text().splitlines(keepends=True)
    row = json.loads(lines[number])
    row["text"] += f" It was read again at {time.time()}."
    lines[number] = json.dumps(row) + "\n"
    path.write_text("".join(lines))


def peak_mb() -> int:
    """The most memory that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(count: int, folder: Path, *options: str) -> None:
    """Measures one build."""
    folder.mkdir(parents=True, exist_ok=True)
    works = folder / f"works-{count}.jsonl"
    if not works.exists():
        write_works(works, count)
    if "changed" in options:
        _change(works, count // 2)
    encoder = load_encoder() if "minilm" in options else WideEncoder()
    at_start = peak_mb()
    began = last = time.monotonic()
    steps: dict[str, dict[str, float]] = {}

    def listen(event: Event) -> None:
        nonlocal last
        if isinstance(event, Progress):
            now = time.monotonic()
            step = steps.setdefault(event.stage.value, {"seconds": 0.0, "peak_mb": 0})
            step["seconds"] += now - last
            step["peak_mb"] = peak_mb()
            last = now

    report = build([works], folder / "home", encoder, listen=listen)
    for step in steps.values():
        step["seconds"] = round(step["seconds"], 1)
    used = resource.getrusage(resource.RUSAGE_SELF)
    figures = {
        "works": report.works,
        "passages": report.passages,
        "sentences": report.sentences,
        "embedded": report.passages_embedded,
        "seconds": round(time.monotonic() - began, 1),
        "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_mb_before": at_start,
        "peak_mb": peak_mb(),
        "steps": steps,
        "load": os.getloadavg(),
        "notices": report.notices,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
