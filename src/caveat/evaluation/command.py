"""``python -m caveat evaluate [SET…]``: the figures, as tables and as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from caveat.adapters.encoders import encoder_of
from caveat.domain.ports import ChatModel, EvidenceIndex
from caveat.errors import CaveatError, ConfigError
from caveat.evaluation import planted, planted_report, premise_set, retrieval, scifact, side_by_side
from caveat.evaluation import report as reports
from caveat.evaluation.evaluate import Ask, Report
from caveat.evaluation.evaluate import run as evaluate
from caveat.evaluation.questions import QuestionSet, load_set
from caveat.settings import PROJECT_ROOT, load_settings

GOLDEN = {"golden-dev": ("golden_dev.jsonl", False), "golden-heldout": ("golden_heldout.jsonl", True)}
FILES = {
    **GOLDEN,
    "golden-tuning": ("golden_tuning.jsonl", False),
    "unanswerable": ("unanswerable.jsonl", False),
    "critic": ("critic.jsonl", False),
    "first-contact": ("first_contact.jsonl", False),
    "second-contact": ("second_contact.jsonl", False),
}
"""Sets of questions by name: file and whether it is held out; those beyond the golden halves run when named."""
SCIFACT = "scifact"
PLANTED = "planted"
PREMISES = "premises"
SIDE_BY_SIDE = "side-by-side"
ALL = "all"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``evaluate`` to the parser."""
    parser.add_argument(
        "sets",
        nargs="*",
        metavar="SET",
        help=f"{', '.join(FILES)}, {PREMISES}, {PLANTED}, {SCIFACT}, {SIDE_BY_SIDE} (needs a model) or {ALL} (default: {' and '.join(GOLDEN)})",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write the JSON to FILE")
    parser.add_argument("--failures", action="store_true", help="show what went wrong, question by question")
    parser.add_argument(
        "--show-held-out", action="store_true", help="show the questions of the held-out set too"
    )
    parser.add_argument("--model", action="store_true", help="let the language model write (docs/MODEL.md)")
    parser.add_argument("--most", type=int, metavar="N", help="at most N questions a set, spread over it")
    parser.add_argument("--gate", action="store_true", help="exit with 1 when a figure misses its target")
    parser.add_argument(
        "--questions",
        type=Path,
        default=PROJECT_ROOT / "tests" / "evaluation",
        metavar="DIR",
        help="where the golden sets are",
    )
    parser.add_argument(
        "--scifact", type=Path, default=scifact.DEFAULT_FOLDER, metavar="DIR", help="where SciFact is"
    )


def chosen(names: Sequence[str]) -> list[str]:
    """The sets to run, in order, each once; raises ``ConfigError`` for a name that is none."""
    every = (*FILES, PREMISES, PLANTED, SCIFACT)
    known = (*every, SIDE_BY_SIDE)
    wrong = [n for n in names if n not in (*known, ALL)]
    if wrong:
        raise ConfigError(f"There is no set {wrong[0]!r}; choose from {', '.join((*known, ALL))}.")
    if ALL in names:
        return list(every)
    return list(dict.fromkeys(names)) or list(GOLDEN)


def run(
    args: argparse.Namespace,
    answerer: Ask,
    index: EvidenceIndex | None,
    make: planted.Make | None = None,
    chat: ChatModel | None = None,
) -> int:
    """Measures and prints the chosen sets; 1 when ``--gate`` is given and a target is missed, else 0.

    ``make`` answers from another index; the planted works need it. ``chat`` is the model of the baseline.
    """
    out, progress = Console(), Console(stderr=True)
    names = chosen(args.sets)
    sets = [
        at_most(load_set(args.questions / FILES[n][0], n, held_out=FILES[n][1]), args.most)
        for n in names
        if n in FILES
    ]
    golden = _golden(sets, answerer, index, progress)
    found = _scifact(args.scifact, progress) if SCIFACT in names else None
    plants = _planted(args.questions, make, progress) if PLANTED in names and make else None
    beside = _side_by_side(args, index, make, chat, progress) if SIDE_BY_SIDE in names else None
    false = _premises(args.questions, answerer, progress) if PREMISES in names else None
    data: dict[str, object] = reports.to_json(golden, show_held_out=args.show_held_out)
    if found is not None:
        data["scifact"] = retrieval.to_json(found)
    if false is not None:
        data["premises"] = premise_set.to_json(false)
    if plants is not None:
        data["planted"] = planted_report.to_json(plants)
    if beside is not None:
        data["side_by_side"] = side_by_side.to_json(beside)
    text = json.dumps(data, ensure_ascii=False, indent=2)
    if args.out:
        args.out.write_text(text + "\n", encoding="utf-8")
    if args.json:
        sys.stdout.write(text + "\n")
    else:
        out.print(reports.render(golden, failures=args.failures, show_held_out=args.show_held_out))
        if found is not None:
            out.print(retrieval.table(found))
        if false is not None:
            out.print(premise_set.table(false))
        if plants is not None:
            out.print(planted_report.table(plants))
        if beside is not None:
            out.print(side_by_side.table(beside))
    missed = golden.missed_targets or (plants is not None and planted_report.harmed(plants))
    return 1 if args.gate and missed else 0


def _golden(
    sets: Sequence[QuestionSet], answerer: Ask, index: EvidenceIndex | None, console: Console
) -> Report:
    if not sets:
        return Report((), None)
    with _bar(console, "asking", sum(len(s.questions) for s in sets)) as step:
        return evaluate(answerer, index, sets, on_question=lambda _: step())


def at_most(questions: QuestionSet, most: int | None) -> QuestionSet:
    """The set, or ``most`` of its questions spread evenly over it."""
    if most is None or most >= len(questions.questions):
        return questions
    step = len(questions.questions) / max(most, 1)
    return replace(questions, questions=tuple(questions.questions[int(i * step)] for i in range(most)))


def _side_by_side(
    args: argparse.Namespace,
    index: EvidenceIndex | None,
    make: planted.Make | None,
    chat: ChatModel | None,
    console: Console,
) -> tuple[side_by_side.Column, ...]:
    if index is None or chat is None or make is None:
        raise ConfigError("side-by-side needs an index and a language model: see docs/MODEL.md.")
    from caveat.evaluation.baseline import Baseline  # LlamaIndex's engine takes a second to load

    most = args.most or 24
    answerable = at_most(load_set(args.questions / FILES["golden-dev"][0], "golden-dev"), most * 3 // 4)
    none = at_most(load_set(args.questions / FILES["unanswerable"][0], "unanswerable"), most - most * 3 // 4)
    asked = [*(q for q in answerable.questions if not q.history), *none.questions]
    ask = make(Fixed(index))
    with _bar(console, "asking both", len(asked)) as step:
        return side_by_side.run(asked, index, ask, Baseline(index, chat), step)


@dataclass(frozen=True, slots=True)
class Fixed:
    """Hands out this one index."""

    index: EvidenceIndex

    def current(self) -> EvidenceIndex:
        """The index."""
        return self.index


def _premises(folder: Path, ask: Ask, console: Console) -> list[premise_set.PremiseResult]:
    premises = premise_set.load(folder / premise_set.FILE)
    with _bar(console, "asking", len(premises)) as step:
        return premise_set.measure(premises, ask, step)


def _planted(folder: Path, make: planted.Make, console: Console) -> list[planted.PlantResult]:
    settings = load_settings()
    plants = planted.load_plants(folder / planted.FILE)
    encoder = encoder_of(settings)
    with console.status("Indexing the starter collection with the planted works, twice"):
        clean, hostile = planted.open_indexes(
            plants,
            settings.corpus_dir,
            settings.home_dir / "benchmarks" / "planted",
            encoder,
            settings.home_dir / planted.VECTORS,
        )
    with _bar(console, "asking", len(plants)) as step:
        return planted.measure(plants, make(clean), make(hostile), step)


def _scifact(folder: Path, console: Console) -> retrieval.RetrievalReport:
    missing = scifact.missing_files(folder)
    if missing:
        return retrieval.RetrievalReport(skipped=f"{folder} has no {', '.join(missing)}.")
    settings = load_settings()
    encoder = encoder_of(settings)
    home = settings.home_dir / "benchmarks" / "scifact"
    try:
        with console.status("Opening the index of the SciFact abstracts; building it takes some minutes"):
            index = scifact.open_index(folder, home, encoder)
    except CaveatError as error:
        return retrieval.RetrievalReport(skipped=str(error))
    queries = scifact.load_queries(folder)
    with _bar(console, "searching", len(queries)) as step:
        return retrieval.measure(index, queries, on_query=step)


@contextmanager
def _bar(console: Console, what: str, total: int) -> Iterator[Callable[[], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield partial(progress.advance, progress.add_task(what, total=total))
