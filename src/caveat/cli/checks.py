"""``verify``, ``triage`` and ``evaluate``: the rules by themselves, and their figures."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from caveat.adapters.safety_encoder import SafetyEncoder
from caveat.answering.events import Turn
from caveat.cli.lines import emit, read_lines, texts
from caveat.domain.model import Answer
from caveat.domain.ports import IndexProvider
from caveat.domain.safety import triage
from caveat.domain.verify import check_pair
from caveat.errors import ConfigError
from caveat.evaluation import command as evaluation
from caveat.settings import Settings
from caveat.wiring import build_app


def run_verify(args: argparse.Namespace, settings: Settings) -> int:
    """One verdict a line; 0 when every pair could be read."""
    for data in read_lines(args.pairs, "passage", "claim"):
        emit(check_pair(data))
    return 0


def run_triage(args: argparse.Namespace, settings: Settings) -> int:
    """What the safety rules say of each message."""
    listen = SafetyEncoder()
    for data in read_lines(args.messages, "text"):
        found = triage(str(data["text"]), texts(data, "history"), listen=listen)
        emit(
            {
                "id": data.get("id"),
                "card": found.card.value if found.card else None,
                "level": found.level.value if found.level else None,
                "footer": found.footer,
                "answer_evidence": found.answer_evidence,
                "language": found.language,
                "matched": list(found.matched),
            }
        )
    return 0


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``evaluate``."""
    evaluation.add_arguments(parser)


def run_evaluate(args: argparse.Namespace, settings: Settings) -> int:
    """Measures the chosen sets on the current index."""
    app = build_app(settings)
    index = app.provider.current()
    app.answerer.warm()

    def ask(question: str, history: Sequence[str]) -> Answer:
        turns = [Turn(text) for text in history]
        return app.answerer.answer(question, turns, use_model=args.model)

    def make(provider: IndexProvider) -> Callable[[str], Answer]:
        other = build_app(settings, provider=provider).answerer
        return lambda question: other.answer(question, use_model=args.model)

    if args.model and app.answerer.model is None:
        raise ConfigError("--model needs a language model: see docs/MODEL.md.")
    return evaluation.run(args, ask, index, make, app.answerer.chat)
