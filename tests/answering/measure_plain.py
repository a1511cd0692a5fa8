"""How many falsified and how many faithful plain wordings of the starter collection's claims would be shown.

``PYTHONPATH=src:tests/verify python tests/answering/measure_plain.py``: no model is called; the wordings are made by ``mutate``.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from mutate import FAITHFUL, MUTATORS, rewrites

from caveat.answering.model_plain import says_the_same
from caveat.answering.registers.claims import borne_out, fit_for_lay_readers
from caveat.domain.model import Cited, QuestionKind
from caveat.settings import Settings
from caveat.wiring import build_app

QUESTIONS = Path(__file__).parents[1] / "evaluation" / "golden_dev.jsonl"
MOST_QUESTIONS = 40


def main() -> None:
    """Prints the counts, and each falsified wording that would be shown."""
    app = build_app(Settings())
    seen: set[str] = set()
    n: Counter[str] = Counter()
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines()[:MOST_QUESTIONS]:
        answer = app.answerer.answer(json.loads(line)["question"])
        if not isinstance(answer, Cited):
            continue
        sources = {s.source.id: s.source for s in answer.sources}
        linked = answer.question_kind is QuestionKind.ASSOCIATION
        for claim in answer.claims:
            if claim.text in seen:
                continue
            seen.add(claim.text)
            quotes = tuple(c.quote for c in claim.citations)
            cited = {c.source_id for c in claim.citations}
            source = sources[next(iter(cited))] if len(cited) == 1 else None
            for name, table in (("falsified", MUTATORS), ("faithful", FAITHFUL)):
                for made in rewrites(claim.text, table, 1, 1):
                    n[name] += 1
                    if not fit_for_lay_readers(made.text):
                        n[f"{name}: dose or statistics"] += 1
                    elif not borne_out(made.text, quotes, source):
                        n[f"{name}: verifier"] += 1
                    elif not says_the_same(made.text, claim, sources, app.topic, association=linked):
                        n[f"{name}: own checks"] += 1
                    else:
                        n[f"{name}: shown"] += 1
                        if name == "falsified":
                            sys.stdout.write(f"{made.kind}: {made.text}\n")
    sys.stdout.write(f"{len(seen)} claims {dict(n)}\n")


if __name__ == "__main__":
    main()
