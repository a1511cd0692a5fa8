"""Six thousand passages in one build: more than Chroma takes in one call."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from small_encoder import WordEncoder

from caveat.adapters.dense import _client
from caveat.adapters.generations import GenerationProvider
from caveat.domain.ports import Filters
from ingest.build import build

WORKS = 6000


@pytest.mark.slow
def test_six_thousand_passages_in_one_build(tmp_path: Path, home: Path, encoder: WordEncoder) -> None:
    """All are indexed, each finds itself, a narrow filter returns all it should, and again costs nothing."""
    path = tmp_path / "works.jsonl"
    with path.open("w") as stream:
        for i in range(WORKS):
            text = f"Trial number{i} gave drug{i % 97} to group{i % 31}."
            stream.write(
                json.dumps({"id": f"w{i}", "title": f"Work {i}", "year": 1900 + i % 100, "text": text}) + "\n"
            )
    first = build([path], home, encoder)
    assert (first.works, first.passages, first.passages_embedded) == (WORKS, WORKS, WORKS)
    index = GenerationProvider(home, encoder).current()
    client = _client(index.folder / "chroma")
    assert client.get_max_batch_size() < WORKS
    client.close()
    assert index.search_dense("Work 4321 Trial number4321", 1)[0].passage_id == "w4321#text"
    assert index.search_lexical("number4321", 5)[0].passage_id == "w4321#text"
    few = tuple(f"w{i}" for i in range(0, WORKS, 750))
    found = index.search_dense("drug5", 100, Filters(source_ids=few))
    assert {hit.passage_id for hit in found} == {f"{i}#text" for i in few}
    wide = index.search_dense("drug5", 2000, Filters(year_from=1910, year_to=1929))
    assert len(wide) == 1200
    encoder.seen.clear()
    second = build([path], home, encoder)
    assert encoder.seen == []
    assert (second.unchanged, second.passages_reused) == (WORKS, WORKS)


@pytest.mark.slow
def test_memory_grows_by_little_with_each_work(tmp_path: Path) -> None:
    """What 1,200 more works add to a build's peak, measured in a process of its own, stays within 80 kB a work.

    It is less in large builds, whose buffers are full: about 11 kB. Keeping token vectors would make it 140.
    """
    code = (
        f"import sys; sys.path[:0] = {sys.path!r}; from pathlib import Path; from measure_builds import main\n"
        "for count in (300, 1500): main(count, Path(sys.argv[1]) / str(count))"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=root)
    few, many = (json.loads(line) for line in done.stdout.splitlines())
    assert (few["works"], many["works"]) == (300, 1500)
    assert many["peak_mb"] - few["peak_mb"] <= 0.080 * 1200
