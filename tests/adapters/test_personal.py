"""Files of single persons: what is taken in, who sees it, and that removing removes. The build is the real one."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from caveat.adapters.generations import GenerationProvider
from caveat.adapters.personal.build import Builder
from caveat.adapters.personal.shelf import OPEN, Shelf
from caveat.adapters.personal.store import PersonalStore, kept_name, new_key, plain_name
from caveat.domain.personal import OwnLimits
from caveat.domain.ports import IndexProvider
from caveat.errors import BuildFailed, UploadRefused
from caveat.settings import PROJECT_ROOT

NOTE = "Zanamab in lighthouse keepers. Zanamab lowered the Marlowe lighthouse score by 4.2 points in 31 keepers at week 6.\n"
OTHER = (
    "Quorlumab in beekeepers. Quorlumab did not change the Hollis hive score in 52 beekeepers at week 9.\n"
)
SMALL_CORPUS = (
    "---\nid: shared-work\ntitle: Tocilizumab in a shared study\nkind: article\nyear: 2020\n---\n\n## what_was_found\n\n"
    "Tocilizumab changed no mood score in 40 people.\n"
)


@pytest.fixture
def store(tmp_path: Path) -> PersonalStore:
    """An empty store with room for two people."""
    return PersonalStore(tmp_path / "home", OwnLimits(file_mb=1, files=3, unused_days=30, people=2))


def file(tmp_path: Path, name: str = "note.txt", content: str | bytes = NOTE) -> tuple[Path, str]:
    """A file as the web server hands it over."""
    path = tmp_path / f"upload-{os.urandom(4).hex()}"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path, name


def under(root: Path) -> list[Path]:
    """Every file below a folder."""
    return sorted(p for p in root.rglob("*") if p.is_file())


HOSTILE = [
    "../../../etc/passwd.txt",
    "..\\..\\windows\\system.txt",
    "/etc/ssh/keys.txt",
    "a\x00b.txt",
    "<script>alert(1)</script>.txt",
    "\u202etxt.exe.txt",
    "-rf --no-starter.txt",
    "x" * 5_000 + ".txt",
    "$(reboot);`id`.txt",
    "café ünïcode 日本.txt",
    "names.json.txt",
    ".txt.txt",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_only_a_name(store: PersonalStore, tmp_path: Path, name: str) -> None:
    """Whatever a file is called, it is kept inside its folder under letters, digits and hyphens."""
    key = store.add(None, [file(tmp_path, name)])
    folder = store.folder(key)
    assert folder is not None
    kept = under(folder / "files")
    assert len(kept) == 1
    assert kept[0].resolve().is_relative_to(folder.resolve())
    assert kept[0].name == kept_name(plain_name(name))
    assert kept[0].name.isascii()
    assert not kept[0].name.startswith(("-", "."))
    shown = store.files(key)[0].name
    assert len(shown) <= 121
    assert not any(c in shown for c in "/\\\x00\u202e")


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("page.exe", NOTE, "files of this kind are not read"),
        ("many.zip", NOTE, "files of this kind are not read"),
        ("noending", NOTE, "files of this kind are not read"),
        ("large.txt", "x" * 1_000_001, "too large: at most 1 MB"),
        ("empty.txt", "", "is empty"),
    ],
)
def test_what_cannot_be_taken_is_refused_whole(
    store: PersonalStore, tmp_path: Path, name: str, content: str, line: str
) -> None:
    """One line says why; of several files none is kept when one is refused."""
    with pytest.raises(UploadRefused, match=line):
        store.add(None, [file(tmp_path), file(tmp_path, name, content)])
    assert under(store.root) == []


def test_numbers_are_limited(store: PersonalStore, tmp_path: Path) -> None:
    """So many files a person, so many people, and room again when one has gone."""
    first = store.add(None, [file(tmp_path)] * 3)
    with pytest.raises(UploadRefused, match="At most 3 files"):
        store.add(first, [file(tmp_path)])
    store.add(None, [file(tmp_path)])
    with pytest.raises(UploadRefused, match="No more personal collections"):
        store.add(None, [file(tmp_path)])
    store.remove_all(first)
    assert store.add(None, [file(tmp_path)])


def test_a_key_cannot_be_chosen_or_guessed(store: PersonalStore, tmp_path: Path) -> None:
    """A key that nobody was given opens nothing and is replaced; no key stands anywhere on the disk."""
    own = new_key()
    given = store.add(own, [file(tmp_path)])
    assert given != own
    for wrong in (own, None, "", "..", "../" + given, given[:-1], given + "a", 7, {"key": given}):
        assert store.files(wrong) == ()
        assert store.folder(wrong) is None
    for path in store.root.rglob("*"):
        assert given not in str(path)
        assert path.is_dir() or given.encode() not in path.read_bytes()


def test_two_people_are_apart(store: PersonalStore, tmp_path: Path) -> None:
    """Neither sees nor removes the other's files, even knowing their ids."""
    anna = store.add(None, [file(tmp_path, "anna.txt")])
    ben = store.add(None, [file(tmp_path, "ben.txt")])
    assert [f.name for f in store.files(anna)] == ["anna.txt"]
    store.remove(ben, [store.files(anna)[0].id])
    assert [f.name for f in store.files(anna)] == ["anna.txt"]
    assert [f.name for f in store.files(ben)] == ["ben.txt"]


