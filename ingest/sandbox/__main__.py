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


def told(read: Callable[[str], Found], path: str) -> dict[str, object]:
    """What a reader found, or under ``error`` why it found nothing; whatever the file makes it do."""
    try:
        return read(path).as_json()
    except Unreadable as error:
        why = str(error)
    except MemoryError:
        why = "it needs more memory than CAVEAT_DOCUMENT_MEMORY_MB allows"
    except RecursionError:
        why = "it is nested too deeply"
    except Exception as error:  # what a damaged file may raise in the libraries has no common type
        why = f"it is damaged ({type(error).__name__})"
    return {"error": " ".join(why.split())}


def main(kind: str, path: str, megabytes: int, seconds: int) -> int:
    """Writes the object; its ``error`` says why there is nothing else in it."""
    logging.disable(logging.CRITICAL)
    # One at a time, for each brings a large library; and before the doors close, for that opens files.
    read: Callable[[str], Found] = import_module(f"ingest.sandbox.{READERS[kind]}").read
    confine(megabytes, seconds)
    text = json.dumps(told(read, path))
    if len(text) > MOST_CHARACTERS:
        text = json.dumps(
            {"error": f"it holds more than {MOST_CHARACTERS // 1_000_000} million characters of text"}
        )
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
