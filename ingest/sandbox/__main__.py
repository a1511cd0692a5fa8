"""``python -m ingest.sandbox KIND FILE MEGABYTES SECONDS``: what stands in a file, as one JSON object."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from importlib import import_module

from ingest.sandbox.confine import confine
from ingest.sandbox.found import Found, Unreadable

READERS = {"pdf": "pdf", "docx": "word", "html": "page"}
MOST_CHARACTERS = 20_000_000


def main(kind: str, path: str, megabytes: int, seconds: int) -> int:
    """0: the object is on standard output. 1: it holds an ``error``."""
    logging.disable(logging.CRITICAL)
    # One at a time, for each brings a large library; and before the doors close, for that opens files.
    read: Callable[[str], Found] = import_module(f"ingest.sandbox.{READERS[kind]}").read
    confine(megabytes, seconds)
    try:
        found = read(path).as_json()
    except Unreadable as error:
        found = {"error": str(error)}
    except MemoryError:
        found = {"error": "it needs more memory than CAVEAT_DOCUMENT_MEMORY_MB allows"}
    except RecursionError:
        found = {"error": "it is nested too deeply"}
    except Exception as error:  # what a damaged file may raise in the libraries has no common type
        found = {"error": f"it is damaged ({type(error).__name__})"}
    text = json.dumps(found)
    if len(text) > MOST_CHARACTERS:
        text = json.dumps(
            {"error": f"it holds more than {MOST_CHARACTERS // 1_000_000} million characters of text"}
        )
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