def test_what_nobody_uses_goes(tmp_path: Path) -> None:
    """After the days without use a collection is deleted; one in use or at work stays."""
    now = [1_000_000_000.0]
    store = PersonalStore(tmp_path / "home", OwnLimits(unused_days=2), lambda: now[0])
    old, used, busy = (store.add(None, [file(tmp_path)]) for _ in range(3))
    now[0] += 3 * 86_400
    folder, working = store.folder(used), store.folder(busy)
    assert folder is not None
    assert working is not None
    store.touch(folder)
    with store.at_work(working):
        assert store.sweep() == 1
        with pytest.raises(UploadRefused, match="being indexed"):
            store.remove_all(busy)
    assert store.files(old) == ()
    assert store.files(used)
    assert store.files(busy)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shared collection of one work, so that a build takes seconds."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "shared.md").write_text(SMALL_CORPUS, encoding="utf-8")
    return folder


@pytest.fixture
def shelf(tmp_path: Path, corpus: Path) -> Shelf[str]:
    """Real builds; who answers is only named."""
    store = PersonalStore(tmp_path / "home", OwnLimits(file_mb=1, files=3))
    builder = Builder(PROJECT_ROOT, tmp_path / "home", corpus, file_mb=1)
    return Shelf(store, builder, lambda home: GenerationProvider(home, None), lambda _: "answerer")


def found(provider: IndexProvider, words: str) -> set[str]:
    """The titles of the works that a search by words finds."""
    index = provider.current()
    hits = index.search_lexical(words, 10)
    passages = index.passages([h.passage_id for h in hits])
    return {index.sources([p.source_id])[p.source_id].title for p in passages.values()}


def test_own_files_are_searched_by_their_owner_alone_and_removing_removes(
    shelf: Shelf[str], tmp_path: Path
) -> None:
    """Each index holds the shared works and its owner's files; a removed file leaves no byte on the disk."""
    anna = shelf.add(None, [file(tmp_path, "keepers.txt"), file(tmp_path, "bees.txt", OTHER)])
    assert shelf.own(anna) is None  # nothing is searched before it is indexed
    steps = list(shelf.build(anna))
    assert {s.text for s in steps} >= {"Reading the files", "Checking the index"}
    ben = shelf.add(None, [file(tmp_path, "ben.txt", "Xylomab in sailors. Xylomab helped 12 sailors.\n")])
    list(shelf.build(ben))
    hers, his = shelf.own(anna), shelf.own(ben)
    assert hers is not None
    assert his is not None
    assert found(hers.provider, "zanamab lighthouse")
    assert found(hers.provider, "tocilizumab mood") == {"Tocilizumab in a shared study"}
    assert not found(his.provider, "zanamab lighthouse")
    assert not found(hers.provider, "xylomab sailors")

    keepers = next(f for f in shelf.files(anna) if f.name == "keepers.txt")
    left = shelf.remove(anna, [keepers.id])
    assert [f.name for f in left] == ["bees.txt"]
    assert shelf.own(anna) is None
    list(shelf.build(anna))
    again = shelf.own(anna)
    assert again is not None
    assert not found(again.provider, "zanamab lighthouse")
    assert found(again.provider, "quorlumab hive")
    root = tmp_path / "home"
    assert [p for p in under(root) if b"anamab" in p.read_bytes()] == []
    shelf.remove(anna, [f.id for f in left])
    assert [p for p in under(root) if b"uorlumab" in p.read_bytes()] == []
    assert shelf.own(anna) is None
    assert shelf.own(ben) is not None


def bomb() -> bytes:
    """A Word file of a few kB that unpacks to 60 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<w>" + b" " * 60_000_000)
    return packed.getvalue()


def test_what_cannot_be_read_is_told_by_its_own_name(shelf: Shelf[str], tmp_path: Path) -> None:
    """A file that unpacks beyond all measure is passed over with one line; the good file beside it is indexed."""
    key = shelf.add(None, [file(tmp_path, "Bömb 1.docx", bomb()), file(tmp_path, "good.txt")])
    told = [s.text for s in shelf.build(key) if s.problem]
    assert len(told) == 1
    assert told[0].startswith("Bömb 1.docx")
    assert str(tmp_path) not in told[0]
    own = shelf.own(key)
    assert own is not None
    assert found(own.provider, "zanamab lighthouse")


def test_a_build_that_is_stopped_or_fails_changes_nothing(
    shelf: Shelf[str], tmp_path: Path, corpus: Path
) -> None:
    """A reader who goes away stops the build; the files stay, and the next build goes through."""
    key = shelf.add(None, [file(tmp_path)])
    steps = shelf.build(key)
    next(steps)
    steps.close()  # type: ignore[attr-defined]
    assert [f.name for f in shelf.files(key)] == ["note.txt"]
    list(shelf.build(key))
    assert shelf.own(key) is not None
    broken = Builder(
        PROJECT_ROOT, tmp_path / "home", corpus, 1, {**os.environ, "CAVEAT_EMBEDDER": "/nowhere"}
    )
    folder = PersonalStore(tmp_path / "home", OwnLimits()).folder(key)
    assert folder is not None
    with pytest.raises(BuildFailed, match="could not be indexed"):
        list(broken.build(folder, shelf.files(key)))
    assert shelf.own(key) is not None


def test_only_so_many_indexes_are_open(shelf: Shelf[str], tmp_path: Path) -> None:
    """The one that was unused longest is closed, and opened again when it is needed."""
    keys = [shelf.add(None, [file(tmp_path)]) for _ in range(OPEN + 1)]
    for folder in (tmp_path / "home" / "personal").iterdir():
        (folder / "index").mkdir()
        (folder / "index" / "current.json").write_text("{}")
    opened = [shelf.own(key) for key in keys]
    assert shelf.own(keys[-1]) is opened[-1]
    assert shelf.own(keys[0]) is not opened[0]
