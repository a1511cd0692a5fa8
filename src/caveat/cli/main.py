"""Reads the command line, runs one command, turns errors into one plain line and an exit code."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from caveat.cli import asking, checks, replaying, searching, taking
from caveat.cli.doctor import run_doctor
from caveat.errors import CaveatError
from caveat.settings import load_settings


class Parser(argparse.ArgumentParser):
    """Says what is wrong with a command in one line; the whole usage only on request."""

    def error(self, message: str) -> NoReturn:
        """Ends the program with exit code 2."""
        print(f"caveat: {message}. See: {self.prog} --help", file=sys.stderr)
        raise SystemExit(2)


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = Parser(
        prog="python -m caveat",
        description="Ask what research says about IL-6 blockade and mental health. Exit code: 0 done, "
        "1 done with problems, 2 could not be done.",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    ask = commands.add_parser("ask", help="one answer, or many from a file")
    ask.add_argument("question", nargs="?", help="the question, in quotes")
    ask.add_argument(
        "--model",
        action="store_true",
        help="let the language model write a draft, which is checked sentence by sentence; says first what is sent where",
    )
    ask.add_argument("--json", action="store_true", help="print the answer as JSON (one line an answer)")
    ask.add_argument(
        "--history", metavar="FILE", help="JSON list of the earlier questions of this conversation"
    )
    ask.add_argument("--file", metavar="FILE", help='JSON Lines of {"id", "question", "history": []}')
    asking.add_arguments(ask)
    ask.set_defaults(run=asking.run)

    replay = commands.add_parser("replay", help="whether receipts hold on the index of today")
    replaying.add_arguments(replay)
    replay.set_defaults(run=replaying.run)

    search = commands.add_parser("search", help="the ranked passages alone")
    search.add_argument("query", nargs="?", help="the words to search for")
    search.add_argument("-k", type=int, default=10, help="how many passages (default 10)")
    search.add_argument("--json", action="store_true", help="print JSON")
    search.add_argument("--file", metavar="FILE", help='JSON Lines of {"id", "question"}')
    search.add_argument("--year-from", type=int, help="only works of this year or later")
    search.add_argument("--year-to", type=int, help="only works of this year or earlier")
    search.add_argument(
        "--design", action="append", default=[], help="only works of this design; may be repeated"
    )
    search.add_argument("--population", help="only works on people whom these words describe")
    search.add_argument(
        "--status", action="append", default=[], help="only works of this status; may be repeated"
    )
    search.set_defaults(run=searching.run)

    verify = commands.add_parser("verify", help="check claims against passages, nothing else")
    verify.add_argument(
        "pairs", metavar="PAIRS.jsonl", help='JSON Lines of {"id", "passage", "claim", "quote"?}'
    )
    verify.set_defaults(run=checks.run_verify)

    triage = commands.add_parser("triage", help="the safety rules alone")
    triage.add_argument(
        "messages", metavar="MESSAGES.jsonl", help='JSON Lines of {"id", "text", "history": []}'
    )
    triage.set_defaults(run=checks.run_triage)

    evaluate = commands.add_parser("evaluate", help="the figures, as a table and as JSON")
    checks.add_evaluate_arguments(evaluate)
    evaluate.set_defaults(run=checks.run_evaluate)

    schema = commands.add_parser("schema", help="the shape of an answer as JSON, as a JSON Schema")
    schema.set_defaults(run=taking.run_schema)

    doctor = commands.add_parser("doctor", help="what is configured, what is missing, how to fix it")
    doctor.add_argument("--json", action="store_true", help="print JSON")
    doctor.set_defaults(run=run_doctor)
    return top


def main(argv: Sequence[str]) -> int:
    """Exit code: 0 done, 1 done with problems, 2 could not be done."""
    args = parser().parse_args(argv)
    try:
        settings = load_settings()
        logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
        return int(args.run(args, settings))
    except CaveatError as error:
        print(f"caveat: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"caveat: {error.strerror or error}: {error.filename or ''}".rstrip(": "), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("caveat: stopped.", file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
