"""``search``: the ranked passages alone."""

from __future__ import annotations

import argparse

from rich.console import Console

from caveat.answering.retrieve import Retrieval, Retriever
from caveat.cli.lines import emit, read_lines, shown
from caveat.domain.model import Design, Status
from caveat.domain.ports import Filters
from caveat.domain.question import read_question
from caveat.errors import ConfigError
from caveat.settings import Settings
from caveat.wiring import App, build_app


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Prints the best passages of the query, or of each line of the file."""
    if bool(args.query) == bool(args.file):
        raise ConfigError('Give words to search for, or --file QUESTIONS.jsonl: python -m caveat search "…"')
    if args.k < 1:
        raise ConfigError("-k takes a whole number above 0.")
    filters = _filters(args)
    app = build_app(settings)
    if args.file:
        for data in read_lines(args.file, "question"):
            emit(
                {
                    "id": data.get("id"),
                    "passages": _rows(_search(app, str(data["question"]), filters, args.k)),
                }
            )
        return 0
    found = _search(app, args.query, filters, args.k)
    if args.json:
        emit({"query": args.query, "passages": _rows(found)})
        return 0
    out = Console(highlight=False)
    for row in _rows(found):
        out.print(
            f"[bold]{row['rank']}[/bold] {shown(str(row['title']))} [dim]{shown(str(row['passage_id']))}[/dim]"
        )
        out.print(f"   {shown(str(row['text']))}\n")
    if not found.ranked:
        out.print("Nothing was found.")
    return 0


def _search(app: App, query: str, filters: Filters, k: int) -> Retrieval:
    index = app.provider.current()
    retriever = Retriever(app.topic, app.settings.rerank, depth=max(100, k))
    found = retriever.search(
        index, read_question(query, app.topic), filters=None if filters.empty else filters
    )
    kept = found.ranked[:k]
    return Retrieval(
        kept, found.passages, found.sources, found.scores, found.trace[:k], found.queries, found.considered
    )


def _rows(found: Retrieval) -> list[dict[str, object]]:
    by = {r.passage_id: r.found_by for r in found.trace}
    rows: list[dict[str, object]] = []
    for rank, passage_id in enumerate(found.ranked, 1):
        passage = found.passages[passage_id]
        rows.append(
            {
                "rank": rank,
                "passage_id": passage_id,
                "source_id": passage.source_id,
                "title": found.sources[passage.source_id].title,
                "section": passage.section,
                "score": round(found.scores[passage_id], 4),
                "found_by": list(by.get(passage_id, ())),
                "text": passage.text,
            }
        )
    return rows


def _filters(args: argparse.Namespace) -> Filters:
    try:
        designs = tuple(Design(d) for d in args.design)
        statuses = tuple(Status(s) for s in args.status)
    except ValueError as error:
        choices = ", ".join(d.value for d in Design)
        raise ConfigError(f"{error}. Designs are: {choices}. Statuses: {', '.join(Status)}.") from None
    return Filters(args.year_from, args.year_to, designs, statuses, args.population)
