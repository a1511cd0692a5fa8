"""Builds in processes of their own, without the start of an interpreter for each.

Reads one order a line (JSON: ``collection``, ``home``, ``log``, ``flip``), forks, builds there, and writes the process id
and then how it ended. The steps that a build reaches are appended to ``log`` as they come. With ``flip`` the process kills
itself so many seconds after the pointer's move has begun.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path

from small_encoder import WordEncoder

from ingest.build import build
from ingest.events import Event, Progress, Stage


def one_build(collection: str, home: str, log: str, flip: float | None) -> None:
    """Builds, in this process."""
    steps = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def listen(event: Event) -> None:
        if not isinstance(event, Progress):
            return
        os.write(steps, f"{event.stage.value} {event.done}\n".encode())
        if flip is not None and event.stage is Stage.ACTIVATE and not event.done:
            threading.Timer(flip, os.kill, (os.getpid(), signal.SIGKILL)).start()

    build([Path(collection)], Path(home), WordEncoder(), listen=listen)


def main() -> None:
    """Serves orders until the end of the input."""
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if not pid:
            code = 1
            try:
                one_build(**order)
                code = 0
            finally:
                os._exit(code)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
        ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        sys.stdout.write(f"{ended}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
