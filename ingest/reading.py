"""``read``: what is read from files, shown and not indexed."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from caveat.errors import CaveatError
from caveat.settings import Settings
from ingest.collect import documents
from ingest.facts import doubtful, with_facts
from ingest.outcome import FAILED, OK, PARTLY
from ingest.readers.item import Limits
from ingest.show import fail, say
from ingest.split import split


def limits_of(settings: Settings) -> Limits:
    """How large a file may be, and how long and how much memory one may take."""
    return Limits(
        file_mb=settings.max_file_mb,
        seconds=settings.document_seconds,
        memory_mb=settings.document_memory_mb,
    )


def run_read(options: argparse.Namespace, settings: Settings) -> int:
    """One JSON document a line; what cannot be read is told of and left out."""
    problems: list[CaveatError] = []

    def tell(error: CaveatError) -> None:
        problems.append(error)
        fail(str(error), as_json=False)

    count = 0
    for document in documents(options.paths, tell, limits=limits_of(settings)):
        count += 1
        done = split(document)
        read, source = [asdict(fact) for fact in doubtful(done)], with_facts(done).document.source
        facts = {name: value for name, value in asdict(source).items() if value not in (None, ())}
        sections = [{"name": s.name, "text": s.text, "quotable": s.quotable} for s in document.sections]
        unsure = {"read_by_rule_unsure": read} if read else {}
        say({**facts, **unsure, "sections": sections})
    return FAILED if problems and not count else PARTLY if problems else OK
