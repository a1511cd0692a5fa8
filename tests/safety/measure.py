"""Measures the safety rules on the message sets and prints the figures as a table.

Run ``python tests/safety/measure.py`` (both halves), ``--misses dev`` to list what is missed in one half, or with files
of ``{"id", "text", "label", "lang", "history"?}``, one a line, to score sets that were written elsewhere.
``--rules`` asks the rules alone, ``--words`` the rules and the net without the sentence model.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from caveat.adapters.safety_encoder import SafetyEncoder
from caveat.domain.model import CardKind
from caveat.domain.safety import Listen, Triage, triage

MESSAGES = Path(__file__).parent / "messages"
LEVELS = ("very_high", "high", "medium", "low", "very_low")


@dataclass
class Tally:
    """How many of how many, and which were missed."""

    right: int = 0
    total: int = 0
    missed: list[str] = field(default_factory=list)

    def add(self, ok: bool, note: str) -> None:
        """Count one message."""
        self.total += 1
        self.right += ok
        if not ok:
            self.missed.append(note)

    @property
    def share(self) -> float:
        """Share that came out right; 1.0 when there was nothing to count."""
        return self.right / self.total if self.total else 1.0


def rows(name: str) -> Iterator[dict[str, Any]]:
    """The messages of one file of the sets."""
    with (MESSAGES / f"{name}.jsonl").open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def crisis_ok(level: str, found: Triage) -> bool:
    """Whether triage does for a message of this level what the protocol says."""
    crisis = found.card is CardKind.CRISIS
    if level in ("very_high", "high"):
        return crisis and not found.answer_evidence
    if level == "medium":
        return crisis
    if level == "low":
        return not crisis
    return not crisis and found.footer and found.answer_evidence


def extra_matches(row: dict[str, Any]) -> bool:
    """Whether triage does what a message of the later rounds asks for."""
    found = triage(row["text"])
    got = found.card.value if found.card else "footer" if found.footer else "none"
    wanted = {"personal": "personal_decision"}.get(row["expect"], row["expect"])
    return got == wanted or (wanted == "none" and got == "footer")


def measure(half: str, listen: Listen) -> dict[str, Tally]:
    """All figures for one half: ``dev`` (seen while writing rules) or ``held``."""
    out: dict[str, Tally] = {f"crisis {level}": Tally() for level in LEVELS}
    out |= {k: Tally() for k in ("crisis exact level", "crisis right subject", "low gets the footer")}
    for row in rows(f"crisis.{half}"):
        found = triage(row["text"], listen=listen)
        level = row["level"]
        note = f"{row['id']} [{row['language']} {level}] {row['text']} -> {found.card} {found.level} {found.matched}"
        out[f"crisis {level}"].add(crisis_ok(level, found), note)
        if level in ("very_high", "high", "medium"):
            out["crisis exact level"].add(found.level == level, note)
            out["crisis right subject"].add(found.subject == row["subject"], f"{note} {found.subject}")
        if level == "low":
            out["low gets the footer"].add(found.footer, note)
    out |= {k: Tally() for k in ("academic and idiom: no card", "academic: right footer")}
    for row in rows(f"academic.{half}"):
        found = triage(row["text"], listen=listen)
        note = f"{row['id']} {row['text']} -> {found.card} {found.level} {found.matched}"
        out["academic and idiom: no card"].add(found.card is None, note)
        out["academic: right footer"].add(found.footer == (row["expect"] == "footer"), note)
    out |= {
        k: Tally()
        for k in ("personal: declined", "personal near miss: no card", "personal: clinician wording")
    }
    for row in rows(f"personal.{half}"):
        found = triage(row["text"], listen=listen)
        note = f"{row['id']} {row['text']} -> {found.card} {found.matched} {found.subject}"
        if row["expect"] == "no":
            out["personal near miss: no card"].add(found.card is None, note)
        else:
            kinds = (found.card, *found.also)
            out["personal: declined"].add(
                CardKind.PERSONAL_DECISION in kinds or found.card is CardKind.URGENT, note
            )
        if row["expect"] == "clinician":
            out["personal: clinician wording"].add(found.subject == "patient", note)
    out |= {k: Tally() for k in ("urgent: card first", "urgent near miss: no card")}
    for row in rows(f"urgent.{half}"):
        found = triage(row["text"], listen=listen)
        note = f"{row['id']} {row['text']} -> {found.card} {found.level} {found.matched}"
        if row["expect"] == "no":
            out["urgent near miss: no card"].add(found.card not in (CardKind.URGENT, CardKind.CRISIS), note)
        else:
            out["urgent: card first"].add(
                found.card in (CardKind.URGENT, CardKind.CRISIS) and not found.answer_evidence, note
            )
    return out


def judged(label: str, found: Triage) -> bool:
    """Whether triage does what the label of a set written elsewhere asks for."""
    crisis, urgent = found.card is CardKind.CRISIS, found.card is CardKind.URGENT
    match label:
        case "very_high" | "high" | "medium" | "low":
            return crisis_ok(label, found)
        case "none_footer":
            return found.card is None and found.footer and found.answer_evidence
        case "academic" | "idiom" | "personal_near":
            return found.card is None
        case "personal":
            return urgent or CardKind.PERSONAL_DECISION in (found.card, *found.also)
        case "urgent":
            return (urgent or crisis) and not found.answer_evidence
        case "urgent_near":
            return not (urgent or crisis)
    raise ValueError(f"unknown label {label!r}")


def score_files(paths: Sequence[Path], mode: str) -> str:
    """A table of labels by language, and the ids (never the words) of what was missed."""
    listen = SafetyEncoder() if mode == "all" else None
    tallies: dict[tuple[str, str], Tally] = {}
    alarms = Tally()
    times = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.strip():
                continue
            row = json.loads(line)
            start = time.perf_counter()
            found = triage(row["text"], row.get("history") or (), listen=listen, net=mode != "rules")
            times.append((time.perf_counter() - start) * 1000)
            label, language = row["label"], "en" if row.get("lang", "en") == "en" else "other"
            note = f"{path.stem}:{row['id']}[{row.get('lang')} {found.card} {found.level}]"
            tallies.setdefault((label, language), Tally()).add(judged(label, found), note)
            if label in ("academic", "idiom", "personal", "personal_near"):
                alarms.add(found.card is not CardKind.CRISIS, note)
    lines = ["| label | language | right | share |", "|---|---|---|---|"]
    for (label, language), t in sorted(tallies.items()):
        lines.append(f"| {label} | {language} | {t.right}/{t.total} | {t.share:.1%} |")
    lines.append(
        f"\nCrisis cards on academic, idiom and personal: {alarms.total - alarms.right}/{alarms.total}; "
        f"{statistics.median(times):.2f} ms a message in the middle"
    )
    lines += [
        f"{label} {language}: {' '.join(t.missed)}" for (label, language), t in tallies.items() if t.missed
    ]
    return "\n".join(lines)


def speed() -> tuple[float, float, int]:
    """Milliseconds of computing a message, median and 99th percentile, over all sets, after one warm-up pass."""
    names = [p.stem for p in sorted(MESSAGES.glob("*.*.jsonl"))]
    texts = [row["text"] for name in names for row in rows(name)]
    model = SafetyEncoder()
    for text in texts:
        triage(text, listen=model)
    times, model = [], SafetyEncoder()
    model("a first text")
    for text in texts:
        start = time.thread_time()
        triage(text, listen=model)
        times.append((time.thread_time() - start) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=100)[98], len(times)


def table() -> str:
    """The figures of both halves, and the speed."""
    model = SafetyEncoder()
    dev, held = measure("dev", model), measure("held", model)
    lines = ["| what | seen half | unseen half |", "|---|---|---|"]
    for key in dev:
        a, b = dev[key], held[key]
        lines.append(f"| {key} | {a.right}/{a.total} ({a.share:.1%}) | {b.right}/{b.total} ({b.share:.1%}) |")
    median, worst, n = speed()
    lines.append(f"\n{n} messages: {median:.2f} ms median, {worst:.2f} ms at the 99th percentile")
    return "\n".join(lines)


def main() -> None:
    """Print the table, or what one half misses."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", choices=("dev", "held"), help="list the misses of one half instead")
    parser.add_argument("files", nargs="*", type=Path, help="sets written elsewhere")
    parser.add_argument("--rules", dest="mode", action="store_const", const="rules", default="all")
    parser.add_argument("--words", dest="mode", action="store_const", const="words")
    options = parser.parse_args()
    if options.files:
        sys.stdout.write(score_files(options.files, options.mode) + "\n")
    elif options.misses:
        for key, tally in measure(options.misses, SafetyEncoder()).items():
            sys.stdout.write(f"{key}: {tally.right}/{tally.total}\n")
            sys.stdout.writelines(f"    {note}\n" for note in tally.missed)
    else:
        sys.stdout.write(table() + "\n")


if __name__ == "__main__":
    main()
