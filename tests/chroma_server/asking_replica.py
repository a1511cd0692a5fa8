"""A replica in a process of its own: asks the same question again and again until its input ends.

A line of JSON for each answer; the settings come from the environment, as for ``python app.py``.
"""

from __future__ import annotations

import json
import logging
import select
import sys
from typing import Any

from caveat.domain.model import Answer
from caveat.settings import load_settings
from caveat.wiring import build_app

QUESTION = "Does tocilizumab reduce depressive symptoms?"


def main() -> None:
    """Failures are told, never raised."""
    logging.basicConfig(level="WARNING", format="%(name)s: %(message)s")
    app = build_app(load_settings(), patience=1.0)
    while not select.select([sys.stdin], [], [], 0.2)[0]:
        told: dict[str, Any]
        try:
            *_, answer = app.answerer.ask(QUESTION)
            told = facts(answer)  # type: ignore[arg-type]
        except Exception as error:
            told = {"failed": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


def facts(answer: Answer) -> dict[str, Any]:
    """What the test looks at."""
    trace = answer.trace
    return {
        "kind": type(answer).__name__,
        "generation": trace.generation if trace else None,
        "caveats": sorted({c.kind.value for c in answer.caveats}),
    }


if __name__ == "__main__":
    main()
