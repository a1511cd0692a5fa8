"""``ask``: one answer in the terminal, or many as JSON Lines."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from rich.console import Console

from caveat.answering.events import Progress, Turn
from caveat.answering.model_plain import worded
from caveat.answering.registers import Register
from caveat.answering.serialize import answer_to_dict
from caveat.cli.lines import emit, read_lines, shown, texts
from caveat.cli.render import render
from caveat.cli.taking import EXPORTS, FORMATS, save_receipt, write
from caveat.domain.model import Answer
from caveat.errors import CaveatError, ConfigError, CorpusError
from caveat.settings import Settings
from caveat.wiring import App, build_app

NO_MODEL = "There is no language model: set CAVEAT_MODEL and either OPENAI_API_KEY or OPENAI_BASE_URL (docs/MODEL.md)."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options on how an answer is worded."""
    parser.add_argument(
        "--register",
        choices=[r.value for r in Register],
        default=Register.CLINICAL.value,
        help="for whom the answer is worded; the same claims for all (default: clinical)",
    )
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        help="text for the terminal (default), json, or a file to take away: markdown, bibtex, ris, "
        "csv (the studies), doctor (questions to take along)",
    )
    parser.add_argument(
        "--receipt",
        metavar="FILE",
        help="also write how the answer came about: JSON, which `replay` reads, or Markdown where the name ends in .md",
    )
    parser.add_argument(
        "--keep-question",
        action="store_true",
        help="keep the question in the receipt as typed (else names, numbers and addresses are struck out)",
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Answers the question, or each question of the file; 1 when a question of the file failed."""
    if bool(args.question is not None) == bool(args.file):
        raise ConfigError('Give one question in quotes, or --file QUESTIONS.jsonl: python -m caveat ask "…"')
    form = "json" if args.json else args.format
    if args.file and form not in {"text", "json"}:
        raise ConfigError(f"--file gives JSON Lines; leave out --format {form}, or ask one question.")
    if args.file and args.receipt:
        raise ConfigError("--receipt goes with one question, not with --file.")
    app = build_app(settings)
    register = Register(args.register)
    _tell(app, use_model=args.model)
    if args.file:
        return _many(app, args.file, register, use_model=args.model)
    history = _history(args.history)
    found = _one(app, args.question, history, use_model=args.model, quiet=form != "text")
    answer = worded(found, register, app.topic, app.answerer.plain)
    if form == "text":
        render(answer, Console(highlight=False))
    elif form == "json":
        emit(answer_to_dict(answer, register))
    else:
        write(EXPORTS[form](answer))
    if args.receipt:
        kept = args.question if args.keep_question else None
        save_receipt(args.receipt, app, found, history, register, kept)
    return 0


def _one(app: App, question: str, history: list[Turn], *, use_model: bool, quiet: bool) -> Answer:
    """The answer as it was given; unless ``quiet``, standard error tells what is being done."""
    if quiet:
        return app.answerer.answer(question, history, use_model=use_model)
    with Console(stderr=True, highlight=False).status("Reading the question") as status:
        for event in app.answerer.ask(question, history, use_model=use_model):
            if not isinstance(event, Progress):
                return event
            status.update(event.text)
    raise RuntimeError("ask() ended without an answer")


def _many(app: App, path: str, register: Register, *, use_model: bool) -> int:
    failed = 0
    for data in read_lines(path, "question"):
        history = [Turn(text) for text in texts(data, "history")]
        try:
            found = app.answerer.answer(str(data["question"]), history, use_model=use_model)
            answer = answer_to_dict(worded(found, register, app.topic, app.answerer.plain), register)
        except CaveatError as error:
            failed += 1
            answer = {"error": str(error)}
        emit({"id": data.get("id"), **answer})
    return 1 if failed else 0


def _tell(app: App, *, use_model: bool) -> None:
    """Says on standard error what goes where, before anything does; raises ``ConfigError`` without a model."""
    model = app.answerer.model
    if use_model and model is None:
        raise ConfigError(NO_MODEL)
    for line in (app.answerer.search_notice, model.notice if model and use_model else None):
        if line:
            Console(stderr=True, highlight=False).print(shown(line))


def _history(path: str | None) -> list[Turn]:
    if path is None:
        return []
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CorpusError("no such file.", path=path) from None
    except ValueError as error:
        raise CorpusError(f"not JSON: {error}", path=path) from None
    if isinstance(data, dict):
        data = data.get("history", [])
    return [Turn(text) for text in texts({"history": data}, "history")]
