"""Runs the ingest program for a benchmark: nothing imports it, so it is run as its own process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from caveat.errors import BuildFailed
from caveat.settings import PROJECT_ROOT


def build_index(paths: Sequence[Path], home: Path) -> None:
    """Indexes the paths, and nothing else, into ``home``; raises ``BuildFailed`` with what it said last."""
    command = [sys.executable, "-m", "ingest", "build", "--no-starter", *map(str, paths)]
    environment = os.environ | {"CAVEAT_HOME": str(home)}
    done = subprocess.run(  # noqa: S603 - our own program, with paths we wrote
        command, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines() or ["no message"]
        raise BuildFailed(f"The benchmark's index could not be built; the ingest program said: {said[-1]}")
