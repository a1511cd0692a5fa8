"""``python tests/ingest/measure_samples.py FOLDER``: reads every file under a folder and tells what became of it.

One line for each kind (a subfolder): files, read, read in part, refused, records, and how many records have a
title, an abstract or text, a DOI or PMID, authors, a year. Then each refusal with its reason.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

from caveat.errors import CorpusError
from ingest.readers import read_file
from ingest.readers.record import TITLE_ONLY


def measure(folder: Path) -> tuple[dict[str, Counter[str]], list[str]]:
    """Counts by subfolder, and the refusals."""
    counts: dict[str, Counter[str]] = {}
    refusals: list[str] = []
    for file in sorted(f for f in folder.rglob("*") if f.is_file() and f.parent != folder):
        kind = file.relative_to(folder).parts[0]
        count = counts.setdefault(kind, Counter())
        errors: list[CorpusError] = []
        started = time.monotonic()
        documents = list(read_file(file, errors.append))
        count["seconds"] += round((time.monotonic() - started) * 1000)
        count["files"] += 1
        count["read" if documents and not errors else "in part" if documents else "refused"] += 1
        count["records"] += len(documents)
        for document in documents:
            source = document.source
            count["with text"] += document.sections[0].name != TITLE_ONLY
            count["with id"] += bool(source.doi or source.pmid or source.pmcid or source.registry_ids)
            count["with authors"] += bool(source.authors)
            count["with year"] += source.year is not None
        if errors:
            refusals.append(
                f"{file.relative_to(folder)}: {errors[0].reason}"
                + (f" (and {len(errors) - 1} more)" if len(errors) > 1 else "")
            )
    return counts, refusals


COLUMNS = (
    "files",
    "read",
    "in part",
    "refused",
    "records",
    "with text",
    "with id",
    "with authors",
    "with year",
)


def main(folder: Path) -> None:
    """Prints the table and the refusals."""
    counts, refusals = measure(folder)
    lines = ["| kind | " + " | ".join(COLUMNS) + " | seconds |", "|---" * (len(COLUMNS) + 2) + "|"]
    total: Counter[str] = sum(counts.values(), Counter())
    for kind, count in [*counts.items(), ("all", total)]:
        lines.append(
            f"| {kind} | "
            + " | ".join(str(count[c]) for c in COLUMNS)
            + f" | {count['seconds'] / 1000:.1f} |"
        )
    sys.stdout.write("\n".join([*lines, "", *refusals]) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
