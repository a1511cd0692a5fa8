"""The page on safety names tests that exist, and a proof for every item of the checklist."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "SAFETY.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(?P<file>[\w/]*test_\w+\.py)(?:::(?P<name>test_\w+))?`|`::(?P<more>test_\w+)`", PAGE)
ITEMS = "A1 A2 A3 A4 A5 A6 A7 B1 B2 B3 B4 B5 D1 D2 D3 D4 E1 E2 E3 F1 F2 F3".split()


@lru_cache(maxsize=64)
def _tests(file: str) -> frozenset[str]:
    path = ROOT / file if "/" in file else ROOT / "tests" / "safety" / file
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))


def test_every_test_that_is_named_exists() -> None:
    """File and function of each proof are there; ``::name`` means the file named before."""
    last = ""
    assert len(NAMED) > 20
    for file, name, more in NAMED:
        last = file or last
        if wanted := name or more:
            assert wanted in _tests(last), f"{last}::{wanted}"
        else:
            assert _tests(last)


@pytest.mark.parametrize("item", ITEMS)
def test_every_item_of_the_checklist_has_a_proof_or_says_that_it_has_none(item: str) -> None:
    """Each item stands in the table with a test by name, or with the words **not done**."""
    rows = [r for r in PAGE.splitlines() if r.startswith("|") and re.search(rf"\b{item}\b", r.split("|")[1])]
    assert rows
    assert all("test_" in row or "**not done**" in row for row in rows), rows
