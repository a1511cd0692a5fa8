"""What all tests share: no setting from outside, and the starter collection indexed once."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings as hypothesis_settings

from caveat.settings import Settings

if TYPE_CHECKING:  # heavy parts are imported by the fixtures that need them
    from caveat.adapters.minilm import OnnxEncoder
    from caveat.domain.topic import Topic
    from caveat.wiring import App


def pytest_configure() -> None:
    """Settings of whoever runs the tests do not reach them; a busy machine fails no property test."""
    for name in [n for n in os.environ if n.startswith(("CAVEAT_", "OPENAI_"))]:
        if not name.startswith("CAVEAT_FUZZ"):  # how long the fuzz tests run is no setting of the program
            del os.environ[name]
    hypothesis_settings.register_profile("steady", max_examples=60, deadline=None)
    hypothesis_settings.load_profile("steady")


@pytest.fixture(scope="session")
def topic() -> Topic:
    """The topic of the starter collection."""
    from caveat.adapters.topic_file import load_topic

    return load_topic(Settings().topic_file)


@pytest.fixture(scope="session")
def starter_encoder() -> OnnxEncoder:
    """The real embedding model."""
    from caveat.adapters.minilm import load_encoder

    return load_encoder()


@pytest.fixture(scope="session")
def starter_home(tmp_path_factory: pytest.TempPathFactory, starter_encoder: OnnxEncoder) -> Path:
    """A home with a real index of ``corpus/``, built once for all tests; do not change it.

    Vectors that a build left in the project's own home are reused: two seconds instead of twenty.
    """
    from ingest.build import build
    from ingest.clean import CACHE

    home = tmp_path_factory.mktemp("starter")
    known = Settings().home_dir / CACHE
    if known.is_file():
        _copy_vectors(known, home / CACHE)
    build([Settings().corpus_dir], home, starter_encoder)
    return home


def _copy_vectors(known: Path, to: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(f"file:{known}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(to)) as new,
        ):
            old.backup(new)
    except sqlite3.Error:
        to.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def starter(starter_home: Path, starter_encoder: OnnxEncoder) -> App:
    """The app over the real index, without the safety step."""
    from caveat.adapters.generations import GenerationProvider
    from caveat.answering.context import Screening
    from caveat.wiring import build_app

    settings = Settings(home=starter_home)
    provider = GenerationProvider(settings.home_dir, starter_encoder)
    app = build_app(settings, screen=lambda text, history: Screening(), provider=provider)
    app.answerer.warm()
    return app
