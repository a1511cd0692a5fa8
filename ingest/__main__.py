"""``python -m ingest``: builds the index."""

from __future__ import annotations

import sys
from pathlib import Path

from caveat.adapters.minilm import load_encoder
from caveat.settings import load_settings
from ingest.build import build


def main() -> int:
    """First working command line."""
    settings = load_settings()
    arguments = sys.argv[2:]
    paths = [Path(a) for a in arguments if not a.startswith("-")]
    if "--no-starter" not in arguments:
        paths.insert(0, settings.corpus_dir)
    report = build(paths, settings.home_dir, load_encoder(settings.embedder, threads=settings.threads))
    print(report)
    return 1 if report.errors else 0


if __name__ == "__main__":
    sys.exit(main())
