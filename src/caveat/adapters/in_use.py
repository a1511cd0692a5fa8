"""A mark on a generation that somebody answers from: it is not pruned as long as it is there."""

from __future__ import annotations

import os
from pathlib import Path

from caveat.adapters.manifest import FILE

try:
    import fcntl
except ImportError:  # Windows, where an open file cannot be removed anyway
    fcntl = None  # type: ignore[assignment]


class Hold:
    """Marks a generation until it is closed; the system takes the mark away when the process ends, however it ends.

    Raises ``FileNotFoundError`` when the generation is being removed or is gone.
    """

    def __init__(self, folder: Path) -> None:
        self._file: int | None = os.open(folder / FILE, os.O_RDONLY)
        try:
            if not _locked(self._file, shared=True) or not (folder / FILE).is_file():
                raise FileNotFoundError(folder / FILE)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Takes the mark away."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def remove_manifest(folder: Path) -> bool:
    """Makes a generation unfinished, so that nobody takes it any more; False when somebody answers from it."""
    try:
        file = os.open(folder / FILE, os.O_RDONLY)
    except FileNotFoundError:
        return True
    try:
        if not _locked(file, shared=False):
            return False
        (folder / FILE).unlink(missing_ok=True)
        return True
    finally:
        os.close(file)


def _locked(file: int, *, shared: bool) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        # A file system without locks: as it was before there were marks.
        return True
    return True
