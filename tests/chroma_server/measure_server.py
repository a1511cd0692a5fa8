"""What a Chroma server costs: putting an index there, taking it up, searching there, and how soon replicas have it.

    PYTHONPATH=src:. python tests/chroma_server/measure_server.py HOME

HOME holds an index (``python -m ingest build``); nothing in it is changed. One run on one machine.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from chroma_process import ChromaProcess, wait_until

from caveat.adapters.chroma_server.catalogue import Catalogue
from caveat.adapters.chroma_server.client import ChromaServer
from caveat.adapters.chroma_server.follow import Replica
from caveat.adapters.chroma_server.mirror import Mirror
from caveat.adapters.chroma_server.place import Place
from caveat.adapters.chroma_server.publish import Uploader
from caveat.adapters.generations import GenerationProvider, Generations
from caveat.adapters.minilm import load_encoder
from ingest.publish import publish

QUESTIONS = 100


def megabytes(folder: Path) -> float:
    """What a folder takes on disk."""
    return int(subprocess.check_output(["du", "-sk", str(folder)]).split()[0]) / 1000


def latency(index: object, queries: list[str]) -> dict[str, float]:
    """Milliseconds of a search by meaning, the question's encoding with it."""
    took = []
    for query in queries:
        began = time.perf_counter()
        index.search_dense(query, 50)  # type: ignore[attr-defined]
        took.append(1000 * (time.perf_counter() - began))
    return {f"p{p}": round(float(np.percentile(took, p)), 1) for p in (50, 95)}


def main(home: Path) -> None:
    """Prints one JSON object."""
    encoder, place = load_encoder(), Path(tempfile.mkdtemp())
    builder = place / "builder"
    builder.mkdir()
    shutil.copytree(home / "generations", builder / "generations")
    shutil.copy(home / "current.json", builder)
    ident = Generations(builder).current_id()
    assert ident is not None
    process = ChromaProcess(place / "data")
    server = ChromaServer(Place(f"http://127.0.0.1:{process.port}", seconds=60))
    try:
        folder = Generations(builder).folder(ident)
        index = GenerationProvider(builder, encoder).current()
        texts = [p.text for i in index.all_sources() for p in index.source_passages(i.id)]
        queries = [" ".join(t.split()[:12]) for t in texts[:: max(1, len(texts) // QUESTIONS)]][:QUESTIONS]
        files = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file() and "chroma" not in p.parts)
        found: dict[str, object] = {"passages": index.passage_count, "files_mb": round(files / 1e6, 1)}
        before, began = megabytes(place / "data"), time.perf_counter()
        Uploader(server).upload(folder)
        found["upload_s"] = round(time.perf_counter() - began, 1)
        Uploader(server).catalogue.remove(ident)
        began = time.perf_counter()
        publish(server, builder, encoder)
        found["publish_with_check_s"] = round(time.perf_counter() - began, 1)
        found["server_mb"] = round(megabytes(place / "data") - before, 1)
        began = time.perf_counter()
        replica = Replica(server, Mirror(place / "replica"), encoder)
        there = replica.current()
        found["first_copy_s"] = round(time.perf_counter() - began, 1)
        found["local_ms"], found["server_ms"] = latency(index, queries), latency(there, queries)
        found["same_hits"] = sum(
            [h.passage_id for h in index.search_dense(q, 10)]
            == [h.passage_id for h in there.search_dense(q, 10)]
            for q in queries
        ) / len(queries)
        found["flip_seen_s"] = []
        for n in range(3):
            other = f"{n + 1:08}T000000000-0000"
            _again(folder, builder, ident, other)
            publish(server, builder, encoder, ident=other)
            began = time.perf_counter()
            wait_until(lambda other=other: replica.current().generation == other)  # type: ignore[misc]
            found["flip_seen_s"].append(round(time.perf_counter() - began, 1))  # type: ignore[attr-defined]
        assert Catalogue(server).look().current == other
        sys.stdout.write(json.dumps(found) + "\n")
    finally:
        process.stop()
        shutil.rmtree(place, ignore_errors=True)


def _again(folder: Path, home: Path, ident: str, other: str) -> None:
    """The same index under another id."""
    to = Generations(home).folder(other)
    shutil.copytree(folder, to)
    text = (to / "manifest.json").read_text()
    (to / "manifest.json").write_text(text.replace(ident, other))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
