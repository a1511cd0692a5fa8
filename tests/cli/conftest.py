"""Runs the program in this process, over the starter collection and the real embedding model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from caveat.adapters.minilm import OnnxEncoder
from caveat.cli.main import main


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(
    starter_home: Path,
    starter_encoder: OnnxEncoder,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """Runs ``python -m caveat`` with the given arguments; ``home`` names another home."""
    monkeypatch.setattr("caveat.wiring.encoder_of", lambda settings: starter_encoder)
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: str, home: Path | None = None) -> Ran:
        monkeypatch.setenv("CAVEAT_HOME", str(home or starter_home))
        capsys.readouterr()
        try:
            code: Any = main(list(arguments))
        except SystemExit as end:
            code = end.code
        captured = capsys.readouterr()
        return Ran(int(code or 0), captured.out, captured.err)

    return call
