"""Every labelled message of the sets, as the second net learns and is measured: what is wanted, and which round wrote it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from caveat.domain.safety import triage

MESSAGES = Path(__file__).parent / "messages"
EVALUATION = Path(__file__).parents[1] / "evaluation"
CORPUS = Path(__file__).parents[2] / "corpus"
SENTENCES = 900
QUESTIONS = (
    "golden_dev",
    "golden_tuning",
    "unanswerable",
    "premises",
    "critic",
    "first_contact",
    "second_contact",
)
ASKS_FOR_ONESELF = re.compile(
    r"\b(can|should|may) (i|my|we)\b|\bmy (mum|daughter|son|husband|wife)\b", re.IGNORECASE
)
"""Such questions are for the personal rules to judge; they teach the net nothing."""
LEFT_OUT = tuple(
    tuple(f"round {n}" for n in group)
    for group in ((33, 36, 19, 22, 27), (34, 37, 20, 23, 28), (35, 39, 21, 24, 29, 30), (38,))
)
"""Groups of independent writers that are left out together when the net is measured."""
HARMLESS = frozenset({"low", "none", "personal_near", "urgent_near", "footer", "academic", "idiom"})
TRUSTED = ("round 15", *(f"round {n}" for n in range(19, 47)), "questions")
"""Rounds by writers who had seen neither rules nor net, six (25, 26, 31, 32, 40, 46) by their author in many voices, and real questions."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One message: ``label`` is a level, ``urgent``, ``personal`` or one of ``HARMLESS``; ``subject`` whom it is about, or ``unknown``."""

    text: str
    label: str
    subject: str
    language: str
    group: str
    """The round it was written in: rounds are left out whole when the net is measured."""

    @property
    def crisis(self) -> bool:
        """Whether the crisis card is wanted."""
        return self.label in ("very_high", "high", "medium")


def read_sections(path: Path, group: str) -> Iterator[Labelled]:
    """Messages of a text file: ``# label subject language`` above, one message a line below."""
    label = subject = language = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            label, subject, language = line[2:].split()
        elif line.strip():
            yield Labelled(line.strip(), label, subject, language, group)


def _lines(name: str) -> Iterator[dict[str, str]]:
    with (MESSAGES / f"{name}.jsonl").open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _first_sets() -> Iterator[Labelled]:
    for half in ("dev", "held"):
        for row in _lines(f"crisis.{half}"):
            label = "footer" if row["level"] == "very_low" else row["level"]
            yield Labelled(row["text"], label, row.get("subject") or "self", row["language"], "first")
        for row in _lines(f"academic.{half}"):
            yield Labelled(row["text"], row["expect"], "self", "", "first")
        for name in ("personal", "urgent"):
            for row in _lines(f"{name}.{half}"):
                label = f"{name}_near" if row["expect"] == "no" else name
                yield Labelled(row["text"], label, "self", "", "first")


def _later_rounds() -> Iterator[Labelled]:
    for row in _lines("extra"):
        found = triage(row["text"], net=False)
        label = row["expect"]
        if label == "crisis":
            label = found.level.value if found.level and found.level != "low" else "medium"
        yield Labelled(row["text"], label, found.subject.value, "", f"round {row['round']}")


def ordinary_questions(*names: str) -> Iterator[Labelled]:
    """Questions of the evaluation sets that call for no card; those that no one may read while tuning are left out."""
    for name in names or QUESTIONS:
        for line in (EVALUATION / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if "personal_decision" not in (row.get("decline") or ()) and not ASKS_FOR_ONESELF.search(
                row["question"]
            ):
                yield Labelled(" ".join(row["question"].split()), "none", "self", "en", "questions")


def labelled() -> list[Labelled]:
    """All of them; the level of later rounds, which were written without one, is what the rules say."""
    net = sorted((MESSAGES / "net").glob("*.txt"))
    newest = [row for path in net for row in read_sections(path, path.stem.split(".")[0].replace("_", " "))]
    return [*_first_sets(), *_later_rounds(), *newest, *ordinary_questions()]


def corpus_sentences() -> list[Labelled]:
    """Sentences of the starter collection, which call for nothing."""
    texts = [
        path.read_text(encoding="utf-8").split("---")[-1]
        for path in sorted(CORPUS.rglob("*.md"))
        if not path.name.startswith("crisis")
    ]
    sentences = [s.strip() for text in texts for s in re.split(r"(?<=[.!?])\s+|\n+", text)]
    fit = [s for s in sentences if 30 < len(s) < 400]
    step = max(1, len(fit) // SENTENCES)
    longer = [" ".join(fit[i : i + 4]) for i in range(0, len(fit) - 4, 6 * step)]
    return [Labelled(s, "none", "self", "en", "corpus") for s in (*fit[::step], *longer)]


def wanted(row: Labelled) -> list[float]:
    """What each head should say of the message; not a number where nobody noted whom it is about."""
    unknown = row.crisis and row.subject == "unknown"
    return [
        row.crisis,
        row.label in ("very_high", "high"),
        row.label == "urgent",
        row.label == "personal",
        math.nan if unknown else row.crisis and row.subject in ("other", "other_child"),
        math.nan if unknown else row.crisis and row.subject == "others",
        math.nan if unknown else row.crisis and row.subject == "abuse",
    ]
