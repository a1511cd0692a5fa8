"""Counts verdicts by kind, with Wilson intervals."""

from __future__ import annotations

import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from caveat.domain.model import Source
from caveat.domain.verify import verify


def say(line: str) -> None:
    """Prints one line."""
    sys.stdout.write(line + "\n")


def wilson(right: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a proportion."""
    if not total:
        return 0.0, 1.0
    z, p = 1.96, right / total
    centre = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return max(0.0, centre - half), min(1.0, centre + half)


@dataclass(frozen=True, slots=True)
class Trial:
    """One claim to be judged, and whether it is true."""

    kind: str
    claim: str
    passage: str
    true: bool
    source: Source | None = None
    quotes: Sequence[str] | None = None
    """Quotes of several works, each its own passage; without them the passage is the quote."""


@dataclass(slots=True)
class Tally:
    """How often the verdict was right, by kind of claim."""

    right: dict[tuple[bool, str], int] = field(default_factory=lambda: defaultdict(int))
    total: dict[tuple[bool, str], int] = field(default_factory=lambda: defaultdict(int))
    wrong: list[Trial] = field(default_factory=list)

    def run(self, trials: Iterable[Trial]) -> Tally:
        """Judges each claim against its own passage."""
        for trial in trials:
            quotes = [trial.passage] if trial.quotes is None else trial.quotes
            passages = trial.quotes or [trial.passage]
            supported = verify(trial.claim, quotes, passages, trial.source).supported
            key = (trial.true, trial.kind)
            self.total[key] += 1
            self.right[key] += supported == trial.true
            if supported != trial.true:
                self.wrong.append(trial)
        return self

    def rate(self, true: bool) -> float:
        """The share of true claims kept, or of false claims rejected."""
        right, total = self.sums(true)
        return right / total if total else 1.0

    def sums(self, true: bool) -> tuple[int, int]:
        """Right verdicts and all verdicts on true, or on false, claims."""
        keys = [k for k in self.total if k[0] == true]
        return sum(self.right[k] for k in keys), sum(self.total[k] for k in keys)

    def lines(self) -> list[str]:
        """The table, one line a kind."""
        found: list[str] = []
        for true, word in ((False, "false, rejected"), (True, "true, kept")):
            keys = sorted(k for k in self.total if k[0] == true)
            found.extend(_line(f"{word}: {k[1]}", self.right[k], self.total[k]) for k in keys)
            if keys:
                found.append(_line(f"{word}: ALL", *self.sums(true)))
        return found


def _line(name: str, right: int, total: int) -> str:
    low, high = wilson(right, total)
    share = 100 * right / total if total else 0.0
    return f"  {name:<48} {right:5}/{total:<5} {share:5.1f} %  ({100 * low:.1f} to {100 * high:.1f})"
