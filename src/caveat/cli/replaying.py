"""``replay``: whether receipts hold on the index of today, and what changed behind them."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from caveat.answering.receipt import Outcome, read_receipt, replay
from caveat.cli.lines import emit, shown
from caveat.errors import CaveatError
from caveat.settings import Settings
from caveat.wiring import build_app

SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``replay``."""
    parser.add_argument("receipts", nargs="+", metavar="RECEIPT.json", help="written by ask --receipt")
    parser.add_argument("--json", action="store_true", help="print JSON (one line a receipt)")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """0 when every receipt is reproduced, 1 when something differs, 2 when one could not be replayed."""
    receipts = [(name, read_receipt(Path(name))) for name in args.receipts]
    app = build_app(settings)
    out = Console(highlight=False)
    code = 0
    for name, receipt in receipts:
        try:
            found = replay(receipt, app.provider.current(), app.answerer)
        except CaveatError as error:
            raise CaveatError(f"{name}: {error}") from None
        if args.json:
            emit({"receipt": name, "same": found.same, **asdict(found)})
        else:
            _show(name, found, out)
        code = max(code, 0 if found.same else 1)
    return code


def _show(name: str, found: Outcome, out: Console) -> None:
    word = "[green]same[/green]" if found.same else "[red]different[/red]"
    out.print(f"[bold]{shown(name)}[/bold]: {word}")
    if not found.intact:
        out.print("  ! The receipt was changed after it was written: its own checksum does not fit.")
    where = "the generation that answered" if found.same_generation else "another generation"
    whole = {True: ", the same texts", False: ", other texts", None: ""}[found.same_collection]
    out.print(f"  Compared with {where}{whole}.")
    out.print("  Compared: " + ", ".join(f"{n} {what}" for what, n in found.checked.items()) + ".")
    for d in found.differences[:SHOWN]:
        out.print(shown(f"  - {d.what}: {d.about}: {_side(d.was)} -> {_side(d.now)}"), soft_wrap=True)
    if len(found.differences) > SHOWN:
        out.print(f"  … and {len(found.differences) - SHOWN} more (--json shows all).")


def _side(value: str | None) -> str:
    return "none" if value is None else value
