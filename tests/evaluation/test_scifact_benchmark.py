"""The SciFact benchmark reads its files, builds its index with the real programs and measures it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from caveat.adapters.minilm import load_encoder
from caveat.errors import BuildFailed, CorpusError
from caveat.evaluation import building, scifact
from caveat.evaluation.retrieval import METHODS, RetrievalReport, measure, table, to_json

ABSTRACTS = [
    {
        "_id": "11",
        "title": "Tocilizumab in arthritis",
        "sentences": ["Tocilizumab relieves joint pain. ", "It blocks a receptor."],
        "structured": False,
    },
    {
        "_id": "12",
        "title": "Sleep and mood",
        "sentences": ["Insomnia precedes depression."],
        "structured": False,
    },
    {
        "_id": "13",
        "title": "Corrosion of bridges",
        "sentences": ["Salt water rusts steel."],
        "structured": False,
    },
]
CLAIMS = [
    {"id": "1", "claim": "Insomnia comes before depression."},
    {"id": "2", "claim": "A receptor blocker eases arthritis pain."},
    {"id": "3", "claim": "Nobody judged this one."},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A benchmark of three abstracts and two judged claims, in SciFact's own format."""
    target = tmp_path / "scifact"
    target.mkdir()
    with gzip.open(target / "corpus.jsonl.gz", "wt", encoding="utf-8") as out:
        out.write("\n".join(json.dumps(a) for a in ABSTRACTS))
    (target / "claims_dev.jsonl").write_text("\n".join(json.dumps(c) for c in CLAIMS), encoding="utf-8")
    (target / "qrels_dev.tsv").write_text(
        "query-id\tcorpus-id\tscore\n1\t12\t1\n2\t11\t1\n", encoding="utf-8"
    )
    return target


def test_only_judged_claims_are_queries(folder: Path) -> None:
    """A claim that nobody judged cannot be measured."""
    assert scifact.load_queries(folder) == [
        scifact.Query("1", "Insomnia comes before depression.", {"12": 1.0}),
        scifact.Query("2", "A receptor blocker eases arthritis pain.", {"11": 1.0}),
    ]


def test_a_broken_judgement_is_named_with_its_line(folder: Path) -> None:
    """File and line are said, so that it can be corrected."""
    (folder / "qrels_dev.tsv").write_text("query-id\tcorpus-id\tscore\n1 12 1\n", encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        scifact.load_queries(folder)
    assert caught.value.line == 2


def test_the_collection_is_written_as_the_ingest_program_reads_it(folder: Path, tmp_path: Path) -> None:
    """One JSON object an abstract, its sentences joined by one space."""
    target = tmp_path / "home" / "scifact.jsonl"
    assert scifact.write_collection(folder, target) == 3
    first = json.loads(target.read_text(encoding="utf-8").splitlines()[0])
    assert first == {
        "id": "11",
        "title": "Tocilizumab in arthritis",
        "text": "Tocilizumab relieves joint pain. It blocks a receptor.",
    }


def test_missing_files_are_named(folder: Path, tmp_path: Path) -> None:
    """A folder that is not there lacks all three; a whole one lacks none."""
    assert scifact.missing_files(folder) == []
    assert scifact.missing_files(tmp_path / "nowhere") == list(scifact.FILES)


@pytest.mark.slow
def test_the_benchmark_runs_through_the_real_programs(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ingest program builds it, every search finds both abstracts, and a second run builds nothing."""
    encoder = load_encoder()
    home = tmp_path / "home"
    index = scifact.open_index(folder, home, encoder)
    report = measure(index, scifact.load_queries(folder))
    assert [row.method for row in report.rows] == list(METHODS)
    assert {row.ndcg.value for row in report.rows} == {1.0}
    assert (report.queries, report.works) == (2, 3)

    def refuse(collection: Path, home: Path) -> None:
        raise AssertionError("built again")

    monkeypatch.setattr(scifact, "build_index", refuse)
    assert scifact.open_index(folder, home, encoder).generation == index.generation


@pytest.mark.slow
def test_a_failed_build_says_what_the_ingest_program_said(tmp_path: Path) -> None:
    """A collection that is not there cannot be indexed, and the reader learns why."""
    with pytest.raises(BuildFailed, match=r"the ingest program said: .+"):
        building.build_index([tmp_path / "nowhere.jsonl"], tmp_path / "home")


def test_a_skipped_benchmark_says_why() -> None:
    """Table and JSON both hold the reason and no figure."""
    report = RetrievalReport(skipped="the folder is missing")
    assert to_json(report)["skipped"] == "the folder is missing"
    assert to_json(report)["rows"] == []
    assert table(report).title == "scifact: skipped"
