"""Shares the ingest tests' collection: an index is made by the ingest program here as well."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "ingest"))

from small_encoder import WordEncoder

from caveat.adapters.minilm import OnnxEncoder, load_encoder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def encoder() -> WordEncoder:
    return WordEncoder()


@pytest.fixture(scope="session")
def minilm() -> OnnxEncoder:
    return load_encoder()
