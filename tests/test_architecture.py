"""The design as a test: who may import whom, how long a module may be, and what no file may say."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "caveat"
MODULES = sorted([*PACKAGE.rglob("*.py"), *(ROOT / "ingest").rglob("*.py"), ROOT / "app.py"])

EVERYONE = {"errors", "settings"}
ARROWS: dict[str, set[str]] = {
    "domain": {"domain", "errors"},
    "answering": {"answering", "domain", *EVERYONE},
    "adapters": {"adapters", "domain", *EVERYONE},
    "ui": {"ui", "answering", "domain", *EVERYONE},
    "evaluation": {"evaluation", "answering", "adapters", "domain", *EVERYONE},
    "ingest": {"ingest", "adapters", "domain", *EVERYONE},
    "cli": {"cli", "answering", "adapters", "domain", "evaluation", "wiring", *EVERYONE},
    "wiring": {"answering", "adapters", "domain", *EVERYONE},
    "app": {"ui", "answering", "adapters", "domain", "wiring", *EVERYONE},
    "settings": {"errors"},
    "errors": set(),
    "__main__": {"cli"},
    "__init__": set(),
}
"""For each part, the parts it may import. Nothing imports ``ingest`` or ``app``."""

LIBRARIES: dict[str, tuple[str, ...]] = {
    "gradio": ("src/caveat/ui/", "app.py"),
    "gradio_client": (),
    "plotly": ("src/caveat/ui/",),
    "chromadb": ("src/caveat/adapters/dense.py", "src/caveat/adapters/model_files.py"),
    "llama_index": (
        "src/caveat/adapters/dense.py",
        "ingest/split.py",
        "ingest/sentences.py",
        "src/caveat/evaluation/baseline.py",  # what we are measured against
    ),
    "openai": ("src/caveat/adapters/openai_",),
    "torch": (),
}
"""For each library, where it may be imported."""

AIM, MOST_LINES = 300, 400
"""Nothing is exempt from the limit; few go beyond the aim."""


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def part_of(dotted: str) -> str | None:
    """The part of the project that a dotted name belongs to; None for a library."""
    names = dotted.split(".")
    if names[0] in {"ingest", "app"}:
        return names[0]
    if names[0] == "caveat":
        return names[1] if len(names) > 1 else "__init__"
    return None


def _part(path: Path) -> str:
    names = path.relative_to(PACKAGE).parts if path.is_relative_to(PACKAGE) else path.relative_to(ROOT).parts
    return names[0].removesuffix(".py")


@cache
def imports_of(path: Path) -> tuple[str, ...]:
    """Every dotted name the module imports, wherever in it; relative imports made absolute."""
    home = PACKAGE.parent if path.is_relative_to(PACKAGE) else ROOT
    package = path.relative_to(home).with_suffix("").parts[:-1]
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.extend(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(x for x in (base, node.module or "") if x)
            deep = module.count(".") == 0 and part_of(module) == "__init__"
            found.extend([f"{module}.{alias.name}" for alias in node.names] if deep else [module])
    return tuple(dict.fromkeys(found))


def wrong_arrows(part: str, imported: tuple[str, ...]) -> list[str]:
    """The imported names that the part may not import."""
    return [name for name in imported if (other := part_of(name)) is not None and other not in ARROWS[part]]


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_arrows_point_to_the_domain(path: Path) -> None:
    """No module imports a part that its own part may not know."""
    assert wrong_arrows(_part(path), imports_of(path)) == []


@pytest.mark.parametrize("path", [p for p in MODULES if _part(p) == "domain"], ids=_name)
def test_the_domain_stands_on_the_standard_library_alone(path: Path) -> None:
    """Nothing but the standard library, the domain itself and the errors is imported in the domain."""
    outside = [n for n in imports_of(path) if part_of(n) is None]
    assert [n for n in outside if n.split(".")[0] not in sys.stdlib_module_names] == []


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_each_library_stays_where_it_belongs(path: Path) -> None:
    """The heavy libraries are imported only in the modules that exist for them."""
    for name in imports_of(path):
        places = LIBRARIES.get(name.split(".")[0])
        assert places is None or _name(path).startswith(places), f"{_name(path)} imports {name}"


def test_the_arrow_test_sees_a_wrong_arrow() -> None:
    """The check itself fails on imports that break the design, in every spelling."""
    assert wrong_arrows("domain", ("caveat.adapters.dense",)) == ["caveat.adapters.dense"]
    assert wrong_arrows("domain", ("caveat.settings",)) == ["caveat.settings"]
    assert wrong_arrows("answering", ("caveat.ui.page", "caveat.domain.text")) == ["caveat.ui.page"]
    assert wrong_arrows("ingest", ("caveat.answering.service",)) == ["caveat.answering.service"]
    assert wrong_arrows("cli", ("caveat.ui",)) == ["caveat.ui"]
    assert wrong_arrows("adapters", ("ingest.build", "json")) == ["ingest.build"]


def test_imports_are_read_wherever_they_stand(tmp_path: Path) -> None:
    """Imports inside functions and ``from caveat import x`` count as well."""
    file = tmp_path / "odd.py"
    file.write_text("def f():\n    from caveat import ui\n    import chromadb.api\n")
    names = [
        (n.module, [a.name for a in n.names]) if isinstance(n, ast.ImportFrom) else n.names[0].name
        for n in ast.walk(ast.parse(file.read_text()))
        if isinstance(n, (ast.Import, ast.ImportFrom))
    ]
    assert ("caveat", ["ui"]) in names
    assert "chromadb.api" in names


def test_every_part_of_the_package_has_its_rule() -> None:
    """A new part is not imported by accident: it must be written into the table of arrows first."""
    assert {_part(p) for p in MODULES} - set(ARROWS) == set()


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_modules_stay_short(path: Path) -> None:
    """A module has at most 400 lines."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_few_modules_are_longer_than_the_aim() -> None:
    """At most one module in twenty goes beyond 300 lines."""
    long = [p for p in MODULES if len(p.read_text(encoding="utf-8").splitlines()) > AIM]
    assert len(long) * 20 <= len(MODULES)


