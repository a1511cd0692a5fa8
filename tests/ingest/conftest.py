"""A home, a small collection and an encoder for the tests of the ingest program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_encoder import WordEncoder

from caveat.adapters.minilm import OnnxEncoder, load_encoder
from ingest.build import build
from ingest.events import Report

KNIGHT = """\
---
id: knight
title: Tocilizumab and mood after transplant
year: 2021
design: cohort
population: Adults having a stem-cell transplant
n_total: 87
status: current
---

## What was found

- Tocilizumab was associated with a higher depression score at day 28.
- The primary outcome was not met vs. transplant alone. Two sentences in one item.

## Comment by Caveat

- This note is ours.
"""
INSIGHT = """\
---
id: insight
title: Insight trial in depression
year: 2026
design: randomized controlled trial
population: Adults with depression and inflammation
conditions: [major depressive disorder]
n_total: 30
---

## What was found

- Remission was 53.9% with tocilizumab and 31.3% with placebo.
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Two works as Markdown."""
    folder = tmp_path / "collection"
    folder.mkdir()
    (folder / "knight.md").write_text(KNIGHT)
    (folder / "insight.md").write_text(INSIGHT)
    return folder


@pytest.fixture
def encoder() -> WordEncoder:
    return WordEncoder()


@pytest.fixture
def built(collection: Path, home: Path, encoder: WordEncoder) -> Callable[[], Report]:
    """Builds the collection into the home."""
    return lambda: build([collection], home, encoder)


@pytest.fixture(scope="session")
def minilm() -> OnnxEncoder:
    return load_encoder()
