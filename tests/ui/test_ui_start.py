"""``python app.py``: what it says when it cannot start."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def start(**settings: str) -> subprocess.CompletedProcess[str]:
    """Runs the program with these settings until it ends by itself."""
    return subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, **{f"CAVEAT_{name.upper()}": value for name, value in settings.items()}},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_wrong_setting_is_one_line() -> None:
    """The line names the variable; there is no traceback."""
    run = start(port="many")
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    assert "CAVEAT_PORT" in run.stderr


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    """Another program on the port: the line says which setting to change, even with no index at all."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        run = start(port=str(other.getsockname()[1]), home=str(tmp_path))
    assert run.returncode == 2
    assert "Traceback" not in run.stderr
    assert "set CAVEAT_PORT" in run.stderr
