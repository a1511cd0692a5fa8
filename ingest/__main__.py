"""``python -m ingest``: reads documents, builds the index, and shows what is indexed."""

from __future__ import annotations

import sys

from ingest.cli import run

if __name__ == "__main__":
    sys.exit(run())