def _files(*places: str) -> Iterator[Path]:
    """The project's own files, without what tools and builds leave behind."""
    left_out = {".git", ".venv", "var", "__pycache__", "dist", "build"}
    for place in places:
        for path in sorted((ROOT / place).rglob("*") if (ROOT / place).is_dir() else [ROOT / place]):
            names = path.relative_to(ROOT).parts
            hidden = any(n in left_out or n.endswith((".egg-info", "_cache")) for n in names)
            if path.is_file() and not hidden:
                yield path


def _text(path: Path) -> str:
    data = path.read_bytes()
    return "" if b"\0" in data else data.decode("utf-8", errors="replace")


PRODUCT = ("src", "ingest", "app.py", "Makefile", "pyproject.toml")
EVERYTHING = (*PRODUCT, "corpus", "docs", "tests", ".ci", "README.md", "CHANGELOG.md", "LICENSE", "requirements.lock", "requirements-dev.lock")  # fmt: skip
# Written so that this file does not hold what it looks for.
WORKPLACE = re.compile(r"""(?:^|[\s"'`(=:])/""" + r"(?:work|home/\w+|root)/", re.MULTILINE)
TEMPORARY = re.compile(r"""(?:^|[\s"'`(=:])/""" + r"tmp/", re.MULTILINE)
REGISTRY = re.compile(
    r"--(?:extra-)?index-" + r"url|--find-" + r"links|https?://[^\s\"')]*/" + r"simple\b", re.IGNORECASE
)


def test_no_file_names_a_place_of_one_machine() -> None:
    """No path of somebody's machine stands anywhere; product code names no temporary folder either."""
    assert [_name(p) for p in _files(*EVERYTHING) if WORKPLACE.search(_text(p))] == []
    assert [_name(p) for p in _files(*PRODUCT) if TEMPORARY.search(_text(p))] == []


def test_no_file_names_a_package_registry() -> None:
    """Where packages come from is the business of the machine, not of the project."""
    assert [_name(p) for p in _files(*EVERYTHING) if REGISTRY.search(_text(p))] == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_the_environment_stays_light(lock: str) -> None:
    """torch and what drags it in are in no lock file, and every pinned package has its hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    names = re.findall(r"^([A-Za-z0-9_.-]+)==", text, re.MULTILINE)
    assert names
    heavy = {"torch", "torchvision", "tensorflow", "sentence-transformers", "transformers", "jax"}
    assert heavy & {n.lower() for n in names} == set()
    assert not [n for n in names if n.lower().startswith("nvidia-")]
    blocks = re.split(r"\n(?=[A-Za-z0-9_.-]+==)", text.strip())
    assert [b.split("==")[0] for b in blocks if "--hash=sha256:" not in b] == []
