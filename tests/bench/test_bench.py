"""The benchmark runs: every candidate gives every column, and a folder that is not there is said, not failed."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import bench

WORDS = "tocilizumab interleukin receptor depression mood trial serum placebo inflammation dose week adults score".split()


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty short works."""
    folder = tmp_path_factory.mktemp("papers")
    chance = random.Random(5)
    with (folder / "works.jsonl").open("w", encoding="utf-8") as out:
        for n in range(30):
            text = " ".join(
                " ".join(chance.choices(WORDS, k=9)).capitalize() + f" in group {n}." for _ in range(4)
            )
            title = f"Study {n} of {chance.choice(WORDS)}"
            out.write(json.dumps({"id": f"w{n}", "title": title, "text": text}) + "\n")
    return folder


def test_every_candidate_gives_its_columns(
    papers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Real builds and searches of a small folder; what a candidate cannot do is a dash, never a number."""
    names = ["caveat", "starter", "citations", "bm25s"]
    options = ["--texts", str(papers), "--repeat", "1", "--queries", "5", "--answers", "2"]
    assert bench.main([*options, "--only", *names, "--out", str(tmp_path / "out")]) == 0
    report = json.loads((tmp_path / "out" / "bench.json").read_text())
    columns = report["columns"]
    assert list(columns) == names
    assert (report["works"], report["queries"]) == (30, 5)
    assert (
        columns["caveat"]["passages"] == columns["starter"]["passages"] == columns["bm25s"]["passages"] == 30
    )
    for name, found in columns.items():
        missing = {key for key, value in found.items() if value is None}
        expected = {"ndcg", "recall"}  # nobody judged these works
        if name == "citations":
            expected |= {"passages", "works_a_second", "passages_a_second", "texts_a_second", "processor_seconds_a_work", "rebuild_seconds", "change_seconds", "bytes_a_passage", "ingest_peak_mb"}  # fmt: skip
        if name == "bm25s":
            expected |= {"answer_ms_p50", "answer_ms_p95", "answer_ms_p99", "answered", "texts_a_second"}
        assert missing == expected, name
    assert columns["caveat"]["bytes_a_passage"].keys() == {"index", "cache"}
    shown = capsys.readouterr().out
    assert all(bench.TITLES[name] in shown for name in names)
    assert shown.count("\n|") >= len(bench.ROWS)


def test_judged_works_are_ranked(tmp_path: Path) -> None:
    """With fewer works than there are, those that are relevant to the queries stay."""
    import gzip

    rows = [
        {"_id": str(n), "title": f"T{n}", "sentences": [f"Text {n}."], "structured": False} for n in range(9)
    ]
    (tmp_path / "corpus.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    (tmp_path / "claims_dev.jsonl").write_text(json.dumps({"id": 1, "claim": "Text is there."}) + "\n")
    (tmp_path / "qrels_dev.tsv").write_text("query-id\tcorpus-id\tscore\n1\t8\t1\n")
    task = bench.prepare(tmp_path, tmp_path / "task", most_works=3)
    works = [json.loads(line)["id"] for line in task.works.open()]
    assert works[0] == "8"
    assert len(works) == 3
    changed = [json.loads(line) for line in task.changed.open()]
    assert sum("afterwards" in row["text"] for row in changed) == 1


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The benchmark's texts are no part of the project: without them it says so and ends well."""
    assert bench.main(["--texts", str(tmp_path / "nowhere")]) == 0
    assert "skipped: there is no folder" in capsys.readouterr().out
    (tmp_path / "empty").mkdir()
    assert bench.main(["--texts", str(tmp_path / "empty")]) == 0
    assert "holds no work" in capsys.readouterr().out


def test_without_torch_its_candidate_is_named_as_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is guessed for what cannot run here."""
    monkeypatch.delenv(bench.TORCH_PYTHON, raising=False)
    names, left = bench.chosen([])
    assert "starter-torch" not in names
    assert "not measured" in left[0]
    monkeypatch.setenv(bench.TORCH_PYTHON, "python")
    monkeypatch.setenv(bench.TORCH_MODEL, "model")
    assert bench.chosen([]) == ([*bench.USUAL, "starter-torch"], [])
    assert bench.chosen(["citations"])[0] == ["starter", "citations"]
