"""What must be on disk before anything points to it."""

from __future__ import annotations

import os
from pathlib import Path


def flush(folder: Path) -> None:
    """Waits until all files of the folder, and where the system allows it the folders, are on disk."""
    for path in (*folder.rglob("*"), folder, folder.parent):
        if path.is_file() or (os.name == "posix" and path.is_dir()):
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
