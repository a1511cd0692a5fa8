"""Known questions guard the flip."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_encoder import WordEncoder

from caveat.adapters.generations import Generations
from caveat.domain.topic import KnownQuestion
from caveat.errors import BuildFailed
from ingest.build import build

NOTE = """---
id: {id}
title: {title}
---
## What was found
- {text}
"""


def _write(folder: Path) -> Path:
    folder.mkdir()
    for ident, title, text in (
        (
            "barrier-study",
            "The blood-brain barrier in mice",
            "A leaky barrier let the cytokine enter the brain.",
        ),
        ("label-text", "Label of the drug", "The boxed warning names serious infections."),
    ):
        (folder / f"{ident}.md").write_text(NOTE.format(id=ident, title=title, text=text), encoding="utf-8")
    return folder


def test_an_index_that_finds_its_known_works_is_activated(tmp_path: Path, encoder: WordEncoder) -> None:
    """A known question that finds one of its works lets the build pass."""
    known = [KnownQuestion("boxed warning of serious infections", ("label-text",))]
    report = build([_write(tmp_path / "notes")], tmp_path / "home", encoder, known=known)
    assert Generations(tmp_path / "home").current_id() == report.generation


def test_works_that_are_not_indexed_do_not_fail_a_build(tmp_path: Path, encoder: WordEncoder) -> None:
    """A known question about works of another collection says nothing about this one."""
    known = [KnownQuestion("anything", ("not-in-this-collection",))]
    build([_write(tmp_path / "notes")], tmp_path / "home", encoder, known=known)


def test_an_index_that_misses_a_known_work_is_not_activated(
    tmp_path: Path, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build whose known question finds other works only stops before the flip."""
    monkeypatch.setattr("ingest.known.TOP_WORKS", 0)
    known = [KnownQuestion("boxed warning of serious infections", ("label-text",))]
    with pytest.raises(BuildFailed, match="known questions"):
        build([_write(tmp_path / "notes")], tmp_path / "home", encoder, known=known)
    assert Generations(tmp_path / "home").current_id() is None
