"""``ask --receipt`` and ``replay`` on a collection that changes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from caveat.adapters.minilm import OnnxEncoder
from caveat.settings import Settings
from ingest.build import build

QUESTION = "Does tocilizumab help depression?"
WORKS = (
    "insight-2026-tocilizumab-depression-rct",
    "knight-2021-tocilizumab-hct-worse-depression",
    "tiosano-2020-tocilizumab-ra-anxiety-depression",
)
Run = Callable[..., Any]


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A folder with three works of the starter collection."""
    folder = tmp_path / "notes"
    folder.mkdir()
    for name in WORKS:
        (found,) = Settings().corpus_dir.rglob(f"{name}.md")
        shutil.copy(found, folder)
    return folder


def test_a_receipt_is_replayed_and_a_newer_collection_is_compared(
    run: Run, notes: Path, tmp_path: Path, starter_encoder: OnnxEncoder
) -> None:
    """0 on the same index; 1 on a newer one, with the reworded, the vanished and the retracted work named."""
    home, file = tmp_path / "home", str(tmp_path / "r.json")
    build([notes], home, starter_encoder)
    asked = run("ask", QUESTION, "--receipt", file, home=home)
    assert asked.code == 0
    same = run("replay", file, home=home)
    assert (same.code, same.err) == (0, "")
    assert ": same" in same.out

    reworded = notes / f"{WORKS[0]}.md"
    text = reworded.read_text(encoding="utf-8")
    assert "differed little" in text
    reworded.write_text(text.replace("differed little", "hardly differed"), encoding="utf-8")
    (notes / f"{WORKS[2]}.md").unlink()
    retracted = notes / f"{WORKS[1]}.md"
    lines = [x for x in retracted.read_text(encoding="utf-8").splitlines() if not x.startswith("status:")]
    lines.insert(1, "status: retracted")
    retracted.write_text("\n".join(lines) + "\n", encoding="utf-8")
    build([notes], home, starter_encoder)

    ran = run("replay", file, "--json", home=home)
    assert ran.code == 1
    data = json.loads(ran.out)
    assert (data["same"], data["intact"], data["same_generation"], data["same_collection"]) == (
        False,
        True,
        False,
        False,
    )
    told = {(d["what"], d["about"].split("#")[0]) for d in data["differences"]}
    assert ("cited passage changed", WORKS[0]) in told
    assert ("cited work vanished", WORKS[2]) in told
    assert ("status changed", WORKS[1]) in told
    words = run("replay", file, home=home)
    assert words.code == 1
    assert "different" in words.out
    assert "another generation" in words.out


def test_a_receipt_to_read_is_markdown(run: Run, tmp_path: Path) -> None:
    """A name that ends in .md gives the form for people; nothing but the file is left behind."""
    folder = tmp_path / "out"
    folder.mkdir()
    ran = run("ask", QUESTION, "--receipt", str(folder / "r.md"), "--keep-question")
    assert ran.code == 0
    assert [p.name for p in folder.iterdir()] == ["r.md"]
    assert (folder / "r.md").read_text(encoding="utf-8").startswith("# Receipt")
    ran = run("replay", str(folder / "r.md"))
    assert ran.code == 2
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("replay", "no-such-file.json"),
        ("ask", QUESTION, "--receipt", "no/such/folder/r.json"),
        ("ask", "--file", "q.jsonl", "--receipt", "r.json"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(run: Run, arguments: tuple[str, ...]) -> None:
    """Exit code 2 and one line on standard error."""
    ran = run(*arguments)
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert "Traceback" not in ran.err
