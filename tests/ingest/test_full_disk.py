"""Real limits of the system: a disk that is full, one that is read-only, a folder without permission, files that may not grow."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_encoder import WordEncoder

from caveat.adapters.generations import GenerationProvider, Generations
from ingest.build import build

LIMITED = """
import sys
sys.path[:0] = {path!r}
from pathlib import Path
from small_encoder import WordEncoder
import ingest.cli
ingest.cli._encoder = lambda _settings: WordEncoder()
WordEncoder.notice = None
sys.exit(ingest.cli.run({arguments!r}))
"""


def write(path: Path, count: int) -> Path:
    rows = (
        {"id": f"w{i}", "title": f"W {i}", "text": " ".join(f"Mood {i} rose by {k * i}." for k in range(9))}
        for i in range(count)
    )
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return path


def run(
    home: Path, *arguments: str, largest_file: int | None = None, user: int | None = None
) -> tuple[int, str]:
    """Exit code and what was written on standard error, without the bars."""

    def limit() -> None:
        if largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    code = LIMITED.format(path=sys.path, arguments=[*arguments, "--json"])
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "CAVEAT_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
        user=user,
    )
    return done.returncode, done.stderr


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m,mode=777", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("a disk of its own cannot be made here (needs the right to mount)")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def still_serves(home: Path, ident: str | None) -> None:
    encoder = WordEncoder()
    assert Generations(home).current_id() == ident
    assert Generations(home).ids() == [ident]
    index = GenerationProvider(home, encoder).current()
    assert index.search_lexical("mood", 1)
    assert index.search_dense("mood", 1)
    assert [p.name for p in (home / "generations").iterdir()] == [ident]


@pytest.mark.slow
def test_a_full_disk_is_one_line_and_the_old_index_serves(tiny: Path, tmp_path: Path) -> None:
    """The disk fills in the middle of a build, and again when there is no byte left to begin with."""
    home = tiny / "home"
    ident = build([write(tmp_path / "few.jsonl", 8)], home, WordEncoder()).generation
    many = write(tmp_path / "many.jsonl", 600)
    code, err = run(home, "build", "--no-starter", str(many))
    assert (code, err) == (
        2,
        "The disk is full; the index that was serving still serves. Free some space and build again.\n",
    )
    still_serves(home, ident)
    with pytest.raises(OSError, match="No space"):
        (tiny / "rest").write_bytes(b"x" * 4_200_000)
    code, err = run(home, "build", "--no-starter", str(many))
    assert (code, err.count("\n")) == (2, 1)
    assert "disk is full" in err
    (tiny / "rest").unlink()
    still_serves(home, ident)
    assert run(home, "build", "--no-starter", str(tmp_path / "few.jsonl"))[0] == 0


@pytest.mark.slow
def test_a_read_only_home_is_one_line(tiny: Path, tmp_path: Path) -> None:
    """Whatever would write says which file it could not write, and changes nothing."""
    home = tiny / "home"
    few = write(tmp_path / "few.jsonl", 8)
    assert run(home, "build", "--no-starter", str(few))[0] == 0
    ident = Generations(home).current_id()
    assert ident
    subprocess.run(["mount", "-o", "remount,ro", str(tiny)], check=True)
    for command in (["build", "--no-starter", str(few)], ["clean"], ["activate", ident]):
        code, err = run(home, *command)
        assert (code, err.count("\n")) == (2, 1), err
        assert "Read-only file system" in err
        assert str(home) in err
    subprocess.run(["mount", "-o", "remount,rw", str(tiny)], check=True)
    still_serves(home, ident)


@pytest.mark.slow
def test_files_that_may_not_grow_are_one_line(tmp_path: Path, home: Path) -> None:
    """A limit on the size of files (ulimit -f) stops a build as a full disk does."""
    ident = build([write(tmp_path / "few.jsonl", 8)], home, WordEncoder()).generation
    many = write(tmp_path / "many.jsonl", 600)
    code, err = run(home, "build", "--no-starter", str(many), largest_file=300_000)
    assert (code, err.count("\n")) == (2, 1), err
    assert "the index that was serving still serves" in err
    still_serves(home, ident)


@pytest.mark.slow
def test_a_home_without_permission_is_one_line(tmp_path: Path) -> None:
    """A home that belongs to somebody else."""
    few = write(tmp_path / "few.jsonl", 8)
    if os.getuid():
        locked = tmp_path / "locked"
        locked.mkdir(mode=0o500)
        code, err = run(locked / "home", "build", "--no-starter", str(few))
    else:
        locked = Path("/proc")  # where not even root may make a folder
        code, err = run(locked / "home", "build", "--no-starter", str(few))
    assert (code, err.count("\n")) == (2, 1), err
    assert f"{locked / 'home'}" in err
    assert "still serves" in err
