"""An answer as readable text in the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table as RichTable

from caveat.cli.lines import shown
from caveat.domain.model import (
    DISCLOSURE,
    Answer,
    Card,
    Cited,
    Claim,
    Declined,
    NumberedSource,
    Passages,
    Severity,
    Table,
)
from caveat.domain.words_for import LEVEL_WORDS, design_words, lane_words, link, status_words

WIDEST = 8


def render(answer: Answer, out: Console) -> None:
    """Prints the answer: card first, headline, lanes, caveats, sources, disclosure."""
    if answer.card:
        _card(answer.card, out)
    if answer.standalone_question != answer.question:
        out.print(f"[dim]Understood as: {shown(answer.standalone_question)}[/dim]")
    if not (answer.card and isinstance(answer, Declined)):
        out.print(f"\n[bold]{shown(answer.headline)}[/bold]")
    if isinstance(answer, Cited):
        _cited(answer, out)
    elif isinstance(answer, Passages):
        for passage in answer.passages:
            out.print(Padding(f"{shown(passage.text)}  [dim]{shown(passage.id)}[/dim]", (0, 0, 1, 2)))
    if answer.caveats:
        out.print("\n[bold]Be careful[/bold]")
        for caveat in answer.caveats:
            mark = {Severity.STOP: "STOP", Severity.WARN: "!", Severity.INFO: "-"}[caveat.severity]
            out.print(f"  {mark} {shown(caveat.text)}")
    if isinstance(answer, Cited) and answer.unknowns:
        out.print("\n[bold]What this does not tell[/bold]")
        out.print("  " + shown("; ".join(answer.unknowns)) + ".")
    if isinstance(answer, Cited) and answer.glossary:
        out.print("\n[bold]Words[/bold]")
        for term in answer.glossary:
            out.print(f"  {shown(term.word)}: {shown(term.meaning)}")
    _sources(answer.sources, out)
    for note in answer.notices:
        out.print(f"\n[dim]{shown(note)}[/dim]")
    searched = (
        f" Searched {answer.searched.sources_in_index:,} works." if answer.searched.sources_in_index else ""
    )
    out.print(f"\n[dim]{DISCLOSURE}{searched}[/dim]")


def _cited(answer: Cited, out: Console) -> None:
    if answer.certainty:
        why = f" ({'; '.join(answer.certainty.reasons)})" if answer.certainty.reasons else ""
        out.print(f"Certainty: {LEVEL_WORDS[answer.certainty.level]}{shown(why)}. [dim]Rated by rule.[/dim]")
    if answer.table:
        _table(answer.table, {s.source.id: s.number for s in answer.sources}, out)
    for stance in dict.fromkeys(c.stance for c in answer.claims):
        claims = [c for c in answer.claims if c.stance is stance]
        out.print(f"\n[bold]{lane_words(stance, answer.question_kind)}[/bold]")
        _claims(claims, out)


def _table(table: Table, numbers: dict[str, int], out: Console) -> None:
    """Side by side; a table too wide for a terminal goes work by work."""
    rows = list(zip(table.source_ids, table.rows, strict=True))
    if len(table.columns) > WIDEST:
        for source_id, row in rows:
            out.print(f"\n[bold]{shown(f'[{numbers[source_id]}] {row[0]}')}[/bold]")
            for column, cell in list(zip(table.columns, row, strict=True))[1:]:
                out.print(Padding(shown(f"{column}: {cell}"), (0, 0, 0, 4)))
        return
    grid = RichTable(show_lines=False)
    grid.add_column("")
    for column in table.columns:
        grid.add_column(column)
    for source_id, row in rows:
        grid.add_row(shown(f"[{numbers[source_id]}]"), *(shown(cell) for cell in row))
    out.print(grid)


def _claims(claims: list[Claim], out: Console) -> None:
    before: str | None = None
    for claim in claims:
        frame = claim.frame or ""
        if frame != before:
            out.print(f"  [italic]{shown(frame)}[/italic]")
        before = frame
        numbers = "".join(f"[{c.number}]" for c in claim.citations)
        said = f"“{claim.text}”" if claim.verbatim else claim.text
        out.print(Padding(shown(f"{said} {numbers}"), (0, 0, 0, 4)))


def _sources(sources: tuple[NumberedSource, ...], out: Console) -> None:
    if not sources:
        return
    out.print("\n[bold]Sources[/bold]")
    for item in sources:
        s = item.source
        parts = [s.title, s.journal, str(s.year) if s.year else None, design_words(s), status_words(s)]
        out.print("  " + shown(f"[{item.number}] " + ". ".join(p.rstrip(".") for p in parts if p) + "."))
        url = link(s)
        if url:
            out.print(f"      {shown(url)}", soft_wrap=True)


def _card(card: Card, out: Console) -> None:
    out.print(f"\n[bold]{shown(card.text)}[/bold]")
    for line in card.lines:
        contact = " · ".join(
            x
            for x in (
                line.phone,
                f"text {line.text_number}" if line.text_number else None,
                line.url,
                f"emergency {line.emergency}" if line.emergency else None,
            )
            if x
        )
        out.print(f"  {shown(f'{line.country}: {line.service}')}  {shown(contact)}")
