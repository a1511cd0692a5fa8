"""Reads the starter corpus's notes for the verifier's tests: sentences with their source's facts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from caveat.domain.model import Design, Source

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
_QUOTABLE = ("What was done", "What was found", "Limits")
_SIMPLE = {f.name for f in fields(Source)} - {"kind", "design", "direction", "status"}


@dataclass(frozen=True, slots=True)
class Noted:
    """One quotable sentence of one note."""

    sentence: str
    source: Source


def half(key: str) -> str:
    """``dev`` or ``held-out``: the same key always falls in the same half."""
    return "dev" if int(hashlib.sha1(key.encode()).hexdigest(), 16) % 2 == 0 else "held-out"


def _source(facts: dict[str, Any]) -> Source:
    plain: dict[str, Any] = {
        k: tuple(v) if isinstance(v, list) else v for k, v in facts.items() if k in _SIMPLE
    }
    design = next((d for d in Design if d.value == facts.get("design")), None)
    return Source(**plain, design=design)


def notes() -> Iterator[Noted]:
    """Every quotable sentence of ``corpus/``, in file order."""
    for path in sorted(CORPUS.glob("*/*.md")):
        head, _, body = path.read_text(encoding="utf-8").partition("\n---\n")
        facts = yaml.safe_load(head.removeprefix("---\n"))
        if not isinstance(facts, dict) or "id" not in facts:
            continue
        source = _source(facts)
        section = ""
        for line in body.splitlines():
            if line.startswith("## "):
                section = line[3:].strip()
            elif section in _QUOTABLE and line.startswith("- "):
                yield Noted(line[2:].strip(), source)
