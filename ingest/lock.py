"""One build at a time in one home; the second is told who holds the lock."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from caveat.errors import BuildLocked

LOCK = "build.lock"
HOLDER = "build.lock.json"


@contextmanager
def build_lock(home: Path) -> Iterator[None]:
    """Holds the lock; the system frees it when the process ends, however it ends. Raises ``BuildLocked``."""
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / LOCK, blocking=False)
    holder = home / HOLDER
    try:
        lock.acquire()
    except Timeout:
        raise BuildLocked(f"Another build is running ({_holder(holder)}); wait for it or stop it.") from None
    try:
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        holder.write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": now}))
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _holder(path: Path) -> str:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return f"process {held['pid']} on {held['host']}, since {held['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "process unknown"
