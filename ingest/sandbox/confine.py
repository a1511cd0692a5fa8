"""Takes from this process what a reader does not need: memory, time, network, other programs, files to write."""

from __future__ import annotations

import sys

try:
    import resource
except ImportError:  # Windows has no such limits; the time limit of the parent stays
    resource = None  # type: ignore[assignment]

_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "os.spawn",
    "urllib.",
)
_WRITE = set("wax+")


class Confined(PermissionError):
    """Something in a file tried to do what a reader may not do."""


def confine(megabytes: int, seconds: int) -> None:
    """From here on: no network, no other program, no file opened for writing, and no more than this."""
    if resource is not None:
        size = megabytes * 1_000_000
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_watch)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise Confined(f"{event} is not allowed here")
    if event == "open" and isinstance(mode := arguments[1], str) and _WRITE & set(mode):
        raise Confined("no file is written here")
