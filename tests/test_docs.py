"""What the documents promise is what the program has."""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from caveat.cli.main import parser as caveat_parser
from caveat.domain.model import CaveatKind
from caveat.settings import PROJECT_ROOT, Settings, variable
from ingest.cli import _parser as ingest_parser

README = PROJECT_ROOT / "README.md"
INGEST_README = PROJECT_ROOT / "ingest" / "README.md"
NOT_YET_MADE = {CaveatKind.STALE_INDEX}
"""Caveats that wait for dated collections: this list may only shrink."""

ANNOUNCED: set[tuple[str, str]] = set()
"""Commands that a document announces before they exist: this list may only shrink."""


def read(path: Path) -> str:
    """The document's text."""
    return path.read_text(encoding="utf-8")


def table_of_settings() -> dict[str, str]:
    """Defaults by variable, as README's table gives them."""
    rows = re.findall(
        r"^\|\s*`((?:CAVEAT|OPENAI)_[A-Z_]+)`\s*\|\s*`([^`]*)`\s*\|\s*\S.*\|\s*$", read(README), re.MULTILINE
    )
    return dict(rows)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_stands_in_the_readme_with_its_default(name: str) -> None:
    """Variable, default as one would type it, and a line on what it does."""
    default = Settings.model_fields[name].default
    typed = (
        str(default).lower() if isinstance(default, bool) else "unset" if default is None else str(default)
    )
    assert table_of_settings().get(variable(name)) == typed


def test_the_readme_names_no_setting_that_is_not_there() -> None:
    """A setting that was removed is removed from the table too."""
    known = {variable(name) for name in Settings.model_fields}
    assert set(re.findall(r"\b(?:CAVEAT|OPENAI)_[A-Z_]+[A-Z]\b", read(README) + read(INGEST_README))) <= known


def commands_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The sub-commands by name."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def options_of(parser: argparse.ArgumentParser) -> Iterator[str]:
    """The longest spelling of each option but help."""
    for action in parser._actions:
        if action.option_strings and not isinstance(action, argparse._HelpAction):
            yield max(action.option_strings, key=len)


COMMANDS = [("caveat", n, p) for n, p in commands_of(caveat_parser()).items()] + [
    ("ingest", n, p) for n, p in commands_of(ingest_parser()).items()
]


@pytest.mark.parametrize(("program", "name", "parser"), COMMANDS, ids=[f"{c[0]} {c[1]}" for c in COMMANDS])
def test_every_command_and_option_is_described(
    program: str, name: str, parser: argparse.ArgumentParser
) -> None:
    """Each command stands in a README as it is typed, and each of its options with its name."""
    text = read(README) + read(INGEST_README)
    assert re.search(rf"python -m {program} {name}\b", text)
    assert [o for o in options_of(parser) if not re.search(rf"(?<![\w-]){re.escape(o)}(?![\w-])", text)] == []
    assert parser.format_help()


def test_there_are_commands_to_compare() -> None:
    """Both programs have some, or the test above would prove nothing."""
    assert {n for program, n, _ in COMMANDS if program == "caveat"} >= {"ask", "search", "doctor"}
    assert {n for program, n, _ in COMMANDS if program == "ingest"} >= {"build", "status", "rollback"}


def test_every_command_that_is_promised_exists() -> None:
    """No document names a command that the program does not have."""
    known = {(program, name) for program, name, _ in COMMANDS}
    assert known & ANNOUNCED == set()
    for path in documents():
        named = set(re.findall(r"python -m (caveat|ingest) ([a-z]+)\b", read(path)))
        missing = named - known - ANNOUNCED
        assert missing == set(), f"{path.name}: {missing}"


def _made_in(tree: ast.AST) -> set[str]:
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "CaveatKind"
    }


def test_every_caveat_kind_is_made_somewhere() -> None:
    """A caveat that no rule can give is a promise not kept."""
    made: set[str] = set()
    for path in (PROJECT_ROOT / "src" / "caveat").rglob("*.py"):
        if "ui" not in path.relative_to(PROJECT_ROOT).parts and "evaluation" not in path.parts:
            made |= _made_in(ast.parse(read(path)))
    assert {kind.name for kind in CaveatKind} - made == {kind.name for kind in NOT_YET_MADE}


def test_every_make_target_that_is_named_exists() -> None:
    """`make x` in a document is a target of the Makefile, and each target with a help line is in README."""
    makefile = read(PROJECT_ROOT / "Makefile")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    for path in documents():
        named = set(re.findall(r"(?:^|`)make ([a-z][a-z-]*)", read(path), re.MULTILINE))
        assert named <= targets, f"{path.name}: {named - targets}"
    helped = set(re.findall(r"^([a-z][a-z-]*):.*## ", makefile, re.MULTILINE)) - {"help", "install"}
    assert helped <= set(re.findall(r"\bmake ([a-z][a-z-]*)", read(README)))


def documents() -> list[Path]:
    """Every Markdown file that is written for readers of the project."""
    own = [*PROJECT_ROOT.glob("*.md"), *(PROJECT_ROOT / "docs").rglob("*.md"), INGEST_README]
    return sorted({*own, PROJECT_ROOT / "corpus" / "README.md", *(PROJECT_ROOT / "tests").rglob("*.md")})


@pytest.mark.parametrize("path", documents(), ids=lambda p: p.relative_to(PROJECT_ROOT).as_posix())
def test_every_link_within_the_project_leads_somewhere(path: Path) -> None:
    """Relative links and pictures resolve, and their anchors are headings of the file they point at."""
    for target in re.findall(r"\]\(([^)\s]+)\)", read(path)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        assert file.exists(), f"{path.name} links to {target}"
        assert file.is_relative_to(PROJECT_ROOT)
        if anchor and file.suffix == ".md":
            assert anchor in headings(file), f"{path.name} links to {target}"


def headings(path: Path) -> set[str]:
    """The anchors of a Markdown file."""
    lines = re.findall(r"^#+ (.+)$", read(path), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", line.strip().lower()).replace(" ", "-") for line in lines}


def test_documents_speak_of_the_project_alone() -> None:
    """No document tells how it came to be: no issue numbers, no tools of the workshop."""
    for path in documents():
        found = re.search(
            r"\bissue #?\d|\bsession\b.{0,20}\bhelper|\bAI assistant\b|\bTODO\b|\bFIXME\b", read(path)
        )
        assert found is None, f"{path.name}: {found and found.group()}"


def test_the_environments_version_is_the_changelogs() -> None:
    """The version that is installed has its entry."""
    version = re.search(r'^version = "([^"]+)"', read(PROJECT_ROOT / "pyproject.toml"), re.MULTILINE)
    assert version is not None
    assert version.group(1) in read(PROJECT_ROOT / "CHANGELOG.md")
