"""Files with bytes changed, cut, doubled and swapped: every reader ends, in documents or in plain lines.

``CAVEAT_FUZZ_FILES`` sets how many are tried of each format (40 in the suite; the measured run used 2,000).
Where the collection of real files lies beside the project, they are mutated too.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import zipfile
from pathlib import Path

import docx
import pytest
from fakes.pdf import lines, pdf
from reading import SAMPLES
from spoil import mutated, sound

from caveat.errors import CorpusError
from ingest.readers import read_file
from ingest.readers.item import Limits
from ingest.sandbox import page as page_reader
from ingest.sandbox import pdf as pdf_reader
from ingest.sandbox import word as word_reader
from ingest.sandbox.__main__ import told

FILES = int(os.environ.get("CAVEAT_FUZZ_FILES", "40"))
REAL = Path(__file__).resolve().parents[3] / "shared" / "bench" / "ingest_samples"
TEXTS = [
    "pubmed.xml", "europepmc.json", "trials_v2.json", "trial_legacy.json", "trial.xml", "refs.ris", "refs.nbib",
    "refs.bib", "refs_csl.json", "refs.ciw", "endnote.xml", "table_pubmed.csv", "table_scopus.csv", "table_wos.tsv", "article.nxml",
]  # fmt: skip


def check(path: Path, number: int = 0) -> None:
    """Whatever stands in the file, the reader ends; what it makes can be stored, and of each tenth file split."""
    errors: list[CorpusError] = []
    for document in read_file(path, errors.append, Limits(file_mb=50)):
        sound(document, deep=number % 10 == 0)
    for error in errors:
        assert "\n" not in str(error)


@pytest.mark.parametrize("name", TEXTS)
def test_mutated_samples_end(tmp_path: Path, name: str) -> None:
    """No mutation of our own samples makes a reader fail in any way but with its own error."""
    rng = random.Random(name)
    raw = (SAMPLES / name).read_bytes()
    path = tmp_path / name
    for number in range(FILES):
        path.write_bytes(mutated(raw, rng))
        check(path, number)


@pytest.mark.parametrize("kind", ["pubmed_xml", "jats", "ctgov", "europepmc", "ris_csv", "medline_nbib"])
def test_mutated_real_files_end(tmp_path: Path, kind: str) -> None:
    """The same for real files of each source, where they are at hand."""
    if not REAL.is_dir():
        pytest.skip("the collection of real files is not beside the project")
    rng = random.Random(kind)
    files = sorted(f for f in (REAL / kind).iterdir() if f.stat().st_size < 130_000)
    for number in range(max(FILES // 4, 1)):
        real = rng.choice(files)
        path = tmp_path / real.name
        path.write_bytes(mutated(real.read_bytes(), rng))
        check(path, number)
        path.unlink()


def _archive(tmp_path: Path) -> bytes:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("refs.ris", "pubmed.xml"):
            archive.write(SAMPLES / name, name)
    return path.read_bytes()


@pytest.mark.parametrize("kind", ["zip", "gz"])
def test_mutated_archives_end(tmp_path: Path, kind: str) -> None:
    """Archives with faults in head, data or index."""
    rng = random.Random(kind)
    raw = _archive(tmp_path) if kind == "zip" else gzip.compress((SAMPLES / "refs.ris").read_bytes())
    path = tmp_path / f"x.{kind}"
    for number in range(FILES):
        path.write_bytes(mutated(raw, rng))
        check(path, number)


def _word(tmp_path: Path) -> bytes:
    document = docx.Document()
    document.add_heading("Results", 1)
    document.add_paragraph("Zorilimab lowered the score in the group that was treated.")
    document.add_table(rows=2, cols=2)
    path = tmp_path / "a.docx"
    document.save(str(path))
    return path.read_bytes()


PAGE = (
    b"<html><head><title>T</title></head><body><article><h1>T</h1><p style='color:#fff'>x</p><p>"
    + b"Zorilimab lowered the score. " * 20
    + b"</p><table><tr><td>a</td></tr></table></article></body></html>"
)


@pytest.mark.parametrize("kind", ["pdf", "docx", "html"])
def test_mutated_documents_end(tmp_path: Path, kind: str) -> None:
    """Word and HTML readers fail only as their process reports it; no fault of theirs reaches the build.

    They are called here without their process, which costs a second a file; a few go the whole way.
    """
    rng = random.Random(kind)
    raw = {
        "pdf": pdf(
            [lines("Zorilimab lowered the score in the group."), lines("More text on page two here.")]
        ),
        "docx": _word(tmp_path),
        "html": PAGE,
    }[kind]
    reader = {"pdf": pdf_reader.read, "docx": word_reader.read, "html": page_reader.read}[kind]
    path = tmp_path / f"x.{kind}"
    for number in range(FILES):
        path.write_bytes(mutated(raw, rng))
        if number < 4:
            check(path)
        found = told(reader, str(path))
        assert found.keys() == {"error"} or "sections" in found
        assert "\n" not in str(found.get("error"))
        json.dumps(found)
