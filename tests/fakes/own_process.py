"""Python code in a process of its own, which can be ended where the code does not end."""

from __future__ import annotations

import os
import subprocess
import sys


def run_apart(code: str, given: str | None = None) -> None:
    """Runs the code with ``given`` as its input and this process's import path; it must end without an error."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=given,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
